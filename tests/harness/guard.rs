use std::time::{Duration, Instant};

/// How long anything may take before a test says that it hangs. No test asserts that something is
/// faster than this, and a machine may have much else to do.
pub const GUARD: Duration = Duration::from_secs(240);

/// Waits until `condition` holds, for what has no event to wait for, such as a process of somebody
/// else that ends.
///
/// # Panics
///
/// If it does not hold within [`GUARD`].
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < GUARD, "gave up waiting until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
