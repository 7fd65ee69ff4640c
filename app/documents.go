package app

import (
	"context"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/visit"
	"gsl/templates/layout"
	"gsl/tenants"
)

// connectDocuments fills the hooks of the papers of a file: whose they are, and
// what only higher rooms know of the file and its people.
func (a *App) connectDocuments() {
	a.Document.Owners[document.OfTheFile] = document.Keeper{See: whoeverReads, Hand: whoeverAttends, Tell: toldFile, Most: 300}
	a.Document.Owners[document.OfAVisit] = document.Keeper{See: a.Visit.SeeDocuments, Hand: handlesCasework, Tell: toldVisit}
	a.Document.Owners[document.OfAReport] = document.Keeper{See: seesReport, Hand: handlesReport, Tell: toldReport}
	a.Document.Owners[document.OfAPlanItem] = document.Keeper{See: seesItem, Hand: handlesCasework, Tell: toldItem}
	a.Document.Frame = func(ctx context.Context, who actor.Actor, fileID, section, what string) (*layout.FileFrame, error) {
		_, frame, err := a.People.Visit(ctx, who, fileID, section, what)
		return frame, err
	}
	a.Plan.Made = append(a.Plan.Made, a.papersOfAid)
	a.Attention.Tellers = append(a.Attention.Tellers, attention.Teller{Trail: "document.", Need: access.ReadFile, Hides: hidesPaper})
	a.Document.Scanner = a.config.scanner(a.log)
	a.Document.Files, a.Document.Names = a.Casework.Files, a.namesOfFiles
}

// reserve keeps from the history of a file, for whoever lacks the permission, what
// was done in a room and why: that something was done, and by whom, stays.
func (a *App) reserve(need actor.Permission, trails ...string) {
	for _, trail := range trails {
		a.Attention.Tellers = append(a.Attention.Tellers, attention.Teller{Trail: trail, Need: need})
	}
}

// mountDocuments gives them their routes.
func (a *App) mountDocuments(r *web.Router) { document.NewHandlers(a.Document).Mount(r) }

// papersOfAid leads from an item of aid to its papers, and to where they are handed
// in.
func (a *App) papersOfAid(tx *tenants.Tx, who actor.Actor, p *plan.Plan) ([]plan.Product, error) {
	counts, err := document.CountsOf(tx, document.OfAPlanItem, p.FileID)
	var list []plan.Product
	for i := range p.Items {
		it := &p.Items[i]
		n := counts[it.ID]
		if !it.Benefit() || n == 0 && !who.Can(access.ManagePlan) {
			continue
		}
		text := i18n.T(tx.Context(), "document.of.aid")
		if n > 0 {
			text = i18n.Tf(tx.Context(), "document.of.aid_some", map[string]any{"Count": n})
		}
		list = append(list, plan.Product{ItemID: it.ID, Text: text, Icon: "paperclip",
			Href: "/files/" + p.FileID + "/documents?of=" + document.Owner{Kind: document.OfAPlanItem, ID: it.ID}.String()})
	}
	return list, err
}

// hidesPaper keeps what was done with papers of visits and reports from who does no
// casework.
func hidesPaper(_ *tenants.Tx, who actor.Actor, c *audit.Entry) (bool, error) {
	of := c.Detail["owner"]
	return (of == document.OfAVisit || of == document.OfAReport) && !who.Can(access.ReadCasework), nil
}

// namesOfFiles gives the names of people as lists show them.
func (a *App) namesOfFiles(tx *tenants.Tx, who actor.Actor, fileIDs []string) (map[string]document.Person, error) {
	veil, err := a.People.Veil(tx, who)
	if err != nil {
		return nil, err
	}
	names := make(map[string]document.Person, len(fileIDs))
	for _, id := range fileIDs {
		if names[id].Name != "" {
			continue
		}
		f, err := people.Open(tx, id)
		if err != nil {
			return nil, err
		}
		names[id] = document.Person{Name: people.DisplayName(tx.Context(), veil.File(f)), Veiled: veil.Hides(id)}
	}
	return names, nil
}

// Papers of the file itself are seen by whoever reads files, and handed in at every
// desk that attends people.
func whoeverReads(_ *tenants.Tx, who actor.Actor, _ string) error {
	if !who.Can(access.ReadFile) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

func whoeverAttends(_ *tenants.Tx, who actor.Actor, _ string) error {
	if !who.Can(access.Attend) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

func toldFile(_ *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
	return document.Told{FileID: id, Href: "/files/" + id + "/documents"}, nil
}

// Papers of a plan's item, the quotation and the receipt of aid, are seen with the
// plan and handed in by who manages it.
func seesItem(tx *tenants.Tx, who actor.Actor, id string) error {
	_, err := plan.PlaceOf(tx, id)
	if err == nil && !who.Can(access.ReadFile) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

func handlesCasework(_ *tenants.Tx, who actor.Actor, _ string) error {
	if !who.Can(access.ManagePlan) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

func toldItem(tx *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
	p, err := plan.PlaceOf(tx, id)
	return document.Told{FileID: p.FileID, Href: "/plans/" + p.PlanID + "#item-" + id,
		Text: i18n.Tf(tx.Context(), "document.of.item", map[string]any{"Name": p.Name, "Folio": p.Folio})}, err
}

// toldVisit says which visit a photograph is of.
func toldVisit(tx *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
	v, err := visit.ByID(tx, id)
	key, values := "document.of.visit", map[string]any{"Day": v.Day.Chilean()}
	if v.Day.IsZero() {
		key = "document.of.visit_unset"
	}
	return document.Told{FileID: v.FileID, Href: "/visits/" + id, Text: i18n.Tf(tx.Context(), key, values)}, err
}

// Papers of a report are seen with it. Once it is signed nothing is added to it or
// taken from it.
func seesReport(tx *tenants.Tx, who actor.Actor, id string) error {
	if !who.Can(access.ReadCasework) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	_, err := report.ByID(tx, id)
	return err
}

func handlesReport(tx *tenants.Tx, who actor.Actor, id string) error {
	if err := handlesCasework(tx, who, id); err != nil {
		return err
	}
	r, err := report.ByID(tx, id)
	if err == nil && r.State != report.Draft {
		err = fault.New(fault.Conflict, "document.error.signed")
	}
	return err
}

func toldReport(tx *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
	r, err := report.ByID(tx, id)
	return document.Told{FileID: r.FileID, Href: "/reports/" + id, Text: i18n.Tf(tx.Context(), "document.of.report", map[string]any{"Purpose": r.Purpose})}, err
}

// toldReferral says which referral a paper was handed in for.
func toldReferral(tx *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
	r, err := referral.ByID(tx, id)
	return document.Told{FileID: r.FileID, Href: "/referrals/" + id,
		Text: i18n.Tf(tx.Context(), "document.of.referral", map[string]any{"Folio": r.Folio()})}, err
}
