-- +goose Up
-- A person's place in a console has a state, so that removal is one too. A granted role may have a link with which its
-- person comes; joined marks who came by such a link, whose e-mail address nobody has vouched for. A session knows whose
-- it is, so that its person can end it.

ALTER TABLE memberships ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'SUSPENDED', 'REMOVED'));

ALTER TABLE people ADD COLUMN joined bigint NOT NULL DEFAULT 0 CHECK (joined IN (0, 1));

ALTER TABLE role_grants ADD COLUMN link_hash text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE role_grants ADD COLUMN link_until bigint NOT NULL DEFAULT 0;
CREATE INDEX role_grants_link ON role_grants (link_hash);

ALTER TABLE sessions ADD COLUMN person_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN begun_at bigint NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX sessions_person ON sessions (person_id);
