package plan

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/plan"
	"gsl/templates/ui"
	"gsl/tenants"
)

// CartPanel is the live cart for a page of another room, nil for an actor who
// has no cart. It fits screening's hook.
func (s *Service) CartPanel(ctx context.Context, tx *tenants.Tx, who actor.Actor, f people.File) (templ.Component, error) {
	if !canCart(who) {
		return nil, nil //nolint:nilnil // the hook's contract: no component, no error
	}
	cart, err := draft(tx, f.ID)
	if err != nil {
		return nil, err
	}
	limits, err := limits(tx)
	if err != nil {
		return nil, err
	}
	return views.CartPanel(cartView(ctx, &cart, limits, false)), nil //nolint:contextcheck // a component gets its context when it is rendered
}

// isWide reports whether the request comes from the cart's own page.
func isWide(c *web.Ctx, back string) bool {
	switch back {
	case views.BackToCart:
		return true
	case views.BackToScreening:
		return false
	}
	at, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	return err == nil && strings.HasSuffix(at.Path, "/cart")
}

// backTo is where a plain form leads after it was done; only these pages.
func backTo(fileID, back string) string {
	switch back {
	case views.BackToScreening, "catalogue":
		return "/files/" + fileID + "/" + back
	}
	return "/files/" + fileID + "/cart"
}

func checkBack(back string) error {
	switch back {
	case "", views.BackToCart, views.BackToScreening, "catalogue":
		return nil
	}
	return fault.InvalidField(fieldBack, "plan.error.back")
}

// cart shows the cart: a page, or for htmx the panel that was left for a form.
func (h *Handlers) cart(c *web.Ctx) error {
	shown, err := h.service.Cart(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	if c.Fragment() {
		view := cartView(c.Context(), &shown.Cart, shown.Limits, isWide(c, c.Query("back")))
		view.Focus = true
		return c.Partial(http.StatusOK, swap("#cart", views.CartPanel(view)))
	}
	view := cartView(c.Context(), &shown.Cart, shown.Limits, true)
	return page(c, http.StatusOK, &shown.Visit, people.CartSection, i18n.T(c.Context(), "plan.cart.title"), views.CartPage(view))
}

// add puts an item into the cart.
func (h *Handlers) add(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := checkBack(form.Get(fieldBack)); err != nil {
		return err
	}
	done, err := h.service.Add(c.Context(), c.Actor(), c.Param("file"), form)
	if err != nil {
		return h.addAgain(c, &done, form, err)
	}
	key := "plan.flash.added"
	switch {
	case done.Joined:
		key = "plan.flash.joined"
	case done.Noop:
		key = "plan.flash.already"
	}
	said, err := h.service.Spots(c.Context(), c.Actor(), []string{done.Line.Code})
	if err != nil {
		return err
	}
	if warning := scarce(said[done.Line.Code]); warning != "" {
		key = warning
	}
	c.Flash(key, map[string]any{"Name": done.Line.Name})
	if !c.Fragment() {
		return c.Redirect(backTo(done.File.ID, form.Get(fieldBack)))
	}
	place := swap("#add-"+done.Item.Code, catalogue.Added(c.Context(), done.File.ID, done.Item, done.Facts))
	return h.changed(c, &done, form.Get(fieldBack), place)
}

// scarce is how the worker is told that what is in the cart now will ask for a
// reason at checkout; blank when it will not.
func scarce(s catalogue.Spots) string {
	switch {
	case s.Expired:
		return "plan.flash.added_expired"
	case s.Known && s.Left == 0:
		return "plan.flash.added_scarce"
	}
	return ""
}

// addAgain shows the form with what was typed, what is wrong and why a reason is asked.
func (h *Handlers) addAgain(c *web.Ctx, done *Changed, form url.Values, cause error) error {
	if !isForm(cause) || done.Item == nil {
		return cause
	}
	fileID := c.Param("file")
	shown, err := h.service.Cart(c.Context(), c.Actor(), fileID) // the form names the household: a view like any other
	if err != nil {
		return err
	}
	again := catalogue.AddForm(c.Context(), fileID, done.Item, done.Facts, form, fieldsOf(cause))
	if c.Fragment() {
		return c.Partial(http.StatusUnprocessableEntity, swap("#add-"+done.Item.Code, again))
	}
	view := views.Add{Title: done.Item.Name, Category: done.Item.Category, Advice: adviceTexts(c.Context(), done.Advice),
		Form: again, Cancel: backTo(fileID, form.Get(fieldBack))}
	return page(c, http.StatusUnprocessableEntity, &shown.Visit, people.CartSection, i18n.T(c.Context(), "plan.cart.title"), views.AddPage(view))
}

func fieldsOf(err error) []fault.Field {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// editForm shows the form of a line, in its place or on a page.
func (h *Handlers) editForm(c *web.Ctx) error {
	done, err := h.service.Line(c.Context(), c.Actor(), c.Param("file"), c.Param("id"))
	if err != nil {
		return err
	}
	return h.showEdit(c, http.StatusOK, &done, typed(c.Context(), &done.Line, done.Item), nil, c.Query("back"))
}

func (h *Handlers) showEdit(c *web.Ctx, status int, done *Changed, values map[string]string, errs ui.Errors, back string) error {
	if c.Fragment() {
		view := editView(c.Context(), done, values, errs, isWide(c, back))
		return c.Partial(status, swap("#line-"+done.Line.ID, views.EditInPlace(view)))
	}
	view := editView(c.Context(), done, values, errs, true)
	return page(c, status, &done.Visit, people.CartSection, i18n.T(c.Context(), "plan.cart.title"), views.EditPage(view))
}

// edit changes what the form names of a line.
func (h *Handlers) edit(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	back := form.Get(fieldBack)
	if err := checkBack(back); err != nil {
		return err
	}
	done, err := h.service.Edit(c.Context(), c.Actor(), c.Param("file"), c.Param("id"), form)
	if err != nil {
		return h.editAgain(c, &done, form, err)
	}
	c.Flash("plan.flash.edited", map[string]any{"Name": done.Line.Name})
	if !c.Fragment() {
		return c.Redirect(backTo(done.File.ID, back))
	}
	return h.changed(c, &done, back)
}

func (h *Handlers) editAgain(c *web.Ctx, done *Changed, form url.Values, cause error) error {
	if !isForm(cause) || done.Item == nil {
		return cause
	}
	errs := fieldErrors(c, cause, labelOf(c.Context(), done.Item))
	values := typed(c.Context(), &done.Line, done.Item)
	for name, list := range form {
		values[name] = list[0]
	}
	if err := done.seen(c.Context(), c.Actor(), "cart"); err != nil {
		return err
	}
	return h.showEdit(c, http.StatusUnprocessableEntity, done, values, errs, form.Get(fieldBack))
}

// labelOf names the fields of an item's form as the form does.
func labelOf(ctx context.Context, it *catalogue.Item) func(string) string {
	return func(name string) string {
		if name == fieldReason {
			return i18n.T(ctx, "plan.override")
		}
		if f := it.Field(name); f != nil {
			return f.Text(ctx)
		}
		return ""
	}
}

// remove takes a line out; its answer offers the way back.
func (h *Handlers) remove(c *web.Ctx) error {
	back, err := h.bindBack(c)
	if err != nil {
		return err
	}
	done, err := h.service.Remove(c.Context(), c.Actor(), c.Param("file"), c.Param("id"))
	if err != nil {
		return err
	}
	args := map[string]any{"Name": done.Line.Name}
	if !c.Fragment() {
		c.Flash("plan.flash.removed", args)
		return c.Redirect(backTo(done.File.ID, back))
	}
	notice := views.RemovedNotice(views.Cart{FileID: done.File.ID, Wide: isWide(c, back)}, views.Line{ID: done.Line.ID},
		i18n.Tf(c.Context(), "plan.flash.removed", args))
	return h.changed(c, &done, back, notice)
}

func (h *Handlers) restore(c *web.Ctx) error {
	back, err := h.bindBack(c)
	if err != nil {
		return err
	}
	done, err := h.service.Restore(c.Context(), c.Actor(), c.Param("file"), c.Param("id"))
	if err != nil {
		return err
	}
	c.Flash("plan.flash.restored", map[string]any{"Name": done.Line.Name})
	if !c.Fragment() {
		return c.Redirect(backTo(done.File.ID, back))
	}
	return h.changed(c, &done, back)
}

// bindBack reads a form that holds nothing but the page to return to; a DELETE
// carries no form at all.
func (h *Handlers) bindBack(c *web.Ctx) (string, error) {
	if c.Request().Method == http.MethodDelete {
		return "", nil
	}
	var form struct {
		Back string `form:"back"`
	}
	if err := c.Bind(&form); err != nil {
		return "", err
	}
	return form.Back, checkBack(form.Back)
}

// changed answers a change of the cart with every part of a page that tells of it.
func (h *Handlers) changed(c *web.Ctx, done *Changed, back string, parts ...templ.Component) error {
	wide := isWide(c, back)
	view := cartView(c.Context(), &done.Cart, done.Limits, wide)
	view.Focus = back != "catalogue" // in the pop-up the focus stays where one works
	parts = append(parts, swap("#cart", views.CartPanel(view)))
	if wide {
		parts = append(parts, swap("#cart-removed", views.CartRemoved(view)))
	}
	return c.Partial(http.StatusOK, append(parts, rail(&done.Visit)...)...)
}
