-- Everything that a hospital needs. Every key begins with the facility.
--
-- Identifiers are 16-byte BLOBs, instants INTEGER microseconds since 1970, dates and times TEXT (2026-02-02, 09:00:00), flags
-- 0 or 1. Where a date is part of a key it stands before the doctor: today's rows lie together, and a commit that books with
-- many doctors touches few pages.

CREATE TABLE facility (
    id        BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name      TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    version   INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    facility_id BLOB NOT NULL REFERENCES facility (id),
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (facility_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE doctor (
    facility_id        BLOB NOT NULL REFERENCES facility (id),
    id                 BLOB NOT NULL CHECK (length(id) = 16),
    name               TEXT NOT NULL,
    speciality         TEXT NOT NULL,
    room               TEXT NOT NULL,
    letter             TEXT NOT NULL,
    status             TEXT NOT NULL,
    mean_visit_minutes INTEGER NOT NULL CHECK (mean_visit_minutes >= 0),
    created_at         INTEGER NOT NULL,
    PRIMARY KEY (facility_id, id),
    UNIQUE (facility_id, letter)
) STRICT, WITHOUT ROWID;

CREATE TABLE patient (
    facility_id        BLOB NOT NULL REFERENCES facility (id),
    id                 BLOB NOT NULL CHECK (length(id) = 16),
    name               TEXT NOT NULL,
    phone              TEXT NOT NULL,
    status             TEXT NOT NULL,
    previous_doctor_id BLOB,
    mrn                TEXT,
    abha               TEXT,
    created_at         INTEGER NOT NULL,
    PRIMARY KEY (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX patient_phone ON patient (facility_id, phone);

-- The name from each of its words on, folded: what a search by name looks through.
CREATE TABLE patient_word (
    facility_id BLOB NOT NULL,
    word        TEXT NOT NULL,
    patient_id  BLOB NOT NULL,
    PRIMARY KEY (facility_id, word, patient_id),
    FOREIGN KEY (facility_id, patient_id) REFERENCES patient (facility_id, id)
) STRICT, WITHOUT ROWID;

-- Weekly hours (weekday 1 is Monday) or an absence; an absence without hours is leave.
CREATE TABLE schedule (
    facility_id  BLOB NOT NULL,
    id           BLOB NOT NULL CHECK (length(id) = 16),
    doctor_id    BLOB NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('weekly', 'absence')),
    weekday      INTEGER CHECK (weekday BETWEEN 1 AND 7),
    valid_from   TEXT,
    valid_to     TEXT,
    start_time   TEXT,
    end_time     TEXT,
    slot_minutes INTEGER,
    max_count    INTEGER,
    hard_limit   INTEGER,
    note         TEXT NOT NULL,
    PRIMARY KEY (facility_id, id),
    FOREIGN KEY (facility_id, doctor_id) REFERENCES doctor (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX schedule_of_doctor ON schedule (facility_id, doctor_id);

CREATE TABLE doctor_day (
    facility_id   BLOB NOT NULL,
    doctor_id     BLOB NOT NULL,
    slot_date     TEXT NOT NULL,
    version       INTEGER NOT NULL CHECK (version > 0),
    next_token_no INTEGER NOT NULL CHECK (next_token_no > 0),
    PRIMARY KEY (facility_id, slot_date, doctor_id),
    FOREIGN KEY (facility_id, doctor_id) REFERENCES doctor (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE slot (
    facility_id    BLOB NOT NULL,
    id             BLOB NOT NULL CHECK (length(id) = 16),
    doctor_id      BLOB NOT NULL,
    slot_date      TEXT NOT NULL,
    start_time     TEXT NOT NULL,
    end_time       TEXT NOT NULL CHECK (start_time < end_time),
    max_count      INTEGER NOT NULL CHECK (max_count <= hard_limit),
    hard_limit     INTEGER NOT NULL,
    current_count  INTEGER NOT NULL CHECK (current_count BETWEEN 0 AND hard_limit + override_count),
    override_count INTEGER NOT NULL CHECK (override_count >= 0),
    status         TEXT NOT NULL,
    issued         TEXT NOT NULL,
    PRIMARY KEY (facility_id, slot_date, doctor_id, start_time),
    UNIQUE (facility_id, id),
    FOREIGN KEY (facility_id, slot_date, doctor_id) REFERENCES doctor_day (facility_id, slot_date, doctor_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX slot_by_time ON slot (facility_id, slot_date, start_time, id);
CREATE INDEX slot_of_doctor ON slot (facility_id, doctor_id, slot_date, start_time);

CREATE TRIGGER slot_inserted_beside_others BEFORE INSERT ON slot
WHEN EXISTS (
    SELECT 1 FROM slot
    WHERE facility_id = NEW.facility_id AND slot_date = NEW.slot_date AND doctor_id = NEW.doctor_id
      AND start_time < NEW.end_time AND NEW.start_time < end_time AND start_time <> NEW.start_time
)
BEGIN
    SELECT RAISE(ABORT, 'slots of one doctor overlap');
END;

CREATE TRIGGER slot_moved_beside_others BEFORE UPDATE OF facility_id, slot_date, doctor_id, start_time, end_time ON slot
WHEN EXISTS (
    SELECT 1 FROM slot
    WHERE facility_id = NEW.facility_id AND slot_date = NEW.slot_date AND doctor_id = NEW.doctor_id
      AND start_time < NEW.end_time AND NEW.start_time < end_time AND id <> OLD.id
)
BEGIN
    SELECT RAISE(ABORT, 'slots of one doctor overlap');
END;

CREATE TABLE token (
    facility_id     BLOB NOT NULL,
    doctor_id       BLOB NOT NULL,
    slot_date       TEXT NOT NULL,
    token_no        INTEGER NOT NULL CHECK (token_no > 0),
    id              BLOB NOT NULL CHECK (length(id) = 16),
    patient_id      BLOB NOT NULL,
    slot_id         BLOB,
    source          TEXT NOT NULL,
    class           TEXT NOT NULL,
    band            INTEGER NOT NULL CHECK (band BETWEEN 1 AND 9),
    sequence_number INTEGER,
    status          TEXT NOT NULL,
    by_override     INTEGER NOT NULL CHECK (by_override IN (0, 1)),
    rejoins         INTEGER NOT NULL CHECK (rejoins BETWEEN 0 AND 255),
    placed          TEXT,
    code            TEXT NOT NULL,
    booked_at       INTEGER NOT NULL,
    appointment_at  INTEGER,
    promised_at     INTEGER,
    arrived_at      INTEGER,
    called_at       INTEGER,
    started_at      INTEGER,
    ended_at        INTEGER,
    PRIMARY KEY (facility_id, slot_date, doctor_id, token_no),
    UNIQUE (facility_id, id),
    FOREIGN KEY (facility_id, slot_date, doctor_id) REFERENCES doctor_day (facility_id, slot_date, doctor_id),
    FOREIGN KEY (facility_id, patient_id) REFERENCES patient (facility_id, id),
    FOREIGN KEY (facility_id, slot_id) REFERENCES slot (facility_id, id)
) STRICT;

CREATE UNIQUE INDEX token_sequence ON token (facility_id, slot_id, sequence_number);

-- All tokens of a patient; and of those that are live, one with a doctor on a date.
CREATE UNIQUE INDEX token_of_patient ON token (
    facility_id, patient_id, slot_date, doctor_id,
    (CASE WHEN status IN ('waitlisted', 'booked', 'arrived', 'called', 'passed', 'in_consultation') THEN 0 ELSE token_no END)
);

-- One row for each change, for ever, in the order of commit. The version of its doctor-day, which is given once, keeps its key
-- (doctor, date, version, ordinal) unique; an index that said so again would change one more page with every booking.
CREATE TABLE event (
    number      INTEGER NOT NULL PRIMARY KEY,
    facility_id BLOB NOT NULL,
    doctor_id   BLOB NOT NULL,
    slot_date   TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version > 0),
    ordinal     INTEGER NOT NULL CHECK (ordinal >= 0),
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    token_id    BLOB,
    slot_id     BLOB,
    reasons     TEXT NOT NULL
) STRICT;

-- The events of a token; of a slot, those that are about no token.
CREATE INDEX event_of_subject ON event (facility_id, coalesce(token_id, slot_id));

-- Answers kept for repeated requests.
CREATE TABLE receipt (
    facility_id BLOB NOT NULL REFERENCES facility (id),
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    status      INTEGER NOT NULL,
    body        BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (facility_id, key)
) STRICT;

CREATE INDEX receipt_by_age ON receipt (facility_id, created_at);
