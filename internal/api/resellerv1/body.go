package resellerv1

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"psc/internal/fault"
)

// parseError is the fault of what is no JSON.
const parseError = "api.unreadable"

// fill writes the JSON of a body over v, a resource of the API: what it does not name stays, and null empties. As the API has it,
// numbers may be texts and the other way round; a name that the resource does not have, and a value of another type, are refused.
func fill(v any, body []byte) error {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return nil
	}
	var sent any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&sent); err != nil {
		return fault.Wrap(err, fault.Invalid, parseError, fault.Args{"Problem": err.Error()})
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, parseError, fault.Args{"Problem": "there is more than one value"})
	}
	if sent == nil {
		return nil
	}
	fits, err := conform(sent, reflect.TypeOf(v).Elem(), "", false)
	if err != nil {
		return err
	}
	text, err := json.Marshal(fits)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// conform returns a value as the type's JSON has it. at is where it stands; quoted says that its numbers are texts.
func conform(v any, t reflect.Type, at string, quoted bool) (any, error) {
	wrong := fault.InvalidField(at, "reseller.type", fault.Args{"Type": typeName(t)})
	switch t.Kind() { // the resources have no others
	case reflect.Pointer:
		if v == nil {
			return nil, nil
		}
		return conform(v, t.Elem(), at, quoted)
	case reflect.Struct:
		if m, ok := v.(map[string]any); ok {
			return conformObject(m, t, at)
		}
	case reflect.Slice:
		if list, ok := v.([]any); ok || v == nil {
			return list, each(list, t.Elem(), at)
		}
	case reflect.String:
		if v == nil {
			return "", nil
		}
		if text, ok := v.(string); ok && !strings.Contains(text, "\x00") {
			return text, nil
		}
	case reflect.Bool:
		if b, ok := v.(bool); ok || v == nil {
			return b, nil
		}
	case reflect.Int64:
		if n, ok := integer(v); ok {
			if quoted {
				return strconv.FormatInt(n, 10), nil
			}
			return n, nil
		}
	}
	return nil, wrong
}

func conformObject(m map[string]any, t reflect.Type, at string) (any, error) {
	out := map[string]any{}
	for name, v := range m {
		path := strings.TrimPrefix(at+"."+name, ".")
		field, quoted, ok := fieldOf(t, name)
		if !ok {
			return nil, fault.InvalidField(path, "reseller.unknown_field", fault.Args{"Name": path})
		}
		fits, err := conform(v, field, path, quoted)
		if err != nil {
			return nil, err
		}
		out[name] = fits
	}
	return out, nil
}

func each(list []any, t reflect.Type, at string) (err error) {
	for i := range list {
		if list[i], err = conform(list[i], t, at, false); err != nil {
			return err
		}
	}
	return nil
}

// fieldOf returns the type of a resource's field by its name in JSON.
func fieldOf(t reflect.Type, name string) (field reflect.Type, quoted, ok bool) {
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == name && tag != "-" && tag != "" {
			return f.Type, strings.Contains(options, "string"), true
		}
	}
	return nil, false, false
}

// integer reads a whole number, as a number or as a text.
func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case nil:
		return 0, true
	case json.Number:
		i, err := strconv.ParseInt(n.String(), 10, 64)
		return i, err == nil
	case string:
		i, err := strconv.ParseInt(n, 10, 64)
		return i, err == nil
	default:
		return 0, false
	}
}

// typeName is what a type is called in JSON.
func typeName(t reflect.Type) string {
	switch t.Kind() { // the resources have no others
	case reflect.Struct, reflect.Pointer:
		return "object"
	case reflect.Slice:
		return "array"
	case reflect.Int64:
		return "integer"
	case reflect.Bool:
		return "boolean"
	default:
		return "string"
	}
}

// needed is a field that has to be there.
type needed struct{ name, value string }

// require refuses a resource of which needed fields are empty, naming each.
func require(list ...needed) error {
	var fields []fault.Field
	for _, n := range list {
		if strings.TrimSpace(n.value) == "" {
			fields = append(fields, fault.Field{Name: n.name, Key: requiredKey})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Key: requiredKey, Fields: fields}
}
