package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms is the direction of travel: each capability with the capabilities it
// may import. What is not here may import none. A new room is one line.
var rooms = map[string][]string{
	"access":      {},
	"document":    {"access"},
	"people":      {"access", "document"},
	"announce":    {"access"},
	"catalogue":   {"access", "document", "people"},
	"benefit":     {"access", "document", "people", "catalogue"},
	"screening":   {"access", "document", "people", "catalogue", "benefit"},
	"referral":    {"access", "document", "people", "catalogue", "benefit", "screening"},
	"casework":    {"access", "document", "people", "catalogue", "benefit", "screening"},
	"diagnosis":   {"access", "document", "people", "catalogue", "benefit", "screening", "casework"},
	"visit":       {"access", "document", "people", "catalogue", "benefit", "screening", "casework", "diagnosis"},
	"report":      {"access", "document", "people", "catalogue", "benefit", "screening", "casework", "diagnosis", "visit"},
	"plan":        {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report"},
	"attention":   {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan"},
	"agenda":      {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan", "attention"},
	"trail":       {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan", "attention"},
	"restore":     {"access"},
	"settings":    {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan", "attention"},
	"monitor":     {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan", "attention"},
	"national":    {"access", "document", "people", "catalogue", "benefit", "screening", "referral", "casework", "diagnosis", "visit", "report", "plan", "attention", "monitor"},
	"demo":        nil, // sits on top: it plays every part
	"composition": nil,
}

// source is one parsed file of the product.
type source struct {
	path    string // from the root, with slashes
	file    *ast.File
	fset    *token.FileSet
	imports []string
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{"node_modules", ".git", "tools", "faults", "data", "bin"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, filepath.Join("..", path), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		src := source{path: path, file: file, fset: fset}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			src.imports = append(src.imports, name)
		}
		list = append(list, src)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 40 {
		t.Fatalf("only %d files found: the test reads the wrong place", len(list))
	}
	return list
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// room is the capability a file belongs to, "" outside app/<capability>.
func (s source) room() string {
	parts := strings.Split(s.path, "/")
	if len(parts) < 3 || parts[0] != "app" || parts[1] == "kit" {
		return ""
	}
	return parts[1]
}

func TestImportsFollowTheDirection(t *testing.T) {
	for _, src := range sources(t) {
		if src.isTest() {
			continue // a test may play the part of the composition root
		}
		for _, imported := range src.imports {
			if wrong := wrongArrow(src, imported); wrong != "" {
				t.Errorf("%s imports %s: %s", src.path, imported, wrong)
			}
		}
	}
}

func wrongArrow(src source, imported string) string {
	inside, ours := strings.CutPrefix(imported, "gsl/")
	if !ours {
		return ""
	}
	top := strings.Split(src.path, "/")[0]
	switch {
	case top == "tenants" && strings.HasPrefix(inside, "app"):
		return "tenants imports nothing from app"
	case top == "templates" && strings.HasPrefix(inside, "app") && inside != "app/kit/i18n":
		return "templates import nothing from app but kit/i18n"
	case top == "templates" && strings.HasPrefix(inside, "tenants"):
		return "a template reads no file"
	case strings.HasPrefix(src.path, "app/kit/"):
		if strings.HasPrefix(inside, "app/") && !strings.HasPrefix(inside, "app/kit/") {
			return "the kit knows no capability"
		}
	case src.room() != "":
		return wrongRoom(src.room(), inside)
	}
	return ""
}

func wrongRoom(room, inside string) string {
	allowed, known := rooms[room]
	if !known {
		return "the room " + room + " is not in the list of rooms"
	}
	other, isApp := strings.CutPrefix(inside, "app/")
	if !isApp || strings.HasPrefix(other, "kit/") || allowed == nil {
		return ""
	}
	other = strings.Split(other, "/")[0]
	if other != room && !slices.Contains(allowed, other) {
		return room + " stands below " + other
	}
	return ""
}

func TestEchoOnlyInWeb(t *testing.T) {
	for _, src := range sources(t) {
		for _, imported := range src.imports {
			if strings.HasPrefix(imported, "github.com/labstack/echo") && !strings.HasPrefix(src.path, "app/kit/web/") {
				t.Errorf("%s imports Echo: handlers take web.Ctx", src.path)
			}
		}
	}
}

func TestSQLOnlyInStores(t *testing.T) {
	statement := regexp.MustCompile(`(?i)^\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX)\s|PRAGMA\s)`)
	for _, src := range sources(t) {
		if src.isTest() || strings.HasPrefix(src.path, "tenants/") || strings.HasPrefix(src.path, "bench/") || strings.HasSuffix(src.path, "store.go") {
			continue
		}
		if slices.Contains(src.imports, "database/sql") {
			t.Errorf("%s imports database/sql: only tenants and stores touch a file", src.path)
		}
		ast.Inspect(src.file, func(node ast.Node) bool {
			lit, ok := node.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && statement.MatchString(strings.ReplaceAll(text, "\n", " ")) {
				t.Errorf("%s: SQL outside a store", src.fset.Position(lit.Pos()))
			}
			return true
		})
	}
}

// A statement is put together by nobody: its text is a constant, its values are bound.
func TestSQLTextIsConstant(t *testing.T) {
	calls := []string{"Query", "QueryRow", "Exec", "Prepare", "QueryContext", "QueryRowContext", "ExecContext", "PrepareContext"}
	packages := constants(t)
	for _, src := range sources(t) {
		if src.isTest() || strings.HasPrefix(src.path, "tenants/") || strings.HasPrefix(src.path, "bench/") {
			continue // tenants passes on what stores wrote; its own statements are read in review
		}
		known := packages[filepath.Dir(src.path)]
		ast.Inspect(src.file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(calls, selector.Sel.Name) || len(call.Args) == 0 {
				return true
			}
			arg := call.Args[0]
			if strings.HasSuffix(selector.Sel.Name, "Context") && len(call.Args) > 1 {
				arg = call.Args[1]
			}
			if receiver, ok := selector.X.(*ast.Ident); ok && receiver.Name == "c" && selector.Sel.Name == "Query" {
				return true // web.Ctx.Query reads the address, not a file
			}
			if !isConstant(arg, known) {
				t.Errorf("%s: the SQL of %s is not a constant", src.fset.Position(call.Pos()), selector.Sel.Name)
			}
			return true
		})
	}
}

// constants lists, for each folder, the names that are declared const at any level.
func constants(t *testing.T) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, src := range sources(t) {
		dir := filepath.Dir(src.path)
		if all[dir] == nil {
			all[dir] = map[string]bool{}
		}
		ast.Inspect(src.file, func(node ast.Node) bool {
			decl, ok := node.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				return true
			}
			for _, spec := range decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					all[dir][name.Name] = true
				}
			}
			return true
		})
	}
	return all
}

func isConstant(expr ast.Expr, known map[string]bool) bool {
	switch e := expr.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.Ident:
		return known[e.Name]
	case *ast.BinaryExpr:
		return e.Op == token.ADD && isConstant(e.X, known) && isConstant(e.Y, known)
	case *ast.ParenExpr:
		return isConstant(e.X, known)
	}
	return false
}

// What the strict policy would refuse is refused here first.
func TestTemplatesKeepTheScriptRules(t *testing.T) {
	forbidden := map[string]*regexp.Regexp{
		"hx-on":            regexp.MustCompile(`hx-on`),
		"a js: value":      regexp.MustCompile(`=["']js:`),
		"a trigger filter": regexp.MustCompile(`hx-trigger="[^"]*\[`),
		"an inline style":  regexp.MustCompile(`\sstyle=`),
		"an inline script": regexp.MustCompile(`<script>`),
		"an event handler": regexp.MustCompile(`\son(click|load|change|submit|input)=`),
	}
	found := 0
	err := fs.WalkDir(os.DirFS("../templates"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".templ") {
			return err
		}
		found++
		text, err := os.ReadFile(filepath.Join("../templates", path))
		if err != nil {
			return err
		}
		for what, pattern := range forbidden {
			if at := pattern.FindIndex(text); at != nil {
				t.Errorf("templates/%s has %s: %q", path, what, text[at[0]:at[1]])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 8 {
		t.Fatalf("only %d templates found", found)
	}
}
