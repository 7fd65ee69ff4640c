package app

import (
	"context"

	"gsl/app/attention"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/settings"
	"gsl/app/visit"
	"gsl/templates/layout"
	"gsl/tenants"
)

// connectCases fills the hooks around the case of a file: who opens one, and
// what its lists ask the other rooms for.
func (a *App) connectCases() {
	a.People.OnFrame = append(a.People.OnFrame, a.Casework.OnFrame)
	a.Referral.OnChange = append(a.Referral.OnChange, caseOfReferral)
	a.Plan.OnCheckout = append(a.Plan.OnCheckout, func(tx *tenants.Tx, who actor.Actor, p *plan.Plan) error {
		return casework.Ensure(tx, who, p.FileID)
	})
	a.Casework.Colleagues = a.Access.Colleagues
	a.Casework.Replaced = referral.Replaced
	a.Casework.Standing, a.Casework.Attended = a.standing, a.lastAttended
	a.Casework.Undone, a.Casework.Abandon = openWorkOf, a.abandon
	a.Casework.Away = func(tx *tenants.Tx, userID string, day calendar.Date) (casework.Away, bool, error) {
		absence, away, err := referral.Replacement(tx, userID, day)
		return casework.Away{To: absence.To, ReplacementID: absence.ReplacementID, ReplacementName: absence.ReplacementName}, away, err
	}
}

// standing says to lists of cases how the plans of each person stand.
func (a *App) standing(tx *tenants.Tx, fileIDs []string) (map[string]casework.Standing, error) {
	plans, err := a.Plan.Standing(tx, fileIDs)
	list := make(map[string]casework.Standing, len(plans))
	for file, p := range plans {
		list[file] = casework.Standing{Circle: p.Circle, Pending: p.Pending}
	}
	return list, err
}

// lastAttended says to lists of cases when each person was attended last.
func (a *App) lastAttended(tx *tenants.Tx, fileIDs []string) (map[string]casework.Attended, error) {
	last, err := attention.LastOf(tx, fileIDs)
	list := make(map[string]casework.Attended, len(last))
	for file, l := range last {
		list[file] = casework.Attended{On: l.Day, About: attention.About(tx.Context(), l)}
	}
	return list, err
}

// openPlansOf says to a case that is to be closed which plans are still open.
func openPlansOf(tx *tenants.Tx, fileID string) ([]casework.Undone, error) {
	plans, err := plan.OfFile(tx, fileID)
	var list []casework.Undone
	for i := range plans {
		if p := &plans[i]; !p.Closed {
			pending, _ := p.Count()
			list = append(list, casework.Undone{Href: "/plans/" + p.ID, Name: i18n.Tf(tx.Context(), "history.plan", map[string]any{"Folio": p.Folio()}), Pending: pending})
		}
	}
	return list, err
}

// openWorkOf says to a case that is to be closed what is not finished: its open
// plans, and the visits of none that somebody would still go to.
func openWorkOf(tx *tenants.Tx, fileID string) ([]casework.Undone, error) {
	list, err := openPlansOf(tx, fileID)
	if err != nil {
		return nil, err
	}
	visits, err := visit.OfFile(tx, fileID)
	for i := range visits {
		if v := &visits[i]; v.Waits() && v.ItemID == "" {
			list = append(list, casework.Undone{Href: "/visits/" + v.ID, Name: visit.Brief(tx.Context(), v), Loose: true})
		}
	}
	return list, err
}

// abandon ends that work: nobody knocks at a door for a case that is closed.
func (a *App) abandon(tx *tenants.Tx, who actor.Actor, fileID, reason string) error {
	if err := a.Plan.Abandon(tx, who, fileID, reason); err != nil {
		return err
	}
	return a.Visit.CancelAll(tx, who, fileID, reason)
}

// caseOfReferral gives the case to whom a referral to a unit that does casework
// was assigned: the head said who, or who received it took it.
func caseOfReferral(tx *tenants.Tx, who actor.Actor, r *referral.Referral, _ referral.State) error {
	working := r.State == referral.Received || r.State == referral.InProgress || r.State == referral.Waiting
	if !working || r.Assigned == "" || r.ByLetter() {
		return nil
	}
	unit, err := referral.UnitByCode(tx, r.Unit)
	if err != nil || !unit.Casework {
		return err
	}
	return casework.Take(tx, who, r.FileID, r.Unit, r.Assigned, r.AssignedName, r.ID)
}

// mountUnits gives cases and settings their routes.
func (a *App) mountUnits(r *web.Router) {
	casework.NewHandlers(a.Casework).Mount(r)
	service := settings.NewService(a.Files, referral.NewUnitService(a.Access))
	service.Profiles, service.Agreements = a.profiles, a.Access
	settings.NewHandlers(service).Mount(r)
}

// presentItself connects what a municipality says of itself with the frame of its
// pages and with its papers.
func (a *App) presentItself() {
	a.profiles = settings.NewProfiles(a.clock)
	a.press.Letterhead = func(ctx context.Context, m *tenants.Municipality) (pdf.Letterhead, error) {
		p, err := a.profiles.Of(ctx, m)
		return pdf.Letterhead{Issuer: p.OfficialName, Contact: p.Contact(), Shield: p.Shield}, err
	}
}

// emblem stands on top of a municipality's pages. A file that cannot be read has
// its own page about that; the frame then names it as usual.
func (a *App) emblem(ctx context.Context, m *tenants.Municipality) layout.Emblem {
	p, err := a.profiles.Of(ctx, m)
	if err != nil {
		return layout.Emblem{}
	}
	return layout.Emblem{Name: p.OfficialName, Shield: settings.ShieldHref(&p)}
}
