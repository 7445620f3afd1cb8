-- What else a desk asks of a patient. Nothing of it is left of one who was erased: the last check also keeps a server of the
-- version before, which knows nothing of these columns, from erasing half of a patient.

ALTER TABLE baari.patient
    ADD COLUMN sex text,
    ADD COLUMN birth_year smallint,
    ADD CONSTRAINT patient_sex CHECK (sex IN ('female', 'male', 'other')),
    ADD CONSTRAINT patient_birth_year CHECK (birth_year BETWEEN 1880 AND 2200),
    ADD CONSTRAINT patient_erased CHECK (erased_at IS NULL OR num_nonnulls(sex, birth_year) = 0);
