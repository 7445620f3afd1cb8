//! What a change has changed, as the audit trail says it: the names of the fields, and of what is chosen or counted what it was and
//! what it is. Of what somebody types (names, rooms) only that it is another: nobody can take it out of the trail again.

use serde::Serialize;
use serde_json::{Map, Value};

/// `grace_minutes 10 → 15, name`: the fields that are not what they were. Those in `typed` are named only.
pub(super) fn difference(before: &impl Serialize, after: &impl Serialize, typed: &[&str]) -> String {
    let (before, after) = (fields(before), fields(after));
    let mut all: Vec<String> = Vec::new();
    for (name, is) in &after {
        let was = before.get(name).unwrap_or(&Value::Null);
        match (was, is) {
            (was, is) if was == is => {}
            _ if typed.contains(&name.as_str()) => all.push(name.clone()),
            // By source: bands.walk_in.
            (Value::Object(was), Value::Object(is)) => {
                let others = is.iter().filter(|(key, is)| was.get(*key) != Some(is));
                all.extend(others.map(|(key, is)| {
                    format!("{name}.{key} {} → {}", plain(was.get(key).unwrap_or(&Value::Null)), plain(is))
                }));
            }
            (was, is) => all.push(format!("{name} {} → {}", plain(was), plain(is))),
        }
    }
    all.join(", ")
}

fn fields(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // 10, not 10.0.
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_another_is_told_and_nothing_that_was_typed() {
        let before = json!({ "name": "A", "room": "3", "rejoins_max": 2, "grace_minutes": 10.0, "check_in": true,
            "bands": { "online": 4, "walk_in": 4 } });
        let after = json!({ "name": "B", "room": "3", "rejoins_max": 1, "grace_minutes": 0.5, "check_in": false,
            "bands": { "online": 4, "walk_in": 5 } });
        let told =
            "bands.walk_in 4 → 5, check_in true → false, grace_minutes 10 → 0.5, name, rejoins_max 2 → 1";
        assert_eq!(difference(&before, &after, &["name", "room"]), told);
        assert_eq!(difference(&after, &after, &[]), "");
    }
}
