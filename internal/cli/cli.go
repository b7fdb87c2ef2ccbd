// Package cli is the command line: it reads arguments, calls one use case, and writes what came of it. Each slice has
// its file with one function that returns its command; Commands lists them.
package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// Terminal is what a command talks through: where it reads and writes, in which language, and how it gets at the product.
type Terminal struct {
	Out, Err io.Writer
	Say      *i18n.Speaker
	JSON     bool // write JSON instead of text
	Quiet    bool // write nothing but IDs

	// RunBy is whom a command acts as that says nothing else: whoever runs the program on the server's machine.
	RunBy string
	// BaseURL is where browsers find the server, for links that a command hands out.
	BaseURL string

	// Open opens the database that the flags name and returns the product on it.
	Open func(ctx context.Context) (*Product, error)

	running *cobra.Command // what was asked for, once that is known
}

// Product is the opened product, with what closes it.
type Product struct {
	*app.App
	Close func() error
}

// Commands returns the business commands, one for each slice.
func Commands(t *Terminal) []*cobra.Command {
	return []*cobra.Command{
		consoleCommand(t), userCommand(t), roleCommand(t), tokenCommand(t), serviceAccountCommand(t), webhookCommand(t), legalEntityCommand(t), catalogCommand(t), billingAccountCommand(t),
		agreementCommand(t), skuAuthorizationCommand(t), connectionCommand(t), migrationCommand(t), customerCommand(t),
		subscriptionCommand(t), orderCommand(t), caseCommand(t), undoCommand(t), auditCommand(t), importCommand(t), exportCommand(t), issuerCommand(t), invoiceCommand(t), ledgerCommand(t), checkCommand(t),
		clockCommand(t), settingCommand(t), noticeCommand(t),
	}
}

// Line writes one line of text.
func (t *Terminal) Line(text string) { _, _ = fmt.Fprintln(t.Out, text) }

// Tell writes one line of text beside the result: progress, warnings.
func (t *Terminal) Tell(text string) { _, _ = fmt.Fprintln(t.Err, text) }

// Write writes v as JSON if that was asked for, else the lines of text.
func (t *Terminal) Write(v any, lines ...string) error {
	if !t.JSON {
		for _, line := range lines {
			t.Line(line)
		}
		return nil
	}
	e := json.NewEncoder(t.Out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// exitCodes is what a failure of each kind leaves to a script.
var exitCodes = map[fault.Kind]int{
	fault.Internal:        1,
	fault.Invalid:         2,
	fault.NotFound:        3,
	fault.Forbidden:       4,
	fault.Unauthenticated: 4,
	fault.Conflict:        5,
	fault.Precondition:    6,
	fault.Limited:         7,
	fault.TooLarge:        8,
}

// Fail tells the person about the failure and returns the exit code. A defect is told with its cause: whoever reads it
// here runs the program.
func (t *Terminal) Fail(err error) int {
	kind := fault.KindOf(err)
	f := fault.As(err)
	if t.JSON {
		_ = json.NewEncoder(t.Err).Encode(failure(t.Say, kind, f, err))
		return exitCodes[kind]
	}
	_, _ = fmt.Fprintln(t.Err, "psc: "+t.Say.Fault(f))
	if f == nil {
		_, _ = fmt.Fprintln(t.Err, "psc: "+err.Error())
		return exitCodes[kind]
	}
	for _, field := range f.Fields {
		if text := t.Say.Field(field); text != t.Say.Fault(f) {
			_, _ = fmt.Fprintf(t.Err, "psc: %s: %s\n", t.flagOf(field), text)
		} else if flag := t.flagOf(field); flag != field.Name && !strings.Contains(text, flag) {
			_, _ = fmt.Fprintf(t.Err, "psc: %s\n", t.Say.T("cli.correct", "Flag", flag))
		}
	}
	return exitCodes[kind]
}

// flagOf returns how the command line calls a field: by the flag of the command that ran, if it has one for it.
func (t *Terminal) flagOf(field fault.Field) string {
	flag := strings.ReplaceAll(field.Name, "_", "-")
	if t.running == nil || t.running.Flags().Lookup(flag) == nil {
		return field.Name
	}
	return "--" + flag
}

type jsonFailure struct {
	Kind    fault.Kind  `json:"kind"`
	Key     string      `json:"key,omitempty"`
	Message string      `json:"message"`
	Fields  []jsonField `json:"fields,omitempty"`
	Cause   string      `json:"cause,omitempty"`
}

type jsonField struct {
	Name    string `json:"name"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

func failure(say *i18n.Speaker, kind fault.Kind, f *fault.Error, err error) map[string]jsonFailure {
	j := jsonFailure{Kind: kind, Message: say.Fault(f)}
	if f == nil {
		j.Cause = err.Error()
	} else {
		j.Key = f.Key
		for _, field := range f.Fields {
			j.Fields = append(j.Fields, jsonField{field.Name, field.Key, say.Field(field)})
		}
	}
	return map[string]jsonFailure{"error": j}
}

// Language returns the language of a terminal by its locale variables, the strongest first.
func Language(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := env(name); locale != "" {
			if strings.HasPrefix(locale, i18n.Japanese) {
				return i18n.Japanese
			}
			return i18n.English
		}
	}
	return i18n.English
}
