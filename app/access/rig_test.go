package access_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// The people of these tests. Bodies of RUNs; the screen wants their check digit.
const (
	camila = 12345678 // case manager of Limache
	pedro  = 11111111 // front desk of Limache, and of Lolol
	rosa   = 7654321  // national administrator

	secret = "tres zorros comen pan"
)

// rig is the room on real files, with the real edge before it.
type rig struct {
	t          testing.TB
	files      *tenants.Files
	clock      *tenantstest.Clock
	service    *access.Service
	config     access.Config
	acts       actor.Actor       // who asked for /me last
	membership map[string]string // "camila", "pedro.limache", "pedro.lolol", "rosa"
}

func newRig(t testing.TB, change ...func(*access.Config)) *rig {
	t.Helper()
	r := &rig{t: t, membership: map[string]string{}}
	r.files, r.clock = tenantstest.NewWithClock(t)
	tenantstest.Municipality(t, r.files, "05802")
	tenantstest.Municipality(t, r.files, "06304")
	r.config = access.Config{PublicURL: "http://127.0.0.1:8080", Clock: r.clock.Now,
		ParseRUN: func(text string) (uint32, error) {
			run, err := people.ParseRUN(text)
			return run.Body(), err
		},
		FormatRUN: func(body uint32) string { return people.RUNOf(body).Format() }}
	for _, f := range change {
		f(&r.config)
	}
	r.service = r.start()
	r.addUser(camila, "Camila", "Rojas Soto")
	r.addUser(pedro, "Pedro", "Araya Díaz")
	r.addUser(rosa, "Rosa", "Vera Lagos")
	r.join("camila", access.NewMembership{RUN: camila, Municipality: "05802", Role: access.CaseManager, Unit: access.SocialUnit})
	r.join("pedro.limache", access.NewMembership{RUN: pedro, Municipality: "05802", Role: access.FrontDesk})
	r.join("pedro.lolol", access.NewMembership{RUN: pedro, Municipality: "06304", Role: access.SubsidiesDesk})
	r.join("rosa", access.NewMembership{RUN: rosa, Role: access.NationalAdmin})
	return r
}

// start makes a service on the rig's files: a process that has just started.
func (r *rig) start() *access.Service {
	r.t.Helper()
	s, err := access.New(context.Background(), r.files, r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	s.Cheap()
	return s
}

func (r *rig) addUser(run uint32, given, surnames string) {
	r.t.Helper()
	_, err := r.service.AddUser(context.Background(), access.Console(),
		access.NewUser{RUN: run, GivenNames: given, Surnames: surnames, Password: secret})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) join(name string, m access.NewMembership) {
	r.t.Helper()
	id, err := r.service.AddMembership(context.Background(), access.Console(), m)
	if err != nil {
		r.t.Fatal(err)
	}
	r.membership[name] = id
}

// browser is a person before a screen.
type browser struct {
	*webtest.Client
	rig *rig
}

// open gives a browser that nobody has used; its server has one page of work.
func (r *rig) open() *browser { return r.openOn(r.service) }

func (r *rig) openOn(service *access.Service) *browser {
	t, ok := r.t.(*testing.T)
	if !ok {
		r.t.Fatal("a benchmark has no browser")
	}
	mount := func(router *web.Router) {
		access.NewHandlers(service).Mount(router)
		router.GET("/", access.Work, whoami)
		router.GET("/files/:file", access.ReadFile, whoami)
		router.GET("/cart", access.ManageCart, whoami)
		router.POST("/note", access.ReadFile, whoami)
		router.GET("/me", access.SignedIn, func(c *web.Ctx) error { r.acts = c.Actor(); return c.Nothing() })
		router.GET("/pulse", access.Work, func(c *web.Ctx) error { return c.Nothing() }, web.Quiet())
	}
	cfg := web.Config{Gate: service, Clock: r.clock.Now, Secret: service.Secret(), PublicURL: r.config.PublicURL, Demo: r.config.Demo}
	client := webtest.WithConfig(t, cfg, &webtest.Gate{In: &web.Session{}}, mount)
	client.Headers.Set("Accept-Language", "es-CL")
	return &browser{Client: client, rig: r}
}

// whoami says who works, as plain words.
func whoami(c *web.Ctx) error {
	who := c.Actor()
	municipality := "-"
	if who.Municipality != nil {
		municipality = who.Municipality.Name
	}
	return c.Text(http.StatusOK, who.Name+"|"+who.Role+"|"+who.UnitName+"|"+municipality)
}

func login(run, password string) url.Values {
	return url.Values{"run": {run}, "password": {password}}
}

// signIn signs a person in and accepts the agreement the first time.
func (b *browser) signIn(run uint32) *browser {
	b.rig.t.Helper()
	answer := b.PostForm("/login", login(people.RUNOf(run).Format(), secret))
	if answer.Status != http.StatusSeeOther {
		b.rig.t.Fatalf("sign-in answered %d: %s", answer.Status, answer.Body)
	}
	if b.Get("/").Header.Get("Location") == "/agreement" {
		b.PostForm("/agreement", url.Values{"accept": {"1"}})
	}
	return b
}

// wantOut fails unless the browser is nobody's.
func (b *browser) wantOut(why string) {
	b.rig.t.Helper()
	if answer := b.Get("/"); answer.Status != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/login") {
		b.rig.t.Errorf("%s: GET / answered %d %s", why, answer.Status, answer.Body)
	}
}

func (b *browser) wantIn(why string) {
	b.rig.t.Helper()
	if answer := b.Get("/"); answer.Status != http.StatusOK {
		b.rig.t.Errorf("%s: GET / answered %d, location %q", why, answer.Status, answer.Header.Get("Location"))
	}
}

// cookie is the session cookie of an answer.
func cookie(answer *webtest.Response) *http.Cookie {
	response := http.Response{Header: answer.Header}
	for _, c := range response.Cookies() {
		if c.Name == "gsl" || c.Name == "__Host-gsl" {
			return c
		}
	}
	return nil
}

// session signs a person in without a browser, the agreement accepted.
func (r *rig) session(run uint32) *http.Cookie {
	r.t.Helper()
	ctx := context.Background()
	opened, err := r.service.Login(ctx, access.Attempt{RUN: people.RUNOf(run).Format(), Password: secret, Address: "10.0.0.1"})
	if err == nil {
		err = r.service.Agree(ctx, actor.Actor{UserID: opened.UserID})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return r.service.Cookie(opened)
}

// get asks for a page with nothing but a cookie, of the service's own process
// or of another one on the same files.
func (r *rig) get(service *access.Service, c *http.Cookie, path string) *webtest.Response {
	return r.openOn(service).Do(requestWith(c, path))
}

func requestWith(c *http.Cookie, path string) *http.Request {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.AddCookie(c)
	return request
}

func (r *rig) suspend(code string) {
	r.t.Helper()
	m := tenantstest.Municipality(r.t, r.files, code)
	if err := r.files.SetStatus(context.Background(), m.ID, tenants.Suspended); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) exec(query string, args ...any) {
	r.t.Helper()
	err := r.files.National().Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// texts gives the first column of a query.
func (r *rig) texts(query string, args ...any) (list []string) {
	r.t.Helper()
	err := r.files.National().View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		list = nil
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			list = append(list, text)
		}
		return rows.Err()
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

const minute = time.Minute
