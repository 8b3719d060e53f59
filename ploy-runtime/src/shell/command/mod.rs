mod command;
mod composed_command;
mod detach;
mod input;
mod option_setters;
mod output_lines;
mod pending_command;

pub use command::Command;
pub use command::IntoCommand;
pub use detach::Detach;
pub use detach::Detached;
pub use input::Input;
pub use input::IntoInput;
pub(crate) use option_setters::command_setters;
pub use output_lines::Line;
pub use output_lines::Lines;
pub use pending_command::Run;
pub(crate) use pending_command::cancelled;
