//! Snippets of the chapter on parameters.

use ploy::prelude::*;

#[derive(Clone, ParamValue)]
enum Target {
    Staging,
    Production,
}

/// Note a release down: `note --tag v1 --target staging`.
#[job(name = "note", roles = ["web"])]
async fn note(
    cx: Cx,
    /// The release, by its tag
    tag: String,
    #[param(default = Target::Staging)] target: Target,
) -> Result {
    let target = match target {
        Target::Staging => "staging",
        Target::Production => "production",
    };
    cx.report(format_args!("{tag} goes to {target}"));
    Ok(())
}

/// Note down a release for production.
#[schedule(name = "note-production")]
fn note_production(tag: String) -> Schedule {
    Schedule::new().run(jobs![note(tag, target = Target::Production)])
}
