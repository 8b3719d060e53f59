use std::sync::{Arc, Condvar, Mutex};

use ploy::event::{Event, EventKind, Reporter};

use crate::guard::GUARD;

/// A reporter that keeps every event. Copies share what they keep.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Kept>);

#[derive(Default)]
struct Kept {
    events: Mutex<Vec<Event>>,
    grown: Condvar,
}

impl Recorder {
    /// The events so far.
    pub fn events(&self) -> Vec<Event> {
        self.0.events.lock().unwrap().clone()
    }

    /// Waits until `count` events are as `wanted` says.
    ///
    /// # Panics
    ///
    /// If there are never so many.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&EventKind) -> bool) {
        let events = self.0.events.lock().unwrap();
        let missing = |events: &mut Vec<Event>| {
            events.iter().filter(|event| wanted(&event.kind)).count() < count
        };
        let (events, timeout) = self
            .0
            .grown
            .wait_timeout_while(events, GUARD, missing)
            .unwrap();
        assert!(
            !timeout.timed_out(),
            "gave up waiting for an event; so far:\n{events:#?}"
        );
    }
}

impl Reporter for Recorder {
    fn report(&mut self, event: &Event) {
        self.0.events.lock().unwrap().push(event.clone());
        self.0.grown.notify_all();
    }
}
