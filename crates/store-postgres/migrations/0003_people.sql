-- Who may come in, and what of that is kept. A server of the version before can't write any more.

-- The codes of patients' pages are made with a secret that is not in the database.
DROP INDEX baari.token_by_code;
ALTER TABLE baari.token DROP COLUMN code;

-- Answers kept for repeated requests are encrypted now; those from before hold codes.
DELETE FROM baari.receipt;

-- The facility that was there first keeps addresses short. Unique across facilities: this table alone is not distributed.
ALTER TABLE baari.facility ADD COLUMN slug text, ADD COLUMN seal bytea CHECK (length(seal) = 32);
UPDATE baari.facility SET slug = CASE
    WHEN id = (SELECT id FROM baari.facility ORDER BY id LIMIT 1) THEN 'main'
    ELSE replace(id::text, '-', '')
END;
ALTER TABLE baari.facility ALTER COLUMN slug SET NOT NULL, ADD UNIQUE (slug);

ALTER TABLE baari.patient ADD COLUMN erased_at timestamptz;

-- A user. The word itself is reserved.
CREATE TABLE baari.account (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    called text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'supervisor', 'reception', 'doctor')),
    doctor_id uuid,
    password text,
    must_change boolean NOT NULL,
    subject text,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (facility_id, id),
    UNIQUE (facility_id, name)
);
CREATE UNIQUE INDEX account_by_subject ON baari.account (facility_id, subject) WHERE subject IS NOT NULL;

-- Updated every few minutes while somebody works: the free room in each page keeps these updates out of the indexes.
CREATE TABLE baari.session (
    facility_id uuid NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    PRIMARY KEY (facility_id, digest)
) WITH (fillfactor = 50);
CREATE INDEX session_by_user ON baari.session (facility_id, user_id);

CREATE TABLE baari.api_key (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    scopes text[] NOT NULL,
    doctors uuid[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (facility_id, id),
    UNIQUE (facility_id, digest)
);

-- The ids are in the order of time: the key grows at its end.
CREATE TABLE baari.audit (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    patient_id uuid,
    subject text NOT NULL,
    detail text NOT NULL,
    address text NOT NULL,
    PRIMARY KEY (facility_id, id)
);
CREATE INDEX audit_by_patient ON baari.audit (facility_id, patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_by_actor ON baari.audit (facility_id, actor, id);

CREATE INDEX event_by_actor ON baari.event (facility_id, actor, number);

-- Between which numbers a time lies. It grows at its end.
CREATE INDEX event_by_time ON baari.event (facility_id, at);

-- See the first file.
ALTER TABLE baari.account ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.session ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.api_key ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.audit ALTER COLUMN facility_id SET STATISTICS 0;

-- These guard against a wrong statement, whoever runs it; the tables' owner can still take them off. They run once for a
-- statement that changes or removes rows. Adding rows runs nothing. A migration that must change old rows disables them
-- for itself. Citus distributes a table with triggers only where it was told to (citus.enable_unsafe_triggers): an
-- installation with it allows them, or leaves these two out.
CREATE FUNCTION baari.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only added to (%, %)', TG_TABLE_NAME, TG_OP;
END
$$;
REVOKE ALL ON FUNCTION baari.refuse_change() FROM PUBLIC;

CREATE TRIGGER audit_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON baari.audit
    FOR EACH STATEMENT EXECUTE FUNCTION baari.refuse_change();
CREATE TRIGGER event_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON baari.event
    FOR EACH STATEMENT EXECUTE FUNCTION baari.refuse_change();
