package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// NoticeChoice says where a person wants to hear of a topic.
type NoticeChoice = store.NoticeChoice

// NoticeChoices returns where the person hears of each topic.
func (a *App) NoticeChoices(ctx context.Context, personID string) (list []NoticeChoice, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = noticeChoices(ctx, tx, personID)
		return err
	})
	return list, err
}

func noticeChoices(ctx context.Context, tx *store.Tx, personID string) (list []NoticeChoice, err error) {
	chosen, err := tx.NoticeChoices(ctx, personID)
	for _, topic := range console.NoticeTopics {
		c := NoticeChoice{Topic: topic, Bell: true, Mail: true}
		for _, other := range chosen {
			if other.Topic == topic {
				c = other
			}
		}
		list = append(list, c)
	}
	return list, err
}

// ChooseNotices stores where the person wants to hear of topics; the others stay as they are.
func (a *App) ChooseNotices(ctx context.Context, personID string, list []NoticeChoice) error {
	for _, c := range list {
		if !c.Topic.Valid() {
			return fault.InvalidField("topic", "notices.topic_unknown", fault.Args{"Topic": string(c.Topic)})
		}
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Person(ctx, personID); err != nil {
			return found(err, "person.not_found")
		}
		for _, c := range list {
			if err := tx.SetNoticeChoice(ctx, personID, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Subscription is what the link in a mail ends: mails about a topic.
type Subscription struct {
	Topic console.NoticeTopic
	Email string
}

// CheckUnsubscribe returns what the token of a mail ends.
func (a *App) CheckUnsubscribe(ctx context.Context, token string) (s Subscription, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		m, err := mailOfToken(ctx, tx, token)
		s = Subscription{console.TopicOf(m.Kind), m.Email}
		return err
	})
	return s, err
}

// Unsubscribe ends mails about the topic of the mail that the token stands in. Doing it again changes nothing.
func (a *App) Unsubscribe(ctx context.Context, token string) (s Subscription, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := mailOfToken(ctx, tx, token)
		if err != nil {
			return err
		}
		s = Subscription{console.TopicOf(m.Kind), m.Email}
		choices, err := noticeChoices(ctx, tx, m.PersonID)
		if err != nil {
			return err
		}
		for _, c := range choices {
			if c.Mail = false; c.Topic == s.Topic {
				return tx.SetNoticeChoice(ctx, m.PersonID, c)
			}
		}
		return nil
	})
	return s, err
}

// unsubscribeToken names a mail such that nobody else can.
func unsubscribeToken(ctx context.Context, tx *store.Tx, mailID string) (string, error) {
	set, err := tx.Settings(ctx)
	sum := hmac.New(sha256.New, []byte(set[store.SettingMailKey]))
	sum.Write([]byte("unsubscribe/" + mailID))
	return mailID + "." + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), err
}

func mailOfToken(ctx context.Context, tx *store.Tx, token string) (store.Mail, error) {
	id, _, _ := strings.Cut(token, ".")
	right, err := unsubscribeToken(ctx, tx, id)
	if err != nil {
		return store.Mail{}, err
	}
	if !hmac.Equal([]byte(token), []byte(right)) {
		return store.Mail{}, fault.New(fault.NotFound, "notices.unsubscribe_over", nil)
	}
	m, err := tx.Mail(ctx, id)
	return m, found(err, "notices.unsubscribe_over")
}
