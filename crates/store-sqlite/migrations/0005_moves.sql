-- The moves of a date, for reports. Nothing but a move changes it.
CREATE INDEX event_of_moves ON event (facility_id, slot_date) WHERE kind IN ('token_moved', 'token_moved_in');
