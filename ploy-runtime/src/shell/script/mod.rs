mod interpolate;
mod script;

pub use interpolate::Interpolate;
pub use script::IntoScript;
pub use script::Place;
pub use script::Script;
pub use script::ScriptBuilder;
pub(crate) use script::quoted;
