package plan

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/referral"
)

// Status is where one agreed action stands. The values are those of forms,
// hooks (data-item) and the file.
type Status string

// The states of a plan item.
const (
	Pending     Status = "pending"
	InProgress  Status = "in-progress"
	Confirmed   Status = "confirmed"
	NotAchieved Status = "not-achieved"
	Withdrawn   Status = "withdrawn"
)

// Statuses in the order of the box on the screen.
var Statuses = []Status{Pending, InProgress, Confirmed, NotAchieved, Withdrawn}

// transitions says which status may follow which. A finished item is final:
// what comes later is a new plan.
var transitions = map[Status][]Status{
	Pending:    {InProgress, Confirmed, NotAchieved, Withdrawn},
	InProgress: {Pending, Confirmed, NotAchieved, Withdrawn},
}

// ParseStatus reads a form's value.
func ParseStatus(s string) (Status, bool) {
	for _, status := range Statuses {
		if string(status) == s {
			return status, true
		}
	}
	return "", false
}

// Finished reports whether nothing more is to be done.
func (s Status) Finished() bool { return s == Confirmed || s == NotAchieved || s == Withdrawn }

// NeedsReason reports whether the status must say why.
func (s Status) NeedsReason() bool { return s == NotAchieved || s == Withdrawn }

// MayBecome reports whether the change is allowed; staying is not a change.
func (s Status) MayBecome(next Status) bool {
	for _, allowed := range transitions[s] {
		if allowed == next {
			return true
		}
	}
	return false
}

// Agreement is how the citizen agreed to the plan.
type Agreement string

// The ways to agree.
const (
	Signed Agreement = "signed"
	Phone  Agreement = "phone"
	Video  Agreement = "video"
	Mail   Agreement = "mail"
)

// Agreements in the order of the screen.
var Agreements = []Agreement{Signed, Phone, Video, Mail}

func parseAgreement(s string) (Agreement, bool) {
	for _, agreed := range Agreements {
		if string(agreed) == s {
			return agreed, true
		}
	}
	return "", false
}

// Plan is one intervention plan: the agreement of one day with one person.
// Name, document and address of the person are as they were agreed.
type Plan struct {
	ID, FileID     string
	CartID         string
	Year, Number   int
	Closed         bool
	Version        int64 // grows with every save; a form carries the one it was made from
	Agreed         Agreement
	PreviousID     string // "" for the first plan of the file
	PersonName     string
	PersonDocument string // RUN or provisional ID as people read it
	PersonAddress  string
	CreatedAt      time.Time
	CreatedBy      string // user id
	CreatedByName  string
	Unit, UnitName string
	ChangedAt      time.Time
	ClosedAt       time.Time // zero while open
	Items          []Item    // in the order of the agreement
}

// Folio is the number that people quote: "2026-0184".
func (p Plan) Folio() string { return fmt.Sprintf("%d-%04d", p.Year, p.Number) }

// Item gives one of the plan's items, nil when it is not of this plan.
func (p *Plan) Item(id string) *Item {
	for i := range p.Items {
		if p.Items[i].ID == id {
			return &p.Items[i]
		}
	}
	return nil
}

// Finished reports whether every item is.
func (p *Plan) Finished() bool {
	for i := range p.Items {
		if !p.Items[i].Status.Finished() {
			return false
		}
	}
	return true
}

// Count gives how many items are still to be done and how many are confirmed.
func (p *Plan) Count() (pending, confirmed int) {
	for i := range p.Items {
		switch status := p.Items[i].Status; {
		case !status.Finished():
			pending++
		case status == Confirmed:
			confirmed++
		}
	}
	return pending, confirmed
}

// Item is one agreed action. What was agreed never changes; Progress does.
type Item struct {
	ID       string
	PlanID   string
	Position int
	Agreed
	Progress
	Referral *referral.Referral // that it was sent with, nil for none
	Made     *Product           // what was made for it elsewhere, nil for nothing
	lineID   string             // of the cart, while it is being checked out
}

// Product is what another room made for an item: a visit, a report. Its words are
// in the reader's language.
type Product struct {
	ItemID string
	Text   string // "Visita 24-11-2026 10:30"
	Href   string // where it is worked on
	Icon   string
}

// Agreed is what an item promises: the same in the cart and in the plan.
type Agreed struct {
	Code, Name, Category, Subcategory string
	Provider, Unit                    string
	Requirements                      []string
	Member, MemberName                string // holder and name of the member concerned, "" for nobody in particular
	Quantity                          int64
	Amount                            Amount
	Note                              string
	Fields                            []FieldValue
	OverrideReason                    string
	Advice                            []Advice
	AddedBy, AddedByName              string
}

// veil takes the name of the member out whose own file is shut for who looks.
func (a *Agreed) veil(ctx context.Context, v people.Veil) {
	if a.Member == "" || !v.HidesHolder(a.Member) {
		return
	}
	masked := v.Member(ctx, a.Member, a.MemberName)
	a.Fields = slices.Clone(a.Fields)
	for i := range a.Fields {
		if f := &a.Fields[i]; f.Value == a.Member || f.Text != "" && f.Text == a.MemberName {
			f.Value, f.Text = "", masked
		}
	}
	a.MemberName = masked
}

// veil does that for every item.
func (p *Plan) veil(ctx context.Context, v people.Veil) {
	for i := range p.Items {
		p.Items[i].veil(ctx, v)
	}
}

// Benefit reports whether the item is municipal aid: in kind (E) or money (F).
func (a Agreed) Benefit() bool { return a.Category == "E" || a.Category == "F" }

// Progress is how the management of an item stands.
type Progress struct {
	Status         Status
	Reason         string
	ChangedAt      time.Time
	ChangedByName  string
	ChangedVersion int64
	Approval       Approval
	LimitAmount    int64 // pesos that may be confirmed without approval: the threshold of the day of checkout
	Delivery       Delivery
}

// Delivery is what was handed over when aid was confirmed.
type Delivery struct {
	On       calendar.Date
	Quantity int64
	Amount   int64 // pesos
}

// Amount is pesos that may be unknown.
type Amount struct {
	Pesos int64
	Known bool
}

// Pesos is a known amount.
func Pesos(n int64) Amount { return Amount{Pesos: n, Known: true} }

// FieldValue is one of the item's own fields as it was filled in.
type FieldValue struct {
	Name     string `json:"name"` // of the form
	Label    string `json:"label,omitempty"`
	LabelKey string `json:"key,omitempty"`  // translation key of a standard field's label
	Value    string `json:"value"`          // as it was sent: dates ISO, members by holder
	Text     string `json:"text,omitempty"` // as people read it, where that differs
}

// Entry is one line of a plan's history.
type Entry struct {
	Seq     int64
	Version int64
	ItemID  string // "" for the plan itself
	What    string // plan, status, approval
	Was     string
	Became  string
	Reason  string
	At      time.Time
	UserID  string
	Name    string
	Role    string
}

// What an Entry is about.
const (
	aboutPlan     = "plan"
	aboutStatus   = "status"
	aboutApproval = "approval"
)

// sortItems puts items in the order of the agreement.
func sortItems(items []Item) {
	slices.SortFunc(items, func(a, b Item) int { return a.Position - b.Position })
}
