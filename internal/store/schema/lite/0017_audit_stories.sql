-- +goose Up
-- Operators read the trails of all consoles as one story.
CREATE INDEX audit_events_story ON audit_events (id);
