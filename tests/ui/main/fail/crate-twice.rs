//! A crate is named once.

ploy::sites! {}

ploy::main! { uses: [anyhow, tokio, anyhow] }
