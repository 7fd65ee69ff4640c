package plan

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/templates/layout"
	views "gsl/templates/plan"
)

// review shows the cart to worker and citizen before they agree.
func (h *Handlers) review(c *web.Ctx) error {
	r, err := h.service.Review(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return h.reviewPage(c, http.StatusOK, &r, CheckoutForm{}, nil)
}

func (h *Handlers) reviewPage(c *web.Ctx, status int, r *Review, form CheckoutForm, cause error) error {
	errs := fieldErrors(c, cause, reviewLabel(c, r))
	body := views.ReviewPage(reviewView(c.Context(), r, form, errs))
	if c.Fragment() {
		return c.Partial(status, swap("#checkout", body))
	}
	return page(c, status, &r.Visit, people.CartSection, i18n.T(c.Context(), "plan.review.title"), body)
}

func reviewLabel(c *web.Ctx, r *Review) func(string) string {
	return func(name string) string {
		if name == "agreed" {
			return i18n.T(c.Context(), "plan.review.agreement")
		}
		if _, id := insideOf(name); id != "" {
			if line := r.Cart.Line(id); line != nil {
				return line.Name
			}
		}
		return ""
	}
}

// checkout makes the plan.
func (h *Handlers) checkout(c *web.Ctx) error {
	var sent struct {
		Key     string            `form:"key"`
		Agreed  string            `form:"agreed"`
		Reasons map[string]string `form:"override_reason"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form := CheckoutForm{Key: sent.Key, Agreed: sent.Agreed, Reasons: sent.Reasons}
	p, err := h.service.Checkout(c.Context(), c.Actor(), c.Param("file"), form)
	if err != nil {
		return h.checkoutAgain(c, form, err)
	}
	told := sentText(c.Context(), &p)
	key := "plan.flash.created"
	if told != "" {
		key = "plan.flash.created_sent"
	}
	c.Flash(key, map[string]any{"Folio": p.Folio(), "Sent": told})
	return c.Redirect("/plans/" + p.ID)
}

// checkoutAgain shows the review as it is now, with what was typed.
func (h *Handlers) checkoutAgain(c *web.Ctx, form CheckoutForm, cause error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case fault.Is(cause, fault.Conflict):
		status = http.StatusConflict
		c.Flash("plan.error.cart_changed", nil)
	case !isForm(cause):
		return cause
	}
	r, err := h.service.Review(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return h.reviewPage(c, status, &r, form, cause)
}

// plans lists the plans of a file.
func (h *Handlers) plans(c *web.Ctx) error {
	v, list, err := h.service.Plans(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	view := screenOf(c, v.Today).plans(v.File.ID, list, cartCount(v.Frame))
	return page(c, http.StatusOK, &v, people.PlanSection, i18n.T(c.Context(), "plan.title"), views.PlansPage(view))
}

func cartCount(frame *layout.FileFrame) int {
	for _, section := range frame.Sections {
		if section.Key == people.CartSection {
			return section.Count
		}
	}
	return 0
}

// plan shows one plan: as a page, or as its PDF when the address ends so.
func (h *Handlers) plan(c *web.Ctx) error {
	id, paper := strings.CutSuffix(c.Param("plan"), ".pdf")
	if paper {
		return h.paper(c, id)
	}
	shown, err := h.service.Plan(c.Context(), c.Actor(), id, "plan")
	if err != nil {
		return err
	}
	return showPlan(c, http.StatusOK, &shown, views.PlanPanel(screenOf(c, shown.Today).plan(&shown, true)))
}

// showPlan answers with the page of a plan, or with the plan's own part of it.
func showPlan(c *web.Ctx, status int, shown *Shown, body templ.Component) error {
	if c.Fragment() {
		return c.Partial(status, append([]templ.Component{swap("#plan-"+shown.Plan.ID, body)}, rail(&shown.Visit)...)...)
	}
	return page(c, status, &shown.Visit, people.PlanSection, i18n.Tf(c.Context(), "plan.number", map[string]any{"Folio": shown.Plan.Folio()}), body)
}

// savedForm is what the plan page sends.
type savedForm struct {
	Version     string            `form:"version" validate:"omitempty,max=19"`
	Status      map[string]string `form:"status"`
	Reason      map[string]string `form:"reason"`
	Outcome     map[string]string `form:"outcome"`
	DeliveredOn map[string]string `form:"delivered_on"`
	Quantity    map[string]string `form:"quantity"`
	Amount      map[string]string `form:"amount"`
}

// read gathers what was sent by item. A form without version speaks of the plan
// as it is: scripts may send just statuses.
func (sent *savedForm) read() (SaveForm, []fault.Field) {
	form := SaveForm{Items: make(map[string]Wanted, len(sent.Status))}
	var wrong []fault.Field
	if sent.Version != "" {
		n, err := strconv.ParseInt(sent.Version, 10, 64)
		if err != nil || n < 1 {
			wrong = append(wrong, fault.Field{Name: "version", Key: "plan.error.version"})
		}
		form.Version = n
	}
	for id, status := range sent.Status {
		form.Items[id] = Wanted{Status: status, Reason: sent.Reason[id], Outcome: sent.Outcome[id],
			DeliveredOn: optional(sent.DeliveredOn, id), Quantity: optional(sent.Quantity, id), Amount: optional(sent.Amount, id)}
	}
	for id, outcome := range sent.Outcome {
		if !isRefusal(referral.Outcome(outcome)) {
			wrong = append(wrong, fault.Field{Name: "outcome[" + id + "]", Key: "plan.error.outcome"})
		}
	}
	for name, table := range map[string]map[string]string{"reason": sent.Reason, "outcome": sent.Outcome, "delivered_on": sent.DeliveredOn, "quantity": sent.Quantity, "amount": sent.Amount} {
		for id := range table {
			if _, ok := sent.Status[id]; !ok {
				wrong = append(wrong, fault.Field{Name: name + "[" + id + "]", Key: "plan.error.without_status"})
			}
		}
	}
	return form, wrong
}

func optional(table map[string]string, id string) *string {
	if value, ok := table[id]; ok {
		return &value
	}
	return nil
}

// save sets the status of items.
func (h *Handlers) save(c *web.Ctx) error {
	var sent savedForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form, wrong := sent.read()
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	saved, err := h.service.Save(c.Context(), c.Actor(), c.Param("plan"), form)
	if err != nil && saved.Plan.ID == "" {
		return err
	}
	switch {
	case err == nil:
		return savedPlan(c, &saved)
	case fault.Is(err, fault.Conflict):
		return conflict(c, &saved)
	case isForm(err):
		return saveAgain(c, &saved, form, err)
	}
	return err
}

// savedPlan says what changed and renews the plan, the circle and the status line.
func savedPlan(c *web.Ctx, saved *Saved) error {
	switch {
	case saved.JustEnded:
		c.Flash("plan.flash.closed", map[string]any{"Folio": saved.Plan.Folio()})
	case len(saved.Changed) == 0:
		c.Flash("plan.flash.unchanged", nil)
	default:
		c.Flash("plan.flash.saved", map[string]any{"Count": len(saved.Changed)})
	}
	if !c.Fragment() {
		return c.Redirect("/plans/" + saved.Plan.ID)
	}
	view := screenOf(c, saved.Today).plan(&saved.Shown, true)
	view.Focus = saved.JustEnded // the button that was pressed is gone
	return showPlan(c, http.StatusOK, &saved.Shown, views.PlanPanel(view))
}

// saveAgain shows the plan with what was typed and what is wrong with it.
func saveAgain(c *web.Ctx, saved *Saved, form SaveForm, cause error) error {
	s := screenOf(c, saved.Today)
	s.form = form
	s.errs = fieldErrors(c, cause, func(name string) string {
		_, id := insideOf(name)
		if it := saved.Plan.Item(id); it != nil {
			return it.Name
		}
		return ""
	})
	return showPlan(c, http.StatusUnprocessableEntity, &saved.Shown, views.PlanPanel(s.plan(&saved.Shown, true)))
}

// conflict shows what the other operator saved beside what was chosen here.
func conflict(c *web.Ctx, saved *Saved) error {
	view := screenOf(c, saved.Today).conflict(saved)
	return showPlan(c, http.StatusConflict, &saved.Shown, views.ConflictPanel(view))
}

// approve gives consent to aid above a threshold.
func (h *Handlers) approve(c *web.Ctx) error {
	var form struct {
		Back string `form:"back" validate:"omitempty,oneof=plan approvals"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	done, err := h.service.Approve(c.Context(), c.Actor(), c.Param("plan"), c.Param("item"))
	if err != nil {
		return err
	}
	return h.decided(c, &done, form.Back, "plan.flash.approved")
}

// reject refuses it, with a reason.
func (h *Handlers) reject(c *web.Ctx) error {
	var form struct {
		Back   string `form:"back" validate:"omitempty,oneof=plan approvals"`
		Reason string `form:"reason"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	done, err := h.service.Reject(c.Context(), c.Actor(), c.Param("plan"), c.Param("item"), form.Reason)
	if err != nil {
		return err
	}
	return h.decided(c, &done, form.Back, "plan.flash.rejected")
}

func (h *Handlers) decided(c *web.Ctx, done *Decision, back, key string) error {
	c.Flash(key, map[string]any{"Name": done.Item.Name})
	switch {
	case !c.Fragment() && back == backToApprovals:
		return c.Redirect("/approvals")
	case !c.Fragment():
		return c.Redirect("/plans/" + done.Plan.ID)
	case back == backToApprovals:
		return h.renewApprovals(c)
	}
	view := screenOf(c, done.Today).plan(&done.Shown, true)
	view.Focus = true
	return showPlan(c, http.StatusOK, &done.Shown, views.PlanPanel(view))
}

// How many requests one page of approvals shows.
const approvalsShown = 50

// approvals lists the aid that waits for the actor's consent.
func (h *Handlers) approvals(c *web.Ctx) error {
	view, err := h.approvalsView(c)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(c.Context(), "plan.approvals.title")}, views.ApprovalsPage(view))
}

func (h *Handlers) renewApprovals(c *web.Ctx) error {
	view, err := h.approvalsView(c)
	if err != nil {
		return err
	}
	view.Focus = true // the row that was decided is gone
	return c.Partial(http.StatusOK, swap("#approvals", views.ApprovalsPage(view)))
}

func (h *Handlers) approvalsView(c *web.Ctx) (views.Approvals, error) {
	list, more, err := h.service.Requests(c.Context(), c.Actor(), approvalsShown)
	if err != nil {
		return views.Approvals{}, err
	}
	return screenOf(c, calendar.Date{}).approvals(list, more), nil
}
