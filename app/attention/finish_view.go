package attention

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// presentBar puts the bar of a file's pages into words.
func presentBar(ctx context.Context, b bar, file string, now time.Time) *layout.Attention {
	if b.id == "" {
		v := &layout.Attention{Open: "/files/" + file + "/attentions"}
		if b.waiting {
			v.Wait = "/files/" + file + "/waiting"
		}
		return v
	}
	a := Attention{OpenedAt: b.openedAt}
	v := &layout.Attention{Finish: "/attentions/" + b.id + "/finish", Minutes: strconv.Itoa(a.Minutes(now))}
	if b.explained > 0 {
		v.Explained = count(ctx, "attention.explained", b.explained)
	}
	return v
}

// presentFinish is the form that ends an attention, preset with written.
func presentFinish(ctx context.Context, v *Shown, written Closing, errs ui.Errors) *views.Finish {
	a := &v.Attention
	address := "/attentions/" + a.ID
	form := &views.Finish{
		Action: address + "/finish", Draft: address + "/draft", Discard: v.Empty,
		Person: people.DisplayName(ctx, v.File), Desk: deskName(ctx, *a), Minutes: minutesText(ctx, a.Minutes(v.Now)),
		Page: rand.Text(), Seen: v.mark,
		Told: written.Told, Note: written.Note, NextDate: written.NextOn.Chilean(),
		RepName: written.Representative.Name, RepRUN: written.Representative.RUN, Somebody: written.Representative != Representative{},
		Errors: errs,
	}
	for i := range v.Explained {
		form.Explained = append(form.Explained, v.Explained[i].Name)
	}
	form.Done = done(ctx, v)
	derived := level(v.Deeds)
	form.Level = i18n.T(ctx, levelKeys[derived])
	if written.Outcome == "" {
		written.Outcome = derived
	}
	for _, o := range Outcomes() {
		form.Outcomes = append(form.Outcomes, ui.Option{Value: string(o), Text: i18n.T(ctx, outcomeKeys[o]), Selected: o == written.Outcome})
	}
	for _, c := range Channels() {
		form.Channels = append(form.Channels, ui.Option{Value: string(c), Text: i18n.T(ctx, channelKeys[c]), Selected: c == written.Channel})
	}
	form.Topics = topicOptions(ctx, v, written.Topic)
	form.Relationships = options(ctx, Relationships(), relationshipKeys, written.Representative.Relationship)
	form.Authorisations = options(ctx, Authorisations(), authorisationKeys, written.Representative.Authorisation)
	return form
}

func topicOptions(ctx context.Context, v *Shown, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "attention.topic.none")}}
	known := chosen == ""
	for i := range v.Topics {
		t := &v.Topics[i]
		list = append(list, ui.Option{Value: t.Code, Text: t.Name, Selected: t.Code == chosen})
		known = known || t.Code == chosen
	}
	if !known && v.Attention.TopicCode == chosen { // withdrawn from the list since
		list = append(list, ui.Option{Value: chosen, Text: v.Attention.Topic, Selected: true})
	}
	return list
}

func options(ctx context.Context, codes []string, keys map[string]string, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "attention.choose")}}
	for _, code := range codes {
		list = append(list, ui.Option{Value: code, Text: i18n.T(ctx, keys[code]), Selected: code == chosen})
	}
	return list
}

// done says what the attention holds beside what was explained.
func done(ctx context.Context, v *Shown) []string {
	var list []string
	for _, m := range v.Made {
		list = append(list, madeText(ctx, m))
	}
	adds := 0
	for _, d := range v.Deeds {
		switch d.Action {
		case "cart.add":
			adds++
		case "plan.create":
			adds = 0
		}
	}
	if adds > 0 {
		list = append(list, count(ctx, "attention.finish.cart", adds))
	}
	return list
}

func madeText(ctx context.Context, m Made) string {
	if m.Plan {
		return i18n.Tf(ctx, "attention.made.plan", map[string]any{"Folio": m.Folio})
	}
	text := i18n.Tf(ctx, "attention.made.referral", map[string]any{"Folio": m.Folio})
	return text + strings.TrimRight(" · "+m.What+" → "+m.Where, " →")
}

func minutesText(ctx context.Context, n int) string { return count(ctx, "attention.minutes", n) }

var outcomeKeys = map[Outcome]string{
	Oriented: "attention.level.oriented",
	Referred: "attention.level.referred",
	Casework: "attention.level.casework",
}

// levelKeys say why a level is preset.
var levelKeys = map[Outcome]string{
	Oriented: "attention.level.why_oriented",
	Referred: "attention.level.why_referred",
	Casework: "attention.level.why_casework",
}

var channelKeys = map[Channel]string{
	InPerson: "attention.channel.in_person",
	Phone:    "attention.channel.phone",
	Video:    "attention.channel.video",
	Home:     "attention.channel.home",
	Mail:     "attention.channel.mail",
}

var relationshipKeys = map[string]string{
	"partner":   "attention.relationship.partner",
	"child":     "attention.relationship.child",
	"parent":    "attention.relationship.parent",
	"sibling":   "attention.relationship.sibling",
	"relative":  "attention.relationship.relative",
	"carer":     "attention.relationship.carer",
	"neighbour": "attention.relationship.neighbour",
	"official":  "attention.relationship.official",
	"other":     "attention.relationship.other",
}

var authorisationKeys = map[string]string{
	"legal":    "attention.authorisation.legal",
	"notarial": "attention.authorisation.notarial",
	"simple":   "attention.authorisation.simple",
	"verbal":   "attention.authorisation.verbal",
	"none":     "attention.authorisation.none",
}
