//! Reading a JSON object field by field, so that an error names the place: `patients[3].visit_min`.

use std::cell::RefCell;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

/// An object, and where it stands.
pub(super) struct Fields<'a> {
    place: String,
    object: &'a Map<String, Value>,
    read: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The object at this place; the whole document has an empty place.
    pub(super) fn new(place: String, value: &'a Value) -> Result<Self> {
        let shown = if place.is_empty() { "the trace" } else { &place };
        let object = value.as_object().with_context(|| format!("{shown} is not an object {{…}}"))?;
        Ok(Self { place, object, read: RefCell::default() })
    }

    /// Where a field stands.
    pub(super) fn place(&self, field: &str) -> String {
        if self.place.is_empty() { field.to_owned() } else { format!("{}.{field}", self.place) }
    }

    /// The fields that nobody has read.
    pub(super) fn unread(&self) -> Vec<String> {
        let read = self.read.borrow();
        let unread = self.object.keys().filter(|field| !read.contains(&field.as_str()));
        unread.map(|field| self.place(field)).collect()
    }

    /// The field, unless it is missing or null.
    pub(super) fn optional(&self, field: &'static str) -> Option<&'a Value> {
        self.read.borrow_mut().push(field);
        self.object.get(field).filter(|value| !value.is_null())
    }

    fn required(&self, field: &'static str) -> Result<&'a Value> {
        self.optional(field).with_context(|| format!("{} is missing", self.place(field)))
    }

    pub(super) fn optional_text(&self, field: &'static str) -> Result<Option<&'a str>> {
        let text = |value: &'a Value| {
            value.as_str().with_context(|| format!("{} is {value}, not a text", self.place(field)))
        };
        self.optional(field).map(text).transpose()
    }

    pub(super) fn text(&self, field: &'static str) -> Result<&'a str> {
        self.required(field)?;
        Ok(self.optional_text(field)?.unwrap_or_default())
    }

    pub(super) fn optional_number(&self, field: &'static str) -> Result<Option<f64>> {
        let number = |value: &'a Value| number(&self.place(field), value);
        self.optional(field).map(number).transpose()
    }

    pub(super) fn number(&self, field: &'static str) -> Result<f64> {
        number(&self.place(field), self.required(field)?)
    }

    /// A whole number from 0.
    pub(super) fn optional_count(&self, field: &'static str) -> Result<Option<u32>> {
        let Some(number) = self.optional_number(field)? else { return Ok(None) };
        if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&number) {
            bail!("{} is {number}, not a whole number from 0", self.place(field));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and in range"
        )]
        Ok(Some(number as u32))
    }

    /// A whole number from 0 to 65535.
    pub(super) fn optional_small_count(&self, field: &'static str) -> Result<Option<u16>> {
        let small = |count: u32| {
            u16::try_from(count).ok().with_context(|| format!("{} is {count}: too large", self.place(field)))
        };
        self.optional_count(field)?.map(small).transpose()
    }

    pub(super) fn count(&self, field: &'static str) -> Result<u32> {
        self.required(field)?;
        Ok(self.optional_count(field)?.unwrap_or_default())
    }

    pub(super) fn optional_truth(&self, field: &'static str) -> Result<Option<bool>> {
        let truth = |value: &Value| {
            value.as_bool().with_context(|| format!("{} is {value}, not true or false", self.place(field)))
        };
        self.optional(field).map(truth).transpose()
    }

    /// The objects of a list, at most `limit` of them.
    pub(super) fn list(&self, field: &'static str, limit: usize) -> Result<Vec<Self>> {
        let place = self.place(field);
        let list = self.required(field)?.as_array().with_context(|| format!("{place} is not a list […]"))?;
        if list.len() > limit {
            bail!("{place} has {} entries: at most {limit} are possible", list.len());
        }
        list.iter().enumerate().map(|(index, value)| Self::new(format!("{place}[{index}]"), value)).collect()
    }

    /// The same, empty where nothing is given.
    pub(super) fn optional_list(&self, field: &'static str, limit: usize) -> Result<Vec<Self>> {
        if self.optional(field).is_some() { self.list(field, limit) } else { Ok(Vec::new()) }
    }

    /// A list of numbers and nulls; empty where nothing is given.
    pub(super) fn optional_numbers(&self, field: &'static str, limit: usize) -> Result<Vec<Option<f64>>> {
        let Some(value) = self.optional(field) else { return Ok(Vec::new()) };
        let place = self.place(field);
        let list = value.as_array().with_context(|| format!("{place} is not a list […]"))?;
        if list.len() > limit {
            bail!("{place} has {} entries: at most {limit} are possible", list.len());
        }
        let entry = |(index, value): (usize, &Value)| {
            if value.is_null() { Ok(None) } else { number(&format!("{place}[{index}]"), value).map(Some) }
        };
        list.iter().enumerate().map(entry).collect()
    }

    /// The names and numbers of an object.
    pub(super) fn numbers(&self, field: &'static str) -> Result<Vec<(String, &'a str, f64)>> {
        let Some(value) = self.optional(field) else { return Ok(Vec::new()) };
        let inner = Self::new(self.place(field), value)?;
        let entry = |(name, value): (&'a String, &'a Value)| {
            let place = inner.place(name);
            Ok((place.clone(), name.as_str(), number(&place, value)?))
        };
        inner.object.iter().map(entry).collect()
    }
}

fn number(place: &str, value: &Value) -> Result<f64> {
    let number = value.as_f64().with_context(|| format!("{place} is {value}, not a number"))?;
    if !number.is_finite() {
        bail!("{place} is {number}, not a finite number");
    }
    Ok(number)
}
