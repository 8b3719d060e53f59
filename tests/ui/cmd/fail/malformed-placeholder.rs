//! A placeholder holds a name or a field.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo {0}");
    let _ = cmd!("echo {x:?}");
    let _ = cmd!("echo {x.len()}");
    let _ = cmd!("echo { x }");
    let _ = cmd!("echo {x:any...}");
    let _ = cmd!("echo {type}");
    let _ = cmd!("echo ${{x}}");
    let _ = (x, list);
}
