package national

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	"gsl/app/kit/territory"
	"gsl/app/referral"
	views "gsl/templates/national"
	"gsl/templates/ui"
	"gsl/tenants"
)

func presentDetail(ctx context.Context, d *Detail, act views.Act, lock views.LockForm) *views.Detail {
	v := &views.Detail{ID: d.ID, Name: d.Name, Code: d.Code, Kind: kindName(ctx, d.Kind), Status: statusState(ctx, d.Status), Health: healthState(ctx, d.Health),
		Facts: facts(ctx, d), Act: act, Lock: lock}
	if d.Status == tenants.Provisioning || d.Order != nil && !d.Order.Done {
		v.Half = half(ctx, d)
	} else {
		v.What = troubleWords(ctx, d.Troubles, 1)
	}
	v.Act.Active, v.Act.Suspended, v.Act.Archived = d.Status == tenants.Active, d.Status == tenants.Suspended, d.Status == tenants.Archived
	if !d.Standing.Since.IsZero() {
		v.Standing = i18n.Tf(ctx, "national.standing", map[string]any{"When": when(ctx, d.Standing.Since), "Name": d.Standing.ByName, "Reason": d.Standing.Reason})
	}
	for i := range d.Files {
		v.Files = append(v.Files, presentFile(ctx, &d.Files[i]))
	}
	presentLock(ctx, d, &v.Lock)
	v.Links = []views.Link{
		{Text: i18n.T(ctx, "national.link.people"), Href: "/admin/users?municipality=" + d.Code, Icon: "person-badge"},
		{Text: i18n.T(ctx, "national.link.restore"), Href: "/admin/restores?municipality=" + d.Code, Icon: "clock-history"},
	}
	for i := range d.Exports {
		v.Exports = append(v.Exports, presentExport(ctx, &d.Exports[i]))
		v.Making = v.Making || d.Exports[i].State == "making"
	}
	return v
}

// half says that a municipality stands half made. What stopped it is for who
// keeps the machine.
func half(ctx context.Context, d *Detail) *views.Half {
	h := &views.Half{}
	if d.Order != nil {
		h.Ordered = i18n.Tf(ctx, "national.half.ordered", map[string]any{"When": when(ctx, d.Order.At), "Name": d.Order.ByName})
		h.Trouble = d.Order.Trouble
	}
	return h
}

func facts(ctx context.Context, d *Detail) []views.Fact {
	var communes []string
	for _, code := range d.Place.Communes {
		if c, ok := territory.ByCode(code); ok {
			communes = append(communes, c.Name)
		}
	}
	model := i18n.T(ctx, "settings.model.each")
	if d.Model == 2 {
		model = i18n.T(ctx, "settings.model.single")
	}
	list := []views.Fact{
		{Label: i18n.T(ctx, "national.column.region"), Value: regionName(d.Region)},
		{Label: i18n.Tf(ctx, "national.fact.communes", map[string]any{"Count": len(communes)}), Value: strings.Join(communes, ", ")},
		{Label: i18n.T(ctx, "settings.model.title"), Value: model},
		{Label: i18n.T(ctx, "national.column.users"), Value: number(ctx, d.Users)},
		{Label: i18n.T(ctx, "national.column.last"), Value: when(ctx, d.LastAt)},
		{Label: i18n.T(ctx, "national.column.bytes"), Value: size(ctx, d.Bytes)},
		{Label: i18n.T(ctx, "national.column.schema"), Value: schemaWords(ctx, d)},
		{Label: i18n.T(ctx, "national.fact.created"), Value: when(ctx, d.CreatedAt)},
		{Label: i18n.T(ctx, "national.fact.id"), Value: d.ID},
	}
	if d.Order != nil {
		list = append(list, views.Fact{Label: i18n.T(ctx, "national.fact.begun"), Value: begunWords(ctx, &d.Order.Options)})
	}
	return list
}

func schemaWords(ctx context.Context, d *Detail) string {
	newest := tenants.Schema()
	if d.Schema == 0 || d.Schema == newest {
		return strconv.FormatInt(newest, 10)
	}
	return i18n.Tf(ctx, "national.fact.schema", map[string]any{"Schema": d.Schema, "Newest": newest})
}

// begunWords says how a municipality was ordered.
func begunWords(ctx context.Context, o *Options) string {
	parts := []string{templateName(ctx, o.Template, nil)}
	for _, code := range o.Modules {
		parts = append(parts, i18n.T(ctx, moduleKeys[code]))
	}
	if len(o.Without) > 0 {
		parts = append(parts, i18n.Tf(ctx, "national.fact.without", map[string]any{"Count": len(o.Without)}))
	}
	return strings.Join(parts, " · ")
}

var moduleKeys = map[string]string{
	"families": "national.module.families",
	"care":     "national.module.care",
}

func templateName(ctx context.Context, template string, here map[string]string) string {
	switch template {
	case ModelTemplate:
		return i18n.T(ctx, "national.template.model")
	case NoTemplate:
		return i18n.T(ctx, "national.template.none")
	}
	name := here[template]
	if name == "" {
		name = template
	}
	return i18n.Tf(ctx, "national.template.of", map[string]any{"Name": name})
}

func presentFile(ctx context.Context, r *tenants.ReplicaStatus) views.File {
	v := views.File{Name: i18n.T(ctx, "national.file.main"), Target: r.Target, Lag: lagWords(ctx, r.Lag), Drill: when(ctx, r.DrillAt),
		State: views.State{Text: i18n.T(ctx, "national.replica.well"), Icon: "check-circle", Kind: ui.Success}}
	if strings.HasSuffix(r.File, ".access.db") {
		v.Name = i18n.T(ctx, "national.file.access")
	}
	switch {
	case r.DrillErr != "":
		v.State = views.State{Text: i18n.T(ctx, "national.trouble.drill_failed"), Icon: "x-octagon", Kind: ui.Danger}
	case r.Err != "":
		v.State = views.State{Text: i18n.T(ctx, "national.trouble.replica_error"), Icon: "exclamation-triangle", Kind: ui.Warning}
	case r.Lag > lagLimit:
		v.State = views.State{Text: i18n.T(ctx, "national.trouble.lags"), Icon: "exclamation-triangle", Kind: ui.Warning}
	case r.SameDisk:
		v.State = views.State{Text: i18n.T(ctx, "national.replica.same_disk"), Icon: "exclamation-triangle", Kind: ui.Warning}
	}
	return v
}

func presentLock(ctx context.Context, d *Detail, l *views.LockForm) {
	if d.Recipient.Key != "" {
		l.Registered = shortKey(d.Recipient.Key)
		l.Since = i18n.Tf(ctx, "national.lock.since", map[string]any{"When": when(ctx, d.Recipient.SetAt), "Name": d.Recipient.ByName})
	}
}

// shortKey is enough of a key to compare it by eye.
func shortKey(key string) string {
	if len(key) <= 28 {
		return key
	}
	return key[:16] + "…" + key[len(key)-8:]
}

// exportStates say what became of an export.
var exportStates = map[string]struct {
	key, icon string
	kind      ui.TagKind
}{
	"making":  {"national.export.making", "hourglass-split", ui.Info},
	"ready":   {"national.export.ready", "check-circle", ui.Success},
	"failed":  {"national.export.failed", "x-octagon", ui.Danger},
	"deleted": {"national.export.deleted", "trash", ui.Plain},
}

func presentExport(ctx context.Context, e *Export) views.Export {
	s := exportStates[e.State]
	v := views.Export{ID: e.ID, When: when(ctx, e.CreatedAt), By: e.ByName, LockedTo: shortKey(e.LockedTo), Ready: e.State == "ready",
		State: views.State{Text: i18n.T(ctx, s.key), Icon: s.icon, Kind: s.kind}}
	if e.LockedTo == byPassphrase {
		v.LockedTo = i18n.T(ctx, "national.lock.by_passphrase")
	}
	if e.Bytes > 0 {
		v.Size = size(ctx, e.Bytes)
		v.Digest = e.SHA256[:16] + "…"
	}
	return v
}

// presentOrder fills the form of a new municipality; here are those that are
// on the platform already.
func presentOrder(ctx context.Context, f orderForm, here map[string]string) *views.Order {
	v := &views.Order{Key: f.Key, RUN: f.RUN, Given: f.Given, Surnames: f.Surnames, Email: f.Email,
		Model:    ui.Input{Name: "model", Label: i18n.T(ctx, "settings.model.question"), Value: f.Model, Required: true},
		Template: ui.Input{Name: "template", Label: i18n.T(ctx, "national.order.template"), Value: f.Template, Hint: i18n.T(ctx, "national.order.template_hint")}}
	v.Groups = placeGroups(ctx, f.Place, here)
	for _, code := range referral.Modules() {
		v.Modules = append(v.Modules, views.Box{Value: code, Text: i18n.T(ctx, moduleKeys[code]), Checked: slices.Contains(f.Modules, code)})
	}
	v.Units = usualUnits()
	for i := range v.Units {
		v.Units[i].Checked = slices.Contains(f.Units, v.Units[i].Value)
	}
	v.Templates = []ui.Option{{Value: ModelTemplate, Text: templateName(ctx, ModelTemplate, here)}, {Value: NoTemplate, Text: templateName(ctx, NoTemplate, here)}}
	codes := make([]string, 0, len(here))
	for code := range here {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(foldName(here[a]), foldName(here[b])) })
	for _, code := range codes {
		v.Templates = append(v.Templates, ui.Option{Value: code, Text: templateName(ctx, code, here)})
	}
	return v
}

// placeGroups lists every place under its region; delegations come last.
func placeGroups(ctx context.Context, chosen string, here map[string]string) []views.Group {
	var groups []views.Group
	at := map[string]int{}
	add := func(label string, p Place) {
		i, known := at[label]
		if !known {
			i = len(groups)
			at[label] = i
			groups = append(groups, views.Group{Label: label})
		}
		o := ui.Option{Value: p.Code, Text: p.Name, Selected: p.Code == chosen}
		if _, isHere := here[p.Code]; isHere {
			o.Text, o.Disabled, o.Selected = i18n.Tf(ctx, "national.order.here", map[string]any{"Name": p.Name}), true, false
		}
		groups[i].Places = append(groups[i].Places, o)
	}
	for _, p := range Municipalities() {
		add(p.Region, p)
	}
	for i := range groups {
		slices.SortFunc(groups[i].Places, func(a, b ui.Option) int { return strings.Compare(foldName(a.Text), foldName(b.Text)) })
	}
	for _, p := range Delegations() {
		add(i18n.T(ctx, groupKeys[p.Kind]), p)
	}
	return groups
}

var groupKeys = map[string]string{
	KindRegional:   "national.group.regional",
	KindProvincial: "national.group.provincial",
}
