package view

import (
	"maps"

	"github.com/a-h/templ"
)

// Look is how much a button asks to be pressed. A page has at most one Filled button in view.
type Look string

// The looks.
const (
	Filled  Look = "filled"
	Outline Look = "outline"
	Plain   Look = "plain"
	Danger  Look = "danger"
)

// Button is a button, or with Href a link that looks like one.
type Button struct {
	Text string
	Icon string
	Look Look   // Outline if empty
	For  string // what it acts on, for screen readers: "Start migration: Fujimi Trading"

	Href string // a link

	Name, Value string // what the form learns when this button submits it
	Form        string // the id of the form it submits, when it stands outside
	Action      string // where it posts to, if not to the form's own action
	Inert       bool   // type=button: does nothing by itself

	// Dialog asks for the confirmation of the answer in a dialog: the answer is a page made with ConfirmPage.
	// Without JavaScript that page is simply shown.
	Dialog bool
	// NeedsSelection greys the button out, with JavaScript, while no row of the list is chosen.
	NeedsSelection bool
	Wide           bool
	Attrs          templ.Attributes

	closed bool
}

func (b Button) class() string {
	class := "btn " + string(b.Look)
	if b.Look == "" {
		class = "btn " + string(Outline)
	}
	if b.Wide {
		class += " wide"
	}
	return class
}

// shut is the button as it stands where what it does is refused for now.
func (b Button) shut() Button {
	b.closed = true
	return b
}

// closes reports whether what the button does is refused while the console is suspended.
func (p *Page) closes(b Button) bool {
	return b.closed || b.NeedsSelection && p.Closed != nil || b.Href != "" && p.closedTo("GET", b.Href) || b.Action != "" && p.closedTo("POST", b.Action)
}

func (p *Page) closedTo(method, address string) bool {
	return p.Closed != nil && p.Closed(method, address)
}

func (b Button) kind() string {
	if b.Inert {
		return "button"
	}
	return "submit"
}

// attrs are those that links and buttons share.
func (b Button) attrs() templ.Attributes {
	all := templ.Attributes{}
	if b.Dialog {
		all["data-dialog"] = true
	}
	if b.NeedsSelection {
		all["data-needs-selection"] = true
	}
	for name, value := range map[string]string{"name": b.Name, "value": b.Value, "form": b.Form, "formaction": b.Action} {
		if value != "" && b.Href == "" {
			all[name] = value
		}
	}
	maps.Copy(all, b.Attrs)
	return all
}
