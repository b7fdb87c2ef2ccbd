package apidoc

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Service is one of the API's services as the page about it shows it. What it says comes from the protos, in English.
type Service struct {
	Name     string
	Text     string
	Methods  []Method
	Messages []Message // that its methods take and give, and what those consist of
}

// Method is one call.
type Method struct {
	Name   string
	Text   string
	Verb   string
	Path   string
	Query  []Field
	Body   string // the message that it takes; empty: none, or the fields of Sent
	Sent   []Field
	Answer string
	GRPC   string
}

// Message is what is sent or answered.
type Message struct {
	Name   string
	Text   string
	Fields []Field
	Values []string // of an enum
}

// Field of a message, or of the query.
type Field struct {
	Name     string
	Type     string
	Of       string // the message that it consists of; empty: it is plain
	Text     string
	Required bool
	ReadOnly bool
}

// Services returns all services, by name.
func Services() ([]Service, error) {
	d, err := read()
	if err != nil {
		return nil, err
	}
	var list []Service
	for _, t := range d.Tags {
		s := Service{Name: t.Name, Text: without(t.Description, t.Name)}
		for path, verbs := range d.Paths {
			for verb, o := range verbs {
				if slices.Contains(o.Tags, t.Name) {
					s.Methods = append(s.Methods, methodOf(t.Name, verb, path, o))
				}
			}
		}
		slices.SortFunc(s.Methods, func(x, y Method) int {
			return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Verb, y.Verb))
		})
		s.Messages = d.messages(s.Methods)
		list = append(list, s)
	}
	return list, nil
}

func methodOf(service, verb, path string, o operation) Method {
	name := strings.TrimPrefix(o.OperationID, service+"_")
	m := Method{
		Name: name, Text: without(cmp.Or(o.Summary, o.Description), name), Verb: strings.ToUpper(verb), Path: path,
		GRPC: "psc.v1." + service + "/" + name, Body: nameOf(o.RequestBody.schema()), Answer: nameOf(o.Responses["200"].schema()),
	}
	if sent := o.RequestBody.schema(); sent != nil {
		m.Sent = fieldsOf(sent)
	}
	for _, p := range o.Parameters {
		if p.In == "query" {
			m.Query = append(m.Query, fieldOf(p.Name, p.Schema, p.Description, p.Required))
		}
	}
	return m
}

// messages returns what the methods take and give, and what that consists of.
func (d document) messages(methods []Method) (list []Message) {
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		s := d.Components.Schemas["psc.v1."+name]
		if s == nil || seen[name] {
			return
		}
		seen[name] = true
		m := Message{Name: name, Text: without(s.Description, name)}
		for _, v := range s.Enum {
			m.Values = append(m.Values, fmt.Sprint(v))
		}
		m.Fields = fieldsOf(s)
		list = append(list, m)
		for _, f := range m.Fields {
			add(f.Of)
		}
	}
	for _, m := range methods {
		add(m.Body)
		for _, f := range m.Sent {
			add(f.Of)
		}
		add(m.Answer)
	}
	return list
}

// fieldsOf returns what stands in a message itself.
func fieldsOf(s *schema) (list []Field) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		list = append(list, fieldOf(name, p, p.Description, slices.Contains(s.Required, name)))
	}
	return list
}

func fieldOf(name string, s *schema, text string, required bool) Field {
	f := Field{Name: name, Text: text, Required: required}
	f.Type, f.Of = typeOf(s)
	if s != nil {
		f.ReadOnly = s.ReadOnly
	}
	return f
}

// typeOf returns what a field is called and the message of ours behind it.
func typeOf(s *schema) (name, of string) {
	switch {
	case s == nil:
		return "", ""
	case s.Ref != "":
		full := strings.TrimPrefix(s.Ref, reference)
		ours, ok := strings.CutPrefix(full, "psc.v1.")
		if !ok {
			return full, ""
		}
		return ours, ours
	case len(s.AllOf) > 0: // a reference with a word about it
		return typeOf(s.AllOf[0])
	case s.Items != nil:
		name, of = typeOf(s.Items)
		return name + "[]", of
	case s.AdditionalProperties != nil:
		name, of = typeOf(s.AdditionalProperties)
		return "map<string, " + name + ">", of
	case s.Format != "":
		return s.Format, ""
	default:
		return fmt.Sprint(cmp.Or(s.Type, any("object"))), ""
	}
}

func nameOf(s *schema) string {
	_, of := typeOf(s)
	return of
}

// without leaves the name out with which a comment begins.
func without(text, name string) string {
	rest, ok := strings.CutPrefix(text, name+" ")
	if !ok || rest == "" {
		return text
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}
