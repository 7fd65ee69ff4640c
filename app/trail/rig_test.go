package trail_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/app/trail"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

// office is Asistencia Social of Limache on real files, with hooks that a test fills.
type office struct {
	t                  *testing.T
	files              *tenants.Files
	clock              *tenantstest.Clock
	limache            *tenants.Municipality
	people             *people.Service
	service            *trail.Service
	camila, luis, head actor.Actor
	desk, counterpart  actor.Actor
	file               people.File
	insiders           map[string]access.Insider
	household          []people.RUN
	reasons            []trail.Reason
	tasks              []trail.Task
	replaced           map[string][]string
}

const mariaRUN = 12345678

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, insiders: map[string]access.Insider{}, replaced: map[string][]string{}}
	o.files, o.clock = tenantstest.NewWithClock(t)
	o.clock.Set(at("2026-11-20 10:00")) // a Friday
	o.limache = tenantstest.Municipality(t, o.files, "05802")
	o.camila = o.worker("camila", "Camila Rojas", access.CaseManager, access.SocialUnit, 13100213)
	o.luis = o.worker("luis", "Luis Moraga", access.CaseManager, access.SocialUnit, 13100214)
	o.head = o.worker("head", "Hernán Salinas", access.UnitHead, access.SocialUnit, 13100250)
	o.desk = o.worker("desk", "Rosa Peña", access.FrontDesk, "", 13100102)
	o.counterpart = o.worker("counterpart", "Ximena Lagos", access.Counterpart, "", 13100287)
	o.people = people.NewService(nil)
	o.service = trail.NewService(o.people)
	o.service.Insiders = func(context.Context, []string) (map[string]access.Insider, error) { return o.insiders, nil }
	o.service.Household = func(*tenants.Tx, string) ([]people.RUN, error) { return o.household, nil }
	o.service.Units = func(*tenants.Tx) (map[string]string, error) {
		return map[string]string{access.SocialUnit: "Asistencia Social"}, nil
	}
	o.service.Replaced = func(_ *tenants.Tx, user string, _ calendar.Date) ([]string, error) { return o.replaced[user], nil }
	o.service.Reasons = append(o.service.Reasons, func(*tenants.Tx, people.File) ([]trail.Reason, error) { return o.reasons, nil }, trail.RequestReasons)
	o.service.Tasks = append(o.service.Tasks, func(*tenants.Tx, people.File) ([]trail.Task, error) { return o.tasks, nil })
	o.file = o.open(mariaRUN, "María Eugenia", "González Pérez", "Av. Palmira 210")
	return o
}

func (o *office) worker(id, name, role, unit string, run uint32) actor.Actor {
	o.insiders[id] = access.Insider{Name: name, RUN: run}
	return actor.Actor{UserID: id, MembershipID: "m-" + id, Name: name, Role: role, UnitID: unit, UnitName: "Asistencia Social",
		Municipality: o.limache, Permissions: access.PermissionsOf(role, unit), RequestID: "request"}
}

// open opens the file of a person, without leaving a look at it.
func (o *office) open(run uint32, given, surnames, address string) (f people.File) {
	o.t.Helper()
	o.update(func(tx *tenants.Tx) error {
		id := tx.NewID()
		_, err := tx.Exec(`INSERT INTO file (id, run, created_at, created_by) VALUES (?,?,?,?)`, id, run, "2026-01-02T15:00:00Z", "u")
		if err != nil {
			return err
		}
		if err := people.Fill(tx, id, people.Registered{GivenNames: given, Surnames: surnames, Address: address, CommuneCode: "05802"}); err != nil {
			return err
		}
		f, err = people.Open(tx, id)
		return err
	})
	return f
}

func (o *office) update(work func(*tenants.Tx) error) {
	o.t.Helper()
	if err := o.limache.Update(background, work); err != nil {
		o.t.Fatal(err)
	}
}

// look leaves a view of the file as of a time in Santiago.
func (o *office) look(who actor.Actor, when, page, why string) {
	o.t.Helper()
	o.lookAt(o.file.ID, who, when, page, why)
}

func (o *office) lookAt(file string, who actor.Actor, when, page, why string) {
	o.t.Helper()
	before := o.clock.Now()
	o.clock.Set(at(when))
	if err := audit.Looked(background, who, audit.View{File: file, What: page, Why: why}); err != nil {
		o.t.Fatal(err)
	}
	o.clock.Set(before)
}

// looks gives who has looked, without the look that asks.
func (o *office) looks(ask trail.Asked) []trail.Look {
	o.t.Helper()
	v, err := o.service.Looked(background, o.head, o.file.ID, ask)
	if err != nil {
		o.t.Fatal(err)
	}
	var list []trail.Look
	for _, l := range v.Looks {
		if l.Pages[0].Page != "trail" {
			list = append(list, l)
		}
	}
	return list
}

func (o *office) as(who actor.Actor) *webtest.Client {
	return webtest.New(o.t, who, func(r *web.Router) {
		r.Object(web.Object{Param: "file", See: access.ReadFile, Exists: o.people.Exists})
		r.Object(web.Object{Param: "request", See: access.ReadFile, Exists: o.service.RequestExists})
		trail.NewHandlers(o.service, pdf.NewPress()).Mount(r)
	})
}

// at is a time of day in Santiago.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Santiago)
	if err != nil {
		panic(err)
	}
	return t
}

func day(text string) calendar.Date {
	d, err := calendar.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

func runs(bodies ...uint32) (list []people.RUN) {
	for _, body := range bodies {
		list = append(list, people.RUNOf(body))
	}
	return list
}

func lolol(o *office) *tenants.Municipality {
	return tenantstest.Municipality(o.t, o.files, "06304")
}

// pdfText is what a paper says, as somebody reads it.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = strings.NewReader(body)
	text, err := cmd.Output()
	if err != nil {
		t.Skip("pdftotext is not there: ", err)
	}
	return string(text)
}
