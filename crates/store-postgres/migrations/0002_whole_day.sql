-- What the whole day needs besides bookings. Rows from before are as good as new ones.

ALTER TABLE baari.token
    ADD COLUMN earlier_ok boolean NOT NULL DEFAULT false,
    ADD COLUMN displaced boolean NOT NULL DEFAULT false,
    ADD COLUMN passed_at timestamptz;

-- A code is random: in an index of all codes every booking would change a page somewhere. With the date before it, the codes
-- of today lie together; who looks for one goes through the dates. The date is a number of days here, because a planner that
-- knows little of the table would take this index for as good as the primary key to find the tokens of a doctor-day.
CREATE INDEX token_by_code ON baari.token (facility_id, (slot_date - date '2000-01-01'), code);

-- From `visits` on: what the day shows of the doctor's pace.
ALTER TABLE baari.doctor_day
    ADD COLUMN resumes_at timestamptz,
    ADD COLUMN visits integer NOT NULL DEFAULT 0 CHECK (visits >= 0),
    ADD COLUMN visit_seconds bigint NOT NULL DEFAULT 0 CHECK (visit_seconds >= 0),
    ADD COLUMN visit_seconds_squared bigint NOT NULL DEFAULT 0 CHECK (visit_seconds_squared >= 0),
    ADD COLUMN emergencies integer NOT NULL DEFAULT 0 CHECK (emergencies >= 0),
    ADD COLUMN planned_seconds bigint NOT NULL DEFAULT 0 CHECK (planned_seconds >= 0),
    ADD COLUMN late_seconds integer,
    -- Stands in the index below instead of `visits`: only a day's first visit changes an index.
    ADD COLUMN has_visits boolean NOT NULL GENERATED ALWAYS AS (visits > 0) STORED;

-- A doctor's days, newest first. Whoever looks for a doctor-day by its key has the primary key.
CREATE INDEX doctor_day_by_doctor ON baari.doctor_day (facility_id, doctor_id, slot_date) WHERE has_visits;

-- How far each facility's feed goes. Raised by every commit, as late as possible; the lock on the row is what makes the numbers
-- those of the order of commit, without a gap. The free room in the page keeps the updates out of the index.
CREATE TABLE baari.feed (
    facility_id uuid PRIMARY KEY,
    number bigint NOT NULL CHECK (number > 0)
) WITH (fillfactor = 10);
ALTER TABLE baari.feed ALTER COLUMN facility_id SET STATISTICS 0;

ALTER TABLE baari.event ADD COLUMN number bigint;

UPDATE baari.event AS event SET number = numbered.number
FROM (
    SELECT facility_id, doctor_id, slot_date, version, ordinal,
        row_number() OVER (PARTITION BY facility_id ORDER BY at, version, ordinal, slot_date, doctor_id) AS number
    FROM baari.event
) AS numbered
WHERE event.facility_id = numbered.facility_id AND event.doctor_id = numbered.doctor_id
    AND event.slot_date = numbered.slot_date AND event.version = numbered.version AND event.ordinal = numbered.ordinal;

INSERT INTO baari.feed (facility_id, number) SELECT facility_id, max(number) FROM baari.event GROUP BY facility_id;

-- The version of its doctor-day, which is given once, keeps an event's old key unique. An index that said so again would change
-- a page somewhere with every event; this one grows at its end. A server of the version before can't write any more.
ALTER TABLE baari.event DROP CONSTRAINT event_pkey, ALTER COLUMN number SET NOT NULL, ADD PRIMARY KEY (facility_id, number);

-- The story of a token, in whatever doctor-days.
CREATE INDEX event_by_token ON baari.event (facility_id, token_id, number) WHERE token_id IS NOT NULL;
