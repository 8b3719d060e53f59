//! The action that looks at a site.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::judge::Answer;
use super::script::{Facts, Sudo, folder, other_user, script};
use ploy_core::error::Failure;
use ploy_core::event::Show;
use ploy_core::topology::Site;
use ploy_runtime::action::{Action, Cx};
use ploy_runtime::shell::{Script, Shell};

/// What the sites have answered so far, by their names.
#[derive(Clone, Default)]
pub(super) struct Answers(Arc<Mutex<HashMap<String, Answer>>>);

impl Answers {
    fn put(&self, site: &str, answer: Answer) {
        // The map is whole between any two operations on it.
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(site.to_owned(), answer);
    }

    pub(super) fn take(&self) -> HashMap<String, Answer> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this site has answered.
    pub(super) fn has(&self, site: &str) -> bool {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.contains_key(site)
    }
}

/// The action that looks at its site. `verifies` if there is a password for sudo to be tried.
pub(super) fn action(answers: &Answers, verifies: bool) -> Action {
    let answers = answers.clone();
    Action::new(move |cx: Cx| {
        let answers = answers.clone();
        async move {
            let answer = match look(&cx, verifies).await {
                Ok(answer) => answer,
                Err(failure) => Answer::Failed(failure),
            };
            answers.put(cx.site().name(), answer);
        }
    })
}

async fn look(cx: &Cx, verifies: bool) -> Result<Answer, Failure> {
    let site = cx.site();
    let shell = bare(cx.shell(), site);
    let before = now();
    let said = shell
        .run(Script::raw(script(site)))
        .show(Show::Nothing)
        .await?;
    let asked = (before, now());
    let mut facts = Facts::default();
    facts.read(&said.text());
    let mut password = None;
    if verifies && facts.sudo == Some(Sudo::Password) {
        match verified(&shell, site).await {
            Ok(said) => {
                facts.read(&said);
                facts.sudo = Some(Sudo::Verified);
            }
            Err(failure) => password = Some(failure),
        }
    }
    Ok(Answer::Facts {
        facts,
        asked,
        password,
    })
}

/// Tries the password, and looks as the user who runs the commands at what only that one can tell.
async fn verified(shell: &Shell, site: &Site) -> Result<String, Failure> {
    let run = match other_user(site) {
        None => shell.sudo_sh(Script::raw(":")),
        Some(user) => shell.sudo_sh(Script::raw(folder(site))).run_as(user),
    };
    let said = run.show(Show::Nothing).await?;
    Ok(said.text().into_owned())
}

/// The site's shell, for its login user, in the login directory.
fn bare(shell: &Shell, site: &Site) -> Shell {
    let mut settings = site.settings().clone();
    (settings.path, settings.run_as) = (None, None);
    shell.with_site(Site::new(site.name().to_owned(), settings))
}

/// Seconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
