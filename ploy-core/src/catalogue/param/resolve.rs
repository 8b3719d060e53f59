//! From what is given to what a job gets.

use super::given::{Arguments, Given};
use super::param::Param;
use crate::error::{Problem, did_you_mean};

/// The arguments of a job, or a schedule, with these parameters: what is given, and where nothing
/// is the defaults.
///
/// # Errors
///
/// What it does not have, what is of another type, and what is missing.
pub fn resolve(
    what: &str,
    name: &str,
    params: &[Param],
    given: &Arguments,
) -> Result<Arguments, Vec<Problem>> {
    let mut problems = Vec::new();
    for one in given.iter() {
        match params.iter().find(|param| param.name() == one.name()) {
            None => problems.push(unknown(what, name, params, one)),
            Some(param) if !param.takes(one) => problems.push(Problem::of(
                name,
                format!(
                    "`{}` of the {what} `{name}` is given a value of another type than {}",
                    one.name(),
                    if param.type_name().is_empty() {
                        "it has"
                    } else {
                        param.type_name()
                    },
                ),
            )),
            Some(_) => {}
        }
    }
    let mut arguments = Arguments::new();
    for param in params {
        match given
            .get(param.name())
            .cloned()
            .or_else(|| param.fallback())
        {
            Some(value) => arguments.set(value),
            None => problems.push(
                Problem::of(
                    name,
                    format!("the {what} `{name}` is not given its `{}`", param.name()),
                )
                .with_hint(format!(
                    "give it: `jobs![{name}({} = ..)]`",
                    param.name().replace('-', "_")
                )),
            ),
        }
    }
    if problems.is_empty() {
        Ok(arguments)
    } else {
        Err(problems)
    }
}

fn unknown(what: &str, name: &str, params: &[Param], given: &Given) -> Problem {
    let problem = Problem::of(
        name,
        format!("the {what} `{name}` has no parameter `{}`", given.name()),
    );
    match did_you_mean(given.name(), params.iter().map(Param::name)) {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_has_its_default() {
        let params = [
            Param::new::<String>("tag"),
            Param::new::<u32>("keep").default(|| Given::new("keep", 3_u32)),
            Param::new::<bool>("dirty"),
            Param::new::<Option<u8>>("level"),
        ];
        let given = [Given::new("tag", "v1".to_owned())].into_iter().collect();
        let all = resolve("job", "upload", &params, &given).unwrap();
        let shown: Vec<String> = all.iter().map(|one| format!("{one:?}")).collect();
        assert_eq!(shown, ["tag=v1", "keep=3", "dirty=false", "level="]);
        assert_eq!(all.get("keep").unwrap().value::<u32>(), Some(&3));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let params = [
            Param::new::<String>("tag").typed("String"),
            Param::new::<u8>("level"),
        ];
        let given = [Given::new("tga", "v1".to_owned()), Given::new("tag", 3_u8)];
        let problems = resolve("job", "upload", &params, &given.into_iter().collect()).unwrap_err();
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "the job `upload` has no parameter `tga`",
                "`tag` of the job `upload` is given a value of another type than String",
                "the job `upload` is not given its `level`",
            ]
        );
        assert_eq!(problems[0].hint(), Some("did you mean `tag`?"));
    }
}
