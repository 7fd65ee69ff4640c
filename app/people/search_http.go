package people

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/territory"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
	"gsl/templates/ui"
)

// searchForm is the search before anything was typed.
func (h *Handlers) searchForm(c *web.Ctx) error {
	return h.searchPage(c, http.StatusOK, views.Search{})
}

func (h *Handlers) searchPage(c *web.Ctx, status int, view views.Search) error {
	page := layout.Page{Title: i18n.T(c.Context(), "people.search.title"), Narrow: true}
	return c.Page(status, page, views.SearchPage(view))
}

// search finds people by name, document or phone. What was typed travels in the
// body and stands in no address.
func (h *Handlers) search(c *web.Ctx) error {
	var form struct {
		Q string `form:"q"`
	}
	err := c.Bind(&form)
	var found Results
	if err == nil {
		found, err = h.service.Search(c.Context(), c.Actor(), form.Q)
	}
	view := views.Search{Typed: strings.ToValidUTF8(c.Typed("q"), "\uFFFD")}
	switch {
	case fault.Is(err, fault.Invalid):
		view.Errors = c.Errors(err, "q", "people.search.q")
		return h.searchPage(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	}
	view.Found = foundView(c, found)
	return h.searchPage(c, http.StatusOK, view)
}

// lookupFound opens the file of somebody whom a search found, as a lookup does.
func (h *Handlers) lookupFound(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	f, err := h.service.LookupFound(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return c.Redirect(firstPage(f))
}

func foundView(c *web.Ctx, r Results) *views.Found {
	ctx := c.Context()
	view := &views.Found{People: surestFirst(ctx, &r), RUN: r.RUN.String(), Enter: c.Actor().Can(access.Attend)}
	view.Title = i18n.Tf(ctx, "people.search.found", map[string]any{"Count": len(view.People)})
	switch {
	case len(view.People) == 0:
		view.Title, view.Nobody = i18n.T(ctx, "people.search.nobody"), i18n.T(ctx, "people.search.nobody_advice")
	case r.More:
		view.Title = i18n.Tf(ctx, "people.search.found_more", map[string]any{"Count": len(view.People)})
		view.More = i18n.T(ctx, "people.search.more")
	}
	return view
}

// surestFirst lists those of the name that was typed, with a file or without,
// before those of a name like it.
func surestFirst(ctx context.Context, r *Results) []views.FoundPerson {
	files, strangers := len(r.Found), len(r.Strangers)
	if at := slices.IndexFunc(r.Found, func(f Found) bool { return f.By == ByLikeName }); at >= 0 {
		files = at
	}
	if at := slices.IndexFunc(r.Strangers, func(s Stranger) bool { return s.By == ByLikeName }); at >= 0 {
		strangers = at
	}
	return slices.Concat(foundPeople(ctx, r.Found[:files], r.Today), strangersView(ctx, r.Strangers[:strangers], r.Today),
		foundPeople(ctx, r.Found[files:], r.Today), strangersView(ctx, r.Strangers[strangers:], r.Today))
}

// foundPeople gives of each no more than tells one from another: name, age,
// commune, and by what they were found when it is not the name.
func foundPeople(ctx context.Context, found []Found, today calendar.Date) []views.FoundPerson {
	list := make([]views.FoundPerson, len(found))
	for i := range found {
		f := &found[i].File
		if f.Veiled {
			list[i] = veiledPerson(ctx, f.ID)
			continue
		}
		list[i] = views.FoundPerson{FileID: f.ID, Initials: f.Initials(), Name: DisplayName(ctx, *f), Facts: briefly(ctx, f, today)}
		if f.RUN.IsZero() {
			list[i].Tags = append(list[i].Tags, ui.Tag{Text: i18n.T(ctx, "people.no_run"), Kind: ui.Warning})
		}
		if key, ok := matchKeys[found[i].By]; ok {
			list[i].Tags = append(list[i].Tags, ui.Tag{Text: i18n.T(ctx, key), Kind: ui.Info})
		}
	}
	return list
}

// veiledPerson is somebody whose file is shut: the list does not even say by
// what they were found.
func veiledPerson(ctx context.Context, id string) views.FoundPerson {
	return views.FoundPerson{FileID: id, Initials: "?", Name: i18n.T(ctx, "people.restricted.masked"), Facts: VeiledAdvice(ctx)}
}

// strangersView are people of the registry; they come after those with a file.
func strangersView(ctx context.Context, list []Stranger, today calendar.Date) []views.FoundPerson {
	shown := make([]views.FoundPerson, len(list))
	for i := range list {
		f := list[i].file()
		shown[i] = views.FoundPerson{Offer: list[i].Offer, Initials: f.Initials(), Name: DisplayName(ctx, f), Facts: briefly(ctx, &f, today)}
		if key, ok := matchKeys[list[i].By]; ok {
			shown[i].Tags = append(shown[i].Tags, ui.Tag{Text: i18n.T(ctx, key), Kind: ui.Info})
		}
		shown[i].Tags = append(shown[i].Tags, ui.Tag{Text: i18n.T(ctx, "people.search.no_file")})
	}
	return shown
}

// lookupOffered opens the file of somebody of the registry whom a search listed.
func (h *Handlers) lookupOffered(c *web.Ctx) error {
	var form struct {
		Person string `form:"person" validate:"required,max=40"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	f, err := h.service.LookupOffered(c.Context(), c.Actor(), form.Person)
	if fault.Is(err, fault.NotFound) {
		c.Flash("people.search.stale", nil)
		return c.Redirect("/search")
	}
	if err != nil {
		return err
	}
	return c.Redirect(firstPage(f))
}

// matchKeys say by what somebody was found; a name needs no saying.
var matchKeys = map[Match]string{
	ByNumber:   "people.search.by_number",
	ByDocument: "people.search.by_document",
	ByPhone:    "people.search.by_phone",
	ByBirth:    "people.search.by_birth",
	ByLikeName: "people.search.by_like",
}

func briefly(ctx context.Context, f *File, today calendar.Date) string {
	age, commune := AgeText(ctx, f.Age(today)), ""
	if c, ok := territory.ByCode(f.CommuneCode); ok {
		commune = c.Name
	}
	if age == "" || commune == "" {
		return age + commune
	}
	return age + " · " + commune
}
