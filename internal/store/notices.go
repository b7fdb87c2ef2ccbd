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
	Kind      string // a message key below "notice."
	Topic     console.NoticeTopic
	Audience  console.Privilege // who sees it
	Dedupe    string            // one event makes one notice, however often it is told
	Data      map[string]string // what the message names; "Path" is where it leads, below the console's path
	Read      bool              // by the person who asks
}

// InsertNotice adds the notice, and reports whether it did: not if one with its Dedupe is there.
func (tx *Tx) InsertNotice(ctx context.Context, n Notice) (bool, error) {
	data, err := json.Marshal(n.Data)
	if err != nil {
		return false, err
	}
	added, err := tx.exec(ctx, `INSERT INTO notices (console_id, id, at, kind, topic, audience, dedupe, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (console_id, dedupe) DO NOTHING`,
		n.ConsoleID, n.ID, micros(n.At), n.Kind, n.Topic, n.Audience, n.Dedupe, string(data))
	return added == 1, err
}

// NoticedSince reports whether the console has a notice whose Dedupe begins with the matter, told after since.
func (tx *Tx) NoticedSince(ctx context.Context, consoleID, matter string, since time.Time) (bool, error) {
	n, err := one(ctx, tx, scalar[int], `SELECT count(*) FROM notices WHERE console_id = $1 AND dedupe >= $2 AND dedupe < $3
		AND at > $4`, consoleID, matter, matter+"~", micros(since))
	return n > 0, err
}

// unreadNotice holds for a notice n that the person $2 has read neither by itself nor with all up to a later one.
const unreadNotice = `(n.id > COALESCE((SELECT r.read_until FROM notice_reads r WHERE r.console_id = $1 AND r.person_id = $2), '')
	AND NOT EXISTS (SELECT 1 FROM notice_marks m WHERE m.console_id = $1 AND m.person_id = $2 AND m.notice_id = n.id))`

// noticeFor holds for a notice n of the console $1 that the privileges $3 may see and the person $2 has not switched off.
const noticeFor = `n.console_id = $1 AND n.audience IN (SELECT value->>'p' FROM json_each($3))
	AND n.topic NOT IN (SELECT c.topic FROM notice_choices c WHERE c.person_id = $2 AND c.bell = 0)`

const selectNotice = `SELECT n.console_id, n.id, n.at, n.kind, n.topic, n.audience, n.dedupe, n.data,
	CASE WHEN ` + unreadNotice + ` THEN 0 ELSE 1 END FROM notices n `

func scanNotice(r Rows) (n Notice, err error) {
	var at, read int64
	var data string
	if err = r.Scan(&n.ConsoleID, &n.ID, &at, &n.Kind, &n.Topic, &n.Audience, &n.Dedupe, &data, &read); err != nil {
		return n, err
	}
	n.At, n.Read = instant(at), read == 1
	return n, json.Unmarshal([]byte(data), &n.Data)
}

// NoticeQuery says which notices are asked for.
type NoticeQuery struct {
	Unread bool                // only those
	Topic  console.NoticeTopic // empty: any
	Before string              // older than the one with this ID; empty: from the newest
}

// Notices returns the newest notices of a console that the privileges may see, read or not by the person.
func (tx *Tx) Notices(ctx context.Context, consoleID, personID string, may []console.Privilege, q NoticeQuery, limit int) ([]Notice, error) {
	return all(ctx, tx, scanNotice, selectNotice+`WHERE `+noticeFor+` AND ($4 = '' OR n.id < $4) AND ($5 = 0 OR `+unreadNotice+`)
		AND ($6 = '' OR n.topic = $6) ORDER BY n.id DESC LIMIT $7`, consoleID, personID, privilegeList(may), q.Before, flag(q.Unread), q.Topic, limit)
}

// Notice returns one notice of a console that the privileges may see, or ErrNone.
func (tx *Tx) Notice(ctx context.Context, consoleID, personID string, may []console.Privilege, noticeID string) (Notice, error) {
	return one(ctx, tx, scanNotice, selectNotice+`WHERE n.console_id = $1 AND n.id = $4
		AND n.audience IN (SELECT value->>'p' FROM json_each($3))`, consoleID, personID, privilegeList(may), noticeID)
}

// UnreadNotices counts the person's unread notices in a console, up to limit.
func (tx *Tx) UnreadNotices(ctx context.Context, consoleID, personID string, may []console.Privilege, limit int) (int, error) {
	return one(ctx, tx, scalar[int], `SELECT count(*) FROM (SELECT 1 FROM notices n WHERE `+noticeFor+` AND `+unreadNotice+`
		LIMIT $4) x`, consoleID, personID, privilegeList(may), limit)
}

// ReadNotice marks one notice as read by the person.
func (tx *Tx) ReadNotice(ctx context.Context, consoleID, personID, noticeID string) error {
	_, err := tx.exec(ctx, `INSERT INTO notice_marks (console_id, person_id, notice_id)
		SELECT n.console_id, $2, n.id FROM notices n WHERE n.console_id = $1 AND n.id = $3
		ON CONFLICT (console_id, person_id, notice_id) DO NOTHING`, consoleID, personID, noticeID)
	return err
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

// NoticeChoice says where a person wants to hear of a topic.
type NoticeChoice struct {
	Topic      console.NoticeTopic
	Bell, Mail bool
}

// NoticeChoices returns what the person has chosen; of the other topics the person hears everywhere.
func (tx *Tx) NoticeChoices(ctx context.Context, personID string) ([]NoticeChoice, error) {
	return all(ctx, tx, func(r Rows) (c NoticeChoice, err error) {
		var bell, mail int64
		err = r.Scan(&c.Topic, &bell, &mail)
		c.Bell, c.Mail = bell == 1, mail == 1
		return c, err
	}, `SELECT topic, bell, mail FROM notice_choices WHERE person_id = $1 ORDER BY topic`, personID)
}

// SetNoticeChoice stores where the person wants to hear of a topic.
func (tx *Tx) SetNoticeChoice(ctx context.Context, personID string, c NoticeChoice) error {
	_, err := tx.exec(ctx, `INSERT INTO notice_choices (person_id, topic, bell, mail) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, topic) DO UPDATE SET bell = excluded.bell, mail = excluded.mail`,
		personID, c.Topic, flag(c.Bell), flag(c.Mail))
	return err
}
