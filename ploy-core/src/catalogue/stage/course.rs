//! Which stages of a schedule in data have run, and which begin because of that.

use super::condition::Condition;
use super::stage::Stage;

/// What of a schedule in data has run, so that the conditions of the rest can be decided.
#[derive(Debug, Default)]
pub struct Course {
    /// The names of the stages that ran, and whether they failed.
    ran: Vec<(Option<String>, bool)>,
}

impl Course {
    /// Notes that a stage has ended.
    #[doc(hidden)]
    pub fn note(&mut self, stage: &Stage, failed: bool) {
        self.ran.push((stage.options.name.clone(), failed));
    }

    /// Whether the stage is to begin now.
    #[doc(hidden)]
    pub fn admits(&self, stage: &Stage) -> bool {
        let failed = |of: &str| {
            self.ran
                .iter()
                .find(|(name, _)| name.as_deref() == Some(of))
                .map(|(_, failed)| *failed)
        };
        match &stage.condition {
            Condition::Success => !self.ran.iter().any(|(_, failed)| *failed),
            Condition::OnFailure(of) => failed(of) == Some(true),
            Condition::Always(of) => failed(of).is_some(),
        }
    }
}
