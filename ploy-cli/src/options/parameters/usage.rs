//! How a parameter is written on a command line, and what holds for it, in words.

use ploy_core::catalogue::{Param, Shape, option_of};

/// What holds for a parameter, in brackets: its values, if they can be counted, and what it is when
/// nothing is given.
pub(crate) fn remarks(param: &Param) -> String {
    let mut remarks = Vec::new();
    if !param.choices().is_empty() {
        let names: Vec<&str> = param.choices().iter().map(|choice| choice.name).collect();
        remarks.push(format!("[{}]", names.join(", ")));
    }
    let default = param.default_value().map(|given| given.shown().join(","));
    match default {
        Some(shown) if !shown.is_empty() => remarks.push(format!("[default: {shown}]")),
        _ if param.is_required() => remarks.push("[required]".to_owned()),
        _ => {}
    }
    remarks.join(" ")
}

/// How a parameter is written on a command line: `--tag <TAG>`.
pub(crate) fn usage(param: &Param) -> String {
    let option = option_of(param);
    match param.shape() {
        Shape::Flag => format!("--{option}"),
        Shape::Secret => format!("--{option} <FILE>"),
        Shape::Many => format!("--{option} <{}>...", param.value_name()),
        _ => format!("--{option} <{}>", param.value_name()),
    }
}
