"""The streams: how each begins. The first event comes at once, and its data is as the document says."""

import collections
import datetime
import http.client
import itertools
import json
import urllib.parse
import uuid

import jsonschema_rs

import values

# A stream says something at once; later it may have nothing to say for a quarter of a minute.
PATIENCE_SECONDS = 10
IDS = 4


def follow(hospital, document):
    """How streams were answered, by status, and what was wrong with them."""
    today = hospital.local(hospital.zone).date()
    doctors = values.POOL["doctor"][-IDS:] + [str(uuid.uuid4()), "no-id"]
    boards = [",".join(doctors[:IDS]), ",".join(doctors[:1] * 13), ",".join(doctors), ","]
    codes = values.POOL["code"][-IDS:] + ["nobodys-code", "%00"]
    dates = ["", f"?date={today}", f"?date={today + datetime.timedelta(days=400)}", "?date=9999-12-31", "?date=x"]
    roles = ["admin", "reception", "doctor", "board", "program", "nobody"]
    asked = [("doctor/{id}", *one) for one in itertools.product(doctors, dates, roles)]
    asked += [("board/{id}", *one) for one in itertools.product(doctors + boards, dates, roles)]
    asked += [("token/{code}", *one) for one in itertools.product(codes, [""], roles)]
    statuses, wrong = collections.Counter(), []
    for kind, id, date, role in asked:
        for last in [None, "x", f"{today}.1.1"]:
            status, fault = begin(hospital, document, f"/api/live/{kind}", id + date, role, last)
            statuses[status] += 1
            if fault:
                wrong.append(f"{kind} {id}{date} as {role}, Last-Event-ID {last}: {fault}")
    return statuses, wrong


def begin(hospital, document, path, rest, role, last):
    """The answer's status, and what is wrong with it, if anything is."""
    host = urllib.parse.urlparse(hospital.url)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=PATIENCE_SECONDS)
    headers = {"Last-Event-ID": last} if last else {}
    if role in hospital.credentials:
        headers["Authorization"] = f"Bearer {hospital.credentials[role]}"
    try:
        connection.request("GET", path.split("{")[0] + rest, headers=headers)
        response = connection.getresponse()
        kind = response.headers["Content-Type"].split(";")[0]
        if response.status == 200:
            answered, data = "200", first_event(response)
        else:
            answered, data = "default", response.read().decode()
        if response.status >= 500:
            return response.status, data
        content = document["paths"][path]["get"]["responses"][answered]["content"]
        if kind not in content:
            return response.status, f"{kind} is not described"
        schema = {**content[kind]["schema"], "components": document["components"]}
        errors = jsonschema_rs.validator_for(schema).iter_errors(json.loads(data))
        return response.status, next((error.message for error in errors), None)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return "broken off", repr(error)
    finally:
        connection.close()


def first_event(response):
    data = []
    for line in response:
        line = line.decode().rstrip("\r\n")
        if line.startswith("data:"):
            data.append(line[len("data:") :].strip())
        elif not line and data:
            break
    return "\n".join(data)
