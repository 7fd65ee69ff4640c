package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/demo"
	"gsl/app/kit/actor"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/tenants"
)

// The desks' part: so many referrals and named files in one municipality, and
// plans of one item whose answer closes them. They are made in this part's own
// copy of the data, so that no other figure feels them.
const (
	benchReferrals = 50_000
	benchNames     = 60_000
	benchPlans     = 360
)

// The poll: all of Chile's 6,000 sessions, each asking at the page's own interval.
const (
	pollSessions = 6_000
	pollInterval = 30 // seconds; the page says so: see pulseTrigger
	pollSeconds  = 10
)

// deskResults is what was found at the desks.
type deskResults struct {
	Pages []measured
	Poll  cost // at the rate of all sessions
}

func (b *bench) measureDesks(ctx context.Context) error {
	demo, err := b.data.demo(ctx)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	plan := b.plan
	plan.Desks = true
	b.results.Desks = &deskResults{}
	return b.askHost(ctx, self, demo, plan, b.results.Desks)
}

// desks fills the municipality and measures what its desks do all day.
func (h *host) desks(ctx context.Context) (found deskResults, err error) {
	m, err := h.town(ctx)
	if err != nil {
		return found, err
	}
	files := h.files
	if err := fillNames(ctx, m, benchNames); err != nil {
		return found, err
	}
	if err := referral.Synthesize(ctx, m, files, benchReferrals, 1); err != nil {
		return found, err
	}
	answers, err := h.closingPlans(ctx, m, files)
	if err != nil {
		return found, err
	}
	rsh, err := h.signedIn(access.RSHDesk)
	if err != nil {
		return found, err
	}
	if h.head, err = h.signedIn(access.UnitHead); err != nil {
		return found, err
	}
	poll, err := pollOf(h.addr, rsh)
	if err != nil {
		return found, err
	}
	typing, err := h.typing(ctx, m)
	if err != nil {
		return found, err
	}
	paper, err := h.paper(ctx, m)
	if err != nil {
		return found, err
	}
	found.Pages, err = h.measureAll(ctx, append(h.deskTargets(rsh, poll, answers), *typing, *paper))
	if err != nil {
		return found, err
	}
	board, err := h.measureBoard(ctx, m)
	if err != nil {
		return found, err
	}
	found.Pages = append(found.Pages, board...)
	if poll, err = pollOf(h.addr, rsh); err != nil { // the answers were news
		return found, err
	}
	found.Poll, err = h.run(ctx, &job{Addr: h.addr, Connections: 32, Seconds: pollSeconds, Rate: pollSessions / pollInterval, Status: http.StatusNoContent, Requests: [][]byte{poll}})
	return found, err
}

// The names that the goals are looked up by.
const (
	inboxPage   = "inbox page"
	besideInbox = "screening page, beside it"
	closeAnswer = "answer that closes a plan"
	searchWhole = "search, beginnings of names"
	searchTypo  = "search, one letter wrong"
)

func (h *host) deskTargets(rsh *visitor, poll []byte, answers []string) []target {
	n := h.plan.Connections
	return []target{
		{name: inboxPage, connections: n, requests: [][]byte{rsh.ask("/inbox")}},
		{name: besideInbox, connections: n, requests: each(h.files, func(id string) []byte { return h.who.ask("/files/" + id + "/screening") })},
		{name: "inbox page, answered", connections: n, requests: [][]byte{rsh.ask("/inbox?box=answered")}},
		{name: "monitor", connections: 1, requests: [][]byte{h.head.ask("/monitor?desk=all")}},
		{name: searchWhole, connections: 1, requests: h.searches("gonz mar", "fuent jua", "soto ele", "rojas pat", "herr ros")},
		{name: searchTypo, connections: 1, requests: h.searches("gonzales maria", "fuentas juan", "sotto elena", "riojas patricio", "herrara rosa")},
		{name: "poll", connections: n, status: http.StatusNoContent, requests: [][]byte{poll}},
		{name: closeAnswer, connections: min(n, 8), once: true, requests: each(answers, func(id string) []byte {
			return rsh.send("/referrals/"+id+"/answer", url.Values{"outcome": {"granted"}, "note": {"Queda actualizado en el registro."}})
		})},
	}
}

func (h *host) searches(words ...string) [][]byte {
	return each(words, func(q string) []byte { return h.who.send("/search", url.Values{"q": {q}}) })
}

// signedIn opens a session of the demo's account of a role in the first municipality.
func (h *host) signedIn(role string) (*visitor, error) {
	places, _ := demo.Places(demo.Scale(h.plan.Scale))
	for _, account := range demo.Accounts(places) {
		if account.Role == role && account.MunicipalityCode == places[0].Code {
			return signIn(h.addr, account.RUN.Format(), demo.Password)
		}
	}
	return nil, errors.New("the demo has no account of role " + role)
}

// pulseTrigger is how the inbox asks for news: its address and how often.
var pulseTrigger = regexp.MustCompile(`hx-get="([^"]*/pulse[^"]*)" hx-trigger="every (\d+)s"`)

// pollOf is the request that an open inbox repeats; it fails when the page asks
// more often than the goal reckons with.
func pollOf(addr string, who *visitor) ([]byte, error) {
	page, err := exchange(addr, who.ask("/inbox"))
	if err != nil {
		return nil, err
	}
	found := pulseTrigger.FindSubmatch(page.body)
	if found == nil || string(found[2]) != fmt.Sprint(pollInterval) {
		return nil, fmt.Errorf("the inbox does not ask for news every %d s", pollInterval)
	}
	return who.ask(strings.ReplaceAll(string(found[1]), "&amp;", "&"), "Hx-Request: true"), nil
}

// closingPlans makes plans of one item that the registry's desk answers, and
// gives their referrals.
func (h *host) closingPlans(ctx context.Context, m *tenants.Municipality, files []string) (ids []string, err error) {
	who := synthetic(m)
	for _, file := range files {
		if len(ids) == benchPlans {
			break
		}
		id, err := h.closingPlan(ctx, who, file)
		if err != nil {
			return nil, err
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// synthetic is a case manager who is none of the demo's.
func synthetic(m *tenants.Municipality) actor.Actor {
	return actor.Actor{UserID: "bench", Name: "Persona sintética", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: m, RequestID: "bench"}
}

func (h *host) closingPlan(ctx context.Context, who actor.Actor, file string) (id string, err error) {
	cart, err := h.app.Plan.Cart(ctx, who, file)
	if err != nil || len(cart.Cart.Lines) > 0 {
		return "", err
	}
	form, err := h.request(ctx, who, file, "A103")
	if err != nil {
		return "", err
	}
	if _, err := h.app.Plan.Add(ctx, who, file, form); err != nil {
		return "", err
	}
	review, err := h.app.Plan.Review(ctx, who, file)
	if err != nil {
		return "", err
	}
	p, err := h.app.Plan.Checkout(ctx, who, file, plan.CheckoutForm{Key: review.Key, Agreed: "signed"})
	if err != nil {
		return "", err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		list, err := referral.OfPlan(tx, p.ID)
		if err == nil && len(list) == 1 {
			id = list[0].ID
		}
		return err
	})
	return id, err
}

// request fills the form of an item with what it asks for.
func (h *host) request(ctx context.Context, who actor.Actor, file, code string) (url.Values, error) {
	facts, err := h.app.Screening.Facts(ctx, who, file)
	if err != nil {
		return nil, err
	}
	item, err := h.app.Catalogue.Item(ctx, who, code)
	if err != nil {
		return nil, err
	}
	form := url.Values{"item": {code}, "override_reason": {"Situación acreditada en la entrevista."}}
	for _, field := range item.Fields {
		switch {
		case !field.Required:
		case field.Type == catalogue.MemberField && len(facts.Members) > 0:
			form.Set(field.Name, facts.Members[0].Holder)
		case field.Type == catalogue.ChoiceField:
			form.Set(field.Name, field.Choices[0])
		case field.Type == catalogue.DateField:
			form.Set(field.Name, facts.Today.AddDays(-3).Chilean())
		default:
			form.Set(field.Name, "1")
		}
	}
	return form, nil
}
