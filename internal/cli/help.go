package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// Localize has the root command and all below it explain themselves in the terminal's language.
func (t *Terminal) Localize(root *cobra.Command) {
	root.InitDefaultHelpCmd() // it speaks English; psc --help says the same
	for _, cmd := range root.Commands() {
		cmd.Hidden = cmd.Hidden || cmd.Name() == "help"
	}
	root.PersistentFlags().BoolP("help", "h", false, t.flagHelp("help"))
	root.SetUsageTemplate(strings.NewReplacer(
		"Usage:", t.Say.T("cli.help.usage"),
		"Available Commands:", t.Say.T("cli.help.commands"),
		"Global Flags:", t.Say.T("cli.help.global_flags"),
		"Flags:", t.Say.T("cli.help.flags"),
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`,
		t.Say.T("cli.help.more", "Command", "{{.CommandPath}} [command] --help"),
	).Replace(root.UsageTemplate()))
}
