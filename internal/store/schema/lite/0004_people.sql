-- +goose Up
-- A person's place in a console has a state, so that removal is one too. A granted role may have a link with which its
-- person comes; joined marks who came by such a link, whose e-mail address nobody has vouched for. A session knows whose
-- it is, so that its person can end it.

ALTER TABLE memberships ADD COLUMN state TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'SUSPENDED', 'REMOVED'));

ALTER TABLE people ADD COLUMN joined INTEGER NOT NULL DEFAULT 0 CHECK (joined IN (0, 1));

ALTER TABLE role_grants ADD COLUMN link_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE role_grants ADD COLUMN link_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX role_grants_link ON role_grants (link_hash);

ALTER TABLE sessions ADD COLUMN person_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_person ON sessions (person_id);
