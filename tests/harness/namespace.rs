use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Nobody has this address, so what is sent to it is lost without a word.
const NOBODY: &str = "02:00:00:00:00:99";

/// How many pairs of addresses there are for tests: 198.18.0.0/15 in pieces of four.
const PAIRS: u32 = 1 << 15;

/// A network of the test's own: a namespace with one wire to this one. Copies share it; the last
/// one removes it.
///
/// It needs root, and `ip` of iproute2.
#[derive(Clone, Debug)]
pub struct Namespace(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    /// The wire's ends: out here, and in there.
    ends: [End; 2],
}

#[derive(Debug)]
struct End {
    device: String,
    address: String,
}

impl Namespace {
    /// Makes one.
    ///
    /// # Panics
    ///
    /// If this machine does not allow it.
    #[allow(clippy::new_without_default)] // No two are equal, which a default would suggest.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let pid = std::process::id();
        let device = |end: &str| format!("pt{pid}{end}{number}");
        let made = Inner {
            name: format!("ploy-test-{pid}-{number}"),
            ends: [("o", 1), ("i", 2)].map(|(end, last)| End {
                device: device(end),
                address: address(pid.wrapping_mul(16).wrapping_add(number), last),
            }),
        };
        made.ip(&["netns", "add", &made.name]);
        // From here on it is removed whatever happens.
        let made = Namespace(Arc::new(made));
        let Inner { name, ends } = &*made.0;
        let [outer, inner] = ends;
        #[rustfmt::skip]
        made.0.ip(&[
            "link", "add", &outer.device, "type", "veth", "peer", "name", &inner.device, "netns", name,
        ]);
        made.0.ip(&["-n", name, "link", "set", "lo", "up"]);
        for end in [0, 1] {
            let End { device, address } = &ends[end];
            made.at(
                end,
                &["addr", "add", &format!("{address}/30"), "dev", device],
            );
            made.at(end, &["link", "set", device, "up"]);
        }
        made
    }

    /// The address in there.
    pub fn address(&self) -> &str {
        &self.0.ends[1].address
    }

    /// Loses every packet from now on, both ways, so that neither side hears anything of it.
    pub fn drop_traffic(&self) {
        self.neighbour("replace", &["lladdr", NOBODY, "nud", "permanent"]);
    }

    /// Loses no packet any more.
    pub fn heal(&self) {
        self.neighbour("del", &[]);
    }

    /// Tells each end about the other one.
    fn neighbour(&self, order: &str, what: &[&str]) {
        for (end, other) in [(0, 1), (1, 0)] {
            let (device, address) = (&self.0.ends[end].device, &self.0.ends[other].address);
            let mut arguments = vec!["neigh", order, address, "dev", device];
            arguments.extend(what);
            self.at(end, &arguments);
        }
    }

    /// What to put before a program so that it runs in there.
    pub(crate) fn enter(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.0.name]
    }

    /// Runs `ip` out here or in there.
    fn at(&self, end: usize, arguments: &[&str]) {
        let mut all = match end {
            0 => Vec::new(),
            _ => vec!["-n", &self.0.name],
        };
        all.extend(arguments);
        self.0.ip(&all);
    }
}

impl Inner {
    fn ip(&self, arguments: &[&str]) {
        let output = Command::new("ip")
            .args(arguments)
            .output()
            .expect("`ip` cannot be run: install iproute2");
        assert!(
            output.status.success(),
            "this machine does not let the tests have a network namespace, which needs root: `ip {}`: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The wire first: the namespace itself stays for as long as a process is in it.
        for arguments in [
            ["link", "del", &self.ends[0].device],
            ["netns", "del", &self.name],
        ] {
            let _ = Command::new("ip").args(arguments).output();
        }
    }
}

/// An address of a pair, from those that are set apart for measuring networks.
fn address(pair: u32, last: u32) -> String {
    let [_, b, c, d] = (pair % PAIRS * 4 + last).to_be_bytes();
    format!("198.{}.{c}.{d}", 18 + b)
}
