-- What else a desk asks of a patient. Nothing of it is left of one who was erased.

ALTER TABLE patient ADD COLUMN sex TEXT
    CHECK (sex IN ('female', 'male', 'other')) CHECK (erased_at IS NULL OR sex IS NULL);
ALTER TABLE patient ADD COLUMN birth_year INTEGER
    CHECK (birth_year BETWEEN 1880 AND 2200) CHECK (erased_at IS NULL OR birth_year IS NULL);
