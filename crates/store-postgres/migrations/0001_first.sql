-- Everything lives in the schema `baari`, which `migration.rs` makes; nothing is granted to anybody but its owner.
--
-- Every key begins with the facility: it is the distribution column of a sharded database, and no statement crosses it.
-- There are no foreign keys: a doctor-day is written by whoever holds its version, and nothing is ever deleted under it.
-- What stands here guards; it never chooses a seat, a number or an order.

-- Lets an exclusion constraint compare uuids. A trusted extension: the database's owner may create it. If it is there
-- already, in another schema, that one serves.
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA baari;

CREATE TABLE baari.facility (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    time_zone text NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE baari.setting (
    facility_id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (facility_id, key)
);

CREATE TABLE baari.doctor (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    speciality text NOT NULL,
    room text NOT NULL,
    letter text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'on_leave', 'inactive')),
    mean_visit_minutes integer NOT NULL CHECK (mean_visit_minutes >= 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (facility_id, id),
    UNIQUE (facility_id, letter)
);

CREATE TABLE baari.patient (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'inactive')),
    previous_doctor uuid,
    mrn text,
    abha text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (facility_id, id)
);

-- The name from each of its words on, in small letters. Compared by code point, so that "begins with" is a range.
CREATE TABLE baari.patient_word (
    facility_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    patient_id uuid NOT NULL,
    PRIMARY KEY (facility_id, word, patient_id)
);
CREATE INDEX patient_word_by_patient ON baari.patient_word (facility_id, patient_id);

CREATE TABLE baari.schedule (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('weekly', 'absence')),
    weekday smallint CHECK (weekday BETWEEN 1 AND 7),
    valid_from date,
    valid_to date,
    start_time time,
    end_time time,
    slot_minutes integer,
    max_count integer,
    hard_limit integer,
    note text NOT NULL,
    PRIMARY KEY (facility_id, id),
    CHECK (CASE kind
        WHEN 'weekly' THEN weekday IS NOT NULL AND start_time IS NOT NULL
        ELSE weekday IS NULL AND valid_from IS NOT NULL AND valid_to IS NOT NULL
    END),
    -- The hours are there or not, as a whole.
    CHECK (num_nulls(start_time, end_time, slot_minutes, max_count, hard_limit) IN (0, 5))
);
CREATE INDEX schedule_by_doctor ON baari.schedule (facility_id, doctor_id, id);

-- Updated with every booking, like `slot`: the free room in each page keeps these updates out of the indexes.
CREATE TABLE baari.doctor_day (
    facility_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    slot_date date NOT NULL,
    version bigint NOT NULL CHECK (version >= 0),
    next_token_no integer NOT NULL CHECK (next_token_no >= 1),
    PRIMARY KEY (facility_id, slot_date, doctor_id)
) WITH (fillfactor = 50);

CREATE TABLE baari.slot (
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    slot_date date NOT NULL,
    start_time time NOT NULL,
    end_time time NOT NULL,
    max_count integer NOT NULL,
    hard_limit integer NOT NULL,
    current_count integer NOT NULL,
    override_count integer NOT NULL CHECK (override_count >= 0),
    status text NOT NULL CHECK (status IN ('open', 'closed', 'cancelled')),
    issued text NOT NULL,
    PRIMARY KEY (facility_id, id),
    UNIQUE (facility_id, slot_date, doctor_id, start_time),
    CONSTRAINT slot_no_overlap EXCLUDE USING gist (
        facility_id WITH =,
        doctor_id WITH =,
        tsrange(slot_date + start_time, slot_date + end_time) WITH &&
    ),
    CONSTRAINT slot_hours CHECK (start_time < end_time),
    CONSTRAINT slot_limits CHECK (0 <= max_count AND max_count <= hard_limit),
    CONSTRAINT slot_seats CHECK (0 <= current_count AND current_count <= hard_limit + override_count)
) WITH (fillfactor = 50);

CREATE TABLE baari.token (
    facility_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    slot_date date NOT NULL,
    token_no integer NOT NULL CHECK (token_no >= 1),
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    slot_id uuid,
    source text NOT NULL,
    class text NOT NULL,
    band smallint NOT NULL CHECK (band BETWEEN 1 AND 9),
    sequence_number bigint,
    status text NOT NULL CHECK (status IN (
        'waitlisted', 'booked', 'arrived', 'called', 'in_consultation', 'completed', 'passed', 'no_show', 'cancelled'
    )),
    by_override boolean NOT NULL,
    rejoins smallint NOT NULL,
    placed text,
    code text NOT NULL,
    booked_at timestamptz NOT NULL,
    appointment_at timestamptz,
    promised_at timestamptz,
    arrived_at timestamptz,
    called_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    -- Stands in the guard below instead of `status`: a change between two live statuses leaves all indexes alone.
    live boolean NOT NULL GENERATED ALWAYS AS (
        status IN ('waitlisted', 'booked', 'arrived', 'called', 'passed', 'in_consultation')
    ) STORED,
    PRIMARY KEY (facility_id, doctor_id, slot_date, token_no),
    UNIQUE (facility_id, id),
    UNIQUE (facility_id, slot_id, sequence_number)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX token_one_live ON baari.token (facility_id, patient_id, doctor_id, slot_date) WHERE live;
CREATE INDEX token_by_patient ON baari.token (facility_id, patient_id, id);

CREATE TABLE baari.event (
    facility_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    slot_date date NOT NULL,
    version bigint NOT NULL,
    ordinal integer NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    token_id uuid,
    slot_id uuid,
    reasons text NOT NULL,
    PRIMARY KEY (facility_id, doctor_id, slot_date, version, ordinal)
);

CREATE TABLE baari.receipt (
    facility_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    status integer NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (facility_id, key)
);
CREATE INDEX receipt_by_time ON baari.receipt (facility_id, created_at);

-- A statement names one facility, and always more than that. With statistics, the planner would take a facility that came
-- after they were gathered for empty, and any index that begins with the facility for as good as the right one, however
-- many rows the facility has by then. Without, it takes each facility for a fair part of the table.
ALTER TABLE baari.setting ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.doctor ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.patient ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.patient_word ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.schedule ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.doctor_day ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.slot ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.token ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.event ALTER COLUMN facility_id SET STATISTICS 0;
ALTER TABLE baari.receipt ALTER COLUMN facility_id SET STATISTICS 0;
