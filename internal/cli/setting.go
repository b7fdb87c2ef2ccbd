package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type settingJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
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
		value := set.Value
		if value == "" {
			value = s.Say.T("cli.setting.unset")
		}
		tab.add(set.Key, value)
	}
	return s.Table(collected(list, func(set app.Setting) settingJSON { return settingJSON{set.Key, set.Value} }), tab)
}

func changeSetting(ctx context.Context, s *session, args []string) error {
	if err := s.ChangeSetting(ctx, s.actor, args[0], args[1]); err != nil {
		return err
	}
	return s.said(args[0], "cli.setting.changed", "Key", args[0], "Value", args[1])
}
