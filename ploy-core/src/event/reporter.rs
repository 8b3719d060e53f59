//! Who is told of events.

use super::Event;

/// A consumer of events. It sees events and nothing else, one after the other, in the order of
/// their numbers.
///
/// It may take its time: that slows the commands whose output it has not taken yet, and nothing
/// else.
pub trait Reporter: Send {
    /// Takes an event.
    fn report(&mut self, event: &Event);
}
