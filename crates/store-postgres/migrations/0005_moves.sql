-- The moves of a date, for reports. Nothing but a move changes it.
CREATE INDEX event_of_moves ON baari.event (facility_id, slot_date, number)
    WHERE kind IN ('token_moved', 'token_moved_in');
