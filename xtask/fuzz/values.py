"""What is put into requests: identifiers that exist, dates near today and words that are known, most of the time.

The document says `string` for most of them, so the requests' schemas are given formats of our own here, before they are
read; the answers' schemas are made stricter: what is not described must not be there.
"""

import datetime
import itertools

import schemathesis
from hypothesis import strategies as st

from hospital import KEY_SCOPES, PASSWORDS, SOURCES

# Identifiers kept of each kind; the oldest give way.
POOL_MAX = 120
# By the name of a field or parameter: what its text is.
FORMATS = {
    "doctor_id": "doctor", "doctor_ids": "doctor", "previous_doctor_id": "doctor", "patient_id": "patient",
    "slot_id": "slot", "token_id": "token", "before": "token", "behind": "token", "user_id": "user", "code": "code",
    "start_time": "early", "end_time": "late", "now": "instant", "source": "source", "status": "status",
    "policy": "policy", "role": "role", "weekday": "weekday", "time_zone": "zone", "scopes": "scope",
    "password": "password", "current": "password", "new": "new-password", "phone": "phone",
    "Idempotency-Key": "idempotency", "If-Match": "version", "If-None-Match": "version", "actor": "actor",
    "name": "words", "called": "words", "reason": "words", "note": "words", "override": "words", "mrn": "words", "q": "words",
    "user name": "user-name", "session name": "user-name", "sex": "sex", "format": "format",
    # A list goes on behind an identifier of what it lists.
    "after": "cursor", "doctor after": "doctor", "patient after": "patient", "slot after": "slot", "token after": "token",
    "waitlist after": "token", "user after": "user", "key after": "key",
}  # fmt: skip
WORDS = {
    "source": SOURCES,
    "status": "arrived called in_consultation completed no_show cancelled booked passed waitlisted PENDING "
    "active active on_leave inactive open open closed cancelled".split(),
    "policy": "band target fcfs strict apq".split(),
    "role": "admin supervisor reception doctor".split(),
    "sex": "female male other".split(),
    "format": "json csv".split(),
    "weekday": "monday tuesday wednesday thursday friday saturday sunday".split(),
    "scope": KEY_SCOPES.split(),
    "password": PASSWORDS,
    "new-password": PASSWORDS,
    "user-name": ["guest", "supervisor", *(f"asha.{number}" for number in range(40))],
    "phone": ["98200 12345", "+91 98200-54321", "022 2345 6789"],
    "actor": ["clock", "console", "patient", "open"],
    "early": [f"{hour:02}:{minute:02}" for hour in range(6, 15) for minute in (0, 20)],
    "late": [f"{hour:02}:{minute:02}" for hour in range(15, 24) for minute in (0, 40)],
    "idempotency": [f"again-{number}" for number in range(20)],
}
POOL = {kind: [] for kind in "doctor patient slot token called schedule user key code cursor version".split()}
# Picks so far: the fuzzer likes small numbers, and would take the same few again and again.
TURN = itertools.count()
# An object is of the kind of which it has the telling field.
TELLING = {
    "token_no": "token", "max_count": "slot", "speciality": "doctor", "phone": "patient", "weekday": "schedule",
    "must_change": "user", "scopes": "key",
}  # fmt: skip


def gather(value, spared):
    """Keeps the identifiers in an answer, except of those whom the run needs itself."""
    for item in value if isinstance(value, list) else ():
        gather(item, spared)
    if not isinstance(value, dict):
        return
    for field, kind in TELLING.items():
        if field in value and isinstance(value.get("id"), str) and value["id"] not in spared:
            keep(kind, value["id"])
    if value.get("status") in ("called", "in_consultation", "passed"):
        # Few of all tokens, and much is possible for them only.
        keep("called", value["id"])
    for field, kind in [("code", "code"), ("next", "cursor")]:
        if isinstance(value.get(field), str):
            keep(kind, value[field])
    for item in value.values():
        gather(item, spared)


def keep(kind, text):
    pool = POOL[kind]
    if text not in pool:
        pool.append(text)
        del pool[:-POOL_MAX]


def from_pool(kind):
    """Chosen by a number, and not before it is needed: the pool grows while the strategies stay."""
    return st.integers(0, 2**16).map(lambda at: POOL[kind][(at + next(TURN)) % len(POOL[kind])] if POOL[kind] else "")


def mostly(usual, other):
    """The usual first: it is also what the fuzzer takes where any value will do."""
    return st.integers(0, 9).flatmap(lambda roll: other if roll == 9 else usual)


def register(hospital):
    """Makes the formats known."""
    register_one, today = schemathesis.openapi.format, hospital.local(hospital.zone).date()
    uuids = st.uuids().map(str)
    register_one("token", mostly(st.one_of(from_pool("token"), from_pool("called")), uuids))
    for kind in ["patient", "slot", "schedule", "user", "key"]:
        register_one(kind, mostly(from_pool(kind), uuids))
    # Most doctors that are made on the way have no patients; those who had some may have left by now.
    busy = st.integers(0, 3).map(lambda at: hospital.doctors[-1 - (at + next(TURN)) % 4])
    register_one("doctor", mostly(busy, st.one_of(from_pool("doctor"), uuids)))
    for kind in ["code", "cursor"]:
        register_one(kind, mostly(from_pool(kind), st.text(max_size=40)))
    for kind, words in WORDS.items():
        register_one(kind, mostly(st.sampled_from(words), st.text(max_size=20)))
    # Seldom the same key twice: the second time is answered from memory.
    register_one("idempotency", mostly(uuids, st.sampled_from(WORDS["idempotency"])))
    register_one("version", mostly(mostly(st.just("*"), from_pool("version")), st.text("W/\"0123456789", max_size=8)))
    names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
    register_one("words", mostly(st.one_of(names, st.text(min_size=1, max_size=30)), st.text()))
    register_one("zone", mostly(st.just(hospital.zone), st.sampled_from(["Asia/Kolkata", "UTC", "Etc/GMT+3", "Mars/Base"])))
    days = st.integers(-2, 5).map(lambda ahead: str(today + datetime.timedelta(days=ahead)))
    register_one("date", mostly(st.one_of(st.just(str(today)), days), st.dates().map(str)))
    instants = st.datetimes().map(lambda instant: instant.isoformat() + "Z")
    register_one("instant", mostly(st.just(datetime.datetime.now(datetime.UTC).isoformat()), instants))


def prepare(document):
    """Gives the requests' schemas our formats and closes the answers'."""
    schemas = document["components"]["schemas"]
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                name, resource = parameter["name"], path.split("/")[2]
                known = resource if name == "id" else FORMATS.get(f"{resource} {name}", FORMATS.get(name))
                tell(known, parameter["schema"])
            for content in operation.get("requestBody", {}).get("content", {}).values():
                describe(content["schema"], schemas, path.split("/")[2])
    close(schemas)


def describe(schema, schemas, resource):
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    for part in schema.get("oneOf", []) + schema.get("allOf", []):
        describe(part, schemas, resource)
    for name, field in schema.get("properties", {}).items():
        describe(field, schemas, resource)
        tell(FORMATS.get(f"{resource} {name}", FORMATS.get(name)), field.get("items", field))
    # Settings by source.
    if "propertyNames" in schema:
        schema["propertyNames"]["format"] = "source"


def tell(known, field):
    kinds = field.get("type", [])
    if "string" in kinds:
        # From and to are dates, except when a doctor leaves.
        known = {"12:00": "early", "14:00": "late"}.get(field.get("example"), known)
        field.update({"format": known} if known else {})


def close(schemas):
    """An answer has no field that is not described, also where it is put together of several."""
    parts = {
        part["$ref"].rsplit("/", 1)[1] for schema in schemas.values() for part in schema.get("allOf", []) if "$ref" in part
    }
    for name, schema in schemas.items():
        whole = "allOf" in schema or "properties" in schema
        if whole and name not in parts and name != "Problem" and "additionalProperties" not in schema:
            schema["unevaluatedProperties"] = False
