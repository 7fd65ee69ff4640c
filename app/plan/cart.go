package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// What fits in a cart. A line's amount is that of the whole line.
const (
	maxLines    = 40
	maxQuantity = 999
	maxAmount   = 100_000_000 // pesos
	maxReason   = 1000        // characters
	maxNote     = 2000        // characters
)

// Cart is the draft of one file: every case manager of the municipality sees
// the same one, and it waits until it becomes a plan.
type Cart struct {
	ID      string // "" while nothing was ever added
	FileID  string
	Version int64  // grows with every change
	Lines   []Line // in the order of adding
	Removed []Line // newest first: what can still be brought back
	// Pending names the items that an open plan of the file still has to do, by
	// code with the plan's folio: the same again may be meant, or forgotten.
	Pending map[string]string
}

// Line is one item of a cart: what the catalogue said when it was added, and
// what the worker wrote.
type Line struct {
	ID     string
	CartID string
	Agreed
	UnitPrice Amount // of the catalogue on the day of adding
	Typed     Amount // the amount as the worker wrote it; unknown: quantity × unit price
	AddedAt   time.Time
	RemovedAt time.Time
	RemovedBy string // name
	Asks      bool   // at checkout: no reason answers yet to what today's advice says
}

// Total is the sum of the aid in the cart whose amount is known, in pesos.
func (c *Cart) Total() int64 {
	var sum int64
	for i := range c.Lines {
		if c.Lines[i].Benefit() {
			sum += c.Lines[i].Amount.Pesos
		}
	}
	return sum
}

// Line gives one of the cart's lines, removed ones too; nil for none.
func (c *Cart) Line(id string) *Line {
	for _, list := range [][]Line{c.Lines, c.Removed} {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
	}
	return nil
}

// settle works out the amount of the line. Only aid takes it from the
// catalogue: the reference of a national subsidy is not what is asked for.
func (l *Line) settle() {
	switch {
	case l.Typed.Known:
		l.Amount = l.Typed
	case l.Benefit() && l.UnitPrice.Known:
		l.Amount = Pesos(min(l.UnitPrice.Pesos*l.Quantity, maxAmount))
	default:
		l.Amount = Amount{}
	}
}

// join takes from the same item, typed again, what this line does not say yet.
// A quantity of one and a blank amount are what a form says by itself. It
// reports whether anything changed.
func (l *Line) join(again *Line) bool {
	before := *l
	if again.Note != "" && !strings.Contains(l.Note, again.Note) {
		l.Note = strings.TrimSpace(l.Note + "\n" + again.Note)
	}
	if again.Quantity > 1 {
		l.Quantity = again.Quantity
	}
	if again.Typed.Known {
		l.Typed = again.Typed
	}
	if l.OverrideReason == "" && again.OverrideReason != "" {
		l.OverrideReason, l.Advice = again.OverrideReason, again.Advice
	}
	l.settle()
	return !l.says(&before)
}

// identity tells lines apart: the same item for the same member with the same
// details is one line, however often it is sent.
func (l *Line) identity() string {
	h := sha256.New()
	write := func(s string) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	write(l.Code)
	write(l.Member)
	for _, f := range l.Fields {
		write(f.Name)
		write(f.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Advice is one thing the catalogue warned of when a line was added or
// reviewed; the worker's reason answers to all of them.
type Advice struct {
	Kind AdviceKind `json:"kind"`
	Text string     `json:"text,omitempty"` // criterion or benefit in words
	On   string     `json:"on,omitempty"`   // ISO date of the earlier aid
	Days int        `json:"days,omitempty"` // of the interval
}

// AdviceKind is what an Advice is about.
type AdviceKind string

// The kinds of advice.
const (
	NotMet          AdviceKind = "not-met"          // a criterion is not met
	WithinInterval  AdviceKind = "within-interval"  // the same aid, too short ago
	AlreadyReceived AdviceKind = "already-received" // the national benefit is in payment
	Unavailable     AdviceKind = "unavailable"      // the municipality says it cannot be had now
	NotInCatalogue  AdviceKind = "not-in-catalogue" // taken out of the catalogue since it was added
	NoSpots         AdviceKind = "no-spots"         // none left in this period
	ProtocolExpired AdviceKind = "protocol-expired" // the agreement with the destination has ended
	NotInProtocol   AdviceKind = "not-in-protocol"  // a criterion of the agreement is not met
)

// Management is the path an item takes after checkout.
type Management string

// The paths, by category.
const (
	ToRSHDesk    Management = "rsh"      // A: request to the RSH desk
	HomeVisit    Management = "visit"    // B
	SocialReport Management = "report"   // C
	Referral     Management = "referral" // D
	InKind       Management = "in-kind"  // E: evaluate, approve, deliver
	InCash       Management = "in-cash"  // F: the same, in money
)

// Management gives the path of the item's category.
func (a Agreed) Management() Management {
	switch a.Category {
	case "A":
		return ToRSHDesk
	case "B":
		return HomeVisit
	case "C":
		return SocialReport
	case "D":
		return Referral
	case "E":
		return InKind
	}
	return InCash
}
