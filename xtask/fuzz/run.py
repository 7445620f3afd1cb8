"""Asks a live server everything that its own OpenAPI document describes, and much that it does not.

`cargo xtask fuzz` starts the server, with sign-in, and this. No answer may be a fault of the server's, none may be other
than described, nobody gets in without credentials, and a refused request changes nothing. One request at a time, so that
cause and effect are clear. Start reading at `main`; `hospital` makes what is worked on, `values` what is asked with,
`ledger` compares the database before and after, `live` follows the streams.
"""

import argparse
import json
import os
import random
import sys
import urllib.request
import uuid
from collections.abc import MutableMapping

import requests
import schemathesis
from schemathesis.cli import schemathesis as command
from schemathesis.openapi.checks import UnsupportedMethodResponse

import values
from hospital import SESSION, Hospital
from ledger import Ledger, path_of, path_rule
from live import follow

# Who asks, of 100 requests. An administrator's reach all the code; the others' are mostly refused.
SHARES = {
    "admin": 60, "admin by cookie": 10, "supervisor": 6, "reception": 8, "doctor": 6, "program": 5, "board": 1, "guest": 1,
    "nobody": 3,
}  # fmt: skip
CHECKS = (
    "not_a_server_error status_code_conformance content_type_conformance response_schema_conformance "
    "response_headers_conformance unsupported_method ignored_auth nothing_changed"
)
# Optional fields that have to agree with others; with all of them at once nothing would be done.
OFTEN_LEFT_OUT = {"date", "slot_id", "token_id", "before", "behind", "override", "weekday", "If-Match"}
# Another doctor's room is opened now and then: leave, erase and cancel empty the hospital.
REOPEN_EVERY = 500
# More of these, and the run has tested little but the limits.
TOO_MANY_SHARE_MAX = 0.05


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True, help="the server's SQLite file, read only")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--admin", required=True, help="the first user's name; the password is in BAARI_ADMIN_PASSWORD")
    args = parser.parse_args()
    hospital = Hospital(args.url, args.admin, os.environ["BAARI_ADMIN_PASSWORD"])
    with urllib.request.urlopen(f"{args.url}/openapi.json") as answer:
        document = json.load(answer)
    ledger = Ledger(args.database, document)
    values.register(hospital)
    watch(hospital, ledger)
    install(hospital, ledger, random.Random(args.seed))
    words = [
        "--no-color", "run", f"{args.url}/openapi.json", "--checks", CHECKS.replace(" ", ","),
        "--phases", "examples,coverage,fuzzing,stateful", "--workers", "1", "--max-time", str(args.seconds),
        "--seed", str(args.seed), "--generation-database", "none", "--no-shrink", "--request-timeout", "20",
        # Credentials are ours to give; ignored_auth tries without, and with wrong ones.
        "--generation-with-security-parameters", "false", "--suppress-health-check", "all", "--warnings", "off",
        # Nothing of this run is secret, and a request that is repeated by hand needs its credentials.
        "--output-sanitize", "false",
        # A stream has no end: `live` reads how each begins.
        "--exclude-path-regex", "^/api/live/",
    ]  # fmt: skip
    try:
        failed = command.main(words, standalone_mode=False)
    except SystemExit as exit:
        failed = exit.code
    streams, wrong = follow(hospital, document)
    print(f"\n{streams.total()} streams asked for: {dict(streams)}\n{ledger.report()}")
    wrong += ledger.faults
    too_many = ledger.answers[429] / max(1, sum(ledger.answers.values()))
    if too_many > TOO_MANY_SHARE_MAX:
        wrong.append(f"{too_many:.0%} of the answers were 429: raise the limits")
    for text in wrong:
        print(f"\nWRONG {text}")
    sys.exit(1 if failed or wrong else 0)


def watch(hospital, ledger):
    """Has everything that goes over the wire in the ledger, also what the checks ask by themselves."""
    send = requests.Session.send
    spared = hospital.people | hospital.keys

    def watched(session, request, **kwargs):
        ledger.begin()
        response = send(session, request, **kwargs)
        ledger.end(request, response)
        if response.status_code == 204 and request.url.endswith("/api/session/password"):
            hospital.guest_password = json.loads(request.body)["new"]
        elif response.status_code == 204 and "/api/session" in request.url:
            hospital.credentials.pop("guest", None)
        if response.headers.get("Content-Type") == "application/json":
            values.gather(response.json(), spared)
        if "ETag" in response.headers:
            values.keep("version", response.headers["ETag"])
        if sum(ledger.answers.values()) % REOPEN_EVERY == 0:
            hospital.open_doctor()
        return response

    requests.Session.send = watched


def install(hospital, ledger, dice):
    """What we add to the fuzzer: values, credentials, and a check."""

    @schemathesis.hook
    def before_load_schema(context, raw_schema):
        values.prepare(raw_schema)

    @schemathesis.auth(refresh_interval=None)
    class Roles:
        def get(self, case, context):
            if case.path.startswith("/api/session") and case.method in ("DELETE", "PUT"):
                return "guest"
            # By chance, not by the fuzzer's choice: it tries some requests again and again, each time as somebody else.
            role = dice.choices(list(SHARES), SHARES.values())[0]
            return None if role == "nobody" else role

        def set(self, case, role, context):
            if role == "admin by cookie":
                case.headers["Cookie"] = f"{SESSION}={hospital.credentials['admin']}"
                case.headers["Origin"] = hospital.url
                return
            credential = hospital.guest() if role == "guest" else hospital.credentials[role]
            case.headers["Authorization"] = f"Bearer {credential}"

    @schemathesis.hook
    def before_call(context, case, kwargs):
        """Leaves the run's own people and keys as they are; a key that is to be new is."""
        if is_uuid((case.headers or {}).get("Idempotency-Key")):
            case.headers["Idempotency-Key"] = str(uuid.uuid4())
        for part in (case.headers, case.body):
            for name in OFTEN_LEFT_OUT & set(part if isinstance(part, (dict, MutableMapping)) else ()):
                if dice.random() < 0.6:
                    del part[name]
        ids = case.path_parameters or {}
        if case.method not in ("GET", "HEAD") and ids.get("id") in hospital.people | hospital.keys:
            pool = values.POOL["user" if ids["id"] in hospital.people else "key"]
            ids["id"] = pool[-1] if pool else "00000000-0000-0000-0000-000000000000"

    @schemathesis.hook
    def filter_failure(context, failure, case, response):
        """Without its parameter a path is another's: `GET /api/token/status` asks for a token that is named so."""
        here = path_rule(case.operation.path).fullmatch(path_of(response.request))
        return here or not isinstance(failure, UnsupportedMethodResponse)

    @schemathesis.check
    def nothing_changed(context, response, case):
        """What was refused has changed nothing; also what the other checks have asked since the last time."""
        if ledger.faults:
            raise AssertionError(ledger.faults.pop(0))


def is_uuid(text):
    try:
        return bool(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return False


if __name__ == "__main__":
    main()
