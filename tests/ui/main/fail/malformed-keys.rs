//! A key has the form `key: value`.

ploy::sites! {}

ploy::main! { topology = crate::topology, setup: "prepare", uses: }
