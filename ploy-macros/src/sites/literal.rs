//! Values that are literals are checked when the binary is compiled.

use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, UnOp};

use super::model::{Pair, Setting, Value};
use super::setting::Kind;
use crate::errors::Errors;

/// Checks the values of settings. What is not a literal is left to rustc and to the run.
pub(super) fn check(settings: &[Setting], errors: &mut Errors) {
    for Setting { key, value } in settings {
        let name = key.to_string();
        let kind = Kind::of(&name);
        match value {
            Value::Roles(_) => {}
            Value::Table(pairs) => pairs.iter().for_each(|pair| check_pair(kind, pair, errors)),
            Value::Expr(expr) => {
                if let Some(problem) = problem(&name, kind, expr) {
                    errors.push(syn::Error::new_spanned(expr, problem));
                }
            }
        }
    }
}

fn problem(name: &str, kind: Kind, expr: &Expr) -> Option<String> {
    let wrong = || Some(format!("`{name}` takes {}", kind.takes()));
    match (kind, expr) {
        (_, Expr::Array(_) | Expr::Tuple(_)) => wrong(),
        (
            Kind::Port | Kind::Count,
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }),
        ) if is_literal(expr) => wrong(),
        (
            _,
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }),
        ) if is_literal(expr) => wrong(),
        (
            Kind::Text | Kind::Word,
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }),
        ) => text_problem(name, kind, text),
        (
            Kind::Flag,
            Expr::Lit(ExprLit {
                lit: Lit::Bool(_), ..
            }),
        ) => None,
        (
            Kind::Port,
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }),
        ) => {
            let is_port = matches!(number.suffix(), "" | "u16")
                && number.base10_parse::<u16>().is_ok_and(|port| port > 0);
            if is_port { None } else { wrong() }
        }
        (
            Kind::Count,
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }),
        ) => {
            let is_count = matches!(number.suffix(), "" | "u32")
                && number.base10_parse::<u32>().is_ok_and(|count| count > 0);
            if is_count { None } else { wrong() }
        }
        (_, Expr::Lit(_)) => wrong(),
        _ => None,
    }
}

fn text_problem(name: &str, kind: Kind, literal: &LitStr) -> Option<String> {
    let text = literal.value();
    if text.is_empty() {
        return Some(format!(
            "`{name}` is empty; leave it out if the site has none"
        ));
    }
    if text.contains('\0') {
        return Some(format!("`{name}` holds a NUL character"));
    }
    if kind != Kind::Word {
        return None;
    }
    if text.starts_with('-') {
        return Some(format!(
            "`{name}` begins with `-`: it would be taken for an option"
        ));
    }
    if text.contains(char::is_whitespace) || text.contains(char::is_control) {
        return Some(format!("`{name}` holds a blank"));
    }
    if text.replace("{name}", "").contains(['{', '}']) {
        return Some(format!(
            "`{name}` holds a brace; the only placeholder is `{{name}}`"
        ));
    }
    None
}

fn check_pair(kind: Kind, pair: &Pair, errors: &mut Errors) {
    let Pair { key, value } = pair;
    if kind == Kind::Env {
        let begins = key
            .text
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !begins
            || !key
                .text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            errors.at(
                key.span,
                format!(
                    "`{}` cannot be the name of an environment variable: \
                allowed are letters, digits and `_`",
                    key.text
                ),
            );
        }
    } else if key.text.is_empty() {
        errors.at(key.span, "the name of a value in `vars` cannot be empty");
    }
    let Expr::Lit(ExprLit { lit, .. }) = value else {
        return;
    };
    match (kind, lit) {
        (Kind::Env, Lit::Str(text)) if text.value().contains('\0') => {
            errors.at(
                text.span(),
                "an environment variable cannot hold a NUL character",
            );
        }
        (_, Lit::Str(_)) | (Kind::Vars, Lit::Int(_) | Lit::Float(_) | Lit::Bool(_)) => {}
        (Kind::Env, _) => errors.at(
            lit.span(),
            format!("the value of `{}` in `env` is a string", key.text),
        ),
        _ => errors.at(
            lit.span(),
            format!(
                "the value of `{}` in `vars` is a string, a number, a \
            bool, or an expression that is a `ploy::topology::Value`",
                key.text
            ),
        ),
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_))
}
