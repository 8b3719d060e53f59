mod domain;
mod password_error;
mod password_prompt;
mod passwords;
#[cfg(test)]
mod tests;

pub(crate) use domain::Asker;
pub(crate) use domain::Granted;
pub(crate) use domain::Trial;
pub(crate) use domain::Verdict;
pub use passwords::Passwords;
