//! Which of its forms a text is to have.

/// What a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum SelectorSyntax {
    /// Terms, operators and parentheses.
    Expression,
    /// Names of sites with commas between them.
    SiteList,
    /// Names of roles with commas between them.
    RoleList,
}

impl SelectorSyntax {
    pub(super) fn name(self) -> &'static str {
        match self {
            SelectorSyntax::Expression => "selector",
            SelectorSyntax::SiteList => "list of sites",
            SelectorSyntax::RoleList => "list of roles",
        }
    }
}
