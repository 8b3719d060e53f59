//! A crate that is not there is said at its name.

ploy::sites! {}

ploy::main! { uses: [web_jbos] }
