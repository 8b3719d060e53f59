//! Something that happened in a run.

use serde::{Deserialize, Serialize};

use super::{EventKind, EventTime};

/// Something that happened in a run.
///
/// It is written as data with [`serde`], and read back from there. As JSON it is an object with the
/// fields of its kind beside `number`, `time_ms` and `event`, which says the kind:
///
/// ```json
/// {"number":7,"time_ms":1795346232345,"event":"output",
///  "action":1,"command":1,"stream":"stdout","text":"hello\n"}
/// ```
///
/// `Json::SCHEMA` describes all of it. Within a version of that schema kinds and fields are only
/// ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The number of the event in its run, from 1, without gaps.
    pub number: u64,
    /// When it happened. As data: milliseconds since 1970 in UTC.
    #[serde(rename = "time_ms")]
    pub time: EventTime,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}
