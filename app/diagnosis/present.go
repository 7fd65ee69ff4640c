package diagnosis

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/diagnosis"
)

func levelView(ctx context.Context, l Level) views.Level {
	code := string(l)
	if l == Unassessed {
		code = "none"
	}
	return views.Level{Code: code, Text: i18n.T(ctx, levelKeys[l]), Icon: levelIcons[l]}
}

func riskView(ctx context.Context, r Risk) views.Level {
	return views.Level{Code: "risk-" + string(r), Text: i18n.T(ctx, riskKeys[r]), Icon: riskIcons[r]}
}

// wholeRisk says what is high, where nothing beside it does.
func wholeRisk(ctx context.Context, r Risk) views.Level {
	v := riskView(ctx, r)
	v.Text = i18n.T(ctx, wholeRiskKeys[r])
	return v
}

func dimensionText(ctx context.Context, of Dimension) string { return i18n.T(ctx, dimensionKeys[of]) }

// dimensionList names dimensions in a sentence.
func dimensionList(ctx context.Context, list []Dimension) string {
	names := make([]string, len(list))
	for i, of := range list {
		names[i] = strings.ToLower(dimensionText(ctx, of))
	}
	return strings.Join(names, ", ")
}

// ruleText puts a rule into words: how many of which dimensions at which level,
// in which household.
func ruleText(ctx context.Context, r *Rule) string {
	text := ruleSubject(ctx, r)
	if r.Level == Critical {
		text += " " + i18n.T(ctx, "diagnosis.rule.critical")
	} else {
		text += " " + i18n.T(ctx, "diagnosis.rule.at_risk")
	}
	if r.Mark != "" {
		text += ", " + i18n.T(ctx, withMarkKeys[r.Mark])
	}
	return text
}

// ruleSubject is of what a rule speaks: "Familia, salud o redes", "2 o más
// dimensiones", or so many of those that it names.
func ruleSubject(ctx context.Context, r *Rule) string {
	many := i18n.Tf(ctx, "diagnosis.rule.dimensions", map[string]any{"Count": r.AtLeast})
	switch {
	case len(r.Dimensions) == 0:
		return many
	case r.AtLeast == 1:
		list := []rune(orList(ctx, r.Dimensions))
		return strings.ToUpper(string(list[:1])) + string(list[1:])
	}
	return i18n.Tf(ctx, "diagnosis.rule.among", map[string]any{"Many": many, "List": dimensionList(ctx, r.Dimensions)})
}

// orList names dimensions any of which will do: "familia, salud o redes".
func orList(ctx context.Context, list []Dimension) string {
	last := len(list) - 1
	if last == 0 {
		return dimensionList(ctx, list)
	}
	return dimensionList(ctx, list[:last]) + " " + i18n.T(ctx, "diagnosis.rule.or") + " " + dimensionList(ctx, list[last:])
}

// presentRisk is a risk with its reason. rules are those of today; the one by
// which a finished diagnosis was judged is kept with it.
func presentRisk(ctx context.Context, d *Diagnosis, v Verdict, marks []Mark, rules []Rule) views.Risk {
	risk := views.Risk{Level: wholeRisk(ctx, d.counts(v)), Reason: reason(ctx, &v)}
	if v.Assessed == 0 && d.counts(v) == LowRisk {
		risk.Level = views.Level{Code: "none", Text: i18n.T(ctx, "diagnosis.risk.none"), Icon: "dash-circle"}
	}
	for _, of := range v.Because {
		risk.Because = append(risk.Because, views.Cause{Name: dimensionText(ctx, of), Level: levelView(ctx, d.Part(of).Level)})
	}
	for _, m := range marks {
		risk.Marks = append(risk.Marks, i18n.T(ctx, markKeys[m]))
	}
	for i := range rules {
		r := &rules[i]
		met := v.Rule != nil && v.Rule.Position == r.Position
		risk.Rules = append(risk.Rules, views.RuleLine{Level: riskView(ctx, r.Risk), Text: ruleText(ctx, r), Met: met})
	}
	risk.Rules = append(risk.Rules, views.RuleLine{Level: riskView(ctx, LowRisk), Text: i18n.T(ctx, "diagnosis.rule.none"), Met: v.Rule == nil && v.Assessed > 0})
	risk.Missing = missing(ctx, d)
	presentOwn(ctx, d, &v, &risk)
	return risk
}

// reason is the rule that was met, in words.
func reason(ctx context.Context, v *Verdict) string {
	switch {
	case v.Rule != nil:
		return ruleText(ctx, v.Rule) + "."
	case v.Assessed == 0:
		return i18n.T(ctx, "diagnosis.risk.none_hint")
	}
	return i18n.T(ctx, "diagnosis.rule.none") + "."
}

func missing(ctx context.Context, d *Diagnosis) string {
	var list []Dimension
	for _, of := range Dimensions() {
		if d.Part(of).Level == Unassessed {
			list = append(list, of)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return i18n.Tf(ctx, "diagnosis.missing", map[string]any{"Count": len(list), "List": dimensionList(ctx, list)})
}

// presentOwn says that the worker sees another risk than the rules.
func presentOwn(ctx context.Context, d *Diagnosis, v *Verdict, risk *views.Risk) {
	own, why := d.Own()
	if own == "" || own == v.Risk {
		return
	}
	risk.Own = i18n.T(ctx, "diagnosis.own_said")
	if why != "" {
		risk.Own += ": " + why
	}
	risk.RulesSay = i18n.Tf(ctx, "diagnosis.rules_say", map[string]any{"Risk": strings.ToLower(i18n.T(ctx, riskKeys[v.Risk]))})
}

func cellView(ctx context.Context, p *Part) views.Cell {
	return views.Cell{Level: levelView(ctx, p.Level), Situation: p.Situation, Note: p.Note}
}

func onDay(ctx context.Context, d *Diagnosis) string { return i18n.Date(ctx, calendar.On(d.DoneAt)) }

// presentDone is a finished diagnosis beside the one before it.
func presentDone(ctx context.Context, d, was *Diagnosis, rules []Rule) *views.Shown {
	v := &views.Shown{Title: i18n.Tf(ctx, "diagnosis.of_day", map[string]any{"On": onDay(ctx, d)}),
		Meta:    i18n.Tf(ctx, "diagnosis.by", map[string]any{"On": onDay(ctx, d), "Name": d.DoneBy, "Unit": d.Unit}),
		Risk:    presentRisk(ctx, d, d.Verdict, d.Marks, rules),
		NowOn:   i18n.Tf(ctx, "diagnosis.now_on", map[string]any{"On": onDay(ctx, d)}),
		Summary: d.Summary(), Ties: tiesText(ctx, d.Ties), Newer: "/files/" + d.FileID + "/diagnosis"}
	if was != nil {
		v.BeforeOn = i18n.Tf(ctx, "diagnosis.before_on", map[string]any{"On": onDay(ctx, was)})
		v.Was = was.Summary()
	}
	for _, of := range Dimensions() {
		v.Rows = append(v.Rows, presentRow(ctx, of, d, was))
	}
	return v
}

func presentRow(ctx context.Context, of Dimension, d, was *Diagnosis) views.Row {
	r := views.Row{Name: dimensionText(ctx, of), Icon: dimensionIcons[of], Now: cellView(ctx, d.Part(of))}
	if was == nil {
		return r
	}
	cell := cellView(ctx, was.Part(of))
	r.Before = &cell
	if change := ChangeOf(was.Part(of).Level, d.Part(of).Level); change != Unknown {
		r.Change = views.Change{Code: changeCodes[change], Text: i18n.T(ctx, changeKeys[change]), Icon: changeIcons[change]}
	}
	return r
}

var changeCodes = map[Change]string{Better: "better", Same: "same", Worse: "worse"}

// presentEvolution sets the last diagnoses side by side, the oldest first; nil
// where there is only one.
func presentEvolution(ctx context.Context, done []Diagnosis) *views.Evolution {
	if len(done) < 2 {
		return nil
	}
	v := &views.Evolution{Rows: make([]views.Line, 0, len(Dimensions())+1)}
	for i := len(done) - 1; i >= 0; i-- {
		v.Heads = append(v.Heads, views.Link{Text: onDay(ctx, &done[i]), Href: "/diagnoses/" + done[i].ID})
	}
	risks := views.Line{Name: i18n.T(ctx, "diagnosis.risk"), Icon: "speedometer2", Whole: true}
	for i := len(done) - 1; i >= 0; i-- {
		risks.Levels = append(risks.Levels, riskView(ctx, done[i].Risk))
	}
	v.Rows = append(v.Rows, risks)
	for _, of := range Dimensions() {
		line := views.Line{Name: dimensionText(ctx, of), Icon: dimensionIcons[of]}
		for i := len(done) - 1; i >= 0; i-- {
			line.Levels = append(line.Levels, levelView(ctx, done[i].Part(of).Level))
		}
		v.Rows = append(v.Rows, line)
	}
	return v
}

// tiesText is an ecomap in a sentence, "" for none.
func tiesText(ctx context.Context, ties []Tie) string {
	if len(ties) == 0 {
		return ""
	}
	e := Ecomap{Ties: ties}
	var parts []string
	for _, s := range Strengths() {
		if n := e.Count(s); n > 0 {
			parts = append(parts, i18n.Tf(ctx, strengthCountKeys[s], map[string]any{"Count": n}))
		}
	}
	return i18n.Tf(ctx, "diagnosis.ties", map[string]any{"List": strings.Join(parts, ", ")})
}

var strengthCountKeys = map[Strength]string{
	Strong:      "diagnosis.tie.count_strong",
	Weak:        "diagnosis.tie.count_weak",
	Conflicting: "diagnosis.tie.count_conflicting",
}

// presentTabs are the pages of the section.
func presentTabs(ctx context.Context, fileID, current string, ties int, g *Goals) []views.Tab {
	goals, commitments := g.count()
	base := "/files/" + fileID
	list := []views.Tab{
		{Text: i18n.T(ctx, "diagnosis.tab.diagnosis"), Icon: "activity", Href: base + "/diagnosis"},
		{Text: i18n.T(ctx, "diagnosis.tab.ecomap"), Icon: "diagram-3", Href: base + "/ecomap", Count: countText(ties)},
		{Text: i18n.T(ctx, "diagnosis.tab.goals"), Icon: "bullseye", Href: base + "/goals", Count: countText(goals + commitments)},
	}
	for i := range list {
		list[i].Current = list[i].Href == base+"/"+current
	}
	return list
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
