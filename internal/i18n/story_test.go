package i18n_test

import (
	"go/ast"
	"testing"

	"psc/internal/console"
)

// stories are the literals that are told later: by type and field, where their messages stand.
var stories = []struct{ kind, field, below string }{
	{"entry", "Action", "audit."},
	{"Notice", "Kind", "notice."},
}

// TestWhatHappensHasItsSentence finds every event of the audit trail and every notice whose kind stands in the source,
// and wants a message for it.
func TestWhatHappensHasItsSentence(t *testing.T) {
	t.Parallel()
	messages := readAll(t, "en")
	found := 0
	for _, files := range sourceFiles(t) {
		constants := textConstants(files)
		for _, file := range files {
			ast.Inspect(file.tree, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok {
					return true
				}
				for _, s := range stories {
					if typeName(lit.Type) != s.kind {
						continue
					}
					key, ok := literal(fieldOf(lit, s.field), constants)
					if !ok { // put together from a state, and covered where it is shown
						continue
					}
					found++
					if s.kind == "Notice" && !console.TopicOf(key).Valid() {
						t.Errorf("%s: %q has no topic", file.set.Position(n.Pos()), key)
					}
					if messages[s.below+key] == nil {
						t.Errorf("%s: no message %q", file.set.Position(n.Pos()), s.below+key)
					}
				}
				return true
			})
		}
	}
	if found < 10 {
		t.Errorf("only %d were found", found)
	}
}

func typeName(e ast.Expr) string {
	switch v := e.(type) {
	case *ast.Ident:
		return v.Name
	case *ast.SelectorExpr:
		return v.Sel.Name
	}
	return ""
}

func fieldOf(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}
