-- +goose Up
-- What came back from a run is counted on the home page, among however many wait.
CREATE INDEX migrations_returned ON migrations (console_id, connection_id, state) WHERE state = 'STARTED' AND return_reason <> '';
