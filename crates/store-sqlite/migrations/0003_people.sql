-- Who may come in (people, their sessions, keys), what each did, saw and took away, and what is left of a patient who was erased.

-- The codes of patients' pages are made with a secret that is not in the database.
DROP INDEX token_by_code;
ALTER TABLE token DROP COLUMN code;

-- Answers kept for repeated requests are encrypted now; those from before hold codes.
DELETE FROM receipt;

-- What a facility is called in addresses. The first one there was is the one that all addresses meant until now.
ALTER TABLE facility ADD COLUMN slug TEXT NOT NULL DEFAULT '';
UPDATE facility SET slug = CASE WHEN id = (SELECT min(id) FROM facility) THEN 'main' ELSE lower(hex(id)) END;
CREATE UNIQUE INDEX facility_by_slug ON facility (slug);
ALTER TABLE facility ADD COLUMN seal BLOB CHECK (length(seal) = 32);

ALTER TABLE patient ADD COLUMN erased_at INTEGER;

CREATE TABLE user (
    facility_id BLOB NOT NULL REFERENCES facility (id),
    id          BLOB NOT NULL CHECK (length(id) = 16),
    name        TEXT NOT NULL,
    called      TEXT NOT NULL,
    role        TEXT NOT NULL,
    doctor_id   BLOB,
    password    TEXT,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    subject     TEXT,
    active      INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (facility_id, id),
    FOREIGN KEY (facility_id, doctor_id) REFERENCES doctor (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX user_by_name ON user (facility_id, name);
CREATE UNIQUE INDEX user_by_subject ON user (facility_id, subject) WHERE subject IS NOT NULL;

-- The digest of what a browser holds, never that itself.
CREATE TABLE session (
    facility_id BLOB NOT NULL,
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    user_id     BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    address     TEXT NOT NULL,
    agent       TEXT NOT NULL,
    PRIMARY KEY (facility_id, digest),
    FOREIGN KEY (facility_id, user_id) REFERENCES user (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_user ON session (facility_id, user_id, created_at);

-- Scopes and doctors are lists, in order, with spaces between.
CREATE TABLE api_key (
    facility_id BLOB NOT NULL REFERENCES facility (id),
    id          BLOB NOT NULL CHECK (length(id) = 16),
    name        TEXT NOT NULL,
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    scopes      TEXT NOT NULL,
    doctors     TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    PRIMARY KEY (facility_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_key_by_digest ON api_key (facility_id, digest);

-- Who did, saw and took away what of whom, for ever. Identifiers are in the order of time, so rows lie one behind the other.
CREATE TABLE audit (
    facility_id BLOB NOT NULL REFERENCES facility (id),
    id          BLOB NOT NULL CHECK (length(id) = 16),
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    patient_id  BLOB CHECK (length(patient_id) = 16),
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL,
    address     TEXT NOT NULL,
    PRIMARY KEY (facility_id, id)
) STRICT, WITHOUT ROWID;

-- No reference to the patient: a look at somebody who turns out not to be there is told as well.
CREATE INDEX audit_of_patient ON audit (facility_id, patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_of_actor ON audit (facility_id, actor, id);

-- What somebody did, in order of commit: a row's number is part of every index. There are few actors at a time, and each has
-- one page that grows.
CREATE INDEX event_of_actor ON event (facility_id, actor);

-- Between which numbers a time lies. It grows at its end.
CREATE INDEX event_of_time ON event (facility_id, at);

-- Whoever has got hold of the program's connection can't change what it has told.
CREATE TRIGGER audit_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER event_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER event_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
