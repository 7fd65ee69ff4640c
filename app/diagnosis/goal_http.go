package diagnosis

import (
	"net/http"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/diagnosis"
	"gsl/templates/ui"
)

func (h *Handlers) mountGoals(r *web.Router) {
	r.GET("/files/:file/goals", access.ReadCasework, h.goals)
	r.POST("/files/:file/goals", access.ManagePlan, h.addGoal)
	r.POST("/files/:file/goals/:goal", access.ManagePlan, h.changeGoal)
	r.POST("/files/:file/commitments", access.ManagePlan, h.addCommitment)
	r.POST("/files/:file/commitments/:commitment", access.ManagePlan, h.changeCommitment)
}

// aimForm is what the forms of goals and commitments send. What is not sent stays
// as it was: the button of one that is reached sends nothing but that.
type aimForm struct {
	Key       string        `form:"key" validate:"max=40"`
	Version   int64         `form:"version" validate:"gte=0"`
	Text      string        `form:"text"`
	Dimension string        `form:"dimension" validate:"max=20"`
	By        string        `form:"by"`
	Goal      string        `form:"goal" validate:"max=40"`
	Due       calendar.Date `form:"due"`
	Standing  string        `form:"standing" validate:"max=20"`
	Reason    string        `form:"reason" validate:"max=500"`
	Tied      bool          `form:"tied"` // the boxes of the plan items were there
	Items     []string      `form:"item" validate:"max=100,dive,max=40"`
}

// onto writes what was sent over what was there.
func (f *aimForm) onto(a *Aim, sent func(string) bool) {
	if sent("text") {
		a.Text = f.Text
	}
	if sent("due") {
		a.Due = f.Due
	}
	if sent("standing") {
		a.Standing = Standing(f.Standing)
	}
	if sent("reason") {
		a.Reason = f.Reason
	}
	if f.Tied {
		a.Items = slices.Compact(slices.Sorted(slices.Values(f.Items)))
	}
}

func (f *aimForm) goal(sent func(string) bool) func(Goal) Goal {
	return func(g Goal) Goal {
		f.onto(&g.Aim, sent)
		if sent("dimension") {
			g.Dimension = Dimension(f.Dimension)
		}
		return g
	}
}

func (f *aimForm) commitment(sent func(string) bool) func(Commitment) Commitment {
	return func(c Commitment) Commitment {
		f.onto(&c.Aim, sent)
		if sent("by") {
			c.By = f.By
		}
		if sent("goal") {
			c.GoalID = f.Goal
		}
		return c
	}
}

// sentOf reports which fields the request's form has.
func sentOf(c *web.Ctx) func(string) bool {
	form, err := c.Form()
	return func(name string) bool { return err == nil && form.Has(name) }
}

// aimState is a form of the page that comes back.
type aimState struct {
	place   string // whose form: the id, "goal" or "commitment" for a new one
	form    aimForm
	due     string // as it was typed
	sent    func(string) bool
	errs    ui.Errors
	problem string
}

// goals shows goals and commitments.
func (h *Handlers) goals(c *web.Ctx) error { return h.showGoals(c, http.StatusOK, aimState{}) }

func (h *Handlers) showGoals(c *web.Ctx, status int, st aimState) error {
	a, err := h.service.Aims(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	v := (&aimScreen{c.Context(), a, st}).page()
	return c.Page(status, page(c, &a.visit, i18n.T(c.Context(), "diagnosis.tab.goals"), nil), views.GoalsPage(v))
}

func (h *Handlers) addGoal(c *web.Ctx) error {
	return h.aim(c, newGoal, "diagnosis.flash.goal_added", func(f *aimForm) error {
		if f.Key == "" {
			return fault.InvalidField("key", "web.field.required")
		}
		return h.service.AddGoal(c.Context(), c.Actor(), c.Param("file"), f.Key, f.goal(sentOf(c))(Goal{}))
	})
}

func (h *Handlers) addCommitment(c *web.Ctx) error {
	return h.aim(c, newCommitment, "diagnosis.flash.commitment_added", func(f *aimForm) error {
		if f.Key == "" {
			return fault.InvalidField("key", "web.field.required")
		}
		return h.service.AddCommitment(c.Context(), c.Actor(), c.Param("file"), f.Key, f.commitment(sentOf(c))(Commitment{}))
	})
}

func (h *Handlers) changeGoal(c *web.Ctx) error {
	id := c.Param("goal")
	return h.aim(c, id, "diagnosis.flash.aim_changed", func(f *aimForm) error {
		return h.service.ChangeGoal(c.Context(), c.Actor(), c.Param("file"), id, f.Version, f.goal(sentOf(c)))
	})
}

func (h *Handlers) changeCommitment(c *web.Ctx) error {
	id := c.Param("commitment")
	return h.aim(c, id, "diagnosis.flash.aim_changed", func(f *aimForm) error {
		return h.service.ChangeCommitment(c.Context(), c.Actor(), c.Param("file"), id, f.Version, f.commitment(sentOf(c)))
	})
}

// aim runs a verb with what was sent, and gives the form back when it cannot be.
func (h *Handlers) aim(c *web.Ctx, place, told string, verb func(*aimForm) error) error {
	st := aimState{place: place, sent: sentOf(c)}
	cause := c.Bind(&st.form)
	if cause == nil {
		cause = verb(&st.form)
	}
	status := http.StatusUnprocessableEntity
	switch {
	case cause == nil:
		c.Flash(told, nil)
		return c.Redirect("/files/" + c.Param("file") + "/goals")
	case fault.Is(cause, fault.Conflict):
		if fault.IsTwice(cause) {
			st.form.Key = ""
		}
		status, st.problem = http.StatusConflict, sentence(c, cause)
	case fault.Is(cause, fault.Invalid):
		st.errs = c.Errors(cause, "text", "diagnosis.goal.text", "due", "diagnosis.goal.due", "dimension", "diagnosis.goal.dimension", "by", "diagnosis.commitment.by",
			"standing", "diagnosis.goal.standing", "reason", "diagnosis.goal.reason", "item", "diagnosis.goal.items", "goal", "diagnosis.commitment.goal")
	default:
		return cause
	}
	st.due = c.Typed("due")
	return h.showGoals(c, status, st)
}

// The places of forms for something new.
const (
	newGoal       = "goal"
	newCommitment = "commitment"
)
