//! The floor: the crate openssh over its native mux and nothing else. It reads what a command puts
//! out, as any tool must; but no events, no time-outs, and what a command started stays there if
//! this ends.
//!
//! `peers-bare SITES TIMES`: `PEERS_CONFIG` is the ssh configuration file, `PEERS_SOCKETS` the
//! folder of the masters, which outlive the program, and `PEERS_COMMAND` what runs.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use openssh::Session;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Sites at a time.
const FANOUT: usize = 32;

struct What {
    config: PathBuf,
    sockets: PathBuf,
    command: String,
    times: usize,
}

#[tokio::main]
async fn main() -> Result {
    let mut arguments = env::args().skip(1);
    let mut number = || arguments.next().ok_or("usage: peers-bare SITES TIMES");
    let sites: u8 = number()?.parse()?;
    let what = Arc::new(What {
        times: number()?.parse()?,
        config: env::var("PEERS_CONFIG")?.into(),
        sockets: env::var("PEERS_SOCKETS")?.into(),
        command: env::var("PEERS_COMMAND").unwrap_or_else(|_| "true".to_owned()),
    });
    let places = Arc::new(Semaphore::new(FANOUT));
    let mut running = JoinSet::new();
    for site in 1..=sites {
        let (what, places) = (what.clone(), places.clone());
        running.spawn(async move {
            let _place = places.acquire().await?;
            what.run(&format!("127.0.1.{site}")).await
        });
    }
    let mut failed = 0;
    while let Some(ended) = running.join_next().await {
        if let Err(error) = ended? {
            eprintln!("{error}");
            failed += 1;
        }
    }
    if failed > 0 {
        return Err(format!("{failed} sites failed").into());
    }
    Ok(())
}

impl What {
    async fn run(&self, host: &str) -> Result {
        let socket = self.sockets.join(host);
        if !socket.exists() {
            self.connect(host, &socket).await?;
        }
        let session = Session::resume_mux(socket.into_boxed_path(), None);
        for _ in 0..self.times {
            let output = session.raw_command(&self.command).output().await?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{host}: {}: {said}", output.status).into());
            }
        }
        session.detach();
        Ok(())
    }

    async fn connect(&self, host: &str, socket: &Path) -> Result {
        let mut master = tokio::process::Command::new("ssh");
        master.args(["-M", "-N", "-f", "-o", "ControlPersist=60", "-S"]);
        master.arg(socket).arg("-F").arg(&self.config).arg(host);
        let status = master.stdin(Stdio::null()).status().await?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{host}: no connection").into())
        }
    }
}
