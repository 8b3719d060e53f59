//! Whether parameters and those who take them agree.

use std::collections::HashSet;

use ploy_syntax::name::can_be_option_name;
use ploy_syntax::option::is_global_option;

use super::catalogue::Catalogue;
use super::job::{Job, JobAction};
use super::param::{Param, options_of};
use super::place::place;
use crate::error::{Problem, did_you_mean};

impl<A, S> Catalogue<A, S> {
    /// Checks that each parameter has a name of its own, and that actions take what their jobs
    /// have.
    pub(super) fn check_params(&self, problems: &mut Vec<Problem>) {
        for job in &self.jobs {
            let what = format!("job `{}`", job.name);
            problems.extend(names(&what, &job.name, &job.params, &place(job.source)));
            for action in &job.actions {
                problems.extend(
                    action
                        .params
                        .iter()
                        .filter_map(|param| missed(job, action, param)),
                );
            }
        }
        for schedule in &self.schedules {
            let (name, here) = (&schedule.name, place(schedule.source));
            problems.extend(names(
                &format!("schedule `{name}`"),
                name,
                &schedule.params,
                &here,
            ));
        }
    }
}

fn names(what: &str, name: &str, params: &[Param], here: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for param in params {
        let own = param.name();
        let options = options_of(param);
        let taken = options.iter().find(|option| is_global_option(option));
        if let Some(option) = taken {
            let text =
                format!("a parameter of {what} has the name of the option `--{option}`: {here}");
            problems.push(Problem::of(name, text).with_hint("give the parameter another name"));
        } else if !can_be_option_name(own) {
            let text = format!(
                "a parameter of {what} has a name that cannot be given on a command line: {own:?}: {here}"
            );
            problems.push(
                Problem::of(name, text).with_hint("a name is made of letters, digits and dashes"),
            );
        } else {
            for option in options {
                if !seen.insert(option.clone()) {
                    let text =
                        format!("{what} has two parameters with the option `--{option}`: {here}");
                    problems.push(Problem::of(name, text));
                }
            }
        }
    }
    problems
}

/// What is wrong with a parameter that an action takes from its job.
fn missed<A>(job: &Job<A>, action: &JobAction<A>, param: &Param) -> Option<Problem> {
    let text = match job.params.iter().find(|own| own.name() == param.name()) {
        Some(own) if own.is_alike(param) => return None,
        Some(own) => format!(
            "action `{}` takes `{}` as `{}`, and its job `{}` has it as `{}`",
            action.name,
            param.name(),
            param.type_name(),
            job.name,
            own.type_name(),
        ),
        None => format!(
            "action `{}` takes `{}`, which its job `{}` does not have",
            action.name,
            param.name(),
            job.name,
        ),
    };
    let problem = Problem::of(&job.name, format!("{text}: {}", place(action.source)));
    let hint = did_you_mean(param.name(), job.params.iter().map(Param::name))
        .filter(|_| job.params.iter().all(|own| own.name() != param.name()))
        .unwrap_or_else(|| {
            "an action takes some of its job's parameters, by name and type".to_owned()
        });
    Some(problem.with_hint(hint))
}

#[cfg(test)]
mod tests {
    use crate::catalogue::{Catalogue, JobAction, Param};

    fn problems(params: &[Param], taken: &[Param]) -> Vec<String> {
        let mut catalogue = Catalogue::<(), ()>::new();
        catalogue.add("upload", Vec::<String>::new(), Vec::<()>::new());
        for param in params {
            catalogue.param("upload", *param);
        }
        catalogue.join(
            "upload",
            JobAction {
                name: "backup".to_owned(),
                roles: Vec::new(),
                source: None,
                params: taken.to_vec(),
                body: (),
            },
        );
        let mut problems = Vec::new();
        catalogue.check_params(&mut problems);
        problems
            .iter()
            .map(|problem| format!("{problem} ({})", problem.hint().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn an_action_takes_what_its_job_has() {
        let tag = Param::new::<String>("tag").typed("String");
        assert!(problems(&[tag], &[tag]).is_empty());
        let other = Param::new::<u32>("tag").typed("u32");
        assert_eq!(
            problems(&[tag], &[other, Param::new::<String>("tga")]),
            [
                "action `backup` takes `tag` as `u32`, and its job `upload` has it as `String`: added by hand \
                 (an action takes some of its job's parameters, by name and type)",
                "action `backup` takes `tga`, which its job `upload` does not have: added by hand (did you mean `tag`?)",
            ]
        );
    }

    #[test]
    fn names_are_free_and_ones_own() {
        let params = ["limit", "tag", "tag", "a b"].map(Param::new::<String>);
        let found = problems(&params, &[]);
        assert!(
            found[0].contains("has the name of the option `--limit`"),
            "{found:?}"
        );
        assert!(
            found[1].contains("two parameters with the option `--tag`"),
            "{found:?}"
        );
        assert!(found[2].contains("cannot be given"), "{found:?}");
        assert_eq!(found.len(), 3);
    }
}
