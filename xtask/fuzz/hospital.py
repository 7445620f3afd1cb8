"""A hospital to fuzz in: people of every role, keys, and doctors whose queues are not empty."""

import datetime
import json
import urllib.error
import urllib.request
import zoneinfo

SESSION, DEVICE = "__Host-baari", "__Host-baari-browser"
# Strangers to every list of passwords that would be guessed.
PASSWORDS = ["plinth-Quartz-8831-ovoid", "marrow-Sextant-2290-fjord"]
KEY_SCOPES = (
    "board_read token_book token_list token_read token_change waitlist_read queue_read room_run patient_find "
    "patient_read patient_change doctor_list slot_read slot_change schedule_read schedule_change setting_read feed_read report_read"
)
# So that it is the middle of the working day somewhere, whenever this runs.
ZONES = [
    "Pacific/Auckland", "Australia/Brisbane", "Asia/Tokyo", "Asia/Bangkok", "Asia/Kolkata", "Asia/Dubai",
    "Africa/Nairobi", "Africa/Lagos", "Atlantic/Azores", "America/Sao_Paulo", "America/Lima", "America/Phoenix",
    "Pacific/Honolulu",
]  # fmt: skip
SOURCES = ["walk_in", "online", "follow_up", "paid_priority", "emergency"]


class Hospital:
    """Where the server is, and how each role gets in."""

    def __init__(self, url, admin, password):
        self.url, self.device = url, None
        self.credentials, self.people, self.keys = {}, set(), set()
        self.doctors, self.count = [], 0
        self.guest_password = PASSWORDS[0]
        self.credentials["admin"] = self.enter(admin, password)
        me = self.ask("GET", "/api/session")
        self.people.add(me["id"])
        self.zone = min(ZONES, key=lambda zone: abs(self.local(zone).hour - 11))
        self.ask("PATCH", "/api/setting", {"time_zone": self.zone})
        for _ in range(4):
            self.open_doctor()
        for role in ["supervisor", "reception", "doctor", "guest"]:
            self.add_person(role)
        self.add_key("program", KEY_SCOPES.split(), [])
        self.add_key("board", ["board_read"], self.doctors[:2])

    def ask(self, method, path, body=None, role="admin", headers=None):
        """An answer's JSON. What is asked here must succeed."""
        return self.exchange(method, path, body, self.credentials.get(role), headers)[0]

    def exchange(self, method, path, body, credential, headers=None):
        headers = {**(headers or {})}
        if credential:
            headers["Authorization"] = f"Bearer {credential}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read()
                return (json.loads(text) if text else None), response.headers
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def enter(self, name, password):
        """Signs in, as a browser that is known already: those are not kept waiting for what others guess."""
        headers = {"Cookie": f"{DEVICE}={self.device}"} if name == "guest" and self.device else {}
        body = {"name": name, "password": password}
        answer, headers = self.exchange("POST", "/api/session", body, None, headers)
        pairs = (header.split(";")[0].split("=", 1) for header in headers.get_all("Set-Cookie"))
        cookies = dict(pairs)
        if name == "guest":
            self.device = cookies[DEVICE]
        if answer["must_change"]:
            new = {"current": password, "new": PASSWORDS[0]}
            self.exchange("PUT", "/api/session/password", new, cookies[SESSION])
        return cookies[SESSION]

    def guest(self):
        """The one who may sign out and change the password: nobody else's work ends with it."""
        if "guest" not in self.credentials:
            self.credentials["guest"] = self.enter("guest", self.guest_password)
        return self.credentials["guest"]

    def add_person(self, role):
        body = {"name": role, "role": "reception" if role == "guest" else role, "password": PASSWORDS[1]}
        if role == "doctor":
            body["doctor_id"] = self.doctors[0]
        self.people.add(self.ask("POST", "/api/user", body)["id"])
        self.credentials[role] = self.enter(role, PASSWORDS[1])

    def add_key(self, role, scopes, doctors):
        made = self.ask("POST", "/api/key", {"name": role, "scopes": scopes, "doctor_ids": doctors})
        self.keys.add(made["id"])
        self.credentials[role] = made["key"]

    def local(self, zone):
        return datetime.datetime.now(zoneinfo.ZoneInfo(zone))

    def open_doctor(self):
        """A doctor with slots today and on the next days, and patients with tokens of all kinds."""
        self.count += 1
        doctor = self.ask("POST", "/api/doctor", {"name": f"Dr Rao {self.count}", "speciality": "General medicine"})
        self.doctors.append(doctor["id"])
        now = self.local(self.zone)
        for ahead in range(4):
            for hour in range(7, 22, 2):
                slot = {
                    "doctor_id": doctor["id"],
                    "slot_date": str(now.date() + datetime.timedelta(days=ahead)),
                    "start_time": f"{hour:02}:00",
                    "end_time": f"{hour + 2:02}:00",
                    "max_count": 6,
                    "hard_limit": 8,
                }
                self.ask("POST", "/api/slot", slot)
        for number in range(20):
            name = {"name": f"Meena Joshi {self.count} {number}", "phone": f"98200 {self.count:02}{number:03}"}
            patient = self.ask("POST", "/api/patient", name)
            body = {"patient_id": patient["id"], "doctor_id": doctor["id"], "source": SOURCES[number % 5]}
            token = self.ask("POST", "/api/token/book", body)
            if number % 2 and token["status"] == "booked":
                self.ask("PATCH", f"/api/token/{token['id']}/status", {"status": "arrived"})
