//! What can stand where a selector is wanted.

use super::super::Role;
use super::{Selector, SelectorError};

/// What can be given where sites are chosen: a [`Selector`], the text of one, a role, or a list of
/// texts, of which any may match.
#[diagnostic::on_unimplemented(
    message = "sites cannot be chosen by `{Self}`",
    label = "not a selector",
    note = "it takes a `Selector`, a text such as `\"web & primary\"`, a `Role`, or a list of texts or roles"
)]
pub trait IntoSelector {
    /// The selector. An empty list is one that matches nothing.
    ///
    /// # Errors
    ///
    /// What is wrong with a text, and where.
    fn into_selector(self) -> Result<Selector, SelectorError>;
}

impl IntoSelector for Selector {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        Ok(self)
    }
}

impl IntoSelector for &Selector {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        Ok(self.clone())
    }
}

impl IntoSelector for &str {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        Selector::parse(self)
    }
}

impl IntoSelector for String {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        Selector::parse(&self)
    }
}

impl IntoSelector for Role {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        Ok(Selector::name(self))
    }
}

impl<T: Into<String>, const N: usize> IntoSelector for [T; N] {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        any(self.map(Into::into))
    }
}

impl<T: Into<String>> IntoSelector for Vec<T> {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        any(self.into_iter().map(Into::into))
    }
}

impl<T: AsRef<str>> IntoSelector for &[T] {
    fn into_selector(self) -> Result<Selector, SelectorError> {
        any(self)
    }
}

fn any<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Selector, SelectorError> {
    texts
        .into_iter()
        .map(|text| Selector::parse(text.as_ref()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(selector: impl IntoSelector) -> String {
        match selector.into_selector() {
            Ok(selector) => selector.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn much_can_be_given() {
        assert_eq!(shown("web & db"), "web & db");
        assert_eq!(shown(String::from("web")), "web");
        assert_eq!(shown(Role::new("web")), "web");
        let role = Selector::role("web");
        assert_eq!((shown(&role), shown(role)), ("@web".into(), "@web".into()));
        assert_eq!(shown(["c", "a & b"]), "c,(a & b)");
        assert_eq!(shown([Role::new("a"), Role::new("b")]), "a,b");
        assert_eq!(
            shown(vec![String::from("a"), String::from("b[1-2]")]),
            "a,b[1-2]"
        );
        assert_eq!(shown(&["a", "b"][..]), "a,b");
        assert_eq!(shown(Vec::<String>::new()), "()");
        assert_eq!(
            shown(["a", "b,"]),
            "cannot read the selector `b,`: at character 3, a name is missing at the end"
        );
    }
}
