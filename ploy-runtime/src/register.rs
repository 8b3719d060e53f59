//! The macros by which an expansion registers what it declares.
//!
//! The compiler writes what is the same for every job, which is cheaper than a macro's own program
//! doing so. Registration itself is inventory's public `submit!`: see
//! docs/decisions/17-inventory-registration.md.

/// Registers an entry before `main` begins.
#[doc(hidden)]
#[macro_export]
macro_rules! __ploy_register {
    ($($entry:tt)*) => {
        $crate::__private::inventory::submit! { $($entry)* }
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
