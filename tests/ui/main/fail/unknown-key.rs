//! A key that is misspelt.

ploy::sites! {}

ploy::main! { topolgy: crate::topology }
