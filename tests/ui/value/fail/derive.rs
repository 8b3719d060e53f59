//! A value is a variant without fields, or a type that is read by its `FromStr`.

use ploy::ParamValue;

#[derive(Clone, ParamValue)]
enum Fields {
    A(u8),
    B,
    #[param(name = "b")]
    C,
    #[param(name = "two words")]
    D,
}

#[derive(Clone, ParamValue)]
enum Empty {}

#[derive(Clone, ParamValue)]
struct Unread;

#[derive(Clone, ParamValue)]
struct Generic<T>(T);

fn main() {}
