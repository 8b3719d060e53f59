//! The name of a role.

use std::borrow::Cow;
use std::fmt;

/// The name of a role, or of a site: every site is a role of its own name.
///
/// `sites!` makes one for each, as `topology::roles::web`, so that a role named in code is checked
/// by the compiler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(Cow<'static, str>);

impl Role {
    /// A role by its name. A name that nobody declared is found when it is used.
    pub const fn new(name: &'static str) -> Self {
        Role(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Role {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Role {
    fn from(name: &'static str) -> Self {
        Role::new(name)
    }
}

impl From<String> for Role {
    fn from(name: String) -> Self {
        Role(Cow::Owned(name))
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.0.into_owned()
    }
}

/// What can be given where roles are asked for: one role or name, or a list of them.
pub trait IntoRoles {
    /// The names, in the order given.
    fn into_roles(self) -> Vec<String>;
}

impl IntoRoles for Role {
    fn into_roles(self) -> Vec<String> {
        vec![self.into()]
    }
}

impl IntoRoles for &str {
    fn into_roles(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl IntoRoles for String {
    fn into_roles(self) -> Vec<String> {
        vec![self]
    }
}

impl<T: Into<String>, const N: usize> IntoRoles for [T; N] {
    fn into_roles(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String>> IntoRoles for Vec<T> {
    fn into_roles(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: AsRef<str>> IntoRoles for &[T] {
    fn into_roles(self) -> Vec<String> {
        self.iter().map(|role| role.as_ref().to_owned()).collect()
    }
}
