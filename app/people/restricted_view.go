package people

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	views "gsl/templates/people"
	"gsl/templates/ui"
)

// frame says on every page of a restricted file that it is one, and to who opened
// the glass until when.
func (d *door) frame(ctx context.Context, frame *layout.FileFrame) {
	if !d.restricted {
		return
	}
	frame.Alerts = append(frame.Alerts, ui.Tag{Text: i18n.T(ctx, "people.restricted.tag"), Icon: "shield-lock", Kind: ui.Danger})
	if !d.until.IsZero() {
		frame.Facts = append(frame.Facts, ui.Fact{Icon: "unlock", Href: "/files/" + d.file + "/glass",
			Text: i18n.Tf(ctx, "people.glass.until", map[string]any{"Until": i18n.Clock(ctx, d.until)})})
	}
}

// fillRestriction puts the page of a file's restriction into words.
func fillRestriction(ctx context.Context, who actor.Actor, v *views.Restriction, p *RestrictionPage) {
	v.FileID, v.MayLift = p.File.ID, p.Keeps
	if p.Now.ID != "" {
		line := restrictionLine(ctx, &p.Now)
		v.Now = &line
	}
	for i := range p.Earlier {
		v.Earlier = append(v.Earlier, restrictionLine(ctx, &p.Earlier[i]))
	}
	for i := range p.Openings {
		o := openingView(ctx, &p.Openings[i], p.At)
		o.Ask, o.Back = p.Keeps && p.Openings[i].mayReview(who.UserID) == nil, "file"
		v.Openings = append(v.Openings, o)
	}
}

func restrictionLine(ctx context.Context, r *Restriction) views.RestrictionLine {
	line := views.RestrictionLine{ID: r.ID, Kind: kindOf(ctx, r.Kind), Reason: r.Reason,
		Since: i18n.Tf(ctx, "people.restricted.since", map[string]any{"When": i18n.DateTime(ctx, r.MarkedAt), "Name": r.MarkedBy, "Unit": r.UnitName})}
	if !r.LiftedAt.IsZero() {
		line.Lifted = i18n.Tf(ctx, "people.restricted.lifted_by", map[string]any{"When": i18n.DateTime(ctx, r.LiftedAt), "Name": r.LiftedBy, "Reason": r.LiftReason})
	}
	return line
}

// watchView puts what a head answers for into words.
func watchView(ctx context.Context, w *Watch) *views.Watch {
	v := &views.Watch{}
	for i := range w.Openings {
		o := openingView(ctx, &w.Openings[i].Opening, w.At)
		o.FileID, o.Person, o.Ask = w.Openings[i].FileID, DisplayName(ctx, w.Openings[i].File)+" · "+w.Openings[i].File.Number(), true
		v.Openings = append(v.Openings, o)
	}
	for i := range w.Files {
		r := &w.Files[i]
		v.Files = append(v.Files, views.RestrictedFile{FileID: r.FileID, Name: DisplayName(ctx, r.File),
			Facts: r.File.Number() + " · " + restrictionLine(ctx, &r.Restriction).Since, Kind: kindOf(ctx, r.Kind)})
	}
	return v
}

func openingView(ctx context.Context, o *Opening, at time.Time) views.Opening {
	v := views.Opening{ID: o.ID, Who: o.Name, Role: layout.RoleAndUnit(ctx, o.Role, o.UnitName), Reason: o.Reason,
		When: i18n.Tf(ctx, "people.opening.when", map[string]any{"From": i18n.DateTime(ctx, o.OpenedAt), "Until": i18n.Clock(ctx, o.end())})}
	switch {
	case o.Verdict == Right:
		v.Tag = ui.Tag{Text: i18n.T(ctx, "people.opening.was_right"), Icon: "check-lg", Kind: ui.Success}
	case o.Verdict == Wrong:
		v.Tag = ui.Tag{Text: i18n.T(ctx, "people.opening.was_wrong"), Icon: "exclamation-triangle", Kind: ui.Danger}
	case o.Open(at):
		v.Tag = ui.Tag{Text: i18n.T(ctx, "people.opening.open"), Icon: "unlock", Kind: ui.Warning}
	default:
		v.Tag = ui.Tag{Text: i18n.T(ctx, "people.opening.waits"), Icon: "hourglass-split", Kind: ui.Warning}
	}
	if o.Verdict != Unreviewed {
		v.Review = i18n.Tf(ctx, "people.opening.reviewed_by", map[string]any{"When": i18n.DateTime(ctx, o.ReviewedAt), "Name": o.ReviewedBy, "Note": o.ReviewNote})
	}
	return v
}
