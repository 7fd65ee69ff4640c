package diagnosis

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	views "gsl/templates/diagnosis"
	"gsl/templates/ui"
)

// aimScreen puts goals and commitments into words for one answer.
type aimScreen struct {
	ctx context.Context
	*Aims
	st aimState
}

func (s *aimScreen) t(key string) string { return i18n.T(s.ctx, key) }

func (s *aimScreen) base() string { return "/files/" + s.File.ID }

func (s *aimScreen) page() *views.Goals {
	v := &views.Goals{Tabs: presentTabs(s.ctx, s.File.ID, "goals", s.Ties, &s.Goals), Problem: s.st.problem}
	for i := range s.Goals.Goals {
		v.Goals = append(v.Goals, s.goal(&s.Goals.Goals[i]))
	}
	for i := range s.Goals.Alone {
		v.Alone = append(v.Alone, s.commitment(&s.Goals.Alone[i]))
	}
	if s.Writes {
		g, c := Goal{}, Commitment{By: s.Person}
		v.NewGoal = s.form(newGoal, s.base()+"/goals", &g.Aim, goalFields(&g))
		v.NewCommitment = s.form(newCommitment, s.base()+"/commitments", &c.Aim, commitmentFields(&c))
	}
	return v
}

// fields are what a goal and a commitment do not have in common.
type fields struct {
	commitment bool
	dimension  Dimension
	by, goal   string
}

func goalFields(g *Goal) fields { return fields{dimension: g.Dimension} }
func commitmentFields(c *Commitment) fields {
	return fields{commitment: true, by: c.By, goal: c.GoalID}
}

func (s *aimScreen) goal(g *Goal) views.Goal {
	v := views.Goal{Aim: s.aim(&g.Aim, goalFields(g), s.base()+"/goals/"+g.ID)}
	if g.Dimension != "" {
		v.Dimension, v.Icon = dimensionText(s.ctx, g.Dimension), dimensionIcons[g.Dimension]
	}
	for i := range g.Commitments {
		v.Commitments = append(v.Commitments, s.commitment(&g.Commitments[i]))
	}
	return v
}

func (s *aimScreen) commitment(c *Commitment) views.Commitment {
	return views.Commitment{Aim: s.aim(&c.Aim, commitmentFields(c), s.base()+"/commitments/"+c.ID), By: c.By}
}

func (s *aimScreen) aim(a *Aim, f fields, action string) views.Aim {
	keys := standingKeys
	if f.commitment {
		keys = keptKeys
	}
	v := views.Aim{ID: a.ID, Text: a.Text, Standing: views.Level{Code: "standing-" + string(a.Standing), Text: s.t(keys[a.Standing]), Icon: standingIcons[a.Standing]},
		Reason: a.Reason, Late: a.Late(s.Today), Done: a.Standing != Open,
		Changed: i18n.Tf(s.ctx, "diagnosis.goal.changed", map[string]any{"On": i18n.DateTime(s.ctx, a.ChangedAt), "Name": a.ChangedBy})}
	if !a.Due.IsZero() {
		v.Due = i18n.Tf(s.ctx, "diagnosis.goal.until", map[string]any{"On": i18n.Date(s.ctx, a.Due)})
	}
	for i := range s.Goals.Items {
		if it := &s.Goals.Items[i]; slices.Contains(a.Items, it.ID) {
			v.Items = append(v.Items, views.Item{Name: it.Name, Folio: it.Folio, Href: it.Href, Status: it.Status, Text: it.Text})
		}
	}
	if s.Writes {
		v.Version = strconv.FormatInt(a.Version, 10)
		v.Form = s.form(a.ID, action, a, f)
		v.Open = s.st.place == a.ID
	}
	return v
}

// form is the form of a goal or commitment, with what was typed when it comes back.
func (s *aimScreen) form(place, action string, a *Aim, f fields) *views.AimForm {
	shown, due, errs := *a, a.Due.Chilean(), ui.Errors(nil)
	key := rand.Text()
	if s.st.place == place {
		s.st.form.onto(&shown, s.st.sent)
		errs, f = s.st.errs, s.typed(f)
		if s.st.sent("due") {
			due = strings.ToValidUTF8(s.st.due, "")
		}
		if s.st.form.Key != "" {
			key = s.st.form.Key
		}
	}
	v := &views.AimForm{ID: place, Action: action, Key: key, Version: strconv.FormatInt(a.Version, 10), Errors: errs, New: a.ID == ""}
	v.Text = s.input(place, "text", "diagnosis.goal.text", shown.Text, errs)
	v.Text.MaxLength, v.Text.Rows, v.Text.Required = maxGoal, 2, true
	v.Due = s.input(place, "due", "diagnosis.goal.due", due, errs)
	v.Due.Type, v.Due.Optional = "date", true
	v.Reason = s.input(place, "reason", "diagnosis.goal.reason", shown.Reason, errs)
	v.Reason.MaxLength = maxReason
	v.Standing = s.input(place, "standing", "diagnosis.goal.standing", string(shown.Standing), errs)
	s.choices(v, place, f, errs)
	v.Items = s.boxes(place, shown.Items)
	v.ItemsError = errs.Of("item")
	return v
}

// typed is what was typed of what the two do not have in common.
func (s *aimScreen) typed(f fields) fields {
	if s.st.sent("by") {
		f.by = s.st.form.By
	}
	if s.st.sent("goal") {
		f.goal = s.st.form.Goal
	}
	if s.st.sent("dimension") {
		f.dimension = Dimension(s.st.form.Dimension)
	}
	return f
}

func (s *aimScreen) input(place, name, key, value string, errs ui.Errors) ui.Input {
	in := ui.Input{Name: name, Label: s.t(key), Value: value, Error: errs.Of(name)}
	if s.st.place != place { // the one that came back has the names that its summary leads to
		in.ID = "f-" + name + "-" + place
	}
	return in
}

// choices fills the lists to choose from.
func (s *aimScreen) choices(v *views.AimForm, place string, f fields, errs ui.Errors) {
	keys := standingKeys
	if f.commitment {
		keys = keptKeys
		v.Text.Label = s.t("diagnosis.commitment.text")
		by := s.input(place, "by", "diagnosis.commitment.by", f.by, errs)
		by.MaxLength, by.Required = maxWhom, true
		goal := s.input(place, "goal", "diagnosis.commitment.goal", f.goal, errs)
		v.By, v.Goal = &by, &goal
		v.Goals = append(v.Goals, ui.Option{Text: s.t("diagnosis.commitment.no_goal")})
		for i := range s.Goals.Goals {
			v.Goals = append(v.Goals, ui.Option{Value: s.Goals.Goals[i].ID, Text: s.Goals.Goals[i].Text})
		}
	} else {
		dimension := s.input(place, "dimension", "diagnosis.goal.dimension", string(f.dimension), errs)
		v.Dimension = &dimension
		v.Dimensions = append(v.Dimensions, ui.Option{Text: s.t("diagnosis.goal.no_dimension")})
		for _, of := range Dimensions() {
			v.Dimensions = append(v.Dimensions, ui.Option{Value: string(of), Text: dimensionText(s.ctx, of)})
		}
	}
	for _, standing := range Standings() {
		v.Standings = append(v.Standings, ui.Option{Value: string(standing), Text: s.t(keys[standing])})
	}
}

// boxes are the plan items to tie to: those of open plans, and what is tied already.
func (s *aimScreen) boxes(place string, chosen []string) []views.Box {
	var list []views.Box
	for i := range s.Goals.Items {
		it := &s.Goals.Items[i]
		if tied := slices.Contains(chosen, it.ID); it.Open || tied {
			list = append(list, views.Box{ID: "item-" + place + "-" + it.ID, Value: it.ID, Text: it.Name, Hint: it.Folio + " · " + it.Text, Checked: tied})
		}
	}
	return list
}

// presentAims are the open goals and commitments, beside the diagnosis.
func presentAims(ctx context.Context, sec *Section) []views.AimLine {
	var list []views.AimLine
	add := func(a *Aim, by string) {
		if a.Standing != Open {
			return
		}
		line := views.AimLine{Text: a.Text, By: by, Late: a.Late(sec.Today)}
		if !a.Due.IsZero() {
			line.Due = i18n.Date(ctx, a.Due)
		}
		list = append(list, line)
	}
	for i := range sec.Goals.Goals {
		g := &sec.Goals.Goals[i]
		add(&g.Aim, "")
		for j := range g.Commitments {
			add(&g.Commitments[j].Aim, g.Commitments[j].By)
		}
	}
	for i := range sec.Goals.Alone {
		add(&sec.Goals.Alone[i].Aim, sec.Goals.Alone[i].By)
	}
	return list
}
