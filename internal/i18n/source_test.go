package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// keyArgument says where each maker of a fault takes its message key; the arguments follow it.
var keyArgument = map[string]int{"New": 1, "InvalidField": 1, "Wrap": 2}

// TestFaultsOfTheSourceHaveMessages finds every message key that the source gives to package fault, also
// in the literals fault.Error and fault.Field, and wants a message for it that names the arguments given.
func TestFaultsOfTheSourceHaveMessages(t *testing.T) {
	t.Parallel()
	messages := readAll(t, "en")
	found := 0
	for _, files := range sourceFiles(t) {
		constants := textConstants(files)
		for _, file := range files {
			ast.Inspect(file.tree, func(n ast.Node) bool {
				key, args := faultOf(n)
				if key == nil {
					return true
				}
				text, ok := literal(key, constants)
				if !ok { // handed on from a caller, which is looked at itself
					return true
				}
				found++
				where := file.set.Position(n.Pos()).String()
				message := messages[text]
				if message == nil {
					t.Errorf("%s: no message %q", where, text)
					return true
				}
				if given, ok := argumentNames(args); ok {
					for _, name := range message.variables() {
						if !slices.Contains(given, name) {
							t.Errorf("%s: message %q names %q, which is not among %v", where, text, name, given)
						}
					}
				}
				return true
			})
		}
	}
	t.Logf("%d faults looked at", found)
}

// faultOf returns the expressions of key and arguments if n makes a fault.
func faultOf(n ast.Node) (key, args ast.Expr) {
	switch v := n.(type) {
	case *ast.CallExpr:
		at, ok := keyArgument[faultName(v.Fun)]
		if !ok || len(v.Args) != at+2 {
			return nil, nil
		}
		return v.Args[at], v.Args[at+1]
	case *ast.CompositeLit:
		if name := faultName(v.Type); name != "Error" && name != "Field" {
			return nil, nil
		}
		for _, e := range v.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				switch name, _ := kv.Key.(*ast.Ident); name.Name {
				case "Key":
					key = kv.Value
				case "Args":
					args = kv.Value
				}
			}
		}
		return key, args
	}
	return nil, nil
}

// faultName returns N of fault.N.
func faultName(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "fault" {
			return s.Sel.Name
		}
	}
	return ""
}

func literal(e ast.Expr, constants map[string]string) (string, bool) {
	switch v := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(v.Value)
		return text, err == nil
	case *ast.Ident:
		text, ok := constants[v.Name]
		return text, ok
	}
	return "", false
}

// argumentNames returns the names in a fault.Args literal; false if they cannot be read off the source.
func argumentNames(args ast.Expr) ([]string, bool) {
	switch v := args.(type) {
	case nil:
		return nil, true
	case *ast.Ident:
		return nil, v.Name == "nil"
	case *ast.CompositeLit:
		names := map[string]bool{}
		for _, e := range v.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return nil, false
			}
			name, ok := literal(kv.Key, nil)
			if !ok {
				return nil, false
			}
			names[name] = true
		}
		return slices.Collect(maps.Keys(names)), true
	}
	return nil, false
}

type sourceFile struct {
	set  *token.FileSet
	tree *ast.File
}

// sourceFiles parses the hand-written Go files of the repository, by directory.
func sourceFiles(t *testing.T) map[string][]sourceFile {
	t.Helper()
	files := map[string][]sourceFile{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "var" || name == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files[filepath.Dir(path)] = append(files[filepath.Dir(path)], sourceFile{set, tree})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// textConstants returns the string constants of a package by name.
func textConstants(files []sourceFile) map[string]string {
	constants := map[string]string{}
	for _, file := range files {
		for _, decl := range file.tree.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for i, name := range value.Names {
					if i < len(value.Values) {
						if text, ok := literal(value.Values[i], nil); ok {
							constants[name.Name] = text
						}
					}
				}
			}
		}
	}
	return constants
}
