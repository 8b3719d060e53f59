//! Asks a topology for the sites that a selector chooses.

use std::sync::Arc;

use super::super::{Site, Topology};
use super::grammar::excerpt;
use super::matching::{ChosenSites, choose};
use super::{IntoSelector, Selector};
use crate::error::{Failure, Kind, Problem};

/// How many guarded sites a message has, before it says how many more there are.
const SHOWN: usize = 3;

impl Topology {
    /// The sites that a selector chooses, each once, in the order in which they were added. A
    /// guarded site is chosen only if it is named: see [`Selector`].
    ///
    /// ```
    /// use ploy::topology::{Settings, Topology};
    ///
    /// let mut topology = Topology::new();
    /// topology
    ///     .add("web1", Settings::new().roles(["web", "primary"]))
    ///     .add("web2", Settings::new().roles(["web"]))
    ///     .add("db1", Settings::new().roles(["db"]));
    /// assert_eq!(topology.select("web,db ! primary")?.len(), 2);
    /// # Ok::<(), ploy::error::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the selector does not parse, if a part of it matches nothing, or if it
    /// leaves no site.
    pub fn select(&self, selector: impl IntoSelector) -> Result<Vec<Arc<Site>>, Failure> {
        let selector = selector.into_selector()?;
        let mut problems = Vec::new();
        let chosen = choose(self, &[&selector], &mut problems);
        if !problems.is_empty() {
            return Err(unmatched(&selector, &problems));
        }
        if chosen.sites.is_empty() {
            return Err(empty(&selector, &chosen));
        }
        let sites = chosen.sites.into_iter().map(|(_, site)| site.clone());
        Ok(sites.collect())
    }
}

fn unmatched(selector: &Selector, problems: &[Problem]) -> Failure {
    let causes: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let failure = failure(selector, causes.join("; "));
    match problems.iter().find_map(Problem::hint) {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn empty(selector: &Selector, chosen: &ChosenSites<'_>) -> Failure {
    let Some(first) = chosen.unnamed.first() else {
        return failure(selector, "it leaves no site");
    };
    let unnamed = chosen.unnamed.iter().take(SHOWN);
    let names: Vec<String> = unnamed.map(|site| format!("`{}`", site.name())).collect();
    let more = match chosen.unnamed.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let cause = format!("it leaves only guarded sites: {}{more}", names.join(", "));
    failure(selector, cause).with_hint(format!(
        "a guarded site must be named: `{}`, or a role that only guarded sites carry",
        first.name()
    ))
}

fn failure(selector: &Selector, cause: impl Into<String>) -> Failure {
    let text = excerpt(&selector.to_string(), 0);
    Failure::new(
        Kind::Usage,
        format!("cannot select sites by `{text}`"),
        cause,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Role, Settings};

    fn topology() -> Topology {
        let mut topology = Topology::new();
        topology
            .declare(["canary"])
            .add("web1", Settings::new().roles(["web"]))
            .add("db1", Settings::new().roles(["db"]))
            .add("web2", Settings::new().roles(["web"]))
            .add("live", Settings::new().roles(["web"]).guarded(true));
        topology
    }

    fn names(selector: impl IntoSelector) -> Vec<String> {
        let sites = topology().select(selector).unwrap();
        sites.iter().map(|site| site.name().to_owned()).collect()
    }

    #[test]
    fn each_site_comes_once_in_order() {
        assert_eq!(names("db1,web,web1"), ["web1", "db1", "web2"]);
        assert_eq!(names(Role::new("db")), ["db1"]);
        assert_eq!(names(["web2", "web ! web2"]), ["web1", "web2"]);
        assert_eq!(names(Selector::name("live")), ["live"]);
        assert_eq!(names("canary,db"), ["db1"]);
    }

    #[test]
    fn failures_say_what_is_wrong() {
        for (text, headline, cause, hint) in [
            (
                "web,",
                "cannot select sites",
                "cannot read the selector `web,`: at character 5, a name is missing at the end",
                Some("take the last operator away, or write a name behind it"),
            ),
            (
                "wbe & q*",
                "cannot select sites by `wbe & q*`",
                "no site or role is named `wbe`; no site or role matches `q*`",
                Some("did you mean `web`?"),
            ),
            (
                "web & db",
                "cannot select sites by `web & db`",
                "it leaves no site",
                None,
            ),
            (
                "canary",
                "cannot select sites by `canary`",
                "it leaves no site",
                None,
            ),
            (
                "l*",
                "cannot select sites by `l*`",
                "it leaves only guarded sites: `live`",
                Some(
                    "a guarded site must be named: `live`, or a role that only guarded sites carry",
                ),
            ),
        ] {
            let failure = topology().select(text).unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage);
            assert_eq!(
                (
                    failure.to_string().as_str(),
                    failure.detail().to_string().as_str(),
                    failure.hint()
                ),
                (headline, cause, hint)
            );
        }
        let failure = topology().select(Vec::<String>::new()).unwrap_err();
        assert_eq!(failure.detail().to_string(), "it leaves no site");
    }
}
