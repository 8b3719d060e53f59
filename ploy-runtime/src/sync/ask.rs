//! Sends a request to the table, and waits for the answer.

use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::request::{Answer, Ask, Primitive, QueuedValue, Reply, Subject, Ticket};
use super::{Passed, Request, SyncClient};
use crate::error::{Failure, Kind};
use crate::event::ActionId;

/// What every handle has: whom it speaks for, of what, and the way to the table.
#[derive(Clone)]
pub(super) struct Caller {
    client: Arc<dyn SyncClient>,
    action: ActionId,
    pub(super) subject: Subject,
}

impl Caller {
    pub(super) fn new(
        client: Arc<dyn SyncClient>,
        action: ActionId,
        primitive: Primitive,
        name: &str,
    ) -> Self {
        let name = name.into();
        Caller {
            client,
            action,
            subject: Subject { primitive, name },
        }
    }

    /// Tells something to which there is no answer. Nothing that has no name can be told anything.
    pub(super) fn tell(&self, ask: Ask) {
        if !self.subject.name.is_empty() {
            self.client.send(self.action, Request(ask));
        }
    }

    /// Asks for what is known at once. None if there is no answer, since the run is over.
    pub(super) async fn query<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.tell(ask(reply));
        answer.await.ok()
    }

    /// Asks for what may take a while. Dropped before its end, it takes the request back, and what
    /// came of it.
    pub(super) async fn ask<T: Grant>(
        self,
        ask: impl FnOnce(Ticket, Reply<T>) -> Ask,
    ) -> Result<(T, Ticket), Failure> {
        if self.subject.name.is_empty() {
            let headline = format!("a {} needs a name", self.subject.primitive);
            return Err(Failure::new(Kind::Usage, headline, "its name is empty"));
        }
        let (reply, answer) = oneshot::channel();
        let ticket = Ticket::next();
        let mut open = Open {
            caller: self,
            ticket,
            answer,
            granted: None,
            done: false,
        };
        open.caller.tell(ask(ticket, reply));
        let result = open.wait().await;
        open.done = true;
        result.map(|granted| (granted, ticket))
    }

    /// Takes a ticket back, with what was granted to it.
    pub(super) fn withdraw(&self, ticket: Ticket, parcel: Option<QueuedValue>) {
        self.tell(Ask::Withdraw {
            subject: self.subject.clone(),
            ticket,
            parcel,
        });
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.subject, f)
    }
}

/// What the table grants.
pub(super) trait Grant: Sized + Send + 'static {
    /// What has to be sent back if the action does not take it. The ticket alone takes back
    /// anything else.
    fn parcel(self) -> Option<QueuedValue> {
        None
    }
}

impl Grant for () {}
impl Grant for bool {}
impl Grant for Passed {}
impl Grant for Option<QueuedValue> {
    fn parcel(self) -> Option<QueuedValue> {
        self
    }
}

/// A request that has not come to its end.
struct Open<T: Grant> {
    caller: Caller,
    ticket: Ticket,
    answer: oneshot::Receiver<Answer<T>>,
    /// What is granted, while the action waits for its place to run.
    granted: Option<T>,
    done: bool,
}

impl<T: Grant> Open<T> {
    async fn wait(&mut self) -> Result<T, Failure> {
        let Ok(answer) = (&mut self.answer).await else {
            return Err(self.over());
        };
        let refused = match answer.result {
            Ok(granted) => {
                self.granted = Some(granted);
                None
            }
            Err(failure) => Some(failure),
        };
        if answer.waited {
            // An error means that nobody gives places any more: then the action needs none.
            let _ = self.caller.client.resume(self.caller.action).await;
        }
        match refused {
            Some(failure) => Err(failure),
            None => self.granted.take().ok_or_else(|| self.over()),
        }
    }

    fn over(&self) -> Failure {
        Failure::new(
            Kind::Cancelled,
            format!("cannot wait for {}", self.caller.subject),
            "the run, or the action that asked, is over",
        )
    }
}

impl<T: Grant> Drop for Open<T> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        // From here on the table cannot answer any more: either the answer is here, or the table
        // keeps what it has.
        self.answer.close();
        let granted = self.granted.take().or_else(|| {
            let answer = self.answer.try_recv().ok()?;
            answer.result.ok()
        });
        let parcel = granted.and_then(Grant::parcel);
        self.caller.withdraw(self.ticket, parcel);
    }
}
