package app

import (
	"context"
	"errors"
	"iter"
	"slices"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// StoryQuery says which events of all trails an operator asks for. Its By is an EventSide, or the ID of a person or its e-mail address.
type StoryQuery struct {
	AuditQuery

	Console string // account ID
	Event   string // the ID of one event
}

// StorySides are those by whom an operator looks for events.
var StorySides = []EventSide{store.SideOperator, store.SideSystem}

// Story is one event, told from all consoles in whose trails it stands.
type Story struct {
	Event // as it is told in the console whose person did it, with the name

	Consoles []console.Console // in whose trails it stands, the doer's first; not more than a few
	Trails   int64             // in how many it stands; none: it is the vendor's own
}

// Stories returns one page of what happened in all consoles and to the vendor itself, the newest first, and whether there is more.
func (a *App) Stories(ctx context.Context, actor console.Actor, q StoryQuery, limit int) (list []Story, more bool, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, false, err
	}
	if err := q.check(); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		consoles, err := tx.Consoles(ctx)
		if err != nil {
			return err
		}
		f, err := q.storyFilter(ctx, tx, consoles)
		if err != nil {
			return err
		}
		stories, err := tx.Stories(ctx, f, limit+1)
		if err != nil {
			return err
		}
		byID := make(map[string]console.Console, len(consoles))
		for _, c := range consoles {
			byID[c.ID] = c
		}
		list = list[:0]
		for _, s := range stories {
			list = append(list, storyOf(s, byID))
		}
		return nil
	})
	if len(list) > limit {
		return list[:limit], true, err
	}
	return list, false, err
}

func storyOf(s store.EventStory, byID map[string]console.Console) Story {
	story := Story{Event: s.Told[0], Trails: s.Trails}
	for _, e := range s.Told {
		if e.ConsoleID == "" {
			continue
		}
		story.Consoles = append(story.Consoles, byID[e.ConsoleID])
		if e.Side == store.SideOwn && story.Side != store.SideOwn {
			story.Event = e
		}
	}
	story.Trails = max(story.Trails, int64(len(story.Consoles))) // a filter may have counted one console's only
	return story
}

func (q StoryQuery) storyFilter(ctx context.Context, tx *store.Tx, consoles []console.Console) (f store.StoryFilter, err error) {
	by, about := q.By, q.Customer
	q.By, q.Customer = "", ""
	if f.EventFilter, err = q.filter(ctx, tx, ""); err != nil {
		return f, err
	}
	f.EventID = q.Event
	switch {
	case by == "":
	case slices.Contains(StorySides, EventSide(by)):
		f.Side = EventSide(by)
	default:
		p, err := tx.PersonByEmail(ctx, console.Fold(by))
		if f.PersonID = p.ID; errors.Is(err, store.ErrNone) {
			f.PersonID = by
		} else if err != nil {
			return f, err
		}
	}
	if q.Console != "" {
		id, err := console.ParseAccountID(q.Console)
		i := slices.IndexFunc(consoles, func(c console.Console) bool { return c.AccountID == id })
		if err != nil || i < 0 {
			return f, fault.InvalidField("console", "audit_filter.console", nil)
		}
		f.ConsoleID, consoles = consoles[i].ID, consoles[i:i+1]
	}
	if f.OfCustomers = about != ""; f.OfCustomers {
		f.CustomerIDs = []string{about}
		for _, c := range consoles {
			ids, err := tx.CustomersEverOfDomain(ctx, c.ID, console.Fold(about))
			if err != nil {
				return f, err
			}
			f.CustomerIDs = append(f.CustomerIDs, ids...)
		}
		f.Marks, err = tx.MarksOfCustomers(ctx, f.CustomerIDs)
	}
	return f, err
}

// AllStories returns all events that are asked for, the newest first, a chunk at a time.
func (a *App) AllStories(ctx context.Context, actor console.Actor, q StoryQuery) iter.Seq2[Story, error] {
	return func(yield func(Story, error) bool) {
		for more := true; more; {
			list, left, err := a.Stories(ctx, actor, q, auditChunk)
			if err != nil {
				yield(Story{}, err)
				return
			}
			for _, s := range list {
				if !yield(s, nil) {
					return
				}
				q.Before = s.ID
			}
			more = left
		}
	}
}
