package referral

import (
	"context"
	"net/http"
	"strings"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Paper answers with the referral as a municipal document; the page of the
// referral calls it when its address ends in ".pdf".
func (h *LetterHandlers) Paper(c *web.Ctx) error {
	id, _ := strings.CutSuffix(c.Param("referral"), ".pdf")
	s, err := h.letters.Sheet(c.Context(), c.Actor(), id)
	if err != nil {
		return err
	}
	name, file, err := h.letters.Paper(c.Context(), c.Actor().Municipality, &s)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", name, file)
}

// linkForm says which link was on the screen.
type linkForm struct {
	Known string `form:"known" validate:"max=40"`
}

func (h *LetterHandlers) offer(c *web.Ctx) error {
	var form linkForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	id := c.Param("referral")
	made, err := h.letters.Offer(c.Context(), c.Actor(), id, form.Known)
	if err != nil {
		return err
	}
	key := "answer.flash.made"
	if made.Mailed {
		key = "answer.flash.mailed"
	}
	c.Flash(key, map[string]any{"Unit": made.Unit, "Until": made.Link.LastDay().Chilean()})
	return h.done(c)
}

func (h *LetterHandlers) remind(c *web.Ctx) error {
	var form linkForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	mailed, err := h.letters.Remind(c.Context(), c.Actor(), c.Param("referral"))
	if err != nil {
		return err
	}
	if mailed {
		c.Flash("answer.flash.reminded", nil)
	} else {
		c.Flash("answer.flash.reminded_already", nil)
	}
	return h.done(c)
}

func (h *LetterHandlers) revoke(c *web.Ctx) error {
	var form linkForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	if err := h.letters.Revoke(c.Context(), c.Actor(), c.Param("referral")); err != nil {
		return err
	}
	c.Flash("answer.flash.revoked", nil)
	return h.done(c)
}

// done shows what became of it: the panel alone, or the referral's page.
func (h *LetterHandlers) done(c *web.Ctx) error {
	if !c.Fragment() {
		return c.Redirect("/referrals/" + c.Param("referral"))
	}
	return h.panelAgain(c, http.StatusOK, nil)
}

// panelAgain answers with the panel as it is now; errs are what is wrong with a
// paper that was to be handed in.
func (h *LetterHandlers) panelAgain(c *web.Ctx, status int, errs ui.Errors) error {
	v, err := h.letters.Renewed(c.Context(), c.Actor(), c.Param("referral"))
	if err != nil {
		return err
	}
	v.Focus = len(errs) == 0
	if v.Upload != nil {
		v.Upload.Refused(errs)
	}
	return c.Partial(status, views.LetterPanel(v))
}

// attach hands a document in for a referral.
func (h *LetterHandlers) attach(c *web.Ctx) error {
	id := c.Param("referral")
	r, err := h.attachFile(c, id)
	if fault.Is(err, fault.Invalid) {
		return h.attachAgain(c, id, err)
	}
	if err != nil {
		return err
	}
	c.Flash("answer.flash.attached", map[string]any{"Folio": r.Folio()})
	return h.done(c)
}

func (h *LetterHandlers) attachFile(c *web.Ctx, id string) (r Referral, err error) {
	var form struct {
		Kind   string `form:"kind"`
		NoFile string `form:"file"` // a box without a file comes as text
	}
	if err := c.Bind(&form); err != nil {
		return r, err
	}
	file, chosen, err := c.Uploaded("file")
	if err != nil {
		return r, err
	}
	if !chosen {
		return r, fault.InvalidField("file", "document.error.missing")
	}
	defer func() { _ = file.Close() }() // read to its end, or not wanted
	return h.letters.Attach(c.Context(), c.Actor(), id, document.Kind(form.Kind), ReplyFile{File: file, Name: file.Name, Size: file.Size})
}

// attachAgain gives the form back by itself, with what is wrong.
func (h *LetterHandlers) attachAgain(c *web.Ctx, id string, cause error) error {
	ctx := c.Context()
	errs := c.Errors(cause, "file", "document.file", "kind", "document.kind")
	if c.Fragment() {
		return h.panelAgain(c, http.StatusUnprocessableEntity, errs)
	}
	r, frame, err := h.letters.visit(ctx, c.Actor(), id)
	if err != nil {
		return err
	}
	form := document.PresentForm(ctx, "/referrals/"+id+"/documents", c.Typed("kind"), errs)
	page := layout.Page{Title: i18n.T(ctx, "answer.add_document"), Section: people.ReferralsSection, File: frame}
	return c.Page(http.StatusUnprocessableEntity, page, views.UploadAgain(form, "/referrals/"+id, r.Folio()))
}

// visit opens the referral's file for a page about it; the view is in the trail.
func (l *Letters) visit(ctx context.Context, who actor.Actor, id string) (r Referral, frame *layout.FileFrame, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		r, err = seen(tx, who, id)
		return err
	})
	if err != nil {
		return r, nil, err
	}
	_, frame, err = l.service.people.Visit(ctx, who, r.FileID, people.ReferralsSection, "referral")
	return r, frame, err
}

// Attach keeps a paper handed in for a referral. Whoever does one of its two
// parts may; who merely sees it may not. Handed in twice, it is there once.
func (l *Letters) Attach(ctx context.Context, who actor.Actor, id string, kind document.Kind, file ReplyFile) (r Referral, err error) {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return r, fault.New(fault.Forbidden, "fault.forbidden")
	}
	may := func(tx *tenants.Tx) (err error) {
		if r, err = seen(tx, who, id); err != nil {
			return err
		}
		if !r.sends(who) && !r.handles(who) {
			return fault.New(fault.Forbidden, "referral.error.other_party")
		}
		if err := kind.Check(); err != nil {
			return err
		}
		return l.documents.Room(tx, document.Owner{Kind: DocumentsOwner, ID: r.ID})
	}
	if err := who.Municipality.View(ctx, may); err != nil {
		return r, err
	}
	content, err := l.documents.Arrive(ctx, who.Municipality, file.Name, file.File, file.Size)
	if err != nil {
		return r, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		_, err := l.documents.Attach(tx, who, document.New{Content: content, Owner: document.Owner{Kind: DocumentsOwner, ID: r.ID},
			FileID: r.FileID, Kind: kind, Name: file.Name})
		return err
	})
	return r, err
}
