-- What the whole day needs besides bookings. Everything has a default: rows from before are as good as new ones.

ALTER TABLE token ADD COLUMN earlier_ok INTEGER NOT NULL DEFAULT 0 CHECK (earlier_ok IN (0, 1));
ALTER TABLE token ADD COLUMN displaced INTEGER NOT NULL DEFAULT 0 CHECK (displaced IN (0, 1));
ALTER TABLE token ADD COLUMN passed_at INTEGER;

-- A code is random: in an index of all codes every booking would change a page somewhere. With the date before it, the codes
-- of today lie together; who looks for one goes through the dates.
CREATE INDEX token_by_code ON token (facility_id, slot_date, code);

ALTER TABLE doctor_day ADD COLUMN resumes_at INTEGER;

-- What the day shows of the doctor's pace.
ALTER TABLE doctor_day ADD COLUMN visits INTEGER NOT NULL DEFAULT 0 CHECK (visits >= 0);
ALTER TABLE doctor_day ADD COLUMN visit_seconds INTEGER NOT NULL DEFAULT 0 CHECK (visit_seconds >= 0);
ALTER TABLE doctor_day ADD COLUMN visit_seconds_squared INTEGER NOT NULL DEFAULT 0 CHECK (visit_seconds_squared >= 0);
ALTER TABLE doctor_day ADD COLUMN emergencies INTEGER NOT NULL DEFAULT 0 CHECK (emergencies >= 0);
ALTER TABLE doctor_day ADD COLUMN planned_seconds INTEGER NOT NULL DEFAULT 0 CHECK (planned_seconds >= 0);
ALTER TABLE doctor_day ADD COLUMN late_seconds INTEGER;

-- A doctor's days, newest first. Changes when a doctor-day begins, and never again.
CREATE INDEX doctor_day_of_doctor ON doctor_day (facility_id, doctor_id, slot_date);

-- The feed of a facility: a row's number is part of every index, so this one is in order of commit, and grows at its end.
CREATE INDEX event_of_facility ON event (facility_id);
