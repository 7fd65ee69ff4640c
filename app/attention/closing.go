package attention

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
)

// The limits of what is written in an attention, in runes.
const (
	maxNote = 1000
	maxName = 120
)

// furthest is how many days ahead somebody is asked to come back at most.
const furthest = 366

// Closing is what is written of an attention: while it is open, and when it is
// finished.
type Closing struct {
	Outcome        Outcome // "": the level that the changes show
	Channel        Channel // "": as it was
	Topic          string  // code, "" for none
	Note           string
	Told           string
	NextOn         calendar.Date
	Representative Representative

	From Page // where it was typed
}

// Page is one showing of the form of an attention. Two of them, in two tabs or
// at two screens of a desk, must not write over each other unseen.
type Page struct {
	Name string // as the page was named when it was made, "" when it does not say
	Seen string // mark of what it showed
}

// mark stands for what is written, so that a page can say what it has seen.
func (c Closing) mark() string {
	text, _ := json.Marshal([]any{c.Channel, c.Topic, c.Note, c.Told, c.NextOn.Chilean(), c.Representative}) // nothing in it can fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// overwrites is a fault.Conflict when something else was written since the page
// was shown, by another page and with other words.
func (c Closing) overwrites(a *Attention) error {
	was := closingOf(a)
	if c.From.Name == "" || c.From.Name == a.page || c.From.Seen == was.mark() || c.mark() == was.mark() {
		return nil
	}
	return fault.New(fault.Conflict, "attention.error.changed")
}

// closingOf gives what is written of the attention.
func closingOf(a *Attention) Closing {
	return Closing{Outcome: a.Outcome, Channel: a.Channel, Topic: a.TopicCode, Note: a.Note, Told: a.Told,
		NextOn: a.NextOn, Representative: a.Representative}
}

// onto writes it into the attention; what was left out stays as it was.
func (c Closing) onto(a *Attention) {
	if c.Channel != "" {
		a.Channel = c.Channel
	}
	a.TopicCode, a.Note, a.Told, a.NextOn, a.Representative, a.page = c.Topic, c.Note, c.Told, c.NextOn, c.Representative, c.From.Name
}

// tidied gives it as it is kept: a RUN as people read it.
func (c Closing) tidied() Closing {
	r := &c.Representative
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	if run, err := people.ParseRUN(r.RUN); err == nil {
		r.RUN = run.Format()
	}
	return c
}

// check names every field that cannot be kept. topics are those that may be
// chosen; kept is the attention's own, which may have been withdrawn since.
func (c Closing) check(today calendar.Date, topics []Topic, kept string) error {
	var wrong []fault.Field
	add := func(name, key string, bad bool) {
		if bad {
			wrong = append(wrong, fault.Field{Name: name, Key: key})
		}
	}
	add("outcome", "attention.error.outcome", c.Outcome != "" && !slices.Contains(Outcomes(), c.Outcome))
	add("channel", "attention.error.channel", c.Channel != "" && !slices.Contains(Channels(), c.Channel))
	add("topic", "attention.error.topic", c.Topic != "" && c.Topic != kept && !offers(topics, c.Topic))
	add("note", "attention.error.long", !fits(c.Note))
	add("told", "attention.error.long", !fits(c.Told))
	add("next_date", "attention.error.next_past", !c.NextOn.IsZero() && c.NextOn.Before(today))
	add("next_date", "attention.error.next_far", today.AddDays(furthest).Before(c.NextOn))
	wrong = append(wrong, c.Representative.check()...)
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

func fits(text string) bool { return utf8.RuneCountInString(text) <= maxNote }

// check asks of a representative who they are to the person and what allows them.
func (r Representative) check() []fault.Field {
	if r == (Representative{}) {
		return nil
	}
	var wrong []fault.Field
	add := func(name, key string, bad bool) {
		if bad {
			wrong = append(wrong, fault.Field{Name: name, Key: key})
		}
	}
	add("rep_name", "attention.error.rep_name", r.Name == "")
	add("rep_name", "attention.error.rep_name_long", utf8.RuneCountInString(r.Name) > maxName)
	_, err := people.ParseRUN(r.RUN)
	add("rep_run", "attention.error.rep_run", r.RUN != "" && err != nil)
	add("rep_relationship", "attention.error.rep_relationship", !slices.Contains(Relationships(), r.Relationship))
	add("rep_authorisation", "attention.error.rep_authorisation", !slices.Contains(Authorisations(), r.Authorisation))
	return wrong
}

func offers(topics []Topic, code string) bool {
	return slices.ContainsFunc(topics, func(t Topic) bool { return t.Code == code })
}

// Deed is a change that the attention's desk made to its file meanwhile, as the
// trail has it.
type Deed struct {
	Action string // "cart.add", "plan.create", "referral.create", …
	Object string
	Item   string // code of the catalogue, "" for none
	Folio  string
}

// level is the level that the changes show: casework as soon as cart or plan
// were worked at, else referred when something was referred.
func level(deeds []Deed) Outcome {
	outcome := Oriented
	for _, d := range deeds {
		switch room, _, _ := strings.Cut(d.Action, "."); {
		case room == "cart", room == "plan":
			return Casework
		case d.Action == referralMade:
			outcome = Referred
		}
	}
	return outcome
}

// referralMade is the trail's word for a new referral.
const referralMade = "referral.create"

// suggest gives the topic that what was done is about: the first that is preset
// for an item's subcategory or category, in the order of marks, else for the
// desk; "" when none is.
func suggest(topics []Topic, marks []string, desk string) string {
	for _, mark := range append(slices.Clone(marks), "desk:"+desk) {
		for i := range topics {
			if slices.Contains(topics[i].Suggests, mark) {
				return topics[i].Code
			}
		}
	}
	return ""
}
