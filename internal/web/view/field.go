package view

import (
	"maps"

	"github.com/a-h/templ"
)

// Option is one choice of a select or of radio buttons.
type Option struct {
	Value string
	Label string
	Note  string // a second line, for radio buttons
}

// FieldType says what a field takes. Other HTML input types may be given as well.
type FieldType string

// The field types with a form of their own.
const (
	TextField     FieldType = "text"
	EmailField    FieldType = "email"
	PasswordField FieldType = "password"
	NumberField   FieldType = "number"
	DateField     FieldType = "date"
	FileField     FieldType = "file"
	SelectField   FieldType = "select"
	RadioField    FieldType = "radio"
	AreaField     FieldType = "textarea"
	CheckField    FieldType = "checkbox"
)

// Input is one field of a form, with its label, hint and error.
type Input struct {
	Name     string
	ID       string    // Name if empty
	Type     FieldType // TextField if empty
	Label    string
	Hint     string
	Error    string
	Value    string
	Options  []Option // of a select or radio buttons
	Required bool
	Optional bool // says so beside the label, where most fields are required
	Checked  bool
	Attrs    templ.Attributes // autocomplete, inputmode, maxlength, accept, ...
}

func (f Input) id() string {
	if f.ID == "" {
		return f.Name
	}
	return f.ID
}

func (f Input) kind() string {
	if f.Type == "" {
		return string(TextField)
	}
	return string(f.Type)
}

// hasNone reports whether the first option of a select is to choose none, so that it need not ask for a choice.
func (f Input) hasNone() bool { return len(f.Options) > 0 && f.Options[0].Value == "" }

// described names the elements that explain the field.
func (f Input) described() string {
	switch {
	case f.Error != "" && f.Hint != "":
		return f.id() + "-error " + f.id() + "-hint"
	case f.Error != "":
		return f.id() + "-error"
	case f.Hint != "":
		return f.id() + "-hint"
	}
	return ""
}

// attrs are those that inputs, selects and textareas share.
func (f Input) attrs() templ.Attributes {
	all := templ.Attributes{"id": f.id(), "name": f.Name}
	if described := f.described(); described != "" {
		all["aria-describedby"] = described
	}
	if f.Error != "" {
		all["aria-invalid"] = "true"
	}
	if f.Required {
		all["required"] = true
	}
	maps.Copy(all, f.Attrs)
	return all
}

// Problem is one line of an ErrorSummary: the field it leads to, and what is wrong.
type Problem struct {
	Field string // the id of the field; "" if no field is to blame
	Text  string
}

// shownProblems is how many problems an ErrorSummary spreads out before "and 8 more".
const shownProblems = 5

// checkValue is what a ticked box sends.
func checkValue(f Input) string {
	if f.Value == "" {
		return "1"
	}
	return f.Value
}

// radioAttrs are the attributes of a group of radio buttons.
func radioAttrs(f Input) templ.Attributes {
	all := templ.Attributes{"id": f.id()}
	if described := f.described(); described != "" {
		all["aria-describedby"] = described
	}
	return all
}
