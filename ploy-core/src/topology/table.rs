//! The compile-time check of roles. Everything here runs in the compiler, where there is no
//! allocation and no `std` algorithm, hence the loops.

use ploy_syntax::constant::{Message, compare};
use ploy_syntax::suggest::closest_in_constant;

/// Among so many names a suggestion is looked for: the compiler evaluates each comparison.
const SITES_SEARCHED: usize = 2_000;

/// All names that a topology knows, as a constant: what [`assert_role`] looks a role up in.
#[derive(Clone, Copy, Debug)]
pub struct RoleTable {
    all: &'static [&'static str],
    roles: &'static [&'static str],
}

impl RoleTable {
    /// A table from `all` names of roles and sites, sorted by bytes and without repetition, and the
    /// declared `roles` alone, in the order in which a reader should see them.
    pub const fn new(all: &'static [&'static str], roles: &'static [&'static str]) -> Self {
        RoleTable { all, roles }
    }

    /// All names of roles and sites, sorted.
    pub const fn all(&self) -> &'static [&'static str] {
        self.all
    }

    /// Whether a role or site has this name.
    pub const fn contains(&self, name: &str) -> bool {
        let mut low = 0;
        let mut high = self.all.len();
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(self.all[middle].as_bytes(), name.as_bytes()) {
                0 => return true,
                1 => high = middle,
                _ => low = middle + 1,
            }
        }
        false
    }

    /// The known name that is nearest, if any is near: roles first, then sites of near length.
    const fn nearest(&self, name: &str) -> Option<&'static str> {
        match closest_in_constant(name, self.roles, usize::MAX) {
            Some(role) => Some(role),
            None => closest_in_constant(name, self.all, SITES_SEARCHED),
        }
    }
}

/// Stops the compiler with a message that suggests a name if `table` has no role or site of this
/// `name`.
///
/// # Panics
///
/// If the role is undeclared; in a constant, that is a compile error at the caller's tokens.
#[track_caller]
pub const fn assert_role(table: RoleTable, name: &str) {
    if !table.contains(name) {
        refuse(table, name, "");
    }
}

/// As [`assert_role`], for the name of a job that has no `roles`, and so is the role.
///
/// # Panics
///
/// If the role is undeclared; in a constant, that is a compile error at the caller's tokens.
#[track_caller]
pub const fn assert_name_is_role(table: RoleTable, name: &str) {
    if !table.contains(name) {
        refuse(
            table,
            name,
            ", which is the job's name: without `roles` that is the role",
        );
    }
}

#[track_caller]
const fn refuse(table: RoleTable, name: &str, why: &str) -> ! {
    let mut message = Message::new();
    message.push("undeclared role `");
    message.push(name);
    message.push("`");
    message.push(why);
    if let Some(near) = table.nearest(name) {
        message.push("; did you mean `");
        message.push(near);
        message.push("`?");
    }
    message.push(" (declared roles: ");
    let mut index = 0;
    while index < table.roles.len() {
        if index > 0 {
            message.push(", ");
        }
        // Room is left for the end of the sentence.
        if message.len() + table.roles[index].len() > 480 {
            message.push("..");
            break;
        }
        message.push(table.roles[index]);
        index += 1;
    }
    if table.roles.is_empty() {
        message.push("none");
    }
    message.push(")");
    panic!("{}", message.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: RoleTable = RoleTable::new(
        &["database", "load-balancer", "web", "web1", "über"],
        &["web", "database", "load-balancer", "über"],
    );

    #[test]
    fn finds_every_name_and_no_other() {
        for name in TABLE.all() {
            assert!(TABLE.contains(name));
        }
        assert!(!TABLE.contains("we"));
        assert!(!TABLE.contains("webb"));
        assert!(!TABLE.contains(""));
    }

    #[test]
    #[should_panic(
        expected = "undeclared role `databse`; did you mean `database`? (declared roles: web, database, "
    )]
    fn the_message_suggests() {
        assert_role(TABLE, "databse");
    }

    #[test]
    #[should_panic(expected = "undeclared role `web2`; did you mean `web`?")]
    fn roles_come_before_sites() {
        assert_role(TABLE, "web2");
    }

    #[test]
    #[should_panic(
        expected = "undeclared role `smoke`, which is the job's name: without `roles` that is the role (declared"
    )]
    fn a_name_that_is_no_role_says_why_it_should_be() {
        assert_name_is_role(TABLE, "smoke");
    }

    #[test]
    #[should_panic(expected = "undeclared role `x` (declared roles: none)")]
    fn an_empty_table_is_said_to_be_empty() {
        assert_role(RoleTable::new(&[], &[]), "x");
    }
}
