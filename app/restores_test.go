package app

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/restore"
	"gsl/tenants"
)

// keepCopies makes the second line's copies of every file.
func (h *house) keepCopies() {
	h.t.Helper()
	err := h.app.Files.CopyAll(context.Background(), "2026-11-21", tenants.Rounds{Tell: func(file string, err error) {
		if err != nil {
			h.t.Errorf("%s: %v", file, err)
		}
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// restored is the id of a copy of the municipality that is ready to be decided on.
func (h *house) restored(code string) string {
	h.t.Helper()
	list, err := h.app.Restore.List(context.Background(), access.Console())
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range list {
		if list[i].Code == code && list[i].State == restore.Ready {
			return list[i].ID
		}
	}
	h.keepCopies()
	r, err := h.app.Restore.Make(context.Background(), access.Console(), restore.Order{Municipality: code, Source: tenants.FromCopy}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.ID
}

// askFor asks for a copy on the page and waits until it is ready.
func (h *house) askFor(admin *visitor, code string) string {
	h.t.Helper()
	got := admin.post("/admin/restores", url.Values{"municipality": {code}, "source": {"copy"}})
	at := got.header.Get("Location")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(at, "/admin/restores/") {
		h.t.Fatalf("asked: %d %s\n%s", got.status, at, got.body)
	}
	for {
		page := admin.get(at)
		if !strings.Contains(page.body, "Haciéndose") {
			if !strings.Contains(page.body, "Lista para decidir") {
				h.t.Fatalf("made: %d\n%s", page.status, page.body)
			}
			return strings.TrimPrefix(at, "/admin/restores/")
		}
	}
}

// The whole way: a copy is asked for, its municipality's counterpart looks
// inside while others work, it takes the place of the file, and what was there
// is kept. The administration sees no name.
func TestACopyIsAskedForLookedAtAndTakesThePlaceOfTheFile(t *testing.T) {
	h := newHouse(t)
	admin, worker := h.as(access.NationalAdmin, ""), h.as(access.CaseManager, "05802")
	counterpart, stranger := h.as(access.Counterpart, "05802"), h.as(access.Counterpart, "06304")
	admin.get("/admin/restores")
	old := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	h.keepCopies()
	worker.get("/")
	if got := worker.post("/lookup", url.Values{"run": {people.RUNOf(13_131_313).Format()}}); got.status != http.StatusSeeOther {
		t.Fatalf("a new person: %d\n%s", got.status, got.body)
	}
	fresh := h.one("05802", `SELECT id FROM file ORDER BY id DESC LIMIT 1`)
	id := h.askFor(admin, "05802")

	page := admin.get("/admin/restores/" + id)
	for _, name := range strings.Split(h.one("05802", `SELECT group_concat(given_names || ' ' || surnames, '|') FROM file WHERE surnames <> ''`), "|") {
		if strings.Contains(page.body, name) {
			t.Errorf("the administration sees the name %q", name)
		}
	}
	for _, want := range []string{"Personas con ficha", "−1", "Todas las páginas", "está completa", "no hay nadie"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}

	const banner = "Copia restaurada: no es su municipalidad de hoy"
	if got := stranger.get("/settings/restores"); strings.Contains(got.body, id) {
		t.Error("another municipality's counterpart sees the copy")
	}
	if got := stranger.post("/settings/restores/look", url.Values{"restore": {id}}); got.status != http.StatusNotFound {
		t.Errorf("another municipality's counterpart looks: %d", got.status)
	}
	if got := counterpart.get("/settings/restores"); !strings.Contains(got.body, id) || strings.Contains(got.body, banner) {
		t.Error("the counterpart does not see the copy")
	}
	if got := counterpart.post("/settings/restores/look", url.Values{"restore": {id}}); got.status != http.StatusSeeOther {
		t.Fatalf("the counterpart looks: %d\n%s", got.status, got.body)
	}
	before := h.views("05802", old)
	for _, path := range []string{"/", "/search", "/files/" + old + "/screening", "/settings", "/settings/restores", "/monitor"} {
		if got := counterpart.get(path); got.status != http.StatusOK || !strings.Contains(got.body, banner) {
			t.Errorf("in the copy %s answered %d, banner %v", path, got.status, strings.Contains(got.body, banner))
		}
	}
	if got := h.views("05802", old); got != before+1 {
		t.Errorf("%d looks are in the live trail, want %d", got, before+1)
	}
	if got := counterpart.get("/files/" + fresh + "/screening"); got.status != http.StatusNotFound {
		t.Errorf("a person who came later is in the copy: %d", got.status)
	}
	if got := counterpart.post("/lookup", url.Values{"run": {h.runOf("05802", old)}}); got.status != http.StatusSeeOther {
		t.Errorf("looking somebody up in the copy: %d", got.status)
	}
	before = h.views("05802", old)
	if got := counterpart.post("/search", url.Values{"q": {h.one("05802", `SELECT given_names || ' ' || surnames FROM file WHERE id = '`+old+`'`)}}); got.status >= 400 || h.views("05802", old) == before {
		t.Errorf("a search in the copy answered %d and left no trail of whose name it showed", got.status)
	}
	contents := h.contents("05802")
	for _, path := range []string{"/settings", "/settings/model", "/settings/units"} {
		if got := counterpart.post(path, url.Values{"model": {"2"}}); got.status != http.StatusForbidden || !strings.Contains(got.body, "Salga de la copia") {
			t.Errorf("a change in the copy: %s answered %d", path, got.status)
		}
	}
	if got := counterpart.get("/monitor.csv"); got.status != http.StatusForbidden {
		t.Errorf("a paper of the copy: %d", got.status)
	}
	if h.contents("05802") != contents {
		t.Error("the live file was changed from within the copy")
	}
	if got := worker.get("/files/" + fresh + "/screening"); got.status != http.StatusOK || strings.Contains(got.body, banner) {
		t.Errorf("the desk sees the copy: %d", got.status)
	}
	if page = admin.get("/admin/restores/" + id); !strings.Contains(page.body, "Mirando dentro ahora") {
		t.Error("the administration does not see that somebody looks inside")
	}

	if got := admin.post("/admin/restores/"+id, url.Values{"act": {"swap"}}); got.status != http.StatusSeeOther {
		t.Fatalf("exchanged: %d\n%s", got.status, got.body)
	}
	page = admin.get("/admin/restores/" + id)
	if !strings.Contains(page.body, "Cambiada") || !strings.Contains(page.body, "kept/05802-") {
		t.Errorf("after the exchange the page says\n%s", page.body)
	}
	if got := admin.post("/admin/restores/"+id, url.Values{"act": {"swap"}}); got.status != http.StatusConflict {
		t.Errorf("exchanged twice: %d", got.status)
	}
	if got := worker.get("/files/" + fresh + "/screening"); got.status != http.StatusNotFound {
		t.Errorf("a person who came later is still there: %d", got.status)
	}
	if got := worker.get("/files/" + old + "/screening"); got.status != http.StatusOK {
		t.Errorf("a person who was there: %d", got.status)
	}
	if got := counterpart.get("/settings"); got.status != http.StatusOK || strings.Contains(got.body, banner) {
		t.Errorf("the counterpart is still in the copy: %d", got.status)
	}
	kept, _ := filepath.Glob(filepath.Join(h.config.Data, "kept", "05802-*", "*.db"))
	if len(kept) != 1 {
		t.Errorf("kept: %v", kept)
	}
	if err := audit.Verify(context.Background(), h.municipality("05802")); err != nil {
		t.Error(err)
	}
	if err := audit.VerifyChanges(context.Background(), h.app.Files.National()); err != nil {
		t.Error(err)
	}
	if trail := h.national(`SELECT group_concat(action, ' ') FROM (SELECT action FROM audit WHERE action LIKE 'restore.%' ORDER BY seq)`); trail != "restore.ask restore.look restore.swapped" {
		t.Errorf("the trail says %q", trail)
	}
}

// runOf is the RUN of a file as people write it.
func (h *house) runOf(code, file string) string {
	h.t.Helper()
	page := h.as(access.CaseManager, code).get("/files/" + file + "/screening")
	_, after, _ := strings.Cut(page.body, "RUN")
	_, after, _ = strings.Cut(after, "<b>")
	run, _, found := strings.Cut(after, "</b>")
	if !found {
		h.t.Fatal("no RUN on the page")
	}
	return strings.TrimSpace(run)
}

// A damaged file answers a plain 503 and is mended without a restart; the other
// municipality notices nothing.
func TestADamagedFileIsMendedWhileTheOthersWork(t *testing.T) {
	h := newHouse(t)
	admin, worker, other := h.as(access.NationalAdmin, ""), h.as(access.CaseManager, "05802"), h.as(access.CaseManager, "06304")
	h.keepCopies()
	path := filepath.Join(h.config.Data, "municipalities", h.municipality("05802").ID+".db")
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	got := worker.get("/inbox")
	for range 3 {
		got = worker.get("/inbox")
	}
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "no se puede leer en este momento") {
		t.Errorf("a damaged file answers %d\n%s", got.status, got.body)
	}
	if got := other.get("/inbox"); got.status != http.StatusOK {
		t.Errorf("another municipality: %d", got.status)
	}
	admin.get("/admin/restores")
	id := h.askFor(admin, "05802")
	if page := admin.get("/admin/restores/" + id); !strings.Contains(page.body, "no hay con qué comparar") {
		t.Error("the page does not say that the live file cannot be read")
	}
	if got := admin.post("/admin/restores/"+id, url.Values{"act": {"swap"}}); got.status != http.StatusSeeOther {
		t.Fatalf("exchanged: %d\n%s", got.status, got.body)
	}
	if got := worker.get("/inbox"); got.status != http.StatusOK {
		t.Errorf("after the restore: %d\n%s", got.status, got.body)
	}
}

// What is wrong with an order is said beside its field, and one municipality has
// one restore at a time.
func TestAnOrderForACopyIsChecked(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.NationalAdmin, "")
	admin.get("/admin/restores")
	for _, test := range []struct {
		form url.Values
		want string
	}{
		{url.Values{"source": {"replica"}}, "elija una municipalidad"},
		{url.Values{"municipality": {"99999"}, "source": {"replica"}}, "elija una municipalidad"},
		{url.Values{"municipality": {"05802"}, "source": {"tape"}}, "elija desde dónde"},
		{url.Values{"municipality": {"05802"}, "source": {"replica"}, "day": {"31-02-2026"}}, "escriba el día como"},
		{url.Values{"municipality": {"05802"}, "source": {"replica"}, "day": {"21-11-2026"}, "time": {"25:00"}}, "escriba la hora como"},
		{url.Values{"municipality": {"05802"}, "source": {"replica"}, "time": {"10:00"}}, "escriba el día como"},
		{url.Values{"municipality": {"05802"}, "source": {"replica"}, "day": {"21-11-2126"}}, "todavía no llega"},
	} {
		got := admin.post("/admin/restores", test.form)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, test.want) {
			t.Errorf("%v: %d, says %q: %v", test.form, got.status, test.want, strings.Contains(got.body, test.want))
		}
	}
	id := h.restored("05802")
	got := admin.post("/admin/restores", url.Values{"municipality": {"05802"}, "source": {"copy"}})
	if got.status != http.StatusConflict || !strings.Contains(got.body, "ya tiene una restauración en curso") {
		t.Errorf("a second one: %d", got.status)
	}
	admin.get("/admin/restores/" + id)
	if got := admin.post("/admin/restores/"+id, url.Values{"act": {"discard"}}); got.status != http.StatusSeeOther {
		t.Errorf("discarded: %d", got.status)
	}
	if left, _ := os.ReadDir(filepath.Join(h.config.Data, "restores")); len(left) != 0 {
		t.Errorf("%d copies are left", len(left))
	}
	if got := admin.post("/admin/restores/"+id, url.Values{"act": {"discard"}}); got.status != http.StatusConflict {
		t.Errorf("discarded twice: %d", got.status)
	}
	if got := admin.get("/admin/restores/" + strings.Repeat("0", 36)); got.status != http.StatusNotFound {
		t.Errorf("an unknown one: %d", got.status)
	}
}

// The counterpart finds herself in the copy again after the program was started
// anew: nobody is back in the live file without having asked.
func TestALookOutlivesARestart(t *testing.T) {
	h := newHouse(t)
	id := h.restored("05802")
	counterpart := h.as(access.Counterpart, "05802")
	counterpart.get("/settings/restores")
	counterpart.post("/settings/restores/look", url.Values{"restore": {id}})
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	h.open()
	counterpart.base = h.url
	if got := counterpart.get("/settings/restores"); !strings.Contains(got.body, "Copia restaurada: no es") {
		t.Errorf("after a restart: %d, without the banner", got.status)
	}
	if got := counterpart.post("/settings/restores/leave", nil); got.status != http.StatusSeeOther {
		t.Errorf("left: %d", got.status)
	}
	if got := counterpart.get("/settings"); strings.Contains(got.body, "Copia restaurada: no es") {
		t.Error("still in the copy")
	}
	if got := counterpart.post("/settings/restores/leave", nil); got.status != http.StatusSeeOther {
		t.Errorf("left twice: %d", got.status)
	}
}

// A copy that is not there any more: whoever believed to be in it does not act in
// the live file unawares, is told once, and is back there with the next page.
func TestALookIntoALostCopyFailsClosed(t *testing.T) {
	h := newHouse(t)
	id, counterpart := h.restored("05802"), h.as(access.Counterpart, "05802")
	counterpart.get("/settings/restores")
	counterpart.post("/settings/restores/look", url.Values{"restore": {id}})
	if err := h.app.Files.DiscardCopy(id); err != nil {
		t.Fatal(err)
	}
	before := h.one("05802", `SELECT count(*) FROM file`)
	if got := counterpart.post("/lookup", url.Values{"run": {people.RUNOf(13_131_314).Format()}}); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "La copia que usted miraba") {
		t.Errorf("an act in the lost copy: %d", got.status)
	}
	if now := h.one("05802", `SELECT count(*) FROM file`); now != before {
		t.Errorf("the live file was written to: %s files, %s before", now, before)
	}
	if got := counterpart.get("/settings"); got.status != http.StatusOK || strings.Contains(got.body, "Copia restaurada: no es") {
		t.Errorf("the page after: %d, still in the copy", got.status)
	}
}

// A copy is no way around the cap on lookups.
func TestLookupsInACopyAreCounted(t *testing.T) {
	h := newHouse(t)
	id, counterpart := h.restored("05802"), h.as(access.Counterpart, "05802")
	run := h.runOf("05802", h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`))
	counterpart.get("/settings/restores")
	counterpart.post("/settings/restores/look", url.Values{"restore": {id}})
	for n := 1; ; n++ {
		got := counterpart.post("/lookup", url.Values{"run": {run}})
		if got.status == http.StatusTooManyRequests {
			return
		}
		if got.status != http.StatusSeeOther || n > 60 {
			t.Fatalf("lookup %d: %d", n, got.status)
		}
	}
}

// The data directory is deleted, and comes back by one command from a replica
// elsewhere; a byte that is flipped in the replica is named by verify.
func TestADeletedDirectoryComesBackByCommand(t *testing.T) {
	data, elsewhere := copyDemo(t), t.TempDir()
	yml := filepath.Join(t.TempDir(), "litestream.yml")
	text := "dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: file\n      path: " + elsewhere + "/${GSL_REPLICA}\n"
	if err := os.WriteFile(yml, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	try := func(want int, args ...string) string {
		t.Helper()
		code, out, errOut := gsl(t, data, "", append(args, "--litestream", yml)...)
		if code != want {
			t.Fatalf("gsl %v: %d\n%s%s", args, code, out, errOut)
		}
		return out + errOut
	}
	if out := try(exitDone, "verify"); !strings.Contains(out, "ok   replica of national.db") || strings.Contains(out, "BAD") {
		t.Errorf("verify: %s", out)
	}
	before := try(exitDone, "user", "list")
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if out := try(exitDone, "restore", "--all"); !strings.Contains(out, "8 files restored and checked") {
		t.Errorf("restore --all: %s", out)
	}
	if after := try(exitDone, "user", "list"); after != before {
		t.Errorf("the roster is another one:\n%s\n%s", before, after)
	}
	if out := try(exitDone, "verify"); strings.Contains(out, "BAD") {
		t.Errorf("verify: %s", out)
	}
	pieces, err := filepath.Glob(filepath.Join(elsewhere, "municipalities", "*", "e2", "main", "ltx", "*", "*.ltx"))
	if err != nil || len(pieces) == 0 {
		t.Fatalf("pieces of the replicas: %v %v", pieces, err)
	}
	spoiled, err := os.ReadFile(pieces[0])
	if err != nil {
		t.Fatal(err)
	}
	spoiled[len(spoiled)/2] ^= 4
	if err := os.WriteFile(pieces[0], spoiled, 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.Split(strings.TrimPrefix(pieces[0], elsewhere+"/municipalities/"), "/")[0]
	out := try(exitFailed, "verify")
	if !strings.Contains(out, "BAD  replica of municipalities/"+id+".db") || strings.Count(out, "BAD") != 1 {
		t.Errorf("verify with a flipped byte in the replica of %s: %s", id, out)
	}
}

func TestRestoreByCommandSaysWhatItWants(t *testing.T) {
	data := copyDemo(t)
	for _, args := range []string{"", "--all --municipality 05802", "--all --to x", "--municipality 05802 --at yesterday", "--municipality 05802 --from tape",
		"--municipality 05802 --to-trail x", "--municipality 05802 --point before-00001 --at 2026-11-21", "05802"} {
		if code, _, errOut := gsl(t, data, "", append([]string{"restore"}, strings.Fields(args)...)...); code != exitUsage || strings.Count(errOut, "\n") != 1 {
			t.Errorf("gsl restore %s: %d %q", args, code, errOut)
		}
	}
	gsl(t, data, "", "backup", "status") // which waits until the replicas hold something
	out := filepath.Join(t.TempDir(), "limache.db")
	for want, args := range map[int][]string{
		exitFailed: {"restore", "--municipality", "05802", "--point", "before-99999"},
		exitDone:   {"restore", "--municipality", "05802", "--to", out, "--to-trail", out + ".trail"},
	} {
		if code, said, errOut := gsl(t, data, "", args...); code != want {
			t.Errorf("gsl %v: %d %s %s", args, code, said, errOut)
		}
	}
	if info, err := os.Stat(out); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("written: %v %v", info, err)
	}
}

// The jobs of the night leave what they found on the administration's page; a
// file that cannot be copied is named there, and stops no other.
func TestTheNightsResultsAreShown(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.NationalAdmin, "")
	if page := admin.get("/admin/restores"); !strings.Contains(page.body, "Todavía no hay copias diarias") || !strings.Contains(page.body, "No hay réplica configurada") {
		t.Error("before the first night the page does not say so")
	}
	path := filepath.Join(h.config.Data, "municipalities", h.municipality("06304").ID+".db")
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	day, since := calendar.On(time.Now()), time.Now().Add(-time.Minute)
	for range 2 { // cut short and gone on with: what was done is not done again
		if err := h.app.copyAll(context.Background(), day, since); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.app.drillAll(context.Background(), day, since); err != nil {
		t.Fatal(err)
	}
	page := admin.get("/admin/restores")
	for _, want := range []string{"7 de 8 archivos tienen su copia diaria", "Lolol", "no se pudo copiar", "Nunca resultó", "mismo disco"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
