package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// Setting is something that the operator sets for the whole installation.
type Setting struct {
	Key   string
	Value string // as it stands in the database; empty: what an installation has that has set nothing
	Holds string // what a process has that starts now
	Waits bool   // this process has another: it started before
}

// settingChecks says of each setting which value it is kept as; false if it cannot be that.
var settingChecks = map[string]func(string) (string, bool){
	store.SettingBillingZone: func(s string) (string, bool) {
		_, err := time.LoadLocation(s)
		return s, err == nil && s != "" && s != "Local"
	},
	store.SettingWaiting:         span,
	store.SettingInviteLife:      span,
	store.SettingSandbox:         onOff,
	store.SettingAccountApproval: onOff,
	store.SettingMail:            onOff,
	store.SettingAPIRate: func(s string) (string, bool) {
		n, err := strconv.Atoi(s)
		return strconv.Itoa(n), err == nil && n > 0 && n <= highestAPIRate
	},
}

// highestAPIRate is more than one process can answer.
const highestAPIRate = 1_000_000

// settingKeys are the settings in the order in which they are listed.
var settingKeys = []string{
	store.SettingBillingZone, store.SettingWaiting, store.SettingInviteLife, store.SettingAccountApproval, store.SettingMail, store.SettingAPIRate, store.SettingSandbox,
}

// longestSpan bounds the settable lengths of time.
const longestSpan = 366 * 24 * time.Hour

// span reads a length of time: whole days such as 7d, or a Go duration such as 12h.
func span(s string) (string, bool) {
	d, err := time.ParseDuration(s)
	if days, whole := strings.CutSuffix(s, "d"); whole {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(min(n, 1_000)) * 24 * time.Hour
	}
	return d.String(), err == nil && d >= 0 && d <= longestSpan
}

func onOff(s string) (string, bool) {
	return map[string]string{"on": "1", "off": ""}[s], s == "on" || s == "off"
}

// Settings lists what the operator may set.
func (a *App) Settings(ctx context.Context, actor console.Actor) (list []Setting, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	var set map[string]string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		set, err = tx.Settings(ctx)
		return err
	}); err != nil {
		return nil, err
	}
	next, _, err := LoadConfig(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	running, starting := a.Config.settings(), next.settings()
	for _, key := range settingKeys {
		s := Setting{Key: key, Value: set[key], Holds: set[key]}
		if holds, read := starting[key]; read { // others are asked for each time
			s.Holds, s.Waits = holds, holds != running[key]
		}
		list = append(list, s)
	}
	return list, nil
}

// settings are what the configuration of a process has of the settings.
func (c Config) settings() map[string]string {
	yes := map[bool]string{true: "1"}
	return map[string]string{
		store.SettingBillingZone: c.BillingZone.String(), store.SettingWaiting: c.Terms.Waiting.String(),
		store.SettingInviteLife: c.Terms.InviteLife.String(), store.SettingSandbox: yes[c.Sandbox],
		store.SettingAccountApproval: yes[c.AccountApproval], store.SettingAPIRate: strconv.Itoa(c.APIRate),
	}
}

// ChangeSetting sets something for the whole installation. Processes read it when they start. A sandbox whose clock has
// been moved stays one: business time never goes back.
func (a *App) ChangeSetting(ctx context.Context, actor console.Actor, key, value string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	check, known := settingChecks[key]
	if !known {
		return fault.New(fault.NotFound, "setting.unknown", fault.Args{"Key": key, "Choices": strings.Join(settingKeys, ", ")})
	}
	kept, ok := check(strings.TrimSpace(value))
	if !ok {
		return fault.InvalidField("value", "setting.invalid", fault.Args{"Key": key, "Value": value})
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		set, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		if key == store.SettingSandbox && kept == "" && set[store.SettingClockAhead] != "" {
			return fault.New(fault.Precondition, "setting.sandbox_moved", nil)
		}
		if err := tx.SetSetting(ctx, key, kept); err != nil {
			return err
		}
		consoles, err := consolesOf(ctx, tx, "")
		if err != nil {
			return err
		}
		return a.recordIn(ctx, tx, now, actor, consoles, entry{
			Action: "setting.changed", Subject: key, Data: map[string]string{"Key": key, "Value": value},
		})
	})
}
