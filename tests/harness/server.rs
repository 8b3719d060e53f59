use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use ploy::topology::Settings;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::keys::Key;
use crate::log::Log;
use crate::login;
use crate::mark::{Mark, descendants};
use crate::server_options::ServerOptions;
use crate::sshd_config::sshd_config;

pub(crate) const SSHD: &str = "/usr/sbin/sshd";

/// Runs sshd, tells its process id, and ends it when standard input ends: also when the test is
/// killed.
const KEEPER: &str = r#""$@" & p=$!; echo $p; cat >/dev/null; kill $p; wait $p"#;

/// A real ssh server on loopback addresses, with keys and configuration of its own. Dropped, it
/// ends.
///
/// The aliases `web1`, `web2` and `web3` lead to three of its addresses, and `host1` to `host200`
/// all to the first. In a namespace it has one address only. What it runs carries the mark of the
/// server.
pub struct Server {
    keeper: Child,
    pid: Pid,
    port: u16,
    directory: TempDir,
    log: Arc<Log>,
    mark: Mark,
    user: String,
    options: ServerOptions,
}

impl Server {
    /// Starts a server.
    pub fn start() -> Server {
        Server::with(&ServerOptions::default())
    }

    /// Starts a server with these options.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn with(options: &ServerOptions) -> Server {
        assert!(
            Path::new(SSHD).exists(),
            "{SSHD} is missing: install openssh-server"
        );
        if rustix::process::getuid().is_root() {
            // sshd's own start script makes it.
            fs::create_dir_all("/run/sshd").expect("cannot make /run/sshd");
        }
        // Somebody else may take the free port before sshd does.
        for _ in 0..5 {
            if let Some(server) = Server::try_start(options) {
                return server;
            }
        }
        panic!("no port is free for sshd");
    }

    fn try_start(options: &ServerOptions) -> Option<Server> {
        let directory = tempfile::Builder::new().prefix("sshd-").tempdir().unwrap();
        let path = directory.path();
        let port = match options.namespace {
            // Nobody else is there.
            Some(_) => 2222,
            None => free_port(),
        };
        let (host_key, user_key) = (
            Key::generate(path, "host_key"),
            Key::generate(path, "user_key"),
        );
        let mark = Mark::new();
        let user = match &options.user {
            Some(user) => {
                // Who logs in reads a file here, and writes into the folder for temporary files.
                fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
                user.name().to_owned()
            }
            None => login::user(),
        };
        fs::write(
            path.join("authorized_keys"),
            format!("{}\n", user_key.public),
        )
        .unwrap();
        fs::create_dir(path.join("tmp")).unwrap();
        fs::set_permissions(path.join("tmp"), Permissions::from_mode(0o1777)).unwrap();
        fs::create_dir(path.join("home")).unwrap();
        fs::write(
            path.join("sshd_config"),
            sshd_config(options, path, port, &host_key, &mark),
        )
        .unwrap();
        let known = path.join("known_hosts");
        fs::write(
            &known,
            login::known_hosts(options.addresses().iter(), port, &host_key.public),
        )
        .unwrap();
        fs::write(
            path.join("ssh_config"),
            login::configuration(&options.aliases(), port, &user, &user_key, &known),
        )
        .unwrap();

        let log = Arc::default();
        let (keeper, pid) = launch(options, path, &log);
        let server = Server {
            keeper,
            pid,
            port,
            directory,
            log,
            mark,
            user,
            options: options.clone(),
        };
        server.listens(1).then_some(server)
    }

    /// Whether it listens for the `time`th time; it does not if somebody else has the port.
    fn listens(&self, time: usize) -> bool {
        let wanted = self.options.addresses().len() * time;
        let listening = |log: &str| log.matches("Server listening on").count() == wanted;
        let text = self.log.wait_for("it listens or gives up", |log| {
            listening(log) || log.contains("fatal") || log.contains("rror")
        });
        let taken = text.contains("Address already in use");
        assert!(taken || listening(&text), "sshd did not start:\n{text}");
        !taken
    }

    /// The ssh configuration that leads to it.
    pub fn config(&self) -> PathBuf {
        self.path("ssh_config")
    }

    /// A file in the server's own folder, which is gone when the server is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The settings of a site on the host of that alias.
    pub fn site(&self, alias: &str) -> Settings {
        Settings::new().host(alias).config(self.config())
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The user who can log in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The mark of all that it runs.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// How often somebody has logged in.
    pub fn logins(&self) -> usize {
        self.log().matches("Accepted publickey").count()
    }

    /// Waits until nothing runs there any more that was started over ssh, and the folder for
    /// temporary files is empty.
    ///
    /// # Panics
    ///
    /// If something stays.
    pub fn assert_empty(&self) {
        self.mark.wait_until_gone(|_| false);
        let left: Vec<_> = fs::read_dir(self.path("tmp"))
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        assert!(left.is_empty(), "temporary files were left there: {left:?}");
    }

    /// Makes the clients forget the server's key.
    pub fn forget_host_key(&self) {
        fs::write(self.path("known_hosts"), "").unwrap();
    }

    /// Makes the clients know a key that the server does not have.
    pub fn change_host_key(&self) {
        let other = Key::generate(self.directory.path(), "other_key");
        let addresses = self.options.addresses();
        let lines = login::known_hosts(addresses.iter(), self.port, &other.public);
        fs::write(self.path("known_hosts"), lines).unwrap();
    }

    /// Makes the server refuse every login.
    pub fn refuse_logins(&self) {
        fs::write(self.path("authorized_keys"), "").unwrap();
    }

    /// Cuts every connection, by killing the processes that serve them. The server goes on.
    pub fn cut(&self) {
        self.signal_connections(Signal::KILL);
    }

    /// Stops whatever serves a connection now, as if the machine had too much to do. New ones are
    /// served.
    pub fn pause(&self) {
        self.signal_connections(Signal::STOP);
    }

    /// Lets paused connections go on.
    pub fn resume(&self) {
        self.signal_connections(Signal::CONT);
    }

    /// Has the server say nothing to whoever connects from now on. Connections that are there go
    /// on.
    pub fn pause_logins(&self) {
        let _ = kill_process(self.pid, Signal::STOP);
    }

    /// Lets it go on.
    pub fn resume_logins(&self) {
        let _ = kill_process(self.pid, Signal::CONT);
    }

    fn signal_connections(&self, signal: Signal) {
        for process in descendants(self.pid) {
            if process.command.starts_with("sshd") {
                let _ = kill_process(process.pid, signal);
            }
        }
    }

    /// Kills the server and everything that serves a connection.
    pub fn kill(&self) {
        let serving = descendants(self.pid);
        let _ = kill_process(self.pid, Signal::KILL);
        for process in serving {
            if process.command.starts_with("sshd") {
                let _ = kill_process(process.pid, Signal::KILL);
            }
        }
    }

    /// Kills the server and everything that serves a connection, and starts it anew: same port,
    /// same keys.
    pub fn restart(&mut self) {
        let before = self.log().matches("Server listening on").count();
        self.kill();
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        (self.keeper, self.pid) = launch(&self.options, self.directory.path(), &self.log);
        let time = before / self.options.addresses().len() + 1;
        assert!(self.listens(time), "somebody else has taken the port");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.cut();
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        // Only a failed test leaves anything.
        self.mark.kill_all();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts the server that is described in this folder. Returns its keeper and its process id.
fn launch(options: &ServerOptions, path: &Path, log: &Arc<Log>) -> (Child, Pid) {
    let mut command = Command::new("sh");
    command.args(["-c", KEEPER, "sh"]);
    if let Some(namespace) = &options.namespace {
        command.args(namespace.enter());
    }
    let mut keeper = command
        .args([SSHD, "-D", "-e", "-f"])
        .arg(path.join("sshd_config"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(keeper.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let pid = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
    log.follow(keeper.stderr.take().unwrap());
    (keeper, pid)
}
