package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The same keys in both languages, with the same places and plural forms.
func TestLanguagesSayTheSame(t *testing.T) {
	es, en := dictionaryOf(Spanish), dictionaryOf(English)
	for key := range es.plain {
		if _, ok := en.plain[key]; !ok {
			t.Errorf("%s has no English text", key)
		}
	}
	for key, text := range en.plain {
		if _, ok := es.plain[key]; !ok {
			t.Errorf("%s has no Spanish text", key)
			continue
		}
		if places(text) != places(es.plain[key]) {
			t.Errorf("%s has other values in English (%s) than in Spanish (%s)", key, places(text), places(es.plain[key]))
		}
		if (es.forms[key].one == nil) != (en.forms[key].one == nil) {
			t.Errorf("%s has plural forms in one language only", key)
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(es.plain[key]) == "" {
			t.Errorf("%s is blank", key)
		}
	}
}

func places(text string) string {
	var names []string
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// A key begins with the name of its file: one looks for it in one place.
func TestKeysStandInTheirCapabilitysFile(t *testing.T) {
	for _, lang := range Languages() {
		files, err := fs.Glob(locales, "locales/"+lang+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			d, err := load(one{file}, lang)
			if err != nil {
				t.Fatal(err)
			}
			room := strings.TrimSuffix(filepath.Base(file), ".json")
			for key := range d.plain {
				if !strings.HasPrefix(key, room+".") {
					t.Errorf("%s: %s does not begin with %q", file, key, room+".")
				}
			}
		}
	}
}

// one is the embedded files with only one to be found.
type one struct{ name string }

func (f one) Open(name string) (fs.File, error) { return locales.Open(name) }
func (f one) Glob(pattern string) ([]string, error) {
	if ok, err := filepath.Match(pattern, f.name); !ok || err != nil {
		return nil, err
	}
	return []string{f.name}, nil
}

// Every key that the code asks for has a text, and every text is asked for. A
// key stands in the code as it is, never put together: then it can be searched
// for. A table of keys is a composite literal whose variable ends in "Keys", or
// has fields whose names are, or end in, "Key".
func TestKeysAndCodeAgree(t *testing.T) {
	u := usage{literals: map[string]bool{}, asked: map[string]string{}}
	for _, folder := range []string{"app", "templates"} {
		u.walk(t, filepath.Join(root(t), folder))
	}
	known := dictionaryOf(Spanish).plain
	for _, key := range slices.Sorted(maps.Keys(u.asked)) {
		if _, ok := known[key]; !ok {
			t.Errorf("%s asks for %q, which has no text", u.asked[key], key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if !u.literals[key] {
			t.Errorf("nobody asks for %q", key)
		}
	}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	for err == nil && dir != "/" {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// usage is which texts the source names: as any literal, and where one is asked for.
type usage struct {
	literals map[string]bool
	asked    map[string]string // key → position
}

func (u *usage) walk(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			u.see(files, n)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keyArgument is which argument of a function is a key.
var keyArgument = map[string]int{
	"T": 1, "Tf": 1, "Has": 1, // i18n
	"New": 1, "Wrap": 2, "InvalidField": 1, // fault
	"Flash": 0, // web.Ctx
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

func (u *usage) see(files *token.FileSet, n ast.Node) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, ok := literal(n); ok {
			u.literals[text] = true
		}
	case *ast.CallExpr:
		name, from := callee(n)
		at, ok := keyArgument[name]
		if ok && at < len(n.Args) && (name != "New" && name != "Wrap" || from == "fault") {
			u.ask(files, n.Args[at])
		}
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok && strings.HasSuffix(name.Name, "Key") {
			u.ask(files, n.Value)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if strings.HasSuffix(name.Name, "Keys") && i < len(n.Values) {
				u.askTable(files, n.Values[i])
			}
		}
	}
}

func callee(call *ast.CallExpr) (name, from string) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if x, ok := selector.X.(*ast.Ident); ok {
		from = x.Name
	}
	return selector.Sel.Name, from
}

func (u *usage) askTable(files *token.FileSet, value ast.Expr) {
	table, ok := value.(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, element := range table.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			u.ask(files, pair.Value)
		}
	}
}

func (u *usage) ask(files *token.FileSet, e ast.Expr) {
	if text, ok := literal(e); ok && keyShape.MatchString(text) {
		u.asked[text] = files.Position(e.Pos()).String()
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
