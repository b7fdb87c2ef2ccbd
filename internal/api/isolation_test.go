package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"psc/internal/console"
)

// method is one method of psc.v1 with the REST pattern of its resource.
type method struct {
	full  string
	input protoreflect.MessageType
	reply protoreflect.MessageType
	verb  string
	path  string   // of REST, with the resource as {field=pattern}
	field []string // where the request names the resource
	name  string   // its pattern, such as consoles/*/customers/*
}

// everyMethod reads the methods from what describes them, so that a new one is looked at by itself.
func everyMethod(tb testing.TB) (list []method) {
	tb.Helper()
	resource := regexp.MustCompile(`\{([\w.]+)=([^}]+)\}`)
	protoregistry.GlobalFiles.RangeFilesByPackage("psc.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				d := service.Methods().Get(j)
				m := method{full: "/" + string(service.FullName()) + "/" + string(d.Name())}
				m.input, m.reply = typeOf(tb, d.Input()), typeOf(tb, d.Output())
				rule, ok := proto.GetExtension(d.Options(), annotations.E_Http).(*annotations.HttpRule)
				if !ok || rule == nil {
					tb.Fatalf("%s has no REST", m.full)
				}
				m.verb, m.path = verbOf(rule)
				if found := resource.FindStringSubmatch(m.path); found != nil {
					m.field, m.name = strings.Split(found[1], "."), found[2]
				}
				list = append(list, m)
			}
		}
		return true
	})
	if len(list) < 10 {
		tb.Fatal("this test looks for the wrong thing")
	}
	return list
}

func typeOf(tb testing.TB, d protoreflect.MessageDescriptor) protoreflect.MessageType {
	tb.Helper()
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func verbOf(rule *annotations.HttpRule) (verb, path string) {
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return http.MethodGet, p.Get
	case *annotations.HttpRule_Post:
		return http.MethodPost, p.Post
	case *annotations.HttpRule_Patch:
		return http.MethodPatch, p.Patch
	case *annotations.HttpRule_Put:
		return http.MethodPut, p.Put
	case *annotations.HttpRule_Delete:
		return http.MethodDelete, p.Delete
	}
	return "", ""
}

// nameIn is a name of the method's kind in the console of the account ID.
func (m method) nameIn(accountID string) string {
	return strings.ReplaceAll(strings.Replace(m.name, "*", accountID, 1), "*", "any")
}

// request names a resource and says nothing else.
func (m method) request(name string) proto.Message {
	message := m.input.New()
	at := message
	for _, step := range m.field[:len(m.field)-1] {
		at = at.Mutable(at.Descriptor().Fields().ByName(protoreflect.Name(step))).Message()
	}
	last := protoreflect.Name(m.field[len(m.field)-1])
	at.Set(at.Descriptor().Fields().ByName(last), protoreflect.ValueOfString(name))
	return message.Interface()
}

// TestForeignAndUnknownAreOneAnswer asks every method about a console that is another's and one that does not exist, by gRPC
// and REST.
func TestForeignAndUnknownAreOneAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign, unknown := string(w.B.AccountID), string(console.NewAccountID([7]byte{77}))
	for _, m := range everyMethod(t) {
		if strings.HasPrefix(m.path, "/v1/vendor/") {
			continue // TestVendorIsForOperators
		}
		if m.name == "" {
			if m.full != "/psc.v1.ConsoleService/ListConsoles" {
				t.Errorf("%s names no console: who may call it?", m.full)
			}
			continue
		}
		if !strings.HasPrefix(m.name, "consoles/*") {
			t.Errorf("%s acts outside the consoles: %s", m.full, m.name)
			continue
		}
		var told []*status.Status
		for _, accountID := range []string{foreign, unknown, "garbage"} {
			err := w.conn.Invoke(w.as("Console A"), m.full, m.request(m.nameIn(accountID)), m.reply.New().Interface())
			told = append(told, status.Convert(err))
		}
		for _, s := range told {
			if s.Code() != codes.NotFound || !proto.Equal(s.Proto(), told[0].Proto()) {
				t.Errorf("%s: %v\nand: %v", m.full, told[0].Proto(), s.Proto())
			}
		}
		for _, accountID := range []string{foreign, unknown} {
			code, body := w.rest("Console A", m.verb, m.restPath(accountID), restBody(m.verb))
			if code != http.StatusNotFound || reasonOf(body) != "CONSOLE_NOT_FOUND" {
				t.Errorf("%s %s: %d %v", m.verb, m.restPath(accountID), code, body)
			}
		}
	}
}

// TestNobodyCallsWithoutAToken: every method is closed to whom it does not know.
func TestNobodyCallsWithoutAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, m := range everyMethod(t) {
		err := w.conn.Invoke(t.Context(), m.full, m.input.New().Interface(), m.reply.New().Interface())
		if status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s without a token: %v", m.full, err)
		}
		if code, body := w.rest("nobody", m.verb, m.restPath(string(w.A.AccountID)), restBody(m.verb)); code != http.StatusUnauthorized {
			t.Errorf("%s %s: %d %v", m.verb, m.path, code, body)
		}
	}
}

func (m method) restPath(accountID string) string {
	begin, end := strings.Index(m.path, "{"), strings.Index(m.path, "}")
	if begin < 0 {
		return m.path
	}
	return m.path[:begin] + m.nameIn(accountID) + m.path[end+1:]
}

func restBody(verb string) string {
	if verb == http.MethodGet {
		return ""
	}
	return "{}"
}

// reasonOf returns the reason of an error as REST tells it.
func reasonOf(body map[string]any) string {
	failure, _ := body["error"].(map[string]any)
	details, _ := failure["details"].([]any)
	for _, d := range details {
		if detail, _ := d.(map[string]any); detail["@type"] == "type.googleapis.com/google.rpc.ErrorInfo" {
			reason, _ := detail["reason"].(string)
			return reason
		}
	}
	return ""
}
