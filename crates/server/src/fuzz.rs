//! Anything at all, given to every parser of the API: a value or a problem that names what is wrong, never a panic.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::body::parse;
use crate::conditional::version;
use crate::problem::Problem;
use crate::wire::{
    BookBody, ChangeDoctorBody, ChangePatientBody, ChangeSettingBody, ChangeSlotBody, GenerateBody, MoveBody,
    NewDoctorBody, NewPatientBody, NewScheduleBody, NewSlotBody, PageParams, StatusBody, parse_hour, words,
};

const ID: &str = "01940c5e-7a00-7000-8000-000000000000";

/// JSON of any shape, with the API's own field names among its keys and plausible and odd values.
fn any_json() -> impl Strategy<Value = Value> {
    let names = [
        "name",
        "phone",
        "source",
        "doctor_id",
        "patient_id",
        "slot_date",
        "start_time",
        "end_time",
        "max_count",
        "hard_limit",
        "hours",
        "weekday",
        "from",
        "to",
        "status",
        "bands",
        "rates",
        "before",
        "reason",
        "mrn",
        "sex",
        "birth_year",
        "only_if_new",
        "zone",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::from),
        prop::sample::select(vec![
            ID,
            "2026-02-02",
            "09:00",
            "24:00",
            "monday",
            "walk_in",
            "female",
            "+",
            "98200 12345"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        let key = prop_oneof![prop::sample::select(names.to_vec()).prop_map(str::to_owned), ".{0,12}"];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..8).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A problem that a receptionist can act on.
fn clear<T>(parsed: Result<T, Problem>) {
    if let Err(problem) = parsed {
        assert!((400..500).contains(&problem.status) && problem.detail.len() > 10, "{problem:?}");
    }
}

fn every_body(bytes: &[u8]) {
    clear(parse::<BookBody>(bytes));
    clear(parse::<StatusBody>(bytes));
    clear(parse::<MoveBody>(bytes));
    clear(parse::<GenerateBody>(bytes));
    clear(parse::<NewSlotBody>(bytes));
    clear(parse::<ChangeSlotBody>(bytes));
    clear(parse::<ChangeDoctorBody>(bytes));
    clear(parse::<ChangePatientBody>(bytes));
    clear(parse::<ChangeSettingBody>(bytes));
    clear(parse::<NewDoctorBody>(bytes).and_then(NewDoctorBody::parse));
    clear(parse::<NewPatientBody>(bytes).and_then(|body| body.parse(jiff::civil::date(2026, 2, 2))));
    clear(parse::<NewScheduleBody>(bytes).and_then(NewScheduleBody::parse));
}

proptest! {
    #[test]
    fn any_bytes_are_a_body_or_a_problem(bytes in vec(any::<u8>(), 0..200)) {
        every_body(&bytes);
    }

    #[test]
    fn any_json_is_a_body_or_a_problem(value in any_json()) {
        every_body(value.to_string().as_bytes());
    }

    #[test]
    fn any_text_is_a_header_a_cursor_an_hour_or_a_problem(text in ".{0,60}", limit in any::<Option<u32>>()) {
        version(&text);
        clear(parse_hour("hour", &text));
        clear(words("words", &text, 1, 20));
        if let Ok(cursor) = (PageParams { after: Some(text), limit }).cursor() {
            clear(cursor.after::<baari_engine::TokenId>());
        }
    }
}
