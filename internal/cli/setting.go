package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type settingJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"` // as it is set; empty: it is not
	Holds string `json:"holds"`
}

func settingCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"setting",
		t.verb("setting", "list", outside, cobra.NoArgs, listSettings),
		t.verb("setting", "set KEY VALUE", outside, cobra.ExactArgs(2), changeSetting),
	)
}

func listSettings(ctx context.Context, s *session, _ []string) error {
	list, err := s.Settings(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"setting", "value"}}
	for _, set := range list {
		value := s.setting(set)
		if set.Value == "" {
			value = s.Say.T("cli.setting.unset", "Value", value)
		}
		tab.add(set.Key, value)
	}
	return s.Table(collected(list, func(set app.Setting) settingJSON { return settingJSON{set.Key, set.Value, set.Holds} }), tab)
}

// setting is what a setting is for a process that starts now, for people.
func (s *session) setting(set app.Setting) string {
	if d, err := time.ParseDuration(set.Holds); err == nil && strings.HasSuffix(set.Holds, "s") {
		return s.Say.Duration(d)
	}
	if slices.Contains([]string{"require_account_approval", "mail", "sandbox"}, set.Key) {
		if set.Holds == "1" {
			return s.Say.T("setting_page.on")
		}
		return s.Say.T("setting_page.off")
	}
	return set.Holds
}

func changeSetting(ctx context.Context, s *session, args []string) error {
	if err := s.ChangeSetting(ctx, s.actor, args[0], args[1]); err != nil {
		return err
	}
	return s.said(args[0], "cli.setting.changed", "Key", args[0], "Value", args[1])
}
