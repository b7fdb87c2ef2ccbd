package app

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// helpCommentLimit is how many characters a comment about the help may have.
const helpCommentLimit = 1_000

// HelpOpinion is what somebody says about an answer of the help.
type HelpOpinion struct {
	Topic   string // the question, as the person read it
	Helpful bool
	Comment string
}

// TellHelp keeps what somebody says about the help in the vendor's own trail, where operators read it.
func (a *App) TellHelp(ctx context.Context, actor console.Actor, o HelpOpinion) error {
	if err := actor.May(console.ViewCustomers); err != nil {
		return err
	}
	o.Comment = strings.TrimSpace(o.Comment)
	if utf8.RuneCountInString(o.Comment) > helpCommentLimit {
		return fault.InvalidField("comment", "help.comment_long", fault.Args{"Limit": helpCommentLimit})
	}
	action := "help.unhelpful"
	if o.Helpful {
		action = "help.helpful"
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Console(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		return a.recordForVendor(ctx, tx, a.Clock.Now(), actor, entry{Action: action, Subject: c.ID, Data: map[string]string{
			"Topic": o.Topic, "Console": string(c.AccountID), "Comment": cmp.Or(o.Comment, "–"),
		}})
	})
}
