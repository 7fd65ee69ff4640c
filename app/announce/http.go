package announce

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/announce"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// Handlers are the pages of announcements, and the button that dismisses one.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

const root = "/admin/announcements"

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.Object(web.Object{Param: "announcement", See: access.Administer, National: true, Exists: h.service.Exists})
	r.POST("/announcements/dismiss", access.Work, h.dismiss)
	r.GET(root, access.Administer, h.list)
	r.GET(root+"/new", access.Administer, h.begin)
	r.POST(root, access.Administer, h.post)
	r.GET(root+"/:announcement", access.Administer, h.edit)
	r.POST(root+"/:announcement", access.Administer, h.change)
	r.POST(root+"/:announcement/withdraw", access.Administer, h.withdraw)
}

func path(id string) string { return root + "/" + id }

// dismiss takes an announcement off the reader's pages.
func (h *Handlers) dismiss(c *web.Ctx) error {
	var sent struct {
		ID   string `form:"announcement" validate:"required,max=30"`
		Back string `form:"back" validate:"max=500"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	if err := h.service.Dismiss(c.Context(), c.Actor(), sent.ID); err != nil {
		return err
	}
	if c.Fragment() {
		return c.Partial(http.StatusOK, layout.Announcements(h.service.Shown(c.Actor()), true))
	}
	return c.Redirect(web.OwnPath(sent.Back))
}

func (h *Handlers) list(c *web.Ctx) error {
	shelf, err := h.service.Announcements(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "announce.title")}, views.ListPage(present(c.Context(), &shelf)))
}

func (h *Handlers) begin(c *web.Ctx) error {
	now := h.service.clock()
	return h.form(c, http.StatusOK, formState{fresh: true, said: Announcement{ID: newID(), Level: Info, To: now.Add(7 * 24 * time.Hour)}})
}

// newID is the id that the form brings along: sent twice, it is told once.
func newID() string {
	var draw [16]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	return strings.TrimRight(base32.StdEncoding.EncodeToString(draw[:]), "=")
}

func (h *Handlers) edit(c *web.Ctx) error {
	a, err := h.service.Announcement(c.Context(), c.Actor(), c.Param("announcement"))
	if err != nil {
		return err
	}
	return h.form(c, http.StatusOK, formState{said: *a})
}

// sent is what the form of an announcement sends.
type sent struct {
	Key            string        `form:"key" validate:"max=30"`
	Revision       int64         `form:"revision"`
	Text           string        `form:"text" validate:"max=4000"`
	Level          string        `form:"level" validate:"max=20"`
	FromDay        calendar.Date `form:"from"`
	FromTime       string        `form:"from_time" validate:"max=5"`
	ToDay          calendar.Date `form:"to"`
	ToTime         string        `form:"to_time" validate:"max=5"`
	Municipalities []string      `form:"municipality" validate:"max=400,dive,max=60"`
	Roles          []string      `form:"role" validate:"max=20,dive,max=40"`
}

var clockPattern = regexp.MustCompile(`^([01]?[0-9]|2[0-3])[:.]([0-5][0-9])$`)

// moment is a day and a time of the clock in Chile; a blank time is otherwise.
func moment(day calendar.Date, clock, otherwise string) (time.Time, bool) {
	if clock == "" {
		clock = otherwise
	}
	parts := clockPattern.FindStringSubmatch(clock)
	if parts == nil {
		return time.Time{}, false
	}
	if day.IsZero() {
		return time.Time{}, true
	}
	hour, _ := strconv.Atoi(parts[1])
	minute, _ := strconv.Atoi(parts[2])
	return time.Date(day.Year(), time.Month(day.Month()), day.Day(), hour, minute, 0, 0, calendar.Santiago), true
}

// read makes an announcement of the form. A blank beginning is now; without a time
// the last day counts whole.
func (f *sent) read(id string, now time.Time) (Announcement, []fault.Field) {
	a := Announcement{ID: id, Revision: f.Revision, Text: strings.TrimSpace(f.Text), Level: Level(f.Level), Municipalities: slices.Sorted(slices.Values(f.Municipalities)), Roles: slices.Sorted(slices.Values(f.Roles))}
	var wrong []fault.Field
	var ok bool
	if a.From, ok = moment(f.FromDay, f.FromTime, "00:00"); !ok {
		wrong = append(wrong, fault.Field{Name: "from_time", Key: "announce.error.clock"})
	}
	if a.To, ok = moment(f.ToDay, f.ToTime, "23:59"); !ok {
		wrong = append(wrong, fault.Field{Name: "to_time", Key: "announce.error.clock"})
	}
	if a.From.IsZero() {
		a.From = now.Truncate(time.Minute)
	}
	return a, wrong
}

// take reads the form and checks whom it names.
func (h *Handlers) take(c *web.Ctx, id string) (Announcement, error) {
	var f sent
	if err := c.Bind(&f); err != nil {
		return Announcement{ID: id, Municipalities: f.Municipalities, Roles: f.Roles, Level: Level(f.Level), Revision: f.Revision}, err
	}
	if id == "" {
		id = f.Key
	}
	a, wrong := f.read(id, h.service.clock())
	known, err := h.service.files.Municipalities(c.Context())
	if err != nil {
		return a, err
	}
	for _, m := range a.Municipalities {
		if !slices.ContainsFunc(known, func(k municipality) bool { return k.ID == m }) {
			wrong = append(wrong, fault.Field{Name: "municipality", Key: "web.field.choice"})
			break
		}
	}
	for _, role := range a.Roles {
		if !slices.Contains(roles, role) {
			wrong = append(wrong, fault.Field{Name: "role", Key: "web.field.choice"})
			break
		}
	}
	if len(wrong) > 0 {
		return a, fault.InvalidFields(wrong...)
	}
	return a, nil
}

func (h *Handlers) post(c *web.Ctx) error {
	a, err := h.take(c, "")
	if a.ID == "" {
		a.ID = newID()
	}
	if err == nil {
		err = h.service.Post(c.Context(), c.Actor(), a)
	}
	return h.done(c, formState{fresh: true, typed: true, said: a}, err, "announce.flash.posted")
}

func (h *Handlers) change(c *web.Ctx) error {
	a, err := h.take(c, c.Param("announcement"))
	state := formState{typed: true, said: a}
	if err == nil {
		var now *Announcement
		if now, err = h.service.Change(c.Context(), c.Actor(), a); fault.Is(err, fault.Conflict) {
			state.theirs, state.said.Revision = now, now.Revision
		}
	}
	return h.done(c, state, err, "announce.flash.changed")
}

// done leads back to the list, or shows the form again with what is wrong.
func (h *Handlers) done(c *web.Ctx, state formState, err error, key string) error {
	var e *fault.Error
	switch {
	case errors.As(err, &e) && e.Kind == fault.Invalid:
		state.cause = err
		return h.form(c, http.StatusUnprocessableEntity, state)
	case errors.As(err, &e) && e.Kind == fault.Conflict:
		state.problem = i18n.Tf(c.Context(), e.Key, e.Args)
		return h.form(c, http.StatusConflict, state)
	case err != nil:
		return err
	}
	c.Flash(key, nil)
	return c.Redirect(root)
}

func (h *Handlers) withdraw(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	if err := h.service.Withdraw(c.Context(), c.Actor(), c.Param("announcement")); err != nil {
		return err
	}
	c.Flash("announce.flash.withdrawn", nil)
	return c.Redirect(root)
}

// formState is what the form shows.
type formState struct {
	fresh, typed bool
	said         Announcement
	theirs       *Announcement // what somebody else saved meanwhile
	problem      string
	cause        error
}

func (h *Handlers) form(c *web.Ctx, status int, state formState) error {
	known, err := h.service.files.Municipalities(c.Context())
	if err != nil {
		return err
	}
	view := h.presentForm(c, &state, known)
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: view.Heading}, views.FormPage(view))
}

func (h *Handlers) presentForm(c *web.Ctx, state *formState, known []municipality) *views.Form {
	ctx := c.Context()
	a := &state.said
	errs := c.Errors(state.cause, labels...)
	v := &views.Form{Action: path(a.ID), Heading: i18n.T(ctx, "announce.edit"), Errors: errs, Problem: state.problem, Revision: strconv.FormatInt(a.Revision, 10),
		RoleError: errs.Of("role"), PlaceError: errs.Of("municipality")}
	if state.fresh {
		v.Action, v.Heading, v.Key = root, i18n.T(ctx, "announce.new"), a.ID
	}
	if state.theirs != nil {
		v.Theirs = line(ctx, state.theirs, h.service.clock(), names(known))
	}
	if a.State(h.service.clock()) == Withdrawn {
		v.Problem, v.Closed = i18n.T(ctx, "announce.error.withdrawn"), true
	}
	in := func(name, key, value string) ui.Input {
		if state.typed {
			value = c.Typed(name)
		}
		return ui.Input{Name: name, Label: i18n.T(ctx, key), Value: value, Error: errs.Of(name)}
	}
	v.Text, v.Level = in("text", "announce.field.text", a.Text), in("level", "announce.field.level", string(a.Level))
	v.From, v.FromTime = in("from", "announce.field.from", dayText(a.From)), in("from_time", "announce.field.from_time", clockText(ctx, a.From))
	v.To, v.ToTime = in("to", "announce.field.to", dayText(a.To)), in("to_time", "announce.field.to_time", clockText(ctx, a.To))
	if state.fresh && !state.typed {
		v.ToTime.Value = ""
	}
	for _, m := range known {
		v.Places = append(v.Places, views.Box{Value: m.ID, Text: m.Name, On: slices.Contains(a.Municipalities, m.ID)})
	}
	for _, role := range roles {
		v.Roles = append(v.Roles, views.Box{Value: role, Text: layout.RoleName(ctx, role), On: slices.Contains(a.Roles, role)})
	}
	return v
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.On(t).Chilean()
}

func clockText(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Clock(ctx, t)
}

// labels name the fields in a summary of errors.
var labels = []string{"text", "announce.field.text", "level", "announce.field.level", "from", "announce.field.from", "from_time", "announce.field.from_time",
	"to", "announce.field.to", "to_time", "announce.field.to_time", "municipality", "announce.field.places", "role", "announce.field.roles"}
