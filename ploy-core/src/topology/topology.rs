//! All sites and roles.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use super::{IntoRoles, Settings, Site, check_name, check_variable};
use crate::error::{Problem, did_you_mean};

/// How settings are laid over those that a site has already: the old ones, changed in place, and
/// the new ones.
pub type Merge = fn(&mut Settings, Settings);

/// All sites and roles.
///
/// Made by `sites!`, or by hand. Nothing here fails at once: what is wrong is found by
/// [`problems`](Topology::problems), which a run asks before it starts.
///
/// ```
/// use ploy::topology::{Settings, Topology};
///
/// let mut topology = Topology::new();
/// topology
///     .add("web1", Settings::new().roles(["web"]).path("/srv/www"))
///     .add("web2", Settings::new().roles(["web"]))
///     .update(["web"], Settings::new().user("deploy"));
/// assert_eq!(topology.list(["web"]).len(), 2);
/// assert_eq!(topology.get("web2").unwrap().user.as_deref(), Some("deploy"));
/// ```
#[derive(Clone, Default)]
pub struct Topology {
    sites: Vec<Arc<Site>>,
    by_name: HashMap<String, usize>,
    declared: BTreeSet<String>,
    merge: Option<Merge>,
    problems: Vec<Problem>,
}

impl Topology {
    /// A topology without sites.
    pub fn new() -> Self {
        Topology::default()
    }

    /// Declares roles that sites may carry later, such as sites that are made at run time. A
    /// declared role may be empty: a job for it then has nothing to do, which is no mistake.
    pub fn declare(&mut self, roles: impl IntoRoles) -> &mut Self {
        for role in roles.into_roles() {
            if let Err(message) = check_name("role", &role) {
                self.problems.push(Problem::new(message));
            }
            self.declared.insert(role);
        }
        self
    }

    /// Adds a site, or extends the one of that name: settings replace those it has, roles add up.
    pub fn add(&mut self, name: impl Into<String>, settings: Settings) -> &mut Self {
        let name = name.into();
        if let Some(&index) = self.by_name.get(&name) {
            self.lay_over(index, settings);
        } else {
            if let Err(message) = check_name("site", &name) {
                self.problems.push(Problem::new(message));
            }
            self.by_name.insert(name.clone(), self.sites.len());
            // Through the merge, so that roles given twice are one.
            self.sites.push(Arc::new(Site::new(name, Settings::new())));
            self.lay_over(self.sites.len() - 1, settings);
        }
        self
    }

    /// Lays settings over all sites that carry one of the roles now, or have such a name. Makes no
    /// new site.
    // Of a piece with `add`, which keeps what it is given.
    #[allow(clippy::needless_pass_by_value)]
    pub fn update(&mut self, roles: impl IntoRoles, settings: Settings) -> &mut Self {
        let roles = roles.into_roles();
        for role in &roles {
            if !self.knows(role) {
                let mut problem = Problem::new(format!(
                    "`update` of the role `{role}`, which nobody declared"
                ));
                if let Some(hint) = did_you_mean(role, self.names()) {
                    problem = problem.with_hint(hint);
                }
                self.problems.push(problem);
            }
        }
        for index in 0..self.sites.len() {
            if roles.iter().any(|role| self.sites[index].has_role(role)) {
                self.lay_over(index, settings.clone());
            }
        }
        self
    }

    /// Has all sites that carry one of the roles now, or have such a name, share one password for
    /// sudo: as if each had a `password_domain` of its own name for them.
    ///
    /// ```
    /// use ploy::topology::{Settings, Topology};
    ///
    /// let mut topology = Topology::new();
    /// topology.add("web1", Settings::new().roles(["web"]));
    /// topology.add("db1", Settings::new().roles(["db"]));
    /// topology.share_password(["web", "db"]);
    /// let db1 = topology.get("db1").unwrap();
    /// assert_eq!(db1.settings().password_domain.as_deref(), Some("web+db"));
    /// ```
    pub fn share_password(&mut self, roles: impl IntoRoles) -> &mut Self {
        let roles = roles.into_roles();
        let domain = roles.join("+");
        self.update(roles, Settings::new().password_domain(domain))
    }

    /// From now on, lays settings over those of a site by this function instead of
    /// [`Settings::extend`].
    pub fn merge_with(&mut self, merge: Merge) -> &mut Self {
        self.merge = Some(merge);
        self
    }

    fn lay_over(&mut self, index: usize, settings: Settings) {
        for role in &settings.roles {
            if let Err(message) = check_name("role", role) {
                self.problems.push(Problem::new(message));
            }
        }
        let merge = self.merge.unwrap_or(Settings::extend);
        merge(
            Arc::make_mut(&mut self.sites[index]).settings_mut(),
            settings,
        );
    }

    /// A copy of the site of that name.
    pub fn get(&self, name: &str) -> Option<Site> {
        self.by_name
            .get(name)
            .map(|&index| (*self.sites[index]).clone())
    }

    /// All sites that carry one of the roles or have such a name, each once, in the order in which
    /// they were added.
    pub fn list(&self, roles: impl IntoRoles) -> Vec<Arc<Site>> {
        let roles = roles.into_roles();
        self.sites
            .iter()
            .filter(|site| roles.iter().any(|role| site.has_role(role)))
            .cloned()
            .collect()
    }

    /// Those of [`list`](Topology::list) that also carry one of the roles of `filter`, or have such
    /// a name.
    pub fn list_within(&self, roles: impl IntoRoles, filter: impl IntoRoles) -> Vec<Arc<Site>> {
        let filter = filter.into_roles();
        let mut sites = self.list(roles);
        sites.retain(|site| filter.iter().any(|role| site.has_role(role)));
        sites
    }

    /// All sites, in the order in which they were added.
    pub fn sites(&self) -> &[Arc<Site>] {
        &self.sites
    }

    /// Whether a site has this name, or a role of this name is declared or carried.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
            || self.declared.contains(name)
            || self.sites.iter().any(|site| site.has_role(name))
    }

    /// Whether the role was declared by `role "name";`, so that it may be empty.
    pub fn is_declared(&self, role: &str) -> bool {
        self.declared.contains(role)
    }

    /// All roles that are declared or carried, without the sites' own names, sorted.
    pub fn roles(&self) -> BTreeSet<&str> {
        let carried = self.sites.iter().flat_map(|site| site.roles.iter());
        self.declared
            .iter()
            .chain(carried)
            .map(String::as_str)
            .collect()
    }

    /// All names that stand for sites: roles first, then sites.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.roles()
            .into_iter()
            .chain(self.sites.iter().map(|site| site.name()))
    }

    /// What is wrong: malformed names, updates of roles that nobody declared, roles that have a
    /// site's name, hosts and users that ssh would take for options.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.problems.clone();
        for role in self.roles() {
            if self.by_name.contains_key(role) {
                problems.push(Problem::new(format!(
                    "the role `{role}` has the name of a site, which is a role of its own"
                )));
            }
        }
        for site in &self.sites {
            for (what, value) in [
                ("host", &site.host),
                ("user", &site.user),
                ("jump", &site.jump),
            ] {
                if let Some(value) = value {
                    let wrong = if value.is_empty() {
                        "is empty"
                    } else if value.starts_with('-') {
                        "begins with `-`, which ssh would take for an option"
                    } else if value.chars().any(|c| c.is_control() || c.is_whitespace()) {
                        "holds a blank or a control character"
                    } else {
                        continue;
                    };
                    problems.push(Problem::new(format!(
                        "the {what} of site `{}` {wrong}",
                        site.name()
                    )));
                }
            }
            for key in site.env.iter().flat_map(|env| env.keys()) {
                if let Err(message) = check_variable(key) {
                    problems.push(Problem::new(format!(
                        "{message}, in the `env` of site `{}`",
                        site.name()
                    )));
                }
            }
            if site.max_sessions == Some(0) {
                problems.push(Problem::new(format!(
                    "site `{}` allows no command at all: `max_sessions` is 0",
                    site.name()
                )));
            }
        }
        problems
    }
}

impl fmt::Debug for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topology")
            .field("sites", &self.sites)
            .field("declared", &self.declared)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sites: &[Arc<Site>]) -> Vec<&str> {
        sites.iter().map(|site| site.name()).collect()
    }

    fn topology() -> Topology {
        let mut topology = Topology::new();
        topology
            .add("web1", Settings::new().roles(["web", "primary"]))
            .add("db1", Settings::new().roles(["db", "db"]))
            .add("web2", Settings::new().roles(["web"]));
        topology
    }

    #[test]
    fn adding_again_extends() {
        let mut topology = topology();
        topology
            .add("db1", Settings::new().roles(["big"]).host("db.example.com"))
            .add("db1", Settings::new().user("x"));
        let site = topology.get("db1").unwrap();
        assert_eq!(site.roles, ["db", "big"]);
        assert_eq!(
            (site.host.as_deref(), site.user.as_deref()),
            (Some("db.example.com"), Some("x"))
        );
        assert_eq!(topology.sites().len(), 3);
    }

    #[test]
    fn lists_are_unions_without_repetition_in_stable_order() {
        let topology = topology();
        assert_eq!(
            names(&topology.list(["db", "web", "primary", "web"])),
            ["web1", "db1", "web2"]
        );
        assert_eq!(
            names(&topology.list_within(["web", "db"], ["primary", "db1"])),
            ["web1", "db1"]
        );
        assert!(
            topology
                .list_within(["web"], Vec::<String>::new())
                .is_empty()
        );
    }

    #[test]
    fn a_copy_is_a_copy() {
        let topology = topology();
        let mut copy = topology.get("web1").unwrap();
        copy.settings_mut().user = Some("changed".into());
        assert_eq!(topology.get("web1").unwrap().user, None);
    }

    #[test]
    fn a_custom_merge_is_used() {
        let mut topology = Topology::new();
        topology.merge_with(|old, new| {
            let before = old.env.clone().unwrap_or_default();
            old.extend(new);
            let after = old.env.get_or_insert_default();
            for (key, value) in before {
                after.entry(key).or_insert(value);
            }
        });
        topology
            .add("a", Settings::new().env("A", "1"))
            .update(["a"], Settings::new().env("B", "2"));
        assert_eq!(topology.get("a").unwrap().env.as_ref().unwrap().len(), 2);
    }

    #[test]
    fn problems_are_found() {
        let mut topology = topology();
        topology
            .update(["wbe"], Settings::new())
            .add("-x", Settings::new().host("-oProxyCommand=evil"))
            .add("y", Settings::new().roles(["web1"]).user("a b"));
        let problems: Vec<_> = topology
            .problems()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(problems[0].contains("`wbe`"));
        assert_eq!(topology.problems()[0].hint(), Some("did you mean `web`?"));
    }

    #[test]
    fn a_declared_role_may_be_empty() {
        let mut topology = topology();
        topology
            .declare(["canary"])
            .update(["canary"], Settings::new().user("x"));
        assert!(topology.problems().is_empty());
        assert!(topology.knows("canary") && topology.is_declared("canary"));
        assert!(topology.list(["canary"]).is_empty());
    }
}
