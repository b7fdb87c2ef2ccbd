package apidoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"psc/internal/apidoc"
	_ "psc/proto/psc/v1"
)

// TestEveryMethodIsDescribed holds page and document against the methods that there are.
func TestEveryMethodIsDescribed(t *testing.T) {
	t.Parallel()
	services, err := apidoc.Services()
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, s := range services {
		if s.Text == "" {
			t.Errorf("%s says nothing", s.Name)
		}
		for _, m := range s.Methods {
			if m.Text == "" || m.Answer == "" && m.Name != "ExportCustomers" || !strings.HasPrefix(m.Path, "/v1/consoles") && !strings.HasPrefix(m.Path, "/v1/vendor/") {
				t.Errorf("%+v", m)
			}
			described[m.GRPC] = true
		}
	}
	protoregistry.GlobalFiles.RangeFilesByPackage("psc.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			s := file.Services().Get(i)
			for j := range s.Methods().Len() {
				name := string(s.FullName()) + "/" + string(s.Methods().Get(j).Name())
				if !described[name] {
					t.Errorf("%s is not described", name)
				}
				delete(described, name)
			}
		}
		return true
	})
	for name := range described {
		t.Errorf("there is no %s", name)
	}
}

// TestReferencesOfTheDocumentLead follows every reference, and looks for paths that hold two methods of one verb.
func TestReferencesOfTheDocumentLead(t *testing.T) {
	t.Parallel()
	text, err := apidoc.OpenAPI("https://psc.example/")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Servers    []struct{ URL string }
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.Servers[0].URL != "https://psc.example" || d.Paths["/v1/consoles/{console}/customers/{customer}"]["patch"] == nil {
		t.Errorf("%v %v", d.Servers, d.Paths["/v1/consoles/{console}/customers/{customer}"])
	}
	for _, part := range strings.Split(string(text), `"$ref": "#/components/schemas/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if d.Components.Schemas[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
}
