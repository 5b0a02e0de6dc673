//! Reads and writes problem and plan files.
//!
//! A problem is read object by object, so that a large file is never held as a tree; whatever is wrong is named by
//! its JSON path, the value found and what would be right.

pub(crate) mod fields;
mod locate;
pub(crate) mod tree;

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Read, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use self::fields::{clinician, format_name, pairing, policy, practice, session, timezone};
use self::locate::syntax_fault;
use self::tree::{At, Reader, Tree};
use crate::plan::Plan;
use crate::problem::{Clinician, PROBLEM_FORMAT, Practice, Problem, ProblemError, Session, Span};

/// Why a file gives no problem.
#[derive(Debug, thiserror::Error)]
pub enum ReadProblemError {
    /// The bytes could not be had.
    #[error("reading the problem file: {0}")]
    Unreadable(#[source] io::Error),
    /// The bytes are not a problem that can be planned.
    #[error(transparent)]
    Unfit(ProblemError),
}

/// Reads a problem file that isn't compressed, and validates it.
pub fn read_problem(mut source: impl Read) -> Result<Problem, ReadProblemError> {
    let mut document = Vec::new();
    source.read_to_end(&mut document).map_err(ReadProblemError::Unreadable)?;
    problem_from_slice(&document).map_err(ReadProblemError::Unfit)
}

/// Reads a problem from the bytes of its file, and validates it.
pub fn problem_from_slice(document: &[u8]) -> Result<Problem, ProblemError> {
    let fault = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(document);
    let read = Document(&fault).deserialize(&mut reader).and_then(|parts| reader.end().map(|()| parts));
    let problem = match (read, fault.into_inner()) {
        (_, Some(fault)) => return Err(fault),
        (Err(error), None) => return Err(syntax_fault(document, &error)),
        (Ok(parts), None) => parts.into_problem()?,
    };
    problem.validate()?;
    Ok(problem)
}

/// Writes a problem file.
pub fn write_problem(problem: &Problem, sink: impl Write) -> serde_json::Result<()> {
    serde_json::to_writer(sink, problem)
}

/// Reads a plan file, ours or another program's.
pub fn read_plan(source: impl Read) -> serde_json::Result<Plan> {
    serde_json::from_reader(io::BufReader::new(source))
}

/// Writes a plan file.
pub fn write_plan(plan: &Plan, mut sink: impl Write) -> serde_json::Result<()> {
    serde_json::to_writer(&mut sink, plan)?;
    sink.write_all(b"\n").map_err(serde_json::Error::io)
}

/// What has been read of a document so far.
#[derive(Default)]
struct Parts {
    format: Option<()>,
    timezone: Option<chrono_tz::Tz>,
    policy: Option<crate::policy::Policy>,
    practices: Option<Vec<Practice>>,
    clinicians: Option<Vec<Clinician>>,
    sessions: Option<Vec<Session>>,
    booked: Option<Vec<crate::problem::Pairing>>,
    incumbent: Option<Vec<crate::problem::Pairing>>,
}

impl Parts {
    fn into_problem(self) -> Result<Problem, ProblemError> {
        fn required<T>(part: Option<T>, key: &str) -> Result<T, ProblemError> {
            part.ok_or_else(|| {
                At::Key(&At::Root, key)
                    .fault(&"nothing", &format!("the key {key:?}, which every problem has"))
            })
        }
        required(self.format, "format")?;
        Ok(Problem {
            timezone: required(self.timezone, "timezone")?,
            policy: required(self.policy, "policy")?,
            practices: required(self.practices, "practices")?,
            clinicians: required(self.clinicians, "clinicians")?,
            sessions: required(self.sessions, "sessions")?,
            booked: self.booked.unwrap_or_default(),
            incumbent: self.incumbent.unwrap_or_default(),
        })
    }
}

type Fault = RefCell<Option<ProblemError>>;

/// Keeps the fault aside, since an error that passes through serde loses its path.
fn note<T, E: serde::de::Error>(fault: &Fault, read: Result<T, ProblemError>) -> Result<T, E> {
    read.map_err(|error| {
        let told = E::custom("the problem cannot be used");
        fault.replace(Some(error));
        told
    })
}

struct Document<'a>(&'a Fault);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Parts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parts, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Parts;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a problem: a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Parts, A::Error> {
        let mut parts = Parts::default();
        let fault = self.0;
        while let Some(key) = entries.next_key::<String>()? {
            match key.as_str() {
                "format" => single(&mut entries, &key, &mut parts.format, format_name, fault)?,
                "timezone" => single(&mut entries, &key, &mut parts.timezone, timezone, fault)?,
                "policy" => single(&mut entries, &key, &mut parts.policy, policy, fault)?,
                "practices" => several(&mut entries, &key, &mut parts.practices, practice, fault)?,
                "clinicians" => several(&mut entries, &key, &mut parts.clinicians, clinician, fault)?,
                "sessions" => several(&mut entries, &key, &mut parts.sessions, session, fault)?,
                "booked" => several(&mut entries, &key, &mut parts.booked, pairing, fault)?,
                "incumbent" => several(&mut entries, &key, &mut parts.incumbent, pairing, fault)?,
                _ => {
                    let expected = "only the keys format, timezone, policy, practices, clinicians, sessions, booked, incumbent";
                    entries.next_value::<IgnoredAny>()?;
                    note(
                        fault,
                        Err(At::Key(&At::Root, &key).fault(&"a key this format doesn't have", expected)),
                    )?;
                }
            }
        }
        Ok(parts)
    }
}

fn single<'de, A: MapAccess<'de>, T>(
    entries: &mut A,
    key: &str,
    part: &mut Option<T>,
    read: Reader<T>,
    fault: &Fault,
) -> Result<(), A::Error> {
    let at = At::Key(&At::Root, key);
    let tree: Tree = entries.next_value()?;
    if part.is_some() {
        return note(fault, Err(at.fault(&tree, "each key at most once")));
    }
    *part = Some(note(fault, read(tree, &at))?);
    Ok(())
}

fn several<'de, A: MapAccess<'de>, T>(
    entries: &mut A,
    key: &str,
    part: &mut Option<Vec<T>>,
    read: Reader<T>,
    fault: &Fault,
) -> Result<(), A::Error> {
    if part.is_some() {
        entries.next_value::<IgnoredAny>()?;
        return note(fault, Err(At::Key(&At::Root, key).fault(&"a second list", "each key at most once")));
    }
    *part = Some(entries.next_value_seed(Items { at: At::Key(&At::Root, key), read, fault })?);
    Ok(())
}

/// A list whose items are read one by one.
struct Items<'a, T> {
    at: At<'a>,
    read: Reader<T>,
    fault: &'a Fault,
}

impl<'de, T> DeserializeSeed<'de> for Items<'_, T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        let (at, fault) = (self.at, self.fault);
        deserializer.deserialize_any(self).map_err(|error| {
            let text = error.to_string();
            if fault.borrow().is_none() && text.starts_with("invalid type") {
                fault.replace(Some(at.fault(&text, "a list")));
            }
            D::Error::custom(text)
        })
    }
}

impl<'de, T> Visitor<'de> for Items<'_, T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(tree) = items.next_element::<Tree>()? {
            let at = At::Index(&self.at, list.len());
            list.push(note(self.fault, (self.read)(tree, &at))?);
        }
        Ok(list)
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("format", PROBLEM_FORMAT)?;
        map.serialize_entry("timezone", self.timezone.name())?;
        map.serialize_entry("policy", &self.policy)?;
        map.serialize_entry("practices", &self.practices)?;
        map.serialize_entry("clinicians", &self.clinicians)?;
        map.serialize_entry("sessions", &self.sessions)?;
        map.serialize_entry("booked", &self.booked)?;
        map.serialize_entry("incumbent", &self.incumbent)?;
        map.end()
    }
}

impl Serialize for Practice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("latitude", &self.position.latitude)?;
        map.serialize_entry("longitude", &self.position.longitude)?;
        map.serialize_entry("refuses", &self.refuses)?;
        map.end()
    }
}

impl Serialize for Clinician {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("role", &self.role)?;
        map.serialize_entry("competencies", &self.competencies)?;
        map.serialize_entry("cleared_until", &self.cleared_until)?;
        map.serialize_entry("home", &self.home)?;
        map.serialize_entry("max_travel_metres", &self.max_travel_metres)?;
        map.serialize_entry("rates", &self.rates)?;
        map.serialize_entry("available", &self.available)?;
        map.serialize_entry("max_minutes_per_week", &self.max_minutes_per_week)?;
        map.serialize_entry("max_minutes_per_day", &self.max_minutes_per_day)?;
        map.serialize_entry("rest_minutes", &self.rest_minutes)?;
        map.serialize_entry("prefers", &self.prefers)?;
        map.serialize_entry("recent_practices", &self.recent_practices)?;
        map.serialize_entry("refuses", &self.refuses)?;
        // Left out where it is empty, as files were before there was such a thing.
        if !self.not_again.is_empty() {
            map.serialize_entry("not_again", &self.not_again)?;
        }
        map.serialize_entry("fairness_points", &self.fairness_points)?;
        map.end()
    }
}

impl Serialize for Session {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("practice", &self.practice)?;
        map.serialize_entry("roles", &self.roles)?;
        map.serialize_entry("competencies", &self.competencies)?;
        map.serialize_entry("start", &written(self.start))?;
        map.serialize_entry("end", &written(self.end))?;
        map.serialize_entry("band", &self.band)?;
        map.serialize_entry("rate_min", &self.rate_min)?;
        map.serialize_entry("rate_max", &self.rate_max)?;
        map.serialize_entry("places", &self.places)?;
        map.serialize_entry("priority", &self.priority)?;
        if let Some(people) = &self.open_to {
            map.serialize_entry("open_to", people)?;
        }
        map.end()
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [written(self.start), written(self.end)].serialize(serializer)
    }
}

/// An instant as the file has it: in UTC, to the second.
fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, false)
}
