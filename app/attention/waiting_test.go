package attention_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// lined is a house whose desks keep waiting lists.
func lined(t *testing.T) *house {
	t.Helper()
	h := furnished(t)
	h.exec(`INSERT INTO setting (key, value) VALUES ('attention.waiting_list', 'on')`)
	h.attention.Desks = func(*tenants.Tx) ([]attention.Desk, error) {
		return []attention.Desk{{Code: access.RSHUnit, Name: "Registro Social de Hogares"}, {Code: access.SocialUnit, Name: "Asistencia Social"}}, nil
	}
	return h
}

func (h *house) colleague(n int) actor.Actor {
	who := h.front()
	who.UserID, who.Name = fmt.Sprintf("user-%d", n), fmt.Sprintf("Colega %d", n)
	return who
}

// queue puts somebody on the list of the front desk.
func (h *house) queue(name string, p attention.Priority) attention.Ticket {
	h.t.Helper()
	h.clock.Advance(time.Minute)
	t, err := h.attention.Enqueue(background, h.front(), attention.Arrival{Name: name, Priority: p})
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

func (h *house) names(who actor.Actor) string {
	h.t.Helper()
	q, err := h.attention.Waiting(background, who)
	if err != nil {
		h.t.Fatal(err)
	}
	var list []string
	for _, t := range q.Waiting {
		list = append(list, t.Name)
	}
	return strings.Join(list, ", ")
}

func TestPeopleAreCalledInOrder(t *testing.T) {
	h := lined(t)
	h.queue("Ana", attention.NoPriority)
	h.queue("Berta", attention.Older)
	h.queue("Carla", attention.NoPriority)
	h.queue("Dora", attention.Pregnancy)
	if got := h.names(h.front()); got != "Berta, Dora, Ana, Carla" {
		t.Errorf("the order is %s", got)
	}
	h.clock.Advance(10 * time.Minute)
	first, err := h.attention.CallNext(background, h.front())
	if err != nil || first.Name != "Berta" || first.State != attention.Called {
		t.Fatalf("%+v (%v)", first, err)
	}
	if again, err := h.attention.CallNext(background, h.front()); err != nil || again.ID != first.ID {
		t.Errorf("pressed twice, two were called: %+v (%v)", again, err)
	}
	q, err := h.attention.Waiting(background, h.front())
	if err != nil || q.Mine == nil || q.Mine.ID != first.ID || q.Average != 12 || len(q.Waiting) != 3 {
		t.Errorf("%+v (%v)", q, err)
	}
	if _, err := h.attention.MoveTicket(background, h.colleague(1), first.ID, attention.NotHere); !fault.Is(err, fault.Conflict) {
		t.Errorf("a colleague put away whom I called: %v", err)
	}
	if _, err := h.attention.MoveTicket(background, h.front(), first.ID, attention.NotHere); err != nil {
		t.Fatal(err)
	}
	if _, err := h.attention.MoveTicket(background, h.front(), first.ID, attention.Return); err != nil {
		t.Fatal(err)
	}
	if got := h.names(h.front()); got != "Berta, Dora, Ana, Carla" { // the place is kept
		t.Errorf("the order is %s", got)
	}
	if _, err := h.attention.MoveTicket(background, h.front(), first.ID, attention.Leave); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Dora", "Ana", "Carla"} {
		next, err := h.attention.CallNext(background, h.front())
		if err != nil || next.Name != want {
			t.Fatalf("%s (%v), want %s", next.Name, err, want)
		}
		for range 2 {
			if _, err := h.attention.MoveTicket(background, h.front(), next.ID, attention.Attend); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := h.attention.CallNext(background, h.front()); !fault.Is(err, fault.Conflict) {
		t.Errorf("nobody waits: %v", err)
	}
}

// A second click puts nobody on the list twice; another person of the same name
// comes a moment later.
func TestANameTypedOnceIsOneTicket(t *testing.T) {
	h := lined(t)
	first := h.queue("Señora Ana", attention.NoPriority)
	again, err := h.attention.Enqueue(background, h.front(), attention.Arrival{Name: "Señora Ana"})
	if err != nil || again.ID != first.ID {
		t.Errorf("a second click is ticket %d (%v)", again.Number, err)
	}
	h.clock.Advance(10 * time.Second)
	if other, err := h.attention.Enqueue(background, h.front(), attention.Arrival{Name: "Señora Ana"}); err != nil || other.Number != first.Number+1 {
		t.Errorf("another person is ticket %d (%v)", other.Number, err)
	}
}

// Ten desks call at once; nobody is called twice, and nobody is left.
func TestTwoDesksCallAtOnce(t *testing.T) {
	h := lined(t)
	for n := range 10 {
		h.queue(fmt.Sprintf("Persona %c", 'A'+n), attention.NoPriority)
	}
	var mu sync.Mutex
	called := map[string]int{}
	var wait sync.WaitGroup
	for n := range 10 {
		for range 2 { // and each presses twice
			wait.Go(func() {
				got, err := h.attention.CallNext(background, h.colleague(n))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				called[got.ID+" "+got.CalledName]++
				mu.Unlock()
			})
		}
	}
	wait.Wait()
	if len(called) != 10 {
		t.Errorf("%d were called by 10: %v", len(called), called)
	}
}

func TestThePriorityComesFromTheFile(t *testing.T) {
	h := lined(t)
	for name, tc := range map[string]struct {
		born  string
		facts catalogue.Member
		want  attention.Priority
	}{
		"older":      {"1960-11-21", catalogue.Member{}, attention.Older},
		"not yet":    {"1966-11-22", catalogue.Member{}, attention.NoPriority},
		"disability": {"1990-01-01", catalogue.Member{Disability: catalogue.Yes}, attention.Disability},
		"pregnancy":  {"1990-01-01", catalogue.Member{Pregnant: catalogue.Yes}, attention.Pregnancy},
		"carer":      {"1990-01-01", catalogue.Member{Carer: catalogue.Yes}, attention.Carer},
		"not known":  {"", catalogue.Member{Disability: catalogue.Unknown}, attention.NoPriority},
	} {
		t.Run(name, func(t *testing.T) {
			h.attention.Facts = func(context.Context, actor.Actor, string) (*catalogue.Facts, error) {
				return &catalogue.Facts{Members: []catalogue.Member{tc.facts}}, nil
			}
			f := h.lookup(h.manager(), uint32(1000+len(name)*7+int(name[0])))
			h.exec(`UPDATE file SET birth_date = nullif(?, '') WHERE id = ?`, tc.born, f.ID)
			got, err := h.attention.Enqueue(background, h.front(), attention.Arrival{FileID: f.ID})
			if err != nil || got.Priority != tc.want {
				t.Errorf("%q (%v), want %q", got.Priority, err, tc.want)
			}
			again, err := h.attention.Enqueue(background, h.front(), attention.Arrival{FileID: f.ID})
			if err != nil || again.ID != got.ID {
				t.Errorf("waits twice: %v", err)
			}
			changed, err := h.attention.Prioritise(background, h.front(), got.ID, attention.Carer)
			if err != nil || changed.Priority != attention.Carer {
				t.Errorf("%+v (%v)", changed, err)
			}
		})
	}
}

// The list as pages: by RUN nobody is attended yet, attending opens the attention.
func TestTheWaitingListOnScreen(t *testing.T) {
	h := lined(t)
	c := h.client(h.front())
	see(t, c.Get("/waiting"), 200).Contains(t, "Nadie espera en este mesón", "Mesón general", "Registro Social de Hogares")
	location(t, c.PostForm("/waiting", form("who", "12.345.678-5", "priority", "", "desk", "front_desk")), "/waiting")
	if got := h.states(); got != "" {
		t.Errorf("waiting opened an attention: %s", got)
	}
	location(t, c.PostForm("/waiting", form("who", "Señor de la bicicleta", "desk", "rsh")), "/waiting")
	list := see(t, c.Get("/waiting"), 200)
	list.Contains(t, "12.345.678-5", "Llamar a la siguiente")
	list.Lacks(t, "bicicleta")
	see(t, h.client(h.rsh()).Get("/"), 200).Contains(t, `<span lang="es-CL">Señor de la bicicleta</span>`, `action="/waiting/next"`)
	for who, says := range map[string]string{"": "Falta este dato", "12.345.678-0": "RUN no es válido", "···": "RUN o un nombre", strings.Repeat("a", 50): "40 caracteres", strings.Repeat("b", 90): "60 caracteres"} {
		see(t, c.PostForm("/waiting", form("who", who)), 422).Contains(t, says)
		see(t, c.PostHX("/waiting", form("who", who)), 422).Contains(t, says, `id="arrival"`)
	}
	see(t, c.PostForm("/waiting", form("who", "Eva", "desk", "moon")), 422).Contains(t, "uno de los mesones")
	see(t, c.PostForm("/waiting", form("who", "Eva", "priority", "friend")), 422).Contains(t, "una de las prioridades")

	called := see(t, c.PostHX("/waiting/next", form("block", "1")), 200)
	called.Contains(t, "Usted llamó a las", "12.345.678-5", "No se presentó", `name="block"`)
	id := between(t, called.Body, `action="/waiting/`, `/attend"`)
	attended := c.PostForm("/waiting/"+id+"/attend", form())
	see(t, attended, http.StatusSeeOther)
	if !strings.HasSuffix(attended.Header.Get("Location"), "/screening") {
		t.Errorf("leads to %s", attended.Header.Get("Location"))
	}
	h.expect("front_desk 2026-11-21 open")
	see(t, c.PostForm("/waiting/"+id+"/absent", form()), http.StatusConflict).Contains(t, "ya llamó o atendió")
	see(t, c.PostHX("/waiting/next", form()), http.StatusConflict).Contains(t, "Nadie más espera")

	far := h.client(h.worker(h.lolol, access.FrontDesk, ""))
	for _, verb := range []string{"attend", "absent", "return", "leave", "priority"} {
		see(t, far.PostForm("/waiting/"+id+"/"+verb, form()), http.StatusNotFound)
		see(t, h.client(h.rsh()).PostForm("/waiting/"+id+"/"+verb, form()), http.StatusNotFound)
		see(t, h.client(h.worker(h.limache, access.Director, "")).PostForm("/waiting/"+id+"/"+verb, form()), http.StatusForbidden)
	}
	see(t, far.Get("/waiting"), 200).Contains(t, "no usa lista de espera") // Lolol keeps none
	see(t, far.PostForm("/waiting", form("who", "Eva")), http.StatusNotFound)
	see(t, far.Get("/"), 200).Lacks(t, "Lista de espera")
}

func TestThePulseOfTheWaitingList(t *testing.T) {
	h := lined(t)
	c := h.client(h.front())
	see(t, c.GetHX("/waiting/pulse?beat=0"), http.StatusNoContent)
	h.queue("Ana", attention.NoPriority)
	see(t, c.GetHX("/waiting/pulse?beat=0"), 200).Contains(t, "Ana", "beat=1")
	see(t, c.GetHX("/waiting/pulse?beat=1"), http.StatusNoContent)
	see(t, h.client(h.rsh()).GetHX("/waiting/pulse?beat=0"), http.StatusNoContent) // another desk's list
	see(t, c.GetHX("/waiting/pulse?beat=x"), http.StatusNotFound)
	see(t, c.Get("/waiting/pulse?beat=1"), http.StatusNotFound)
}

// The name of somebody without a file lasts a day.
func TestNamesAreForgottenAfterTheDay(t *testing.T) {
	h := lined(t)
	kept := h.queue("Señora del abrigo", attention.NoPriority)
	h.lookup(h.manager(), 1)
	if got := h.names(h.front()); got != "Señora del abrigo" {
		t.Errorf("on its day: %q", got)
	}
	h.clock.Advance(24 * time.Hour)
	if got := h.names(h.front()); got != "" {
		t.Errorf("yesterday's list: %q", got)
	}
	h.lookup(h.manager(), 2)
	var name string
	h.update(func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT name FROM ticket WHERE id = ?`, kept.ID).Scan(&name)
	})
	if name != "" {
		t.Errorf("still there: %q", name)
	}
	if _, err := h.attention.MoveTicket(background, h.front(), kept.ID, attention.Leave); !fault.Is(err, fault.NotFound) {
		t.Errorf("yesterday's ticket: %v", err)
	}
}

func TestTheTopicsAreTheMunicipalitys(t *testing.T) {
	h := furnished(t)
	c := h.client(h.worker(h.limache, access.Counterpart, ""))
	see(t, c.Get("/settings/topics"), 200).Contains(t, "Alimentación", "Se propone para: Alimentación", `name="topic" value="T18"`)
	location(t, c.PostForm("/settings/topics", form("name", " Leña  y calefacción ")), "/settings/topics")
	see(t, c.PostForm("/settings/topics", form("name", "LENA Y CALEFACCION")), 422).Contains(t, "Ya hay un tema", "LENA Y CALEFACCION")
	see(t, c.PostForm("/settings/topics", form("name", "··")), 422).Contains(t, "nombre del tema")
	see(t, c.PostForm("/settings/topics", form("name", strings.Repeat("x", 61))), 422).Contains(t, "60 caracteres")
	see(t, c.PostHX("/settings/topics", form("topic", "T03", "name", "Alimentos", "active", "1", "version", "1")), 200).Contains(t, `id="topic-T03"`, `value="Alimentos"`, `name="version" value="2"`)
	see(t, c.PostHX("/settings/topics", form("topic", "T03", "name", "Alimentos", "active", "1", "version", "1")), 200)
	see(t, c.PostHX("/settings/topics", form("topic", "T03", "name", "Comida", "active", "1", "version", "1")), http.StatusConflict).Contains(t, "«Alimentos»", `value="Comida"`, `name="version" value="2"`)
	location(t, c.PostForm("/settings/topics", form("topic", "T14", "name", "Violencia", "version", "1")), "/settings/topics")
	see(t, c.PostForm("/settings/topics", form("topic", "T77", "name", "Nada", "version", "1")), http.StatusNotFound)

	_, id := h.open(h.front(), 1)
	desk := h.client(h.front())
	offered := see(t, desk.Get("/attentions/"+id+"/finish"), 200)
	offered.Contains(t, "Leña y calefacción", "Alimentos")
	offered.Lacks(t, "Violencia")
	see(t, desk.PostForm("/attentions/"+id+"/finish", form("topic", "T14")), 422).Contains(t, "tema de la lista")
	see(t, desk.Get("/settings/topics"), http.StatusForbidden)
	see(t, desk.PostForm("/settings/topics", form("name", "Otro más")), http.StatusForbidden)
}

// The workbench follows the management model.
func TestTheWorkbenchFollowsTheModel(t *testing.T) {
	h := lined(t)
	h.attention.Inbox = func(*tenants.Tx, actor.Actor) (attention.Inbox, error) {
		return attention.Inbox{Receives: true, New: 3, Overdue: 1, Replies: 2}, nil
	}
	h.attention.Answered = func(*tenants.Tx, actor.Actor, int) ([]attention.Answered, error) {
		return []attention.Answered{{ID: "01J", FileID: "none", Folio: "D-2026-0007", What: "Subsidio Único Familiar", Outcome: "granted", By: "Subsidios", At: h.clock.Now()}}, nil
	}
	h.attention.Duties = func(*tenants.Tx, actor.Actor) (attention.Duties, error) {
		return attention.Duties{Approvals: 1, Expiring: 2}, nil
	}
	first := see(t, h.client(h.rsh()).Get("/"), 200)
	first.Contains(t, `href="/inbox?box=new"`, "D-2026-0007", "Concedida", `href="/referrals/01J"`, "1 beneficio por aprobar", "2 protocolos por vencer", `data-key="g i"`)
	if strings.Index(first.Body, "bench-run") > strings.Index(first.Body, "my-inbox") {
		t.Error("model 1: the inbox stands before the RUN")
	}
	single := h.worker(h.lolol, access.RSHDesk, access.RSHUnit)
	second := see(t, h.client(single).Get("/"), 200)
	if strings.Index(second.Body, "bench-run") < strings.Index(second.Body, "my-inbox") {
		t.Error("model 2: the RUN stands before the inbox of a desk that nobody comes to")
	}
	third := see(t, h.client(h.worker(h.lolol, access.FrontDesk, "")).Get("/"), 200)
	if strings.Index(third.Body, "bench-run") > strings.Index(third.Body, "my-inbox") {
		t.Error("model 2: the front desk's RUN stands after its inbox")
	}
	see(t, h.client(h.worker(h.limache, access.Counterpart, "")).Get("/"), 200).Lacks(t, "Lista de espera", "my-inbox")
}

// Open attentions of the worker's stand first, and end from there.
func TestOpenAttentionsOnTheWorkbench(t *testing.T) {
	h := furnished(t)
	_, first := h.open(h.front(), 1)
	h.clock.Advance(time.Minute)
	_, second := h.open(h.front(), 2)
	h.clock.Advance(time.Minute)
	c := h.client(h.front())
	location(t, c.PostForm("/attentions/"+second+"/finish", form()), "/attentions/"+second)
	page := see(t, c.Get("/"), 200)
	page.Contains(t, "/attentions/"+first+"/finish", `data-minutes="2"`, `href="/attentions/`+second+`"`, "orientación")
	if strings.Index(page.Body, first) > strings.Index(page.Body, second) {
		t.Error("the open one stands last")
	}
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	found, _, ok2 := strings.Cut(rest, after)
	if !ok || !ok2 {
		t.Fatalf("nothing between %q and %q:\n%s", before, after, text)
	}
	return found
}
