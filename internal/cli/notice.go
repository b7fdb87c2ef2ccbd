package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

type noticeJSON struct {
	ID    string              `json:"id"`
	At    time.Time           `json:"at"`
	Topic console.NoticeTopic `json:"topic"`
	Kind  string              `json:"kind"`
	Read  bool                `json:"read"`
	Text  string              `json:"text"`
	Data  map[string]string   `json:"data"`
}

type topicJSON struct {
	Topic console.NoticeTopic `json:"topic"`
	Bell  bool                `json:"bell"`
	Mail  bool                `json:"mail"`
}

func noticeCommand(t *Terminal) *cobra.Command {
	return t.slice("notice", listNotices(t), readNotices(t), listTopics(t), chooseTopic(t))
}

// listNotices lists what the person of --as should know of a console, the newest first.
func listNotices(t *Terminal) *cobra.Command {
	var q app.NoticeQuery
	var limit int64
	cmd := t.verb("notice", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, more, err := s.Notices(ctx, s.actor, q, int(max(limit, 1)))
		if err != nil {
			return err
		}
		list := collected(found, func(n app.Notice) noticeJSON {
			return noticeJSON{n.ID, n.At, n.Topic, n.Kind, n.Read, s.Say.Tell("notice."+n.Kind, n.Data), n.Data}
		})
		tab := table{columns: []string{"notice", "at", "topic", "read", "text"}}
		for _, n := range list {
			tab.add(n.ID, t.when(n.At), word(t, "notice_topic", n.Topic), t.yesNo(n.Read), n.Text)
		}
		if err := s.Table(list, tab); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.yes(cmd, &q.Unread, "unread")
	t.text(cmd, &q.Before, "before", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}

// readNotices marks one notice as read by the person of --as, or with --all every one.
func readNotices(t *Terminal) *cobra.Command {
	var all bool
	cmd := t.verb("notice", "read [NOTICE]", inConsole, cobra.MaximumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.person()
		if err == nil && all == (len(args) > 0) {
			err = fault.New(fault.Invalid, "cli.scope", nil)
		}
		if err != nil {
			return err
		}
		if all {
			newest, _, err := s.Notices(ctx, s.actor, app.NoticeQuery{}, 1)
			if err != nil || len(newest) == 0 {
				return err
			}
			err = s.ReadNotices(ctx, s.actor, newest[0].ID)
			if err != nil {
				return err
			}
			return s.said(id, "cli.notice.all_read")
		}
		n, err := s.ReadNotice(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		return s.said(n.ID, "cli.notice.is_read", "ID", n.ID)
	})
	t.yes(cmd, &all, "all")
	return cmd
}

// listTopics lists where the person of --as hears of what.
func listTopics(t *Terminal) *cobra.Command {
	return t.verb("notice", "topics", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		id, err := s.person()
		if err != nil {
			return err
		}
		list, err := s.NoticeChoices(ctx, id)
		if err != nil {
			return err
		}
		tab := table{columns: []string{"topic", "bell", "mail"}}
		for _, c := range list {
			tab.add(string(c.Topic), t.yesNo(c.Bell), t.yesNo(c.Mail))
		}
		return s.Table(collected(list, func(c app.NoticeChoice) topicJSON { return topicJSON(c) }), tab)
	})
}

// chooseTopic switches a topic on or off for the person of --as; what is not said stays as it is.
func chooseTopic(t *Terminal) *cobra.Command {
	var bell, mail string
	cmd := t.verb("notice", "choose TOPIC", outside, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.person()
		if err != nil {
			return err
		}
		list, err := s.NoticeChoices(ctx, id)
		if err != nil {
			return err
		}
		choice := app.NoticeChoice{Topic: console.NoticeTopic(args[0]), Bell: true, Mail: true}
		for _, c := range list {
			if c.Topic == choice.Topic {
				choice = c
			}
		}
		for _, f := range []struct {
			flag, typed string
			set         *bool
		}{{"bell", bell, &choice.Bell}, {"mail", mail, &choice.Mail}} {
			switch f.typed {
			case "on", "off":
				*f.set = f.typed == "on"
			case "":
			default:
				return fault.InvalidField(f.flag, "cli.notice.on_off", fault.Args{"Value": f.typed})
			}
		}
		if err := s.ChooseNotices(ctx, id, []app.NoticeChoice{choice}); err != nil {
			return err
		}
		return s.said(args[0], "cli.notice.chosen", "Topic", args[0], "Bell", t.yesNo(choice.Bell), "Mail", t.yesNo(choice.Mail))
	})
	t.text(cmd, &bell, "bell", "")
	t.text(cmd, &mail, "mail", "")
	return cmd
}
