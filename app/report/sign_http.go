package report

import (
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/report"
)

// SignHandlers are the pages of a report that is written: signing it, reading it
// as it was signed, deciding on it, its paper, and what waits for a head.
type SignHandlers struct {
	signing *Signing
	printer Printer
}

// NewSignHandlers makes the handlers.
func NewSignHandlers(signing *Signing, printer Printer) *SignHandlers {
	return &SignHandlers{signing, printer}
}

// Mount names the routes.
func (h *SignHandlers) Mount(r *web.Router) {
	r.GET("/reports/waiting", access.ApproveReport, h.waiting)
	r.GET("/reports/:report", access.ReadCasework, h.sheet)
	r.GET("/reports/:report/sign", access.ManagePlan, h.desk)
	r.POST("/reports/:report/sign", access.ManagePlan, h.sign)
	r.POST("/reports/:report/withdraw", access.ManagePlan, h.withdraw)
	r.POST("/reports/:report/approve", access.ApproveReport, h.approve)
	r.POST("/reports/:report/return", access.ApproveReport, h.giveBack)
	r.POST("/reports/:report/issue", access.ManagePlan, h.issue)
	r.POST("/reports/:report/annul", access.ManagePlan, h.annul)
	r.POST("/reports/:report/version", access.ManagePlan, h.version)
}

// filePage answers with a whole page of the file.
func filePage(c *web.Ctx, status int, v *Visit, title string, body templ.Component) error {
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: title, Section: people.ReportSection, File: v.Frame, Print: true}, body)
}

// comesBack reports whether the page comes back with what was typed, or with how
// things are now.
func comesBack(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusFor(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// sentenceOf is what an error says to people.
func sentenceOf(c *web.Ctx, err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return ""
	}
	return i18n.Tf(c.Context(), e.Key, e.Args)
}

func sheetHref(id string) string { return "/reports/" + id }

func editHref(id string) string { return "/reports/" + id + "/edit" }

// sheet shows a report as it was signed: as a page, or as its PDF when the address
// ends so. A draft is shown where it is written, to who may write it.
func (h *SignHandlers) sheet(c *web.Ctx) error {
	id, paper := strings.CutSuffix(c.Param("report"), ".pdf")
	if paper {
		return h.paper(c, id)
	}
	sheet, err := h.signing.Sheet(c.Context(), c.Actor(), id, "report")
	if err != nil {
		return err
	}
	if sheet.Report.State == Draft && c.Actor().Can(access.ManagePlan) {
		return c.Redirect(editHref(id))
	}
	return h.sheetPage(c, http.StatusOK, &sheet, nil)
}

// sheetPage shows the report; fix changes what came back with something wrong.
func (h *SignHandlers) sheetPage(c *web.Ctx, status int, sheet *Sheet, fix func(*views.Sheet)) error {
	view := presentSheet(c.Context(), c.Actor(), sheet)
	if fix != nil {
		fix(view)
	}
	return filePage(c, status, &sheet.Visit, view.Title, views.SheetPage(view))
}

func (h *SignHandlers) paper(c *web.Ctx, id string) error {
	sheet, err := h.signing.Sheet(c.Context(), c.Actor(), id, "report.pdf")
	if err != nil {
		return err
	}
	file, err := h.printer.Print(c.Context(), c.Actor().Municipality, &sheet)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", sheet.Name(), file)
}

// desk shows the draft to be read for the last time, and the form that signs it.
func (h *SignHandlers) desk(c *web.Ctx) error {
	d, err := h.signing.Desk(c.Context(), c.Actor(), c.Param("report"))
	if err != nil {
		return err
	}
	if d.Report.State != Draft {
		return c.Redirect(sheetHref(d.Report.ID))
	}
	return h.deskPage(c, http.StatusOK, &d, nil)
}

func (h *SignHandlers) deskPage(c *web.Ctx, status int, d *Desk, fix func(*views.Sign)) error {
	view := presentDesk(c.Context(), c.Actor(), d)
	if fix != nil {
		fix(view)
	}
	return filePage(c, status, &d.Visit, i18n.T(c.Context(), "signature.sign.title"), views.SignPage(view))
}

// sign signs the report. What is missing comes back on the page, each with the
// place to write it; so does a report that changed while it was read.
func (h *SignHandlers) sign(c *web.Ctx) error {
	var sent struct {
		Mark         string `form:"mark" validate:"max=40"`
		Profession   string `form:"profession"`
		Registration string `form:"registration"`
		HeadName     string `form:"head_name"`
		HeadPosition string `form:"head_position"`
		Then         string `form:"then" validate:"omitempty,oneof=issue keep"`
	}
	var r Report
	err := c.Bind(&sent)
	if err == nil {
		r, err = h.signing.Sign(c.Context(), c.Actor(), c.Param("report"), SignForm{Mark: sent.Mark, Profession: sent.Profession,
			Registration: sent.Registration, HeadName: sent.HeadName, HeadPosition: sent.HeadPosition, Issue: sent.Then == "issue"})
	}
	if comesBack(err) {
		return h.signAgain(c, err)
	}
	if err != nil {
		return err
	}
	return h.done(c, &r, signedKeys[r.State])
}

// signedKeys say what became of a report that was signed, by what it is now.
var signedKeys = map[State]string{
	Signed:   "signature.flash.signed",
	Approved: "signature.flash.signed",
	Issued:   "signature.flash.issued",
}

// done leads to the report and says what happened.
func (h *SignHandlers) done(c *web.Ctx, r *Report, key string) error {
	c.Flash(key, map[string]any{"Folio": r.Folio(), "Head": r.Approval.HeadName})
	return c.Redirect(sheetHref(r.ID))
}

// signAgain gives the page back with what was typed and what is missing.
func (h *SignHandlers) signAgain(c *web.Ctx, cause error) error {
	d, err := h.signing.Desk(c.Context(), c.Actor(), c.Param("report"))
	if err != nil {
		return err
	}
	if d.Report.State != Draft { // somebody else was faster
		return h.again(c, cause, nil)
	}
	return h.deskPage(c, statusFor(cause), &d, func(v *views.Sign) {
		v.Form = views.SignForm{Profession: c.Typed("profession"), Registration: c.Typed("registration"), HeadName: c.Typed("head_name"), HeadPosition: c.Typed("head_position")}
		if fault.Is(cause, fault.Conflict) {
			v.Problem = sentenceOf(c, cause)
			return
		}
		for _, e := range c.Errors(cause, signLabels...) {
			if _, ours := signFields[e.Name]; ours {
				v.Errors = append(v.Errors, e)
			}
		}
	})
}

// signFields are the fields of the form; what else is wrong is the report's.
var signFields = map[string]bool{"profession": true, "registration": true, "head_name": true, "head_position": true, "mark": true, "then": true}

var signLabels = []string{
	"profession", "signature.profession", "registration", "signature.registration",
	"head_name", "signature.head_name", "head_position", "signature.head_position",
}

// decisionForm is what a head sends.
type decisionForm struct {
	Code         string `form:"code" validate:"max=60"`
	HeadName     string `form:"head_name"`
	HeadPosition string `form:"head_position"`
	Comment      string `form:"comment"`
	Then         string `form:"then" validate:"omitempty,oneof=issue keep"`
}

func (h *SignHandlers) approve(c *web.Ctx) error {
	var sent decisionForm
	var r Report
	err := c.Bind(&sent)
	if err == nil {
		r, err = h.signing.Approve(c.Context(), c.Actor(), c.Param("report"), Decision{HeadName: sent.HeadName, HeadPosition: sent.HeadPosition,
			Comment: sent.Comment, Issue: sent.Then == "issue", Code: sent.Code})
	}
	if comesBack(err) {
		return h.again(c, err, func(v *views.Sheet) {
			if d := v.Acts.Decide; d != nil {
				d.HeadName, d.HeadPosition, d.Comment, d.Errors = c.Typed("head_name"), c.Typed("head_position"), c.Typed("comment"), c.Errors(err, signLabels...)
			}
		})
	}
	if err != nil {
		return err
	}
	key := "signature.flash.approved"
	if r.State == Issued {
		key = "signature.flash.issued"
	}
	return h.done(c, &r, key)
}

func (h *SignHandlers) giveBack(c *web.Ctx) error {
	var sent decisionForm
	err := c.Bind(&sent)
	if err == nil {
		_, err = h.signing.Return(c.Context(), c.Actor(), c.Param("report"), Decision{Comment: sent.Comment, Code: sent.Code})
	}
	if comesBack(err) {
		return h.again(c, err, func(v *views.Sheet) {
			if d := v.Acts.Decide; d != nil {
				d.Return, d.Returning, d.Errors = c.Typed("comment"), true, c.Errors(err, "comment", "signature.return_comment")
			}
		})
	}
	if err != nil {
		return err
	}
	c.Flash("signature.flash.returned", nil)
	return c.Redirect("/reports/waiting")
}

func (h *SignHandlers) issue(c *web.Ctx) error {
	var sent struct{}
	var r Report
	err := c.Bind(&sent)
	if err == nil {
		r, err = h.signing.Issue(c.Context(), c.Actor(), c.Param("report"))
	}
	if comesBack(err) {
		return h.again(c, err, nil)
	}
	if err != nil {
		return err
	}
	return h.done(c, &r, "signature.flash.issued")
}

// reasonForm is what an act sends that says why.
type reasonForm struct {
	Reason string `form:"reason"`
}

// because runs an act with its reason; field picks its form on the page.
func (h *SignHandlers) because(c *web.Ctx, act func(reason string) (Report, error), field func(*views.SheetActs) *views.Reason) (r Report, answered bool, err error) {
	var sent reasonForm
	if err = c.Bind(&sent); err == nil {
		r, err = act(sent.Reason)
	}
	if !comesBack(err) {
		return r, err != nil, err
	}
	return r, true, h.again(c, err, func(v *views.Sheet) {
		if form := field(&v.Acts); form != nil {
			form.Value, form.Errors = c.Typed("reason"), c.Errors(err, "reason", "signature.reason")
		}
	})
}

func (h *SignHandlers) withdraw(c *web.Ctx) error {
	r, answered, err := h.because(c, func(reason string) (Report, error) {
		return h.signing.Withdraw(c.Context(), c.Actor(), c.Param("report"), reason)
	}, func(a *views.SheetActs) *views.Reason { return a.Withdraw })
	if answered {
		return err
	}
	c.Flash("signature.flash.withdrawn", nil)
	return c.Redirect(editHref(r.ID))
}

func (h *SignHandlers) annul(c *web.Ctx) error {
	r, answered, err := h.because(c, func(reason string) (Report, error) {
		return h.signing.Annul(c.Context(), c.Actor(), c.Param("report"), reason)
	}, func(a *views.SheetActs) *views.Reason { return a.Annul })
	if answered {
		return err
	}
	return h.done(c, &r, "signature.flash.annulled")
}

func (h *SignHandlers) version(c *web.Ctx) error {
	r, answered, err := h.because(c, func(reason string) (Report, error) {
		return h.signing.NewVersion(c.Context(), c.Actor(), c.Param("report"), reason)
	}, func(a *views.SheetActs) *views.Reason { return a.Version })
	if answered {
		return err
	}
	c.Flash("signature.flash.version", nil)
	return c.Redirect(sheetHref(r.ID))
}

// again shows the report as it is now, with what was typed and what is wrong.
func (h *SignHandlers) again(c *web.Ctx, cause error, fix func(*views.Sheet)) error {
	sheet, err := h.signing.Sheet(c.Context(), c.Actor(), c.Param("report"), "report")
	if err != nil {
		return err
	}
	return h.sheetPage(c, statusFor(cause), &sheet, func(v *views.Sheet) {
		if fault.Is(cause, fault.Conflict) {
			v.Problem = sentenceOf(c, cause)
		} else if fix != nil {
			fix(v)
		}
	})
}

// waitingOnThePage is how many reports the list shows.
const waitingOnThePage = 100

func (h *SignHandlers) waiting(c *web.Ctx) error {
	list, more, err := h.signing.Waiting(c.Context(), c.Actor(), waitingOnThePage)
	if err != nil {
		return err
	}
	view := presentWaiting(c.Context(), c.Actor(), list)
	view.More = more
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "signature.waiting.title"), Print: true}, views.WaitingPage(view))
}
