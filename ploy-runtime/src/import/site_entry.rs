//! One site of a text, as it is written there, and the layers of JSON in which it is found.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::problems::ImportProblems;

/// One site of a text, or one range of them, as it is written there.
pub(super) struct SiteEntry {
    pub(super) name: String,
    pub(super) settings: Vec<(String, Value)>,
}

impl SiteEntry {
    /// The site of that name, if it is a table.
    pub(super) fn new(
        name: String,
        site: JsonLayer<Value>,
        problems: &mut ImportProblems,
    ) -> Option<Self> {
        let what = match site {
            JsonLayer::Table(settings) => return Some(SiteEntry { name, settings }),
            JsonLayer::List(_) => "a list",
            JsonLayer::Leaf(what) => what,
        };
        problems.add(format!(
            "site `{}` is {what}, and takes a table of settings",
            name.escape_debug()
        ));
        None
    }

    /// A site that has its name among its settings; `number` is its place in the list, from 1.
    pub(super) fn numbered(
        number: usize,
        site: JsonLayer<Value>,
        problems: &mut ImportProblems,
    ) -> Option<Self> {
        let what = match site {
            JsonLayer::Table(mut settings) => {
                let name = settings
                    .iter()
                    .position(|(key, _)| key == "name")
                    .map(|at| settings.remove(at).1);
                match name {
                    Some(Value::String(name)) => return Some(SiteEntry { name, settings }),
                    Some(_) => "has a `name` that is not a string",
                    None => "has no `name`",
                }
            }
            JsonLayer::List(_) | JsonLayer::Leaf(_) => "is not an object",
        };
        problems.add(format!("site {number} of the list {what}"));
        None
    }
}

/// One layer of JSON: its keys in the order of the text, also those that are there twice.
pub(super) enum JsonLayer<T> {
    Table(Vec<(String, T)>),
    List(Vec<T>),
    /// Neither; in words.
    Leaf(&'static str),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for JsonLayer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonLayerVisitor(PhantomData))
    }
}

struct JsonLayerVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for JsonLayerVisitor<T> {
    type Value = JsonLayer<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(JsonLayer::Table(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(JsonLayer::List(entries))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("a string"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("a bool"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("an integer"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("an integer"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("a float"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(JsonLayer::Leaf("null"))
    }
}
