//! Running rsync to its end.

use std::sync::Arc;

use super::command::RsyncCommand;
use super::line::progress_support;
use super::output::{RsyncOutput, SharedTotals};
use super::remote_start::wants_sudo;
use super::{failure, script};
use crate::error::Failure;
use crate::shell::{CancelLevel, Emitter, RunningCommand, Shell, cancelled};
use crate::transfer::activity::ActivityEmitter;
use crate::transfer::ending::{check_not_ended, connecting};
use crate::transfer::options::CommonOptions;
use crate::transfer::request::TransferRequest;
use crate::transfer::{TransferTotals, parents};
use crate::transport::{Exit, Process, SpawnRequest};

/// How much of rsync's own output is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// A transfer by rsync.
pub(in crate::transfer) struct RsyncTransfer<'a> {
    pub(in crate::transfer) shell: &'a Shell,
    pub(in crate::transfer) request: &'a TransferRequest,
    /// Who is to read or write on the site, if not the login user or whom the site says.
    pub(in crate::transfer) user: Option<&'a str>,
    pub(in crate::transfer) common: CommonOptions,
}

impl RsyncTransfer<'_> {
    pub(in crate::transfer) async fn run(&self) -> Result<TransferTotals, Failure> {
        let (shell, request) = (self.shell, self.request);
        let shown = request.to_string();
        // rsync uses one of the sessions that the server allows on the connection.
        let session = async {
            let connection = shell.0.transport.connection(shell.name()).await?;
            let Some(connection) = connection else {
                return Ok::<_, Failure>((None, None));
            };
            let permit = connection.sessions.clone().acquire_owned().await;
            // The semaphore is never closed.
            let held = permit.ok().map(|permit| connection.claim_session(permit));
            Ok((Some(connection), held))
        };
        let (connection, _held) = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            session = connecting(shell, session) => session?,
        };
        let is_others = shell.sudo_options(self.user)?.is_some();
        if connection.is_some() || !is_others {
            parents::make_here(request).await?;
        }
        let wanted = wants_sudo(shell, request, self.user)?;
        let (client, sudo) = match (wanted, &connection) {
            (Some(wanted), Some(connection)) => {
                let transport = &shell.0.transport;
                let client = transport.askpass_client(shell.name(), connection).await?;
                let sudo = client.as_ref().map(|client| wanted.by(&client.sudo));
                (client, sudo)
            }
            _ => (None, None),
        };
        let command = RsyncCommand::new(request, connection.as_deref(), sudo.as_ref());
        if shell.0.cancel.level() != CancelLevel::None {
            return Err(cancelled(shell.name(), &shown));
        }
        let mut process = self
            .start(&command, connection.is_some())
            .await
            .map_err(|failure| failure::of_start(request, failure))?;
        // Kept while rsync may ask for a password.
        let (requests, _registration) = client
            .map(|client| (client.requests, client.registration))
            .unzip();
        process.requests = requests.or(process.requests);
        let emitter: Arc<dyn Emitter> = Arc::new(ActivityEmitter::new(shell.0.emitter.clone()));
        let told = shell.changed(|inner| inner.emitter = emitter.clone());
        let CommonOptions { timeout, show, .. } = self.common;
        let mut running = RunningCommand::begin(&told, shown.clone(), CAPTURE, timeout, show);
        let totals = SharedTotals::default();
        process.stdout = Box::pin(RsyncOutput::new(
            process.stdout,
            totals.clone(),
            emitter,
            running.number(),
        ));
        let exit = running.watch(process).await?;
        check_not_ended(&running, exit, shell.name(), &shown)?;
        if exit == Exit::Code(0) {
            return Ok(totals.get());
        }
        let report = running.report(exit);
        Err(failure::of_end(request, exit, report, connection.as_deref()).await)
    }

    /// Starts rsync on this machine.
    async fn start(&self, command: &RsyncCommand, is_remote: bool) -> Result<Process, Failure> {
        let script = script::script(command, progress_support());
        let privileged = if is_remote {
            None
        } else {
            // On a local site the privileged script is the whole transfer.
            let parents = parents::to_make_here(self.request);
            let with_operands = || script::with_operands(command, &script, parents.as_deref());
            self.shell.privileged(self.user, with_operands)?
        };
        let request = SpawnRequest {
            site: self.shell.name(),
            shell: "sh",
            script: if privileged.is_some() { b"" } else { &script },
            input: None,
            can_ask: privileged.is_some(),
            privileged: privileged.as_ref(),
        };
        let here = self.shell.0.transport.here();
        match &privileged {
            Some(_) => here.spawn(request).await,
            None => here.spawn_with(request, &command.operands).await,
        }
    }
}
