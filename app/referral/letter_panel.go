package referral

import (
	"context"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/mail"
	"gsl/app/people"
	views "gsl/templates/referral"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Extra puts the panel into the page of a referral; it is one of the Extras of
// Handlers, which has left the trail of the view.
func (h *LetterHandlers) Extra(ctx context.Context, who actor.Actor, r *Referral) (part templ.Component, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		v, err := h.letters.Panel(tx, who, r)
		part = views.LetterPanel(v)
		return err
	})
	return part, err
}

// Renewed is the panel by itself, after something was done in it; the view is in
// the trail when it returns.
func (l *Letters) Renewed(ctx context.Context, who actor.Actor, id string) (v views.Letter, err error) {
	var r Referral
	why := ""
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if r, err = seen(tx, who, id); err != nil {
			return err
		}
		if ask := l.service.people.Why; ask != nil {
			if why, err = ask(tx, who, r.FileID); err != nil {
				return err
			}
		}
		v, err = l.Panel(tx, who, &r)
		return err
	})
	if err != nil {
		return v, err
	}
	return v, audit.Looked(ctx, who, audit.View{File: r.FileID, What: "referral", Why: why})
}

// Panel is what stands beside a referral on its page: paper, link, documents.
// The texts are in the language of the transaction's context.
func (l *Letters) Panel(tx *tenants.Tx, who actor.Actor, r *Referral) (views.Letter, error) {
	ctx := tx.Context()
	list, err := document.Of(tx, document.Owner{Kind: DocumentsOwner, ID: r.ID})
	if err != nil {
		return views.Letter{}, err
	}
	v := views.Letter{ID: r.ID, Paper: "/referrals/" + r.ID + ".pdf", PaperLabel: i18n.T(ctx, "answer.print_receipt"), Documents: document.Present(ctx, list)}
	if who.Can(access.Refer) && (r.sends(who) || r.handles(who)) {
		form := document.PresentForm(ctx, "/referrals/"+r.ID+"/documents", "", nil)
		form.ID, form.Target = "paper-"+r.ID, "papers-"+r.ID
		v.Upload = &form
	}
	if r.ByLetter() {
		v.PaperLabel = i18n.T(ctx, "answer.print_letter")
		v.Link, err = l.linkState(tx, who, r)
	}
	return v, err
}

// linkState says how the link of a referral stands, and what can be done about it.
func (l *Letters) linkState(tx *tenants.Tx, who actor.Actor, r *Referral) (*views.LinkState, error) {
	link, err := lastLink(tx, r.ID)
	if err != nil || link.ID == "" && !r.linkable() {
		return nil, err
	}
	unit, err := unitOrName(tx, r.Unit, r.UnitName)
	if err != nil {
		return nil, err
	}
	p := linkPanel{l: l, ctx: tx.Context(), r: r, link: link, unit: unit, live: link.Live(tx.Now) && r.linkable()}
	v := views.LinkState{ID: r.ID}
	v.Tag, v.Status = p.status(tx)
	if p.link.ID != "" {
		if v.Mail, v.Trouble, err = p.mail(tx); err != nil {
			return nil, err
		}
	}
	if !r.sends(who) || !who.Can(access.Refer) {
		return &v, nil
	}
	p.acts(&v, tx.Owner())
	if p.live || v.Make != nil {
		f, err := people.Open(tx, r.FileID)
		if err != nil {
			return nil, err
		}
		if v.Shown = i18n.T(p.ctx, "answer.shown_unnamed"); whom(f, r) != "" {
			v.Shown = p.tf("answer.shown", map[string]any{"Whom": whom(f, r)})
		}
	}
	return &v, nil
}

// linkPanel words the state of one link.
type linkPanel struct {
	l    *Letters
	ctx  context.Context
	r    *Referral
	link Link
	unit Unit
	live bool
}

func (p *linkPanel) tf(key string, values map[string]any) string { return i18n.Tf(p.ctx, key, values) }

func (p *linkPanel) tag(key string, kind ui.TagKind) ui.Tag {
	return ui.Tag{Text: i18n.T(p.ctx, key), Kind: kind}
}

func (p *linkPanel) status(tx *tenants.Tx) (ui.Tag, string) {
	link := &p.link
	switch {
	case link.ID == "":
		return ui.Tag{}, p.none(tx)
	case !link.UsedAt.IsZero():
		return p.tag("answer.tag.used", ui.Success), p.tf("answer.link.used", map[string]any{"On": i18n.DateTime(p.ctx, link.UsedAt)})
	case !link.RevokedAt.IsZero() && link.RevokedByName == "":
		return p.tag("answer.tag.revoked", ui.Plain), p.tf("answer.link.ended", map[string]any{"On": calendar.On(link.RevokedAt).Chilean()})
	case !link.RevokedAt.IsZero():
		return p.tag("answer.tag.revoked", ui.Plain), p.tf("answer.link.revoked", map[string]any{"Name": link.RevokedByName, "On": calendar.On(link.RevokedAt).Chilean()})
	case !link.Live(tx.Now):
		return p.tag("answer.tag.expired", ui.Warning), p.tf("answer.link.expired", map[string]any{"On": link.LastDay().Chilean()})
	}
	return p.tag("answer.tag.live", ui.Info), p.tf("answer.link.live", map[string]any{"Until": link.LastDay().Chilean(), "Name": link.MadeByName})
}

// none says what a referral without link can do.
func (p *linkPanel) none(tx *tenants.Tx) string {
	switch {
	case !p.r.linkable():
		return i18n.T(p.ctx, "answer.link.over")
	case p.unit.Email == "":
		return p.tf("answer.link.none_address", map[string]any{"Unit": p.r.UnitName})
	case p.l.courier == nil:
		return i18n.T(p.ctx, "answer.link.none_mail")
	}
	days := DefaultSettings.LinkDays
	if s, err := SettingsOf(tx); err == nil {
		days = s.LinkDays
	}
	return p.tf("answer.link.none", map[string]any{"Unit": p.r.UnitName, "Days": days})
}

// mail says what became of the letter that brings the link.
func (p *linkPanel) mail(tx *tenants.Tx) (text string, trouble bool, err error) {
	e, found, err := mail.Last(tx, linkMail, p.link.ID)
	if err != nil || !found {
		return "", false, err
	}
	values := map[string]any{"Email": e.Recipient, "At": i18n.DateTime(p.ctx, e.EndedAt), "Code": e.Trouble}
	switch {
	case e.State == mail.Sent:
		return p.tf("answer.mail.sent", values), false, nil
	case e.State == mail.Failed:
		return p.tf("answer.mail.failed", values), true, nil
	case e.State == mail.Dropped:
		return i18n.T(p.ctx, "answer.mail.dropped"), false, nil
	case e.Trouble != "":
		return p.tf("answer.mail.waiting_again", values), true, nil
	}
	return p.tf("answer.mail.waiting", values), false, nil
}

// acts are the buttons of who sent the referral.
func (p *linkPanel) acts(v *views.LinkState, owner string) {
	base := "/referrals/" + p.r.ID
	act := func(verb, key string) *views.LinkAct {
		return &views.LinkAct{Action: base + verb, Known: p.link.ID, Box: "papers-" + p.r.ID, Label: i18n.T(p.ctx, key)}
	}
	if p.live {
		v.URL = p.l.address(owner, p.link.ID)
		v.Revoke = act("/revoke", "answer.revoke")
		if p.l.courier != nil {
			v.Again = act("/send", "answer.remind")
		}
		return
	}
	if !p.r.linkable() || p.unit.Email == "" {
		return
	}
	switch {
	case p.l.courier == nil:
		v.Make = act("/link", "answer.make_only")
	case p.link.ID == "":
		v.Make = act("/link", "answer.make")
	default:
		v.Make = act("/link", "answer.make_other")
	}
}
