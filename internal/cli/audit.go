package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
)

type eventJSON struct {
	ID         string            `json:"id"`
	At         time.Time         `json:"at"`
	Side       app.EventSide     `json:"side"`
	By         string            `json:"by"`
	Action     string            `json:"action"`
	Subject    string            `json:"subject"`
	CustomerID string            `json:"customer_id"`
	Data       map[string]string `json:"data"`
}

// told is what an event is about, in the words of the pages.
func (t *Terminal) told(e eventJSON) string { return t.Say.Tell("audit."+e.Action, e.Data) }

func auditCommand(t *Terminal) *cobra.Command { return t.slice("audit", listAudit(t), listStories(t)) }

// listAudit lists what happened in a console, the newest first. Its dates are billing dates, both inclusive.
func listAudit(t *Terminal) *cobra.Command {
	var q app.AuditQuery
	var since, until string
	var limit int64
	cmd := t.verb("audit", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		if err := s.period(&q, since, until); err != nil {
			return err
		}
		events, more, err := s.AuditTrail(ctx, s.actor, q, int(max(limit, 1)))
		if err != nil {
			return err
		}
		list := collected(events, func(e app.Event) eventJSON {
			return eventJSON{e.ID, e.At, e.Side, e.PersonName, e.Action, e.Subject, e.CustomerID, e.Data}
		})
		tab := table{columns: []string{"event_id", "at", "by", "subject", "customer_id", "action"}}
		for _, e := range list {
			tab.add(e.ID, t.when(e.At), e.By, e.Subject, e.CustomerID, t.told(e))
		}
		if err := s.Table(list, tab); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.text(cmd, &q.Topic, "topic", "")
	t.text(cmd, &q.By, "by", "")
	t.text(cmd, &q.Customer, "about", "")
	t.text(cmd, &since, "since", "")
	t.text(cmd, &until, "until", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}

// period reads the dates of a query, both inclusive.
func (s *session) period(q *app.AuditQuery, since, until string) error {
	for _, day := range []struct {
		flag, typed string
		set         *time.Time
		more        civil.Date
	}{{"since", since, &q.From, 0}, {"until", until, &q.Until, 1}} {
		if day.typed == "" {
			continue
		}
		d, err := civil.Parse(day.typed)
		if err != nil {
			return fault.InvalidField(day.flag, "cli.date", fault.Args{"Value": day.typed})
		}
		*day.set = (d + day.more).Start(s.Config.BillingZone)
	}
	return nil
}

type storyJSON struct {
	eventJSON

	Consoles []string `json:"console_account_ids"`
	Trails   int64    `json:"trails"`
}

// listStories lists what happened everywhere, what concerns several consoles once.
func listStories(t *Terminal) *cobra.Command {
	var q app.StoryQuery
	var since, until string
	var limit int64
	cmd := t.verb("audit", "all", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		if err := s.period(&q.AuditQuery, since, until); err != nil {
			return err
		}
		stories, more, err := s.Stories(ctx, s.actor, q, int(max(limit, 1)))
		if err != nil {
			return err
		}
		list := collected(stories, func(e app.Story) storyJSON {
			j := storyJSON{eventJSON: eventJSON{e.ID, e.At, e.Side, e.PersonName, e.Action, e.Subject, e.CustomerID, e.Data}, Consoles: []string{}, Trails: e.Trails}
			for _, c := range e.Consoles {
				j.Consoles = append(j.Consoles, string(c.AccountID))
			}
			return j
		})
		tab := table{columns: []string{"event_id", "at", "by", "subject", "account_id", "action"}}
		for _, e := range list {
			tab.add(e.ID, t.when(e.At), e.By, e.Subject, strings.Join(e.Consoles, " "), t.told(e.eventJSON))
		}
		if err := s.Table(list, tab); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.text(cmd, &q.Topic, "topic", "")
	t.text(cmd, &q.By, "by", "")
	t.text(cmd, &q.Customer, "about", "")
	t.text(cmd, &q.Console, "in-console", "")
	t.text(cmd, &q.Event, "event", "")
	t.text(cmd, &since, "since", "")
	t.text(cmd, &until, "until", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}
