package people

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
)

// personForm is what the form sends; the rules are the service's. Without a
// version, whoever wrote meanwhile is asked about.
type personForm struct {
	GivenNames string        `form:"given_names"`
	Surnames   string        `form:"surnames"`
	BirthDate  calendar.Date `form:"birth_date"`
	Phone      string        `form:"phone"`
	Address    string        `form:"address"`
	Version    int64         `form:"version"`
}

// person shows the form by itself.
func (h *Handlers) person(c *web.Ctx) error {
	f, page, err := h.personPage(c)
	if err != nil {
		return err
	}
	if f.Source == FromRegistry {
		return c.Redirect("/files/" + f.ID + "/screening")
	}
	return c.Page(http.StatusOK, page, views.PersonPage(PersonForm(f)))
}

// writePerson keeps what a desk wrote down of the person.
func (h *Handlers) writePerson(c *web.Ctx) error {
	var form personForm
	err := c.Bind(&form)
	if err == nil {
		err = h.identify(c, form)
	}
	if isForm(err) {
		return h.personAgain(c, err)
	}
	if err != nil {
		return err
	}
	c.Flash("people.person.saved", nil)
	return c.Redirect("/files/" + c.Param("file") + "/screening")
}

func (h *Handlers) identify(c *web.Ctx, form personForm) error {
	written := Identity{form.GivenNames, form.Surnames, form.BirthDate, form.Phone, form.Address}
	_, err := h.service.Identify(c.Context(), c.Actor(), c.Param("file"), written, form.Version)
	return err
}

// personAgain gives the form back with what was typed and what is wrong. After
// a conflict it shows what is kept now, and sending again writes over it.
func (h *Handlers) personAgain(c *web.Ctx, why error) error {
	f, page, err := h.personPage(c)
	if err != nil {
		return err
	}
	view, status := typedPerson(c, f.ID), http.StatusUnprocessableEntity
	view.Errors = c.Errors(why, personLabels...)
	if fault.Is(why, fault.Conflict) {
		status, view.Problem = http.StatusConflict, sentence(c.Context(), why)
		view.Kept, view.Version = kept(c.Context(), f), strconv.FormatInt(f.Version, 10)
	}
	if c.Fragment() {
		return c.Partial(status, views.PersonForm(view))
	}
	return c.Page(status, page, views.PersonPage(view))
}

// personPage gives the page around the form; the reading is in the trail.
func (h *Handlers) personPage(c *web.Ctx) (File, layout.Page, error) {
	ctx := c.Context()
	f, frame, err := h.service.Visit(ctx, c.Actor(), c.Param("file"), ScreeningSection, "person")
	return f, layout.Page{Title: i18n.T(ctx, "people.person.title"), Section: ScreeningSection, File: frame}, err
}

// PersonForm is the form of a person whom no registry knows, filled with what
// is kept; the screening shows it in its place.
func PersonForm(f File) views.Person {
	return views.Person{FileID: f.ID, GivenNames: f.GivenNames, Surnames: f.Surnames, BirthDate: f.BirthDate.Chilean(),
		Phone: FormatPhone(f.Phone), Address: f.Address, Version: strconv.FormatInt(f.Version, 10)}
}

// typedPerson is the form as it was typed.
func typedPerson(c *web.Ctx, file string) views.Person {
	return views.Person{FileID: file, GivenNames: c.Typed("given_names"), Surnames: c.Typed("surnames"),
		BirthDate: c.Typed("birth_date"), Phone: c.Typed("phone"), Address: c.Typed("address"), Version: c.Typed("version")}
}

// personLabels are the names of the fields in the summary of what is wrong.
var personLabels = []string{
	"given_names", "people.person.given_names",
	"surnames", "people.person.surnames",
	"birth_date", "people.person.birth_date",
	"phone", "people.person.phone",
	"address", "people.person.address",
}

// sentence is the error's own text.
func sentence(ctx context.Context, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(ctx, e.Key, e.Args)
	}
	return ""
}

// kept says what the file holds now, line by line.
func kept(ctx context.Context, f File) []views.Line {
	var list []views.Line
	add := func(key, value string) {
		if value != "" {
			list = append(list, views.Line{Label: i18n.T(ctx, key), Value: value})
		}
	}
	add("people.person.given_names", f.GivenNames)
	add("people.person.surnames", f.Surnames)
	add("people.person.birth_date", f.BirthDate.Chilean())
	add("people.person.phone", FormatPhone(f.Phone))
	add("people.person.address", f.Address)
	return list
}
