//! The macros by which an expansion registers what it declares.
//!
//! `inventory::submit!` takes three steps, copies what is submitted in each, and has the compiler
//! weigh attributes for every platform. [`__ploy_register`](crate::__ploy_register) writes what the
//! last of them does, on the platforms that ploy runs on. It names types of inventory that are not
//! documented, so the workspace asks for an exact version of it: see
//! docs/decisions/17-inventory-registration.md.

pub use core::cell::UnsafeCell;

pub use inventory::{ErasedNode, Node};

/// Registers an entry before `main` begins.
#[cfg(not(target_vendor = "apple"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __ploy_register {
    ($($entry:tt)*) => {
        static __PLOY_NODE: $crate::__private::Node = $crate::__private::Node {
            value: &$($entry)*,
            next: $crate::__private::UnsafeCell::new($crate::__private::None),
        };
        unsafe extern "C" fn __ploy_register() {
            unsafe { $crate::__private::ErasedNode::submit(__PLOY_NODE.value, &__PLOY_NODE) }
        }
        #[used]
        #[unsafe(link_section = ".init_array")]
        static __PLOY_REGISTER: unsafe extern "C" fn() = __ploy_register;
    };
}

/// Registers an entry before `main` begins.
#[cfg(target_vendor = "apple")]
#[doc(hidden)]
#[macro_export]
macro_rules! __ploy_register {
    ($($entry:tt)*) => {
        static __PLOY_NODE: $crate::__private::Node = $crate::__private::Node {
            value: &$($entry)*,
            next: $crate::__private::UnsafeCell::new($crate::__private::None),
        };
        unsafe extern "C" fn __ploy_register() {
            unsafe { $crate::__private::ErasedNode::submit(__PLOY_NODE.value, &__PLOY_NODE) }
        }
        #[used]
        #[unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")]
        static __PLOY_REGISTER: unsafe extern "C" fn() = __ploy_register;
    };
}

/// What stands for a job in `jobs![..]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __ploy_handle {
    ($handle:ident $name:literal [$($params:tt)*]) => {
        impl $crate::__private::Handle for $handle {
            const JOB: $crate::__private::ListedJob = $crate::__private::ListedJob {
                name: $name,
                params: $($params)*,
            };
        }
    };
}

/// What stands for a job in `jobs![..]`, and its registration: the parts of a `JobDef` in their
/// order. The compiler writes all that is the same for every job, which is cheaper than a macro's
/// own program doing so.
#[doc(hidden)]
#[macro_export]
macro_rules! __ploy_job {
    (
        $handle:ident $name:literal $help:literal [$($roles:tt)*] $critical:literal [$($run_as:tt)*]
        $file:literal $line:literal $package:literal $function:literal
        [$($params:tt)*] [$($action:tt)*]
    ) => {
        impl $crate::__private::Handle for $handle {
            const JOB: $crate::__private::ListedJob = $crate::__private::ListedJob {
                name: $name,
                params: $($params)*,
            };
        }
        $crate::__ploy_register!($crate::__private::Entry::Job($crate::__private::JobDef {
            name: $name,
            help: $help,
            roles: &[$($roles)*],
            critical: $critical,
            run_as: $($run_as)*,
            source: $crate::__private::Source { file: $file, line: $line, package: $package },
            function: $function,
            params: $($params)*,
            action: $($action)*,
        }));
    };
}
