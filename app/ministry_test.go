package app

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/sheet"
	"gsl/app/national"
	"gsl/tenants"
)

// export gives the id of an encrypted copy of a municipality's files.
func (h *house) export(code string) string {
	h.t.Helper()
	var id string
	ready := func() error {
		return h.app.Files.National().View(context.Background(), func(tx *tenants.Tx) error {
			return tx.QueryRow(`SELECT id FROM municipality_export WHERE state = 'ready' LIMIT 1`).Scan(&id)
		})
	}
	if ready() == nil {
		return id
	}
	lock := national.Lock{Passphrase: "cuatro caballos cruzan el puente", Repeat: "cuatro caballos cruzan el puente"}
	e, err := h.app.National.Export(context.Background(), access.Console(), h.municipality(code).ID, lock, "")
	if err != nil {
		h.t.Fatal(err)
	}
	h.app.National.Settle()
	return e.ID
}

// batch gives the id of a table of municipalities that was checked.
func (h *house) batch() string {
	h.t.Helper()
	text := "comuna\n12201\n"
	b, err := h.app.National.Check(context.Background(), access.Console(), sheet.NewFile("x.csv", strings.NewReader(text), int64(len(text))))
	if err != nil {
		h.t.Fatal(err)
	}
	return b.ID
}

// The national administration asks for every page that there is: of those that
// belong to a municipality none exists, whatever their address.
func TestTheNationalAdministrationSeesNobody(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.NationalAdmin, "05802")
	own := access.PermissionsOf(access.NationalAdmin, "")
	name := h.one("05802", `SELECT trim(given_names || ' ' || surnames) FROM file f JOIN plan ON plan.file_id = f.id WHERE given_names <> '' LIMIT 1`)
	refused := 0
	for _, route := range h.app.Routes() {
		if isPublic(route) || leavesTheSession(route.Path) {
			continue
		}
		got := v.send(route.Method, h.fill("05802", route.Path), url.Values{}, nil)
		if strings.Contains(got.body, name) {
			t.Errorf("%s %s shows a person", route.Method, route.Path)
		}
		if own.Has(route.Permission) {
			continue
		}
		refused++
		if got.status != http.StatusNotFound {
			t.Errorf("%s %s answered %d", route.Method, route.Path, got.status)
		}
	}
	if refused < 60 {
		t.Errorf("only %d routes were refused", refused)
	}
}

// Suspended: its people see a plain page from their next request on, and work
// again when it is brought back; the others notice nothing.
func TestASuspendedMunicipalityGetsAPlainPage(t *testing.T) {
	h := newHouse(t)
	admin, inside, other := h.as(access.NationalAdmin, ""), h.as(access.CaseManager, "05802"), h.as(access.CaseManager, "06304")
	at := "/admin/municipalities/" + h.municipality("05802").ID
	file := h.fill("05802", "/files/:file/screening")
	move := func(to, reason string, want int) {
		t.Helper()
		admin.get(at)
		if got := admin.post(at+"/status", url.Values{"to": {to}, "reason": {reason}}); got.status != want {
			t.Fatalf("to %s answered %d:\n%s", to, got.status, got.body)
		}
	}
	move("suspended", " ", http.StatusUnprocessableEntity)
	move("suspended", "Convenio vencido", http.StatusSeeOther)
	for _, path := range []string{"/", file, "/inbox", "/settings"} {
		got := inside.get(path)
		if got.status != http.StatusForbidden || !strings.Contains(got.body, "Todo lo guardado sigue en su lugar") || strings.Contains(got.body, `class="person"`) {
			t.Errorf("GET %s answered %d", path, got.status)
		}
	}
	if got := inside.get("/account"); got.status != http.StatusOK {
		t.Errorf("their own account answered %d", got.status)
	}
	if got := other.get("/"); got.status != http.StatusOK {
		t.Errorf("the other municipality answered %d", got.status)
	}
	move("archived", "Se retira", http.StatusSeeOther)
	if got := inside.get(file); got.status != http.StatusForbidden {
		t.Errorf("archived: answered %d", got.status)
	}
	move("active", "", http.StatusSeeOther)
	if got := inside.get(file); got.status != http.StatusOK {
		t.Errorf("brought back: answered %d", got.status)
	}
}

var (
	formKey  = regexp.MustCompile(`name="key" value="([^"]+)"`)
	linkOnce = regexp.MustCompile(`value="http://[^"]*(/?invite/[\w-]+)"`)
)

// From the form to the counterpart's first page: made once, whoever presses
// twice, and the link shown to who asked.
func TestProvisionByPage(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.NationalAdmin, "")
	got := v.get("/admin/municipalities/new")
	if got.status != http.StatusOK || !strings.Contains(got.body, "Limache · ya está") || strings.Count(got.body, "<option") < 345+72 {
		t.Fatalf("the form answered %d", got.status)
	}
	form := url.Values{"key": {formKey.FindStringSubmatch(got.body)[1]}, "place": {"12201"}, "model": {"2"}, "module": {"families"}, "template": {"05802"},
		"unit": {"omil", "vivienda"}, "run": {"12.345.678-5"}, "given_names": {"Marta"}, "surnames": {"Soto"}}
	wrong := url.Values{"run": {"12.345.678-9"}, "place": {""}}
	for name, values := range form {
		if wrong[name] == nil {
			wrong[name] = values
		}
	}
	if got := v.post("/admin/municipalities", wrong); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Marta"`) || !strings.Contains(got.body, "#f-place") || !strings.Contains(got.body, "#f-run") {
		t.Errorf("a wrong form answered %d:\n%s", got.status, got.body)
	}
	first, again := v.post("/admin/municipalities", form), v.post("/admin/municipalities", form)
	link := linkOnce.FindStringSubmatch(first.body)
	if first.status != http.StatusOK || link == nil || first.status != again.status || !strings.Contains(again.body, link[1]) {
		t.Fatalf("answered %d and %d:\n%s", first.status, again.status, first.body)
	}
	form.Set("key", "another tab")
	if got := v.post("/admin/municipalities", form); got.status != http.StatusOK || linkOnce.MatchString(got.body) || !strings.Contains(got.body, "ya estaba") {
		t.Errorf("another tab answered %d:\n%s", got.status, got.body)
	}
	if list := v.get("/admin/municipalities?q=hornos"); strings.Count(list.body, "Cabo de Hornos") != 1 {
		t.Errorf("the list:\n%s", list.body)
	}
	if got := h.visitor().get("/" + strings.TrimPrefix(link[1], "/")); got.status != http.StatusOK {
		t.Errorf("the invitation answered %d", got.status)
	}
	if model := h.municipality("12201").Model(); model != 2 {
		t.Errorf("model %d", model)
	}
}

// A stranger to the platform finds it begun again after a crash in the middle.
func TestServeFinishesWhatWasBegun(t *testing.T) {
	h := newHouse(t)
	killed := context.Canceled
	h.app.Files.CrashAt(func(step string) error {
		if step == "municipal renamed" {
			return killed
		}
		return nil
	})
	if _, err := h.app.National.Provision(context.Background(), access.Console(), national.Order{Code: "12201"}, "", ""); err == nil {
		t.Fatal("not killed")
	}
	v := h.as(access.NationalAdmin, "")
	if got := v.get("/admin"); !strings.Contains(got.body, "Cabo de Hornos") {
		t.Error("the first page does not tell what stands half made")
	}
	h.app.Files.CrashAt(nil)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	h.app.National.Resume(context.Background())
	h.app.National.Run(ctx)
	if status := h.municipality("12201").Status(); status != tenants.Active {
		t.Errorf("status %s", status)
	}
}

// The console does what the page does: a table with its errors, a link printed
// once, suspended and handed over.
func TestMunicipalitiesByCommand(t *testing.T) {
	data, table := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "m.csv")
	if err := os.WriteFile(table, []byte("comuna;modelo;run;nombres;apellidos\n5802;2;12.345.678-5;Marta;Soto\nNarnia;;;;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	handed := filepath.Join(t.TempDir(), "limache.age")
	for _, step := range []struct {
		stdin string
		args  []string
		code  int
		says  string
	}{
		{"", []string{"municipality", "add", "--from", table, "--dry-run"}, exitFailed, "05802 Limache: waiting"},
		{"", []string{"municipality", "add", "--from", table}, exitFailed, "printed once"},
		{"", []string{"municipality", "add", "--from", table, "05802"}, exitUsage, ""},
		{"", []string{"municipality", "add", "13201", "--modules", "families,care", "--template", "05802"}, exitDone, "13201 Puente Alto is ready"},
		{"", []string{"municipality", "add", "058", "--template", "none"}, exitDone, "Marga Marga"},
		{"", []string{"municipality", "add", "06304", "--modules", "pools"}, exitUsage, ""},
		{"", []string{"municipality", "list", "--region", "05"}, exitDone, "Limache"},
		{"", []string{"municipality", "suspend", "05802", "--reason", "Convenio vencido"}, exitDone, "suspended"},
		{"", []string{"municipality", "list", "--status", "suspended"}, exitDone, "05802"},
		{"corta\n", []string{"municipality", "export", "05802", "--passphrase"}, exitFailed, ""},
		{"cuatro caballos cruzan el puente\n", []string{"municipality", "export", "05802", "--passphrase", "--to", handed}, exitDone, ""},
		{"", []string{"municipality", "archive", "05802"}, exitDone, "archived"},
	} {
		code, out, errOut := gsl(t, data, step.stdin, step.args...)
		if code != step.code || !strings.Contains(out, step.says) {
			t.Errorf("gsl %v: %d %q %q", step.args, code, out, errOut)
		}
	}
	if text, err := os.ReadFile(handed); err != nil || !strings.HasPrefix(string(text), "age-encryption.org/v1") {
		t.Errorf("handed over: %.30q %v", text, err)
	}
}
