//! Lists of jobs, as stages have them.

use std::borrow::Cow;

use super::param::{Arguments, Given};

/// One entry of a job list: a job by its name, and what is given for its parameters.
/// `jobs![upload(tag = "v1")]` makes it from the job's handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRef {
    name: Cow<'static, str>,
    arguments: Arguments,
}

impl JobRef {
    /// A job by its name, which is looked up when the stage begins.
    pub const fn named(name: &'static str) -> Self {
        JobRef {
            name: Cow::Borrowed(name),
            arguments: Arguments::new(),
        }
    }

    /// The same job, given this for one of its parameters.
    #[must_use]
    pub fn with(mut self, given: Given) -> Self {
        self.arguments.set(given);
        self
    }

    /// The job's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is given for its parameters.
    pub fn arguments(&self) -> &Arguments {
        &self.arguments
    }
}

impl From<&str> for JobRef {
    fn from(name: &str) -> Self {
        JobRef {
            name: name.to_owned().into(),
            arguments: Arguments::new(),
        }
    }
}

/// A list of jobs, in order. A job listed twice runs twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs(Vec<JobRef>);

impl Jobs {
    /// The jobs in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &JobRef> {
        self.0.iter()
    }

    /// Whether no job is listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<JobRef> for Jobs {
    fn from_iter<I: IntoIterator<Item = JobRef>>(jobs: I) -> Self {
        Jobs(jobs.into_iter().collect())
    }
}

/// What can be given where jobs are asked for: `jobs![..]`, an entry of such a list, a name, or a
/// list of names.
pub trait IntoJobs {
    /// The list.
    fn into_jobs(self) -> Jobs;
}

impl IntoJobs for Jobs {
    fn into_jobs(self) -> Jobs {
        self
    }
}

impl IntoJobs for JobRef {
    fn into_jobs(self) -> Jobs {
        Jobs(vec![self])
    }
}

impl IntoJobs for &str {
    fn into_jobs(self) -> Jobs {
        Jobs(vec![self.into()])
    }
}

impl<T: AsRef<str>> IntoJobs for &[T] {
    fn into_jobs(self) -> Jobs {
        self.iter().map(|name| name.as_ref().into()).collect()
    }
}

impl<T: AsRef<str>, const N: usize> IntoJobs for [T; N] {
    fn into_jobs(self) -> Jobs {
        self.as_slice().into_jobs()
    }
}

impl<T: AsRef<str>> IntoJobs for Vec<T> {
    fn into_jobs(self) -> Jobs {
        self.as_slice().into_jobs()
    }
}
