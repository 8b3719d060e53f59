//! A value for a parameter of one job: what `--set` and the table `set` of `ploy.toml` say.

use ploy_core::error::Problem;

/// A value for an option of one job or schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetValue {
    /// The job or schedule.
    pub(crate) owner: String,
    /// The option, less its dashes.
    pub(crate) option: String,
    pub(crate) value: String,
}

impl SetValue {
    /// Parses what `--set` takes: `JOB.NAME=VALUE`.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let parts = text.split_once('=').and_then(|(key, value)| {
            let (owner, option) = key.rsplit_once('.')?;
            (!owner.is_empty() && !option.is_empty()).then(|| SetValue {
                owner: owner.to_owned(),
                option: option.to_owned(),
                value: value.to_owned(),
            })
        });
        parts.ok_or_else(|| {
            let text = format!("`--set {text}` names no job, parameter and value");
            Problem::new(text).with_hint("write it as `--set upload-web.tag=v1`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_may_have_dots_and_a_value_anything() {
        let set = SetValue::parse("web.upload.tag=a=b").unwrap();
        assert_eq!(
            (&*set.owner, &*set.option, &*set.value),
            ("web.upload", "tag", "a=b")
        );
        for bad in ["", "tag=1", ".tag=1", "job.=1", "job.tag"] {
            assert!(SetValue::parse(bad).is_err(), "{bad}");
        }
    }
}
