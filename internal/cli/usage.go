package cli

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"psc/internal/fault"
)

// Misread says of a command line that could not be read what is wrong with it: err is what the library found when it
// had come as far as cmd.
func Misread(cmd *cobra.Command, err error) error {
	help := cmd.CommandPath() + " --help"
	if cmd.HasSubCommands() { // which has no options of its own: what is unknown is most likely the command below it
		return fault.Wrap(err, fault.Invalid, "cli.usage_command", fault.Args{"Command": cmd.CommandPath(), "Help": help})
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		flag := "--" + e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			flag = "-" + e.GetSpecifiedName()
		}
		return fault.Wrap(err, fault.Invalid, "cli.usage_flag", fault.Args{"Flag": flag, "Help": help})
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return fault.Wrap(err, fault.Invalid, "cli.usage_value_missing", fault.Args{"Flag": "--" + e.GetFlag().Name, "Help": help})
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return fault.Wrap(err, fault.Invalid, "cli.usage_value", fault.Args{"Flag": "--" + e.GetFlag().Name, "Value": e.GetValue(), "Help": help})
	}
	return fault.Wrap(err, fault.Invalid, "cli.usage_arguments", fault.Args{"Use": cmd.UseLine(), "Help": help})
}
