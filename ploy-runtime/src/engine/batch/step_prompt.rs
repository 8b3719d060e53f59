//! A run that goes on step by step, as somebody says.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Kind;
use crate::event::ErrorReport;
use crate::plan::Plan;
use crate::secret::Consent;
use crate::topology::fold;

/// Asks before each stage.
#[derive(Debug, Default)]
pub(in crate::engine) struct StepPrompt {
    /// Held while somebody is asked: stages that begin at the same time are asked for one after the
    /// other.
    turn: tokio::sync::Mutex<()>,
    /// Whether all the rest is to run.
    all: AtomicBool,
}

/// What is to be done with a stage.
pub(in crate::engine) enum StepAnswer {
    Run,
    Skip,
    /// It is not to run, nor is anything after it.
    Quit,
}

impl StepPrompt {
    /// Asks whether a stage is to run.
    pub(in crate::engine) async fn ask(&self, plan: &Plan) -> Result<StepAnswer, ErrorReport> {
        let _turn = self.turn.lock().await;
        if self.all.load(Ordering::Relaxed) {
            return Ok(StepAnswer::Run);
        }
        let jobs: Vec<&str> = plan
            .jobs()
            .iter()
            .map(crate::plan::PlannedJob::name)
            .collect();
        let sites = fold(plan.sites().iter().map(|site| site.name()));
        let question = format!("run {} on {sites}?", jobs.join(", "));
        let answer = Consent::choose(&question, &["yes", "no", "all", "quit"]).await;
        Ok(match answer {
            Ok("yes") => StepAnswer::Run,
            Ok("no") => StepAnswer::Skip,
            Ok("all") => {
                self.all.store(true, Ordering::Relaxed);
                StepAnswer::Run
            }
            Ok(_) => StepAnswer::Quit,
            Err(why) => {
                let text = format!(
                    "nobody says whether to {}: {why}",
                    question.trim_end_matches('?')
                );
                let mut fault = ErrorReport::new(Kind::Usage, text);
                fault.hint = Some(
                    "`--step` asks on the terminal: leave it out where there is none".to_owned(),
                );
                return Err(fault);
            }
        })
    }
}
