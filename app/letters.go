package app

import (
	"context"

	"gsl/app/document"
	"gsl/app/kit/mail"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/referral"
)

// openLetters builds what goes to who has no inbox here. Without a mail server
// there is no courier, and letters are printed.
func (a *App) openLetters(config Config) {
	base := config.PublicURL
	if a.ownAddress = base == ""; a.ownAddress {
		base = "http://" + config.Addr
	}
	if config.Mail.On() {
		a.courier = mail.NewCourier(a.Files, config.Mail, a.clock, a.log)
	}
	a.Access.PostBy(a.courier)
	a.Access.SetBase(base)
	a.press = pdf.NewPress()
	a.presentItself()
	a.Letters = referral.NewLetters(a.Referral, referral.LetterOptions{Files: a.Files, Documents: a.Document, Press: a.press,
		Secret: a.Access.Secret(), Courier: a.courier, Base: base, Clock: a.clock})
	a.Referral.OnChange = append(a.Referral.OnChange, a.Letters.OnReferral)
	a.Document.Owners[referral.DocumentsOwner] = document.Keeper{See: a.Letters.See, Hand: a.Letters.Hand, Tell: toldReferral}
}

// runCourier sends what waits until the context ends.
func (a *App) runCourier(ctx context.Context) {
	if a.courier != nil {
		a.courier.Run(ctx)
	}
}

// mountReferrals puts letter, link and papers into the pages of referrals.
func (a *App) mountReferrals(r *web.Router) {
	papers, pages := referral.NewLetterHandlers(a.Letters), referral.NewHandlers(a.Referral)
	pages.Paper, pages.Extras = papers.Paper, append(pages.Extras, papers.Extra)
	pages.Mount(r)
	papers.Mount(r)
}
