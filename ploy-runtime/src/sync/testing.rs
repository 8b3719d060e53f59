//! A client for tests: the table behind a mutex, and always a place to run.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use tokio::sync::oneshot;

use crate::event::ActionId;

use super::{Barrier, Latch, Lock, Queue, Request, Requester, Scope, SyncClient, Table};

#[derive(Default)]
pub(super) struct Bench {
    table: Mutex<Table>,
    scopes: Mutex<BTreeMap<u32, Scope>>,
    resumed: AtomicU32,
}

impl SyncClient for Bench {
    fn send(&self, action: ActionId, request: Request) {
        let scope = self.scopes.lock().unwrap().get(&action.0).copied();
        let label = label(action.0);
        let who = || Some(Requester { label, scope });
        self.table().hear(action, who, request);
    }

    fn resume(&self, _: ActionId) -> oneshot::Receiver<()> {
        self.resumed.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        sender.send(()).unwrap();
        receiver
    }
}

pub(super) fn label(action: u32) -> String {
    let job = ["check", "upload", "backup"][action as usize % 3];
    format!("{job} on web{action}")
}

impl Bench {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap()
    }

    /// How often an action asked for its place back.
    pub(super) fn resumed(&self) -> u32 {
        self.resumed.load(Ordering::Relaxed)
    }

    pub(super) fn place(&self, action: u32, scope: Scope) {
        self.scopes.lock().unwrap().insert(action, scope);
    }

    pub(super) fn lock(self: &Arc<Self>, action: u32, name: &str) -> Lock {
        Lock::new(self.clone(), ActionId(action), name)
    }

    pub(super) fn latch(self: &Arc<Self>, action: u32, name: &str) -> Latch {
        Latch::new(self.clone(), ActionId(action), name)
    }

    pub(super) fn barrier(self: &Arc<Self>, action: u32, name: &str) -> Barrier {
        Barrier::new(self.clone(), ActionId(action), name)
    }

    pub(super) fn queue<T: Send + 'static>(
        self: &Arc<Self>,
        action: u32,
        name: &str,
        capacity: usize,
    ) -> Queue<T> {
        Queue::new(self.clone(), ActionId(action), name, capacity)
    }
}

/// A future that a test polls by hand.
pub(super) struct Hand<T>(Pin<Box<dyn Future<Output = T>>>);

impl<T> Hand<T> {
    pub(super) fn new(future: impl Future<Output = T> + 'static) -> Self {
        Hand(Box::pin(future))
    }

    /// Begins, and comes as far as it can.
    pub(super) fn begin(future: impl Future<Output = T> + 'static) -> Self {
        let mut hand = Hand::new(future);
        assert!(hand.poll().is_none(), "it was to wait");
        hand
    }

    pub(super) fn poll(&mut self) -> Option<T> {
        match self
            .0
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    #[track_caller]
    pub(super) fn end(&mut self) -> T {
        self.poll().expect("it was to be ready")
    }
}

/// What must not wait.
#[track_caller]
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}
