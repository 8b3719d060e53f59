//! A key is given once.

ploy::sites! {}

ploy::main! { topology: crate::topology, topology: crate::topology, }
