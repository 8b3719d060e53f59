//! Values that are literals are checked when the binary is compiled.

use ploy_syntax::name::is_variable_name;
use ploy_syntax::setting::{Setting, SettingKind, TextError};
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, UnOp};

use super::model::{GivenSetting, SettingValue, TableEntry};
use super::takes::takes;
use crate::input::errors::Errors;

/// Checks the values of settings. What is not a literal is left to rustc and to the run.
pub(super) fn check(settings: &[GivenSetting], errors: &mut Errors) {
    for given in settings {
        let GivenSetting { setting, value, .. } = given;
        match value {
            SettingValue::Roles(_) => {}
            SettingValue::Table(pairs) => pairs
                .iter()
                .for_each(|pair| check_entry(setting.kind(), pair, errors)),
            SettingValue::Expr(expr) => {
                if let Some(problem) = problem(*setting, expr) {
                    errors.push(syn::Error::new_spanned(expr, problem));
                }
            }
        }
    }
}

fn problem(setting: Setting, expr: &Expr) -> Option<String> {
    let (name, kind) = (setting.name(), setting.kind());
    let wrong = || Some(format!("`{name}` takes {}", takes(kind)));
    match (kind, expr) {
        (_, Expr::Array(_) | Expr::Tuple(_)) => wrong(),
        (
            _,
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }),
        ) if is_literal(expr) => wrong(),
        (
            SettingKind::Text | SettingKind::Path | SettingKind::Word,
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }),
        ) => text_problem(setting, text),
        (
            SettingKind::Flag,
            Expr::Lit(ExprLit {
                lit: Lit::Bool(_), ..
            }),
        ) => None,
        (
            SettingKind::Port,
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
            SettingKind::Count,
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

fn text_problem(setting: Setting, literal: &LitStr) -> Option<String> {
    let name = setting.name();
    let why = match setting.kind().check_text(&literal.value()).err()? {
        TextError::Empty => "is empty; leave it out if the site has none",
        TextError::Nul => "holds a NUL character",
        TextError::Dash => "begins with `-`: it would be taken for an option",
        TextError::Blank => "holds a blank",
        TextError::Brace => "holds a brace; the only placeholder is `{name}`",
    };
    Some(format!("`{name}` {why}"))
}

fn check_entry(kind: SettingKind, pair: &TableEntry, errors: &mut Errors) {
    let TableEntry { key, value } = pair;
    if kind == SettingKind::Env {
        if !is_variable_name(&key.text) {
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
        (SettingKind::Env, Lit::Str(text)) if text.value().contains('\0') => {
            errors.at(
                text.span(),
                "an environment variable cannot hold a NUL character",
            );
        }
        (_, Lit::Str(_)) | (SettingKind::Vars, Lit::Int(_) | Lit::Float(_) | Lit::Bool(_)) => {}
        (SettingKind::Env, _) => errors.at(
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
