package console

import (
	"slices"
	"strings"
)

// NoticeTopic is what a notice is about, as far as a person can switch it on and off.
type NoticeTopic string

// NoticeTopics are all topics, in the order in which they are chosen from.
var NoticeTopics = []NoticeTopic{
	"invite_received", "invite_expiring", "invite_accepted", "invite_declined", "connection_closed", "wait_over", "readiness",
	"started", "scheduled", "returned", "run_finished", "undone", "asked", "orders", "prices", "invoices", "renewals", "accounts", "cases", "imports", "webhooks", "console",
}

// topicOfKind names the topic of each kind of notice, or of all that begin with a word and its dot.
var topicOfKind = map[string]NoticeTopic{
	"connection.invited": "invite_received", "connection.cancelled": "invite_received", "connection.reminder": "invite_expiring",
	"connection.accepted": "invite_accepted", "connection.declined": "invite_declined", "connection.expired": "invite_declined",
	"connection.closed_by_main": "connection_closed", "connection.closed_by_source": "connection_closed", "connection.wait_over": "wait_over",
	"migration.readiness": "readiness", "migration.started": "started", "migration.scheduled": "scheduled",
	"migration.schedule_withdrawn": "scheduled", "migration.run_returned": "returned", "migration.run_finished": "run_finished",
	"migration.undone": "undone", "migration.asked.": "asked", "billing_account.requested": "asked", "billing_account.": "accounts",
	"order.": "orders", "price.": "prices", "invoice.": "invoices", "subscription.": "renewals", "case.": "cases", "import.": "imports", "webhook.": "webhooks", "console.": "console",
}

// TopicOf returns the topic of a kind of notice; empty for a kind that there is not.
func TopicOf(kind string) NoticeTopic {
	if t, ok := topicOfKind[kind]; ok {
		return t
	}
	return topicOfKind[kind[:strings.LastIndex(kind, ".")+1]]
}

// Valid reports whether there is such a topic.
func (t NoticeTopic) Valid() bool { return slices.Contains(NoticeTopics, t) }
