package document

import (
	"net/http"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/ui"
)

// change corrects what was said of a document.
func (h *Handlers) change(c *web.Ctx) error {
	var form struct {
		Kind      string        `form:"kind"`
		ExpiresOn calendar.Date `form:"expires_on"`
		Version   int64         `form:"version"`
	}
	var d Document
	err := c.Bind(&form)
	if err == nil {
		d, err = h.service.Change(c.Context(), c.Actor(), c.Param("document"), Change{Kind: Kind(form.Kind), ExpiresOn: form.ExpiresOn, Version: form.Version})
	}
	if err != nil {
		return h.again(c, err, &typed{kind: c.Typed("kind"), expiresOn: c.Typed("expires_on")})
	}
	c.Flash("document.flash.changed", nil)
	return c.Redirect(Ask{}.path(d.FileID) + "#doc-" + d.ID)
}

// remove takes a document out of sight.
func (h *Handlers) remove(c *web.Ctx) error {
	var form struct {
		Reason  string `form:"reason"`
		Version int64  `form:"version"`
	}
	var d Document
	err := c.Bind(&form)
	if err == nil {
		d, err = h.service.Remove(c.Context(), c.Actor(), c.Param("document"), form.Reason, form.Version)
	}
	if err != nil {
		return h.again(c, err, &typed{reason: c.Typed("reason"), removing: true})
	}
	c.Flash("document.flash.removed", nil)
	return c.Redirect(Ask{}.path(d.FileID))
}

// restore puts a document back into sight.
func (h *Handlers) restore(c *web.Ctx) error {
	var form struct{}
	if err := c.Bind(&form); err != nil {
		return err
	}
	d, err := h.service.Restore(c.Context(), c.Actor(), c.Param("document"))
	if err != nil {
		return err
	}
	c.Flash("document.flash.restored", nil)
	return c.Redirect(Ask{}.path(d.FileID) + "#doc-" + d.ID)
}

// again shows the documents of the file with the form that was refused, and what
// was typed in it. What somebody else wrote meanwhile stands in the row.
func (h *Handlers) again(c *web.Ctx, cause error, form *typed) error {
	status := http.StatusUnprocessableEntity
	form.document = c.Param("document")
	form.errs = c.Errors(cause, "kind", "document.kind", "expires_on", "document.expires", "reason", "document.reason")
	switch {
	case fault.Is(cause, fault.Conflict):
		status = http.StatusConflict
		form.errs = ui.Errors{{Name: form.first(), Text: i18n.T(c.Context(), "document.error.changed")}}
	case !fault.Is(cause, fault.Invalid):
		return cause
	}
	d, err := h.service.Known(c.Context(), c.Actor(), form.document)
	if err != nil {
		return err
	}
	return h.shelfPage(c, status, d.FileID, Ask{Of: d.shelf()}, form)
}

// first is the box of the form to which a summary leads when it is about the whole.
func (t *typed) first() string {
	if t.removing {
		return "reason"
	}
	return "kind"
}

// shelf is where a document is found among those of its file, however many there
// are: with the others of its owner.
func (d *Document) shelf() Owner {
	if d.Owner.Kind == OfTheFile {
		return Owner{}
	}
	return d.Owner
}
