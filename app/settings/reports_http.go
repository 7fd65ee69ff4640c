package settings

import (
	"net/http"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/report"
	views "gsl/templates/settings"
)

func presentReports(r *report.ApprovalRule) *views.Reports {
	return &views.Reports{Needed: r.Needed, HeadName: r.HeadName, HeadPosition: r.HeadPosition, Mark: approvalMark(r)}
}

// saveReports changes whether heads approve reports.
func (h *Handlers) saveReports(c *web.Ctx) error {
	var sent struct {
		Needed       bool   `form:"needed"`
		HeadName     string `form:"head_name"`
		HeadPosition string `form:"head_position"`
		Mark         string `form:"mark" validate:"max=400"`
	}
	var now report.ApprovalRule
	err := c.Bind(&sent)
	if err == nil {
		wanted := report.ApprovalRule{Needed: sent.Needed, HeadName: sent.HeadName, HeadPosition: sent.HeadPosition}
		now, err = h.service.SaveApproval(c.Context(), c.Actor(), wanted, sent.Mark)
	}
	if isForm(err) {
		return h.reportsAgain(c, &now, err)
	}
	if err != nil {
		return err
	}
	c.Flash("signature.setting.saved", nil)
	if !c.Fragment() {
		return c.Redirect("/settings")
	}
	if now, err = h.service.Approval(c.Context(), c.Actor()); err != nil {
		return err
	}
	return c.Partial(http.StatusOK, views.ReportsForm(*presentReports(&now)))
}

// reportsAgain gives the form back with what was typed; after a conflict sending
// it again writes over what somebody else saved.
func (h *Handlers) reportsAgain(c *web.Ctx, now *report.ApprovalRule, cause error) error {
	view := &views.Reports{Needed: typed(c, "needed") == "1", HeadName: typed(c, "head_name"), HeadPosition: typed(c, "head_position"), Mark: typed(c, "mark"),
		Errors: c.Errors(cause, "head_name", "signature.head_name", "head_position", "signature.head_position")}
	if fault.Is(cause, fault.Conflict) {
		view.Problem, view.Mark = sentence(c.Context(), cause), approvalMark(now)
		needed := i18n.T(c.Context(), "settings.no")
		if now.Needed {
			needed = i18n.T(c.Context(), "settings.yes")
		}
		view.Kept = []views.Line{
			{Label: i18n.T(c.Context(), "signature.setting.needed"), Value: needed},
			{Label: i18n.T(c.Context(), "signature.head_name"), Value: now.HeadName},
			{Label: i18n.T(c.Context(), "signature.head_position"), Value: now.HeadPosition},
		}
	}
	if c.Fragment() {
		return c.Partial(statusOf(cause), views.ReportsForm(*view))
	}
	g, err := h.service.General(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.indexPage(c, statusOf(cause), presentGeneral(g), "", view)
}
