package plan

import (
	"context"
	"strings"

	"gsl/app/catalogue"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
	views "gsl/templates/plan"
	"gsl/templates/ui"
)

func cartView(ctx context.Context, cart *Cart, limits Thresholds, wide bool) views.Cart {
	v := views.Cart{FileID: cart.FileID, Wide: wide, Lines: make([]views.Line, 0, len(cart.Lines))}
	for i := range cart.Lines {
		v.Lines = append(v.Lines, lineView(ctx, cart, &cart.Lines[i], limits))
	}
	if total := cart.Total(); total > 0 {
		v.Total = i18n.Money(ctx, total)
	}
	if !wide {
		return v
	}
	for i := range cart.Removed {
		line := &cart.Removed[i]
		removed := views.Line{ID: line.ID, Category: line.Category, Name: line.Name}
		removed.By = i18n.Tf(ctx, "plan.cart.removed_by", map[string]any{"Name": line.RemovedBy, "At": i18n.DateTime(ctx, line.RemovedAt)})
		v.Removed = append(v.Removed, removed)
	}
	return v
}

func lineView(ctx context.Context, cart *Cart, l *Line, limits Thresholds) views.Line {
	v := views.Line{ID: l.ID, Category: l.Category, Name: l.Name, Path: pathText(ctx, &l.Agreed), Details: details(ctx, &l.Agreed),
		Note: l.Note, Papers: strings.Join(l.Requirements, " · "), Advice: adviceTexts(ctx, l.Advice), Reason: l.OverrideReason}
	v.By = i18n.Tf(ctx, "plan.cart.added_by", map[string]any{"Name": l.AddedByName, "At": i18n.DateTime(ctx, l.AddedAt)})
	if folio := cart.Pending[l.Code]; folio != "" {
		v.Advice = append(v.Advice, i18n.Tf(ctx, "plan.advice.pending", map[string]any{"Folio": folio}))
	}
	if level := newApproval(l.Agreed, limits).Level; level != ByWorker {
		v.Approval = i18n.T(ctx, requiresKeys[level])
	}
	return v
}

// editView is the form of one line as it was typed. Several may be open at
// once, so the line's id stands in the ids of its controls.
func editView(ctx context.Context, done *Changed, form map[string]string, errs ui.Errors, wide bool) views.Edit {
	id := done.Line.ID
	base := "/files/" + done.File.ID + "/cart"
	v := views.Edit{Title: done.Line.Name, Category: done.Line.Category, Wide: wide, LineID: id,
		Action: base + "/items/" + id, Cancel: base, Advice: adviceTexts(ctx, done.Advice)}
	for _, e := range errs {
		v.Errors = append(v.Errors, ui.FieldError{Name: id + "-" + e.Name, Label: e.Label, Text: e.Text})
	}
	for i := range done.Item.Fields {
		v.Fields = append(v.Fields, editField(ctx, &done.Item.Fields[i], done, form, errs))
	}
	if len(done.Advice) > 0 {
		v.Reason = &ui.Input{Name: fieldReason, ID: ui.FieldID(id + "-" + fieldReason), Label: i18n.T(ctx, "plan.override_why"), Value: form[fieldReason],
			Required: true, MaxLength: maxReason, Error: errs.Of(fieldReason), Class: "wide"}
	}
	return v
}

func editField(ctx context.Context, f *catalogue.Field, done *Changed, form map[string]string, errs ui.Errors) views.EditField {
	in := ui.Input{Name: f.Name, ID: ui.FieldID(done.Line.ID + "-" + f.Name), Label: f.Text(ctx), Value: form[f.Name],
		Required: f.Required, Optional: !f.Required && f.Type != catalogue.NumberField, Error: errs.Of(f.Name)}
	v := views.EditField{Input: in}
	switch f.Type {
	case catalogue.NumberField:
		v.Type = "number"
		if f.Name == catalogue.FieldAmount {
			v.Type = "money"
			v.Hint = referenceHint(ctx, &done.Line)
		}
	case catalogue.DateField:
		v.Type = "date"
	case catalogue.MemberField:
		v.Options = memberOptions(ctx, done.Facts)
	case catalogue.ChoiceField:
		v.Options = append(v.Options, ui.Option{Text: i18n.T(ctx, "plan.choose")})
		for _, choice := range f.Choices {
			v.Options = append(v.Options, ui.Option{Value: choice, Text: choice})
		}
	case catalogue.TextField:
		v.Long = f.Name == catalogue.FieldNote
	}
	if v.Long {
		v.Rows = 2
	}
	if f.Type != catalogue.NumberField && f.Type != catalogue.DateField {
		v.Class = "wide"
	}
	return v
}

func referenceHint(ctx context.Context, l *Line) string {
	if !l.UnitPrice.Known {
		return ""
	}
	return i18n.Tf(ctx, "plan.reference_hint", map[string]any{"Amount": i18n.Money(ctx, l.UnitPrice.Pesos), "Unit": l.Unit})
}

func memberOptions(ctx context.Context, facts *catalogue.Facts) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "plan.no_member")}}
	for i := range facts.Members {
		if facts.Members[i].Holder == "" {
			continue // of somebody whose file is shut nothing is asked for from here
		}
		name := facts.Members[i].Name
		if name == "" {
			name = i18n.T(ctx, "plan.unnamed")
		}
		list = append(list, ui.Option{Value: facts.Members[i].Holder, Text: name})
	}
	return list
}

// typed is a line's values for its form, dates and amounts as people write them.
func typed(ctx context.Context, l *Line, it *catalogue.Item) map[string]string {
	form := map[string]string{}
	for name, values := range l.form(it.MemberField()) {
		form[name] = values[0]
	}
	for _, f := range l.Fields {
		if field := it.Field(f.Name); field != nil && field.Type == catalogue.DateField {
			form[f.Name] = f.text()
		}
	}
	if l.Typed.Known {
		form[catalogue.FieldAmount] = i18n.Number(ctx, l.Typed.Pesos)
	}
	return form
}

func reviewView(ctx context.Context, r *Review, form CheckoutForm, errs ui.Errors) views.Review {
	base := "/files/" + r.File.ID
	v := views.Review{FileID: r.File.ID, Action: base + "/checkout", CartHref: base + "/cart", Key: r.Key, Errors: errs, Count: len(r.Cart.Lines)}
	for i := range r.Cart.Lines {
		l := &r.Cart.Lines[i]
		line := lineView(ctx, &r.Cart, l, r.Limits)
		line.By = "" // what is agreed, not who typed it
		line.Way, line.Left = wayOf(ctx, r, l)
		if hasKind(l.Advice, NoSpots) {
			line.Left = "" // the advice says it: the lines before took what was left
		}
		if folio := r.Running[l.Code]; folio != "" {
			line.Advice = append(line.Advice, i18n.Tf(ctx, "plan.advice.running", map[string]any{"Folio": folio}))
		}
		if p, ok := r.Prospects[l.ID]; ok {
			line.Papers = strings.Join(p.Documents, " · ")
		}
		if name := reasonField(l.ID); l.Asks || errs.Of(name) != "" {
			line.Ask = &ui.Input{Name: name, Label: i18n.T(ctx, "plan.override_why"), Value: form.Reasons[l.ID], Required: true,
				MaxLength: maxReason, Rows: 2, Error: errs.Of(name)}
		}
		addToGroup(ctx, &v, l, line)
	}
	if total := r.Cart.Total(); total > 0 {
		v.Total = i18n.Money(ctx, total)
	}
	v.AgreedIn = ui.Input{Name: "agreed", Label: i18n.T(ctx, "plan.review.agreed"), Value: form.Agreed, Required: true, Error: errs.Of("agreed")}
	for _, agreed := range Agreements {
		v.Agreed = append(v.Agreed, ui.Option{Value: string(agreed), Text: i18n.T(ctx, wayKeys[agreed])})
	}
	if r.Previous != nil {
		v.Previous = planLink(ctx, r.Previous, "plan.previous")
	}
	return v
}

// wayOf says where a line will be sent and by when it is answered, and how many
// spots are left; blank for what stays here and has no limit.
func wayOf(ctx context.Context, r *Review, l *Line) (way, left string) {
	if n, limited := r.Left[l.Code]; limited {
		left = i18n.Tf(ctx, "plan.review.left", map[string]any{"Count": n})
	}
	p, ok := r.Prospects[l.ID]
	if !ok || !p.Unit.Active {
		return "", left
	}
	if p.Agreement != "" {
		left = i18n.Tf(ctx, "plan.review.left", map[string]any{"Count": p.Left})
	}
	args := map[string]any{"Unit": p.Unit.Name, "On": p.Due.Chilean()}
	if p.Unit.Kind == referral.Integrated {
		return i18n.Tf(ctx, "plan.review.to_unit", args), left
	}
	return i18n.Tf(ctx, "plan.review.to_letter", args), left
}

// addToGroup puts a line under its category, in the order of the categories.
func addToGroup(ctx context.Context, v *views.Review, l *Line, line views.Line) {
	at := 0
	for at < len(v.Groups) && v.Groups[at].Category < l.Category {
		at++
	}
	if at == len(v.Groups) || v.Groups[at].Category != l.Category {
		v.Groups = append(v.Groups, views.Group{})
		copy(v.Groups[at+1:], v.Groups[at:])
		v.Groups[at] = views.Group{Category: l.Category, Title: i18n.T(ctx, groupKeys[l.Management()])}
	}
	line.Path = l.Provider // the group's title says the rest
	if line.Way != "" {
		line.Path = "" // it names who
	}
	if l.Benefit() {
		line.Path = joined(l.Provider, quantityText(ctx, l.Quantity, l.Unit), amountText(ctx, l.Amount))
	}
	v.Groups[at].Lines = append(v.Groups[at].Lines, line)
}

func planLink(ctx context.Context, p *Plan, key string) *views.Link {
	return &views.Link{Href: "/plans/" + p.ID, Text: i18n.Tf(ctx, key, map[string]any{"Folio": p.Folio(), "On": dayText(p.CreatedAt)})}
}
