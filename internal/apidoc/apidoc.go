// Package apidoc describes the product's own API psc.v1: as an OpenAPI document, and as what the page about it shows.
package apidoc

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// generated is what make generate takes from the protos.
//
//go:embed openapi.json
var generated []byte

// document is an OpenAPI document, as far as it is looked into here.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       info                            `json:"info"`
	Servers    []server                        `json:"servers"`
	Security   []map[string][]string           `json:"security"`
	Tags       []tag                           `json:"tags"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components components                      `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type server struct {
	URL string `json:"url"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type operation struct {
	Tags        []string            `json:"tags"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	OperationID string              `json:"operationId"`
	Parameters  []parameter         `json:"parameters,omitempty"`
	RequestBody *content            `json:"requestBody,omitempty"`
	Responses   map[string]*content `json:"responses"`
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Required    bool    `json:"required,omitempty"`
	Schema      *schema `json:"schema"`
}

type content struct {
	Description string                        `json:"description,omitempty"`
	Required    bool                          `json:"required,omitempty"`
	Content     map[string]map[string]*schema `json:"content"`
}

func (c *content) schema() *schema {
	if c == nil {
		return nil
	}
	return c.Content["application/json"]["schema"]
}

type schema struct {
	Ref                  string             `json:"$ref,omitempty"`
	Type                 any                `json:"type,omitempty"` // a text, or several
	Format               string             `json:"format,omitempty"`
	Description          string             `json:"description,omitempty"`
	Enum                 []any              `json:"enum,omitempty"`
	Items                *schema            `json:"items,omitempty"`
	Properties           map[string]*schema `json:"properties,omitempty"`
	AdditionalProperties *schema            `json:"additionalProperties,omitempty"`
	OneOf                []*schema          `json:"oneOf,omitempty"`
	AnyOf                []*schema          `json:"anyOf,omitempty"`
	AllOf                []*schema          `json:"allOf,omitempty"`
	Not                  *schema            `json:"not,omitempty"`
	Required             []string           `json:"required,omitempty"`
	ReadOnly             bool               `json:"readOnly,omitempty"`
	Pattern              string             `json:"pattern,omitempty"`
}

// UnmarshalJSON reads a schema; true is one of anything.
func (s *schema) UnmarshalJSON(text []byte) error {
	if string(text) == "true" {
		return nil
	}
	type plain schema
	return json.Unmarshal(text, (*plain)(s))
}

type components struct {
	Schemas         map[string]*schema           `json:"schemas"`
	SecuritySchemes map[string]map[string]string `json:"securitySchemes"`
}

// failure is what every method answers when it does not do what was asked for.
const failure = "google.rpc.Status"

// OpenAPI returns the document for programs that reach this server at base.
func OpenAPI(base string) ([]byte, error) {
	d, err := read()
	if err != nil {
		return nil, err
	}
	d.Info = info{
		Title: "Partner Sales Console", Version: "v1",
		Description: "Consoles, the customers in them, and the unification of consoles. Sign in with Authorization: Bearer and a token.",
	}
	d.Servers = []server{{strings.TrimSuffix(base, "/")}}
	d.Security = []map[string][]string{{"token": {}}}
	d.Components.SecuritySchemes = map[string]map[string]string{"token": {"type": "http", "scheme": "bearer"}}
	text := func(what string) *schema { return &schema{Type: "string", Description: what} }
	d.Components.Schemas[failure] = &schema{Type: "object", Properties: map[string]*schema{"error": {
		Type: "object", Properties: map[string]*schema{
			"code":    {Type: "integer", Description: "The status of HTTP."},
			"message": text("What was wrong, in English."),
			"status":  text("Its kind, such as NOT_FOUND."),
			"details": {Type: "array", Items: &schema{Type: "object"}, Description: "google.rpc.ErrorInfo with the reason, and others."},
		},
	}}}
	for _, verbs := range d.Paths {
		for _, o := range verbs {
			o.Responses["default"] = &content{Description: "What was not done, and why.", Content: map[string]map[string]*schema{
				"application/json": {"schema": {Ref: reference + failure}},
			}}
		}
	}
	return json.MarshalIndent(d, "", " ")
}

// read returns the generated document with one path for each resource: what it makes of the patterns of names differs by method.
func read() (document, error) {
	var d document
	if err := json.Unmarshal(generated, &d); err != nil {
		return d, fmt.Errorf("generated OpenAPI document: %w", err)
	}
	paths := map[string]map[string]operation{}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		names := map[string]string{} // of its parameters, by what they were called
		tidy := placeholder.ReplaceAllStringFunc(path, func(match string) string {
			parts := placeholder.FindStringSubmatch(match)
			names[parts[2]] = strings.TrimSuffix(parts[1], "s")
			return parts[1] + "/{" + names[parts[2]] + "}"
		})
		if paths[tidy] == nil {
			paths[tidy] = map[string]operation{}
		}
		for verb, o := range d.Paths[path] {
			for i, p := range o.Parameters {
				if p.In == "path" {
					o.Parameters[i].Name, o.Parameters[i].Description = names[p.Name], ""
				}
			}
			if answer := o.Responses["200"]; answer.schema() != nil && answer.schema().Ref == reference+rawFile {
				o.Responses["200"] = &content{Description: "The file.", Content: map[string]map[string]*schema{"text/csv": {"schema": {Type: "string"}}}}
			}
			paths[tidy][verb] = o
		}
	}
	d.Paths = paths
	delete(d.Components.Schemas, rawFile)
	return d, nil
}

// placeholder finds a parameter of a path, and the collection in front of it.
var placeholder = regexp.MustCompile(`(\w+)/\{([^}]+)\}`)

// rawFile is what a method answers by gRPC with a file, which by REST is the answer itself.
const rawFile = "google.api.HttpBody"

const reference = "#/components/schemas/"
