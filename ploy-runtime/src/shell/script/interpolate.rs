//! Values that may stand in a shell command.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::event::{BatchId, QualifiedActionId, QualifiedStageId};
use crate::topology::Role;

/// A value that may stand in `cmd!("..{value}..")`. It is quoted for the shell when the command
/// runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a shell command",
    label = "not a value for `cmd!`",
    note = "strings, paths, numbers, characters, `bool`s, roles and ids can; turn anything else into one of them",
    note = "for a list, write `{{values...}}`",
    note = "a `Secret` would be seen by all who list the processes: hand it over by `.stdin(&secret)`, `.secret_env(..)` or `.secret_file(..)`"
)]
pub trait Interpolate {
    /// The value as the command is to see it, unquoted.
    fn bytes(&self) -> Cow<'_, [u8]>;
}

macro_rules! by_bytes {
    ($($type:ty: $this:ident => $bytes:expr;)*) => {
        $(impl Interpolate for $type {
            fn bytes(&self) -> Cow<'_, [u8]> {
                let $this = self;
                Cow::Borrowed($bytes)
            }
        })*
    };
}

by_bytes! {
    str: this => this.as_bytes();
    String: this => this.as_bytes();
    Cow<'_, str>: this => this.as_bytes();
    OsStr: this => this.as_bytes();
    OsString: this => this.as_bytes();
    Path: this => this.as_os_str().as_bytes();
    PathBuf: this => this.as_os_str().as_bytes();
    Role: this => this.as_str().as_bytes();
    BatchId: this => this.as_str().as_bytes();
}

macro_rules! by_display {
    ($($type:ty)*) => {
        $(impl Interpolate for $type {
            fn bytes(&self) -> Cow<'_, [u8]> {
                Cow::Owned(self.to_string().into_bytes())
            }
        })*
    };
}

by_display! {
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char QualifiedStageId QualifiedActionId
    std::net::IpAddr std::net::Ipv4Addr std::net::Ipv6Addr std::net::SocketAddr
}

macro_rules! by_reference {
    ($($type:ty)*) => {
        $(impl<T: Interpolate + ?Sized> Interpolate for $type {
            fn bytes(&self) -> Cow<'_, [u8]> {
                (**self).bytes()
            }
        })*
    };
}

by_reference!(&T &mut T Box<T> Rc<T> Arc<T>);
