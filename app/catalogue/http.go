package catalogue

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/catalogue"
	"gsl/templates/layout"
)

// Handlers show the catalogue over a case file.
type Handlers struct {
	service *Service
	files   *people.Service
	looks   looks
	// FactsOf gives what is known of the household of a file.
	FactsOf func(ctx context.Context, who actor.Actor, fileID string) (*Facts, error)
	// InCart gives the codes that the file's cart holds; nil: not shown.
	InCart func(ctx context.Context, who actor.Actor, fileID string) (map[string]bool, error)
	// Spots says what agreements leave of the items shown; nil: not shown.
	Spots func(ctx context.Context, who actor.Actor, codes []string) (map[string]Spots, error)
	// Explained gives the codes that were explained in the desk's open attention
	// of the file; nil: not shown.
	Explained func(ctx context.Context, who actor.Actor, fileID string) (map[string]bool, error)
}

// NewHandlers makes the handlers; FactsOf is filled before the first request.
func NewHandlers(service *Service, files *people.Service) *Handlers {
	return &Handlers{service: service, files: files, looks: looks{last: map[look]time.Time{}}}
}

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/catalogue", access.ReadFile, h.show)
}

// show answers the pop-up, what a tab or a keystroke changes inside it, or the
// whole page.
func (h *Handlers) show(c *web.Ctx) error {
	if _, err := h.files.File(c.Context(), c.Actor(), c.Param("file")); err != nil {
		return err // another municipality's file is not found, whatever else was asked
	}
	s, err := h.shelf(c)
	if err != nil {
		return err
	}
	inside := isInside(c)
	if inside && h.looks.fresh(c.Actor(), s.fileID, h.service.clock()) {
		return h.answer(c, s, nil, inside)
	}
	_, frame, err := h.files.Visit(c.Context(), c.Actor(), s.fileID, sectionOf(c.Actor()), "catalogue")
	if err != nil {
		return err
	}
	h.looks.remember(c.Actor(), s.fileID, h.service.clock())
	return h.answer(c, s, frame, inside)
}

// isInside reports whether the pop-up is open and only its body is to change.
func isInside(c *web.Ctx) bool {
	return c.Fragment() && strings.HasSuffix(c.Request().Header.Get("HX-Target"), "#catalogue-body")
}

// shelf finds what was asked for in today's catalogue.
func (h *Handlers) shelf(c *web.Ctx) (*shelf, error) {
	catalogue, err := h.service.Catalogue(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	s := &shelf{words: newWords(c.Context()), catalogue: catalogue, fileID: c.Param("file"),
		canAdd: c.Actor().Can(access.ManageCart), canRefer: c.Actor().Can(access.Refer) && !c.Actor().Can(access.ManageCart),
		query: Query{Category: c.Query("category"), Subcategory: c.Query("subcategory"), Words: head(strings.ToValidUTF8(strings.TrimSpace(c.Query("q")), ""), maxWords)}}
	s.typed = filterWords(s.query.Words)
	s.category, s.drawer, err = catalogue.check(s.query)
	return s, err
}

// head is the first n characters of a text.
func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// answer judges and renders. inside: the pop-up is open already.
func (h *Handlers) answer(c *web.Ctx, s *shelf, frame *layout.FileFrame, inside bool) error {
	if err := h.judge(c, s); err != nil {
		return err
	}
	v := s.view()
	if err := h.tell(c, s, v); err != nil {
		return err
	}
	switch {
	case inside:
		return c.Partial(http.StatusOK, views.Changed(v))
	case c.Fragment():
		return c.Partial(http.StatusOK, views.Dialog(v))
	}
	page := layout.Page{Title: i18n.T(c.Context(), "catalogue.page_title"), Section: sectionOf(c.Actor()), File: frame}
	return c.Page(http.StatusOK, page, views.Whole(v))
}

func (h *Handlers) judge(c *web.Ctx, s *shelf) (err error) {
	if s.facts, err = h.FactsOf(c.Context(), c.Actor(), s.fileID); err != nil {
		return err
	}
	s.judged = s.catalogue.Judge(s.facts)
	s.suggestions = s.catalogue.pick(func(it *Item) *Judgement { return &s.judged[it.place] }, 0)
	if s.canAdd && h.InCart != nil {
		s.inCart, err = h.InCart(c.Context(), c.Actor(), s.fileID)
	}
	return err
}

// tell says on the cards what only higher rooms know: the spots that are left, and
// what was explained.
func (h *Handlers) tell(c *web.Ctx, s *shelf, v *views.View) error {
	if h.Spots != nil {
		left, err := h.Spots(c.Context(), c.Actor(), codesOf(v))
		if err != nil {
			return err
		}
		s.tellSpots(v, left)
	}
	if h.Explained == nil || !c.Actor().Can(access.Attend) {
		return nil
	}
	explained, err := h.Explained(c.Context(), c.Actor(), s.fileID)
	if err != nil {
		return err
	}
	s.tellExplained(v, explained)
	return nil
}

// sectionOf is the line of the rail that the pop-up belongs to.
func sectionOf(who actor.Actor) string {
	if who.Can(access.ManageCart) {
		return people.CartSection
	}
	return people.ScreeningSection
}

// looks remembers for a short while who opened the catalogue over which file.
// Every opening leaves a row in the trail of views. A tab or a keystroke in the
// open pop-up leaves none while the row of the same membership for the same file
// is fresh: the memory is ours, so no request can claim to be inside and go
// unseen, and after it is over the next keystroke leaves a row again.
type looks struct {
	mu   sync.Mutex
	last map[look]time.Time
}

type look struct{ municipality, membership, file string }

const (
	lookLasts = 10 * time.Minute
	mostLooks = 10_000
)

func lookOf(who actor.Actor, file string) look {
	return look{who.Municipality.ID, who.UserID + " " + who.MembershipID, file}
}

func (l *looks) fresh(who actor.Actor, file string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.last[lookOf(who, file)]
	return ok && now.Sub(at) < lookLasts
}

func (l *looks) remember(who actor.Actor, file string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) >= mostLooks {
		clear(l.last) // the next keystrokes leave a row each: more trail, never less
	}
	l.last[lookOf(who, file)] = now
}
