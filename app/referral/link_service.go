package referral

import (
	"context"
	"errors"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// Offered is what became of a link that was asked for.
type Offered struct {
	Link   Link
	Unit   string // who it is for
	Mailed bool   // a letter is on its way
}

// Offer makes the link of a referral, sends it when there is a mail server, and
// revokes the one before. known is the id of the link that was on the screen, ""
// for none: pressed twice, one link is made. fault.Conflict: nothing is left to
// answer. fault.Invalid: the unit has no address.
func (l *Letters) Offer(ctx context.Context, who actor.Actor, id, known string) (o Offered, err error) {
	err = l.sending(ctx, who, id, func(tx *tenants.Tx, r *Referral) error {
		o = Offered{Unit: r.UnitName}
		last, err := lastLink(tx, r.ID)
		if err != nil {
			return err
		}
		if last.ID != known && last.Live(tx.Now) {
			o.Link = last
			return nil
		}
		unit, err := unitOrName(tx, r.Unit, r.UnitName)
		if err != nil {
			return err
		}
		o, err = l.offer(tx, who, r, unit)
		return err
	})
	return o, err
}

// sending runs an act of the sender on a referral that it may see.
func (l *Letters) sending(ctx context.Context, who actor.Actor, id string, act func(*tenants.Tx, *Referral) error) error {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		r, err := seen(tx, who, id)
		if err != nil {
			return err
		}
		if !r.sends(who) {
			return fault.New(fault.Forbidden, "referral.error.other_party")
		}
		return act(tx, &r)
	})
}

// offer makes a link in the place of those before.
func (l *Letters) offer(tx *tenants.Tx, who actor.Actor, r *Referral, unit Unit) (o Offered, err error) {
	switch {
	case !r.ByLetter():
		return o, fault.New(fault.Conflict, "answer.error.inbox")
	case !r.linkable():
		return o, fault.New(fault.Conflict, orderKey(Answer, r.State))
	case unit.Email == "":
		return o, fault.New(fault.Conflict, "answer.error.no_address")
	}
	if err := mayLink(tx, r.ID); err != nil {
		return o, err
	}
	settings, err := SettingsOf(tx)
	if err != nil {
		return o, err
	}
	if _, err := endLinks(tx, r.ID, who.Name); err != nil {
		return o, err
	}
	o.Unit, o.Link = r.UnitName, Link{ID: tx.NewID(), ReferralID: r.ID, Email: unit.Email, MadeAt: tx.Now, MadeByName: who.Name, ExpiresAt: expiryOf(tx.Now, settings.LinkDays)}
	token := l.seal.token(tx.Owner(), o.Link.ID)
	if token == "" {
		return o, errors.New("referral: the municipality's id makes no token")
	}
	if err := insertLink(tx, who, &o.Link, hashOf(token)); err != nil {
		return o, err
	}
	if o.Mailed, err = l.post(tx, &o.Link); err != nil {
		return o, err
	}
	return o, audit.Record(tx, who, audit.Change{Action: "referral.link", Object: r.ID, File: r.FileID,
		Detail: map[string]string{"folio": r.Folio(), "unit": r.Unit, "until": o.Link.LastDay().String()}})
}

// linksADay is how many links of one referral are made in a day: each is a letter
// to the institution, whose patience is the municipality's good name.
const linksADay = 5

func mayLink(tx *tenants.Tx, referral string) error {
	n, err := linksSince(tx, referral, tx.Now.Add(-24*time.Hour))
	if err == nil && n >= linksADay {
		err = fault.New(fault.Conflict, "answer.error.links").With("Count", n)
	}
	return err
}

// Revoke ends the link; whoever opens it then learns nothing. A referral without
// one that can still be used stays as it is.
func (l *Letters) Revoke(ctx context.Context, who actor.Actor, id string) error {
	return l.sending(ctx, who, id, func(tx *tenants.Tx, r *Referral) error {
		ended, err := endLinks(tx, r.ID, who.Name)
		if err != nil || !ended {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "referral.link_revoked", Object: r.ID, File: r.FileID, Detail: map[string]string{"folio": r.Folio()}})
	})
}

// ErrUnusable is the one answer to every token that cannot be used: made up,
// used, revoked, too old, or of a referral that waits for nothing.
var ErrUnusable = errors.New("referral: this link cannot be used")

// Question is what an institution sees of the referral it is asked about: as
// little as lets it answer.
type Question struct {
	Municipality string
	Folio        string
	Asked        string   // the catalogue item
	Request      string   // what is asked for, in the sender's words
	Requirements []string // documents
	Whom         string   // "María G. P."
	Sender       Unit
	SentBy       string
	SentAt       time.Time
	Unit         string // who is asked
	Link         Link
	Overdue      bool
	Referral     Referral // for the rules, not for the screen
}

// Ask opens a link for whoever holds it; the look is in the trail.
func (l *Letters) Ask(ctx context.Context, token, request string) (q Question, err error) {
	m, err := l.municipality(ctx, token)
	if err != nil {
		return q, err
	}
	err = m.View(ctx, func(tx *tenants.Tx) (err error) {
		q, err = l.question(tx, m, token)
		return err
	})
	if err != nil {
		return q, err
	}
	who := l.answering(m, &q, request, "")
	who.UserID = "link:" + q.Link.ID
	return q, audit.Looked(ctx, who, audit.View{File: q.Referral.FileID, What: "answer", Why: q.Link.ID})
}

// Usable answers ErrUnusable for a token that cannot be used now.
func (l *Letters) Usable(ctx context.Context, token string) error {
	m, err := l.municipality(ctx, token)
	if err != nil {
		return err
	}
	return m.View(ctx, func(tx *tenants.Tx) error {
		_, _, err := openLink(tx, token)
		return err
	})
}

// municipality is whose token it is; a made-up one opens nothing.
func (l *Letters) municipality(ctx context.Context, token string) (*tenants.Municipality, error) {
	id, _, ok := l.seal.read(token)
	if !ok {
		return nil, ErrUnusable
	}
	m, err := l.files.Municipality(ctx, id)
	switch {
	case tenants.NotFound(err):
		return nil, ErrUnusable
	case err != nil:
		return nil, err
	case m.Status() != tenants.Active:
		return nil, ErrUnusable
	}
	return m, nil
}

func (l *Letters) question(tx *tenants.Tx, m *tenants.Municipality, token string) (q Question, err error) {
	if q.Link, q.Referral, err = openLink(tx, token); err != nil {
		return q, err
	}
	r := &q.Referral
	s := Sheet{Referral: *r}
	if err := s.fill(tx); err != nil {
		return q, err
	}
	q.Municipality, q.Folio, q.Asked, q.Requirements = m.Name, r.Folio(), r.Name, r.Requirements
	q.Whom, q.Sender, q.SentBy, q.SentAt, q.Unit = whom(s.Person, r), s.Sender, s.Sent.Name, s.Sent.At, r.UnitName
	for _, f := range r.Fields {
		if f.Name == requestField {
			q.Request = f.Value
		}
	}
	return q, nil
}

// requestField is the standard field of a referral that says what is asked for;
// the reason and everything else stay with who holds the letter.
const requestField = "request"

// openLink gives a link that can be used with its referral, or ErrUnusable.
func openLink(tx *tenants.Tx, token string) (Link, Referral, error) {
	link, err := linkByToken(tx, token)
	if err != nil {
		return link, Referral{}, err
	}
	if !link.Live(tx.Now) {
		return link, Referral{}, ErrUnusable
	}
	r, err := ByID(tx, link.ReferralID)
	if err != nil {
		return link, r, err
	}
	if !r.linkable() {
		return link, r, ErrUnusable
	}
	return link, r, nil
}

// Reply is what an institution answers by link.
type Reply struct {
	Outcome    Outcome
	ReasonCode ReasonCode
	Reason     string
	Note       string
	Name       string // who answers, and in which position
	Position   string
	RequestID  string
	File       *ReplyFile // nil: no paper
}

// ReplyFile is the paper that comes with an answer.
type ReplyFile struct {
	document.File
	Name string
	Size int64
}

const maxReplyName = 80 // characters

// check cleans the reply and names what is missing, before its paper is looked at.
func (r *Reply) check(ctx context.Context) error {
	var wrong []fault.Field
	r.Name, wrong = cleanText(wrong, r.Name, "name", maxReplyName)
	r.Position, wrong = cleanText(wrong, r.Position, "position", maxReplyName)
	for _, f := range []struct{ name, value string }{{"name", r.Name}, {"position", r.Position}} {
		if f.value == "" {
			wrong = append(wrong, fault.Field{Name: f.name, Key: "web.field.required"})
		}
	}
	m := r.move()
	for _, f := range m.check(ctx) {
		if f.Name == "reason" && r.ReasonCode == "" { // nothing was chosen: that comes first
			f = fault.Field{Name: "reason_code", Key: "referral.error.reason_code"}
		}
		wrong = append(wrong, f)
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

func (r *Reply) move() Move {
	return Move{Verb: Answer, Outcome: r.Outcome, ReasonCode: r.ReasonCode, Reason: r.Reason, Note: r.Note}
}

// Answer takes the answer of whoever holds the link: the referral is answered,
// its plan item moved, the paper attached and the link used, in one transaction.
// ErrUnusable: the link cannot be used, any more or at all.
func (l *Letters) Answer(ctx context.Context, token string, reply Reply) (folio string, err error) {
	m, err := l.municipality(ctx, token)
	if err != nil {
		return "", err
	}
	q, err := l.open(ctx, m, token)
	if err != nil {
		return "", err
	}
	if err := reply.check(ctx); err != nil {
		return "", err
	}
	var paper document.Content
	if f := reply.File; f != nil {
		if paper, err = l.documents.Arrive(ctx, m, f.Name, f.File, f.Size); err != nil {
			return "", err
		}
	}
	who := l.answering(m, &q, reply.RequestID, signed(ctx, &reply, q.Unit))
	err = m.Update(ctx, func(tx *tenants.Tx) error { return l.take(tx, who, token, &reply, paper) }) //nolint:contextcheck // the transaction carries it
	return q.Folio, err
}

func (l *Letters) open(ctx context.Context, m *tenants.Municipality, token string) (q Question, err error) {
	err = m.View(ctx, func(tx *tenants.Tx) (err error) {
		q.Link, q.Referral, err = openLink(tx, token)
		q.Folio, q.Unit = q.Referral.Folio(), q.Referral.UnitName
		return err
	})
	return q, err
}

// take uses the link. Whoever comes second, and whoever comes after the referral
// took another course, finds a link that cannot be used.
func (l *Letters) take(tx *tenants.Tx, who actor.Actor, token string, reply *Reply, paper document.Content) error {
	link, r, err := openLink(tx, token)
	if err != nil {
		return err
	}
	if won, err := useLink(tx, link.ID); err != nil || !won {
		return errors.Join(err, ErrUnusable)
	}
	if err := l.service.MoveTx(tx, who, &r, reply.move()); err != nil {
		return err
	}
	who.UserID = "link:" + link.ID
	if err := audit.Record(tx, who, audit.Change{Action: "referral.link_used", Object: r.ID, File: r.FileID, Detail: map[string]string{"folio": r.Folio(), "link": link.ID}}); err != nil {
		return err
	}
	if paper.ID == "" {
		return nil
	}
	_, err = l.documents.Attach(tx, who, document.New{Content: paper, Owner: document.Owner{Kind: DocumentsOwner, ID: r.ID}, FileID: r.FileID,
		Kind: document.Answer, Name: reply.File.Name})
	return err
}

// answering is who acts by link: the institution, under the name that was typed.
func (l *Letters) answering(m *tenants.Municipality, q *Question, request, name string) actor.Actor {
	who := Answering(actor.Actor{Municipality: m, RequestID: request}, q.Referral.Unit, name)
	who.UnitName = q.Unit
	return who
}

// signed is how the history says who answered: in Spanish, as all that is kept.
func signed(ctx context.Context, reply *Reply, unit string) string {
	return i18n.Tf(i18n.With(ctx, i18n.Spanish), "answer.signed",
		map[string]any{"Name": reply.Name, "Position": reply.Position, "Unit": unit})
}
