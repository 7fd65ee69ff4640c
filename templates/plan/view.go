// Package plan holds the screens of cart, checkout and intervention plan. Views
// are decided data: texts are formatted, permissions answered, amounts written.
package plan

import (
	"context"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"

	"gsl/templates/ui"
)

// Cart is the live cart: in the right column, or as a page of its own.
type Cart struct {
	FileID   string
	Wide     bool // its own page: shows papers to bring, and what was removed
	Version  string
	Lines    []Line
	Total    string // of the aid, "" when there is none
	Removed  []Line // newest first; only on its own page
	Focus    bool   // the swap took the focused control away: the heading takes it
	Previous *Link  // plan of the file, to go back to
}

// Line is one item of the cart.
type Line struct {
	ID       string
	Category string
	Name     string
	Path     string // "→ Registro Social de Hogares · solicitud", "2 × unidad · en especie · $ 70.000"
	Details  []string
	Note     string
	Papers   string // documents to bring
	Advice   []string
	Reason   string
	By       string // who added it, when
	Approval string // "Requiere aprobación de Jefatura", "" for none
	Ask      *ui.Input
	Way      string // where checkout sends it and by when it is answered
	Left     string // "Quedan 3 cupos"
}

// Link is a word with an address.
type Link struct{ Href, Text string }

// Add is the form of an item that needs more before it can be added.
type Add struct {
	Title    string
	Category string
	Advice   []string
	Form     templ.Component // of the catalogue
	Cancel   string
}

// Edit is the form of one line, in place or on a page of its own.
type Edit struct {
	Title    string
	Category string
	Action   string
	LineID   string
	Wide     bool
	Errors   ui.Errors
	Advice   []string
	Fields   []EditField
	Reason   *ui.Input // nil when nothing has to be answered to
	Cancel   string
}

// EditField is one control of the form.
type EditField struct {
	ui.Input
	Options []ui.Option // a select when there are any
	Long    bool        // a text area
}

// Review is the page that worker and citizen look at before they agree.
type Review struct {
	FileID   string
	Action   string
	Key      string
	Groups   []Group
	Total    string
	Agreed   []ui.Option
	AgreedIn ui.Input
	Errors   ui.Errors
	Previous *Link
	CartHref string
	Count    int
}

// Group is the items of one category with their way from here on.
type Group struct {
	Category string
	Title    string // what happens with them
	Lines    []Line
}

// Plan is one plan, in full.
type Plan struct {
	ID        string
	FileID    string
	Folio     string
	Circle    string // open, closed
	Meta      string // made when, by whom, how it was agreed
	ClosedOn  string
	Version   string
	Summary   Summary
	Items     []Item
	Edits     bool // the actor may save and something can still change
	Errors    ui.Errors
	History   []Entry
	Previous  *Link
	Next      []Link
	NewPlan   string // where a new plan begins, "" when the actor has no cart
	PDF       string
	Action    string
	Alone     bool // the page shows this plan only: its title is a heading of the page
	Focus     bool
	Decisions []Decide
}

// Summary is the coloured boxes.
type Summary struct {
	Pending, Confirmed, Ended []string
	PendingTitle              string
	ConfirmedTitle            string
	EndedTitle                string
}

// Item is one row of the plan.
type Item struct {
	ID         string
	Status     string // value of data-item
	Category   string
	Name       string
	Details    []string
	Note       string
	Advice     []string
	Reason     string // why it was added against the advice
	Provider   string
	Path       string
	Amount     string
	Changed    string // date of the last change
	ChangedBy  string
	StatusText string
	Why        string // reason of the status
	Delivered  string // what was handed over, when
	Box        *Box   // nil when nothing can be chosen
	Approval   Approval
	Referral   *Referral // nil when nobody else manages it
	Made       *Product  // what was made for it elsewhere, nil for nothing
}

// Product leads to what was made for an item: a visit, a report.
type Product struct{ Text, Href, Icon string }

// Referral is where the request of an item is, and what came back.
type Referral struct {
	Href    string // "" when the reader may not open it
	Folio   string
	State   string // "Recibida · María Soto"
	Open    bool   // an answer is still to come
	Due     string // "Respuesta comprometida: 30-11-2026"
	Overdue bool
	Answer  string // what the unit wrote with its answer
	Act     string // what the sender has to do next, "" for nothing
}

// Box is the status box of an item with the fields that belong to a choice.
type Box struct {
	Status   ui.Input
	Options  []ui.Option
	Reason   ui.Input
	Delivery []ui.Input // of aid: date, quantity, amount
	Hint     string     // what of it is somebody else's to say
	Outcome  *ui.Input  // of a letter: what the answer was, when it is no
	Outcomes []ui.Option
}

// Approval is the consent that an item waits for, or has.
type Approval struct {
	State  string // "", waiting, approved, rejected
	Text   string
	Detail string
	Decide *Decide
}

// Decide is the two buttons of who may consent.
type Decide struct {
	ItemID  string
	Approve string
	Reject  string
	Back    string
	Reason  ui.Input
	CanYes  bool
	CanNo   bool
}

// Entry is one line of the history.
type Entry struct {
	At, By, What, Change, Reason string
}

// Plans is the list of a file's plans.
type Plans struct {
	FileID   string
	Expanded *Plan
	Others   []Row
	CartHref string // "" when the actor has no cart
	HasCart  bool   // something waits in it
}

// Row is a plan in a list.
type Row struct {
	Href, Folio, Circle, Made, Closed, Pending, Confirmed string
}

// Conflict is two versions of a plan side by side.
type Conflict struct {
	PlanID  string
	Folio   string
	Version string
	Action  string
	Keep    string // where the present version stands
	Closed  bool
	Rows    []Clash
	Hidden  []Hidden
	MayGo   bool
}

// Clash is one item of which two operators chose different things.
type Clash struct {
	ID, Category, Name     string
	Theirs, TheirsBy       string
	TheirsReason           string
	Mine, MineReason       string
	TheirsValue, MineValue string
	Before                 string
	MayGo                  bool
}

// Hidden is a field that goes along unseen.
type Hidden struct{ Name, Value string }

// Approvals is the page of what waits for the actor's consent.
type Approvals struct {
	Rows  []ApprovalRow
	More  bool
	Focus bool
}

// ApprovalRow is one piece of aid that waits.
type ApprovalRow struct {
	ID, Since, Person, Number, Plan, PlanHref string
	Category, Name, Amount, By, Level         string
	Reason                                    string
	Error                                     string
	Decide                                    Decide
}

func cartClass(v Cart) string {
	if v.Wide {
		return "panel cart cart-wide"
	}
	return "panel cart"
}

func autofocus(ctx context.Context, yes bool) templ.OrderedAttributes {
	if yes {
		return ui.Focus(ctx)
	}
	return templ.OrderedAttributes{{Key: "tabindex", Value: "-1"}}
}

// The pages that a form of the cart may lead back to.
const (
	BackToCart      = "cart"
	BackToScreening = "screening"
)

func backPage(wide bool) string {
	if wide {
		return BackToCart
	}
	return BackToScreening
}

func backQuery(wide bool) string { return "?back=" + backPage(wide) }

func noneHint(ctx context.Context, v Plans) string {
	switch {
	case v.CartHref == "":
		return i18n.T(ctx, "plan.none_desk")
	case v.HasCart:
		return i18n.T(ctx, "plan.none_cart")
	}
	return i18n.T(ctx, "plan.none_hint")
}
