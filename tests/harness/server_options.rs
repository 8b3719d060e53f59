use crate::namespace::Namespace;
use crate::user::User;

/// What is not as usual on a server.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// `MaxSessions`, if not sshd's own default.
    pub max_sessions: Option<u32>,
    /// `MaxStartups`, if not so many that none is dropped.
    pub max_startups: Option<&'static str>,
    /// Whether `MaxSessions` and `MaxStartups` are sshd's own, where nothing is said above.
    pub default_limits: bool,
    /// Who can log in, if not who runs the tests.
    pub user: Option<User>,
    /// Where it is, if not on this machine's loopback addresses.
    pub namespace: Option<Namespace>,
    /// Variables in the environment of what it runs.
    pub env: Vec<(String, String)>,
}

impl ServerOptions {
    /// Where it listens.
    pub(crate) fn addresses(&self) -> Vec<String> {
        match &self.namespace {
            Some(namespace) => vec![namespace.address().to_owned()],
            None => (2..=4).map(|last| format!("127.0.0.{last}")).collect(),
        }
    }

    /// The names by which ssh knows it, and their addresses.
    pub(crate) fn aliases(&self) -> Vec<(String, String)> {
        let addresses = self.addresses();
        let first = &addresses[0];
        let web = (1..=3).map(|n| (format!("web{n}"), addresses.get(n - 1).unwrap_or(first)));
        let hosts = (1..=200).map(|n| (format!("host{n}"), first));
        let aliases = web.chain(hosts);
        aliases.map(|(name, to)| (name, to.clone())).collect()
    }
}
