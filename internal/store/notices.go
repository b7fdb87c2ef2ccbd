package store

import (
	"context"
	"encoding/json"
	"time"

	"psc/internal/console"
)

// Notice tells the people of a console that something happened.
type Notice struct {
	ConsoleID string
	ID        string
	At        time.Time
	Kind      string            // a message key below "notice."
	Audience  console.Privilege // who sees it
	Dedupe    string            // one event makes one notice, however often it is told
	Data      map[string]string // what the message names; "Path" is where it leads, below the console's path
	Read      bool              // by the person who asks
}

// InsertNotice adds the notice unless one with its Dedupe is there.
func (tx *Tx) InsertNotice(ctx context.Context, n Notice) error {
	data, err := json.Marshal(n.Data)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO notices (console_id, id, at, kind, audience, dedupe, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (console_id, dedupe) DO NOTHING`,
		n.ConsoleID, n.ID, micros(n.At), n.Kind, n.Audience, n.Dedupe, string(data))
	return err
}

// NoticedSince reports whether the console has a notice whose Dedupe begins with the matter, told after since.
func (tx *Tx) NoticedSince(ctx context.Context, consoleID, matter string, since time.Time) (bool, error) {
	n, err := one(ctx, tx, scalar[int], `SELECT count(*) FROM notices WHERE console_id = $1 AND dedupe >= $2 AND dedupe < $3
		AND at > $4`, consoleID, matter, matter+"~", micros(since))
	return n > 0, err
}

// Notices returns the newest notices of a console that the privileges may see, read or not by the person.
func (tx *Tx) Notices(ctx context.Context, consoleID, personID string, may []console.Privilege, limit int) ([]Notice, error) {
	list, err := all(ctx, tx, func(r Rows) (n Notice, err error) {
		var at, read int64
		var data string
		if err = r.Scan(&n.ConsoleID, &n.ID, &at, &n.Kind, &n.Audience, &n.Dedupe, &data, &read); err != nil {
			return n, err
		}
		n.At, n.Read = instant(at), read == 1
		return n, json.Unmarshal([]byte(data), &n.Data)
	}, `SELECT n.console_id, n.id, n.at, n.kind, n.audience, n.dedupe, n.data,
			CASE WHEN n.id <= COALESCE((SELECT r.read_until FROM notice_reads r
				WHERE r.console_id = n.console_id AND r.person_id = $2), '') THEN 1 ELSE 0 END
		FROM notices n WHERE n.console_id = $1 AND n.audience IN (SELECT value->>'p' FROM json_each($3))
		ORDER BY n.id DESC LIMIT $4`, consoleID, personID, privilegeList(may), limit)
	return list, err
}

// UnreadNotices counts the person's unread notices in a console, up to limit.
func (tx *Tx) UnreadNotices(ctx context.Context, consoleID, personID string, may []console.Privilege, limit int) (int, error) {
	return one(ctx, tx, scalar[int], `SELECT count(*) FROM (SELECT 1 FROM notices n WHERE n.console_id = $1
		AND n.audience IN (SELECT value->>'p' FROM json_each($3))
		AND n.id > COALESCE((SELECT r.read_until FROM notice_reads r WHERE r.console_id = $1 AND r.person_id = $2), '')
		LIMIT $4) x`, consoleID, personID, privilegeList(may), limit)
}

// ReadNotices marks everything up to the notice as read by the person.
func (tx *Tx) ReadNotices(ctx context.Context, consoleID, personID, until string) error {
	_, err := tx.exec(ctx, `INSERT INTO notice_reads (console_id, person_id, read_until) VALUES ($1, $2, $3)
		ON CONFLICT (console_id, person_id) DO UPDATE SET read_until = excluded.read_until
		WHERE notice_reads.read_until < excluded.read_until`, consoleID, personID, until)
	return err
}

func privilegeList(may []console.Privilege) string {
	return jsonList(may, func(p console.Privilege) map[string]any { return map[string]any{"p": p} })
}
