package referral

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/callers"
	"gsl/app/kit/fault"
	"gsl/app/kit/mail"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/tenants"
)

// DocumentsOwner is the kind of owner that referrals are for documents.
const DocumentsOwner = "referral"

// linkMail is the kind of letter in the outbox that brings a link.
const linkMail = "referral.link"

// Letters is what goes between a municipality and who has no inbox here: the
// referral on paper, the link to answer it, the papers that come back.
type Letters struct {
	service   *Service
	files     *tenants.Files
	documents *document.Service
	press     *pdf.Press
	seal      linkSeal
	callers   *callers.Callers
	clock     func() time.Time
	courier   *mail.Courier // nil: no mail server, letters are printed
	base      string        // how others reach us: "https://gsl.example.cl"
}

// LetterOptions is what the composition root decides for Letters.
type LetterOptions struct {
	Files     *tenants.Files
	Documents *document.Service
	Press     *pdf.Press
	Secret    []byte // of the installation, 32 bytes
	Courier   *mail.Courier
	Base      string
	Clock     func() time.Time
}

// NewLetters makes the service over the referrals.
func NewLetters(service *Service, o LetterOptions) *Letters {
	l := &Letters{service: service, files: o.Files, documents: o.Documents, press: o.Press, seal: newLinkSeal(o.Secret),
		callers: callers.New(answerRate, answerBurst), clock: o.Clock, courier: o.Courier, base: o.Base}
	if l.courier != nil {
		l.courier.Composers[linkMail] = l.compose
	}
	return l
}

// SetBase says how others reach us, once the program knows its address.
func (l *Letters) SetBase(base string) { l.base = base }

// Base is how others reach us, for the other papers that say so.
func (l *Letters) Base() string { return l.base }

// See lets whoever sees a referral see its documents; it is document's hook.
func (l *Letters) See(tx *tenants.Tx, who actor.Actor, id string) error {
	_, err := seen(tx, who, id)
	return err
}

// Hand lets whoever does one of the two parts of a referral handle its documents.
func (l *Letters) Hand(tx *tenants.Tx, who actor.Actor, id string) error {
	r, err := seen(tx, who, id)
	if err == nil && (!who.Can(access.Refer) || !r.sends(who) && !r.handles(who)) {
		err = fault.New(fault.Forbidden, "referral.error.other_party")
	}
	return err
}

// OnReferral is a hook of Service.OnChange: a referral to an institution with an
// address leaves with its link, and its links end with what they ask.
func (l *Letters) OnReferral(tx *tenants.Tx, who actor.Actor, r *Referral, was State) error {
	if !r.ByLetter() {
		return nil
	}
	if r.State == Sent && (was == "" || was == Returned) {
		return l.leave(tx, who, r)
	}
	if r.linkable() {
		return nil
	}
	ended, err := endLinks(tx, r.ID, "")
	if err != nil || !ended {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "referral.link_ended", Object: r.ID, File: r.FileID, Detail: map[string]string{"folio": r.Folio()}})
}

// leave sends the link along when the unit is one that answers by link and there
// is somebody to send it by; otherwise the letter is printed.
func (l *Letters) leave(tx *tenants.Tx, who actor.Actor, r *Referral) error {
	if l.courier == nil || r.Unit == "" {
		return nil
	}
	unit, err := UnitByCode(tx, r.Unit)
	if err != nil || unit.Channel != ByLink || unit.Email == "" {
		return err
	}
	if err := mayLink(tx, r.ID); fault.Is(err, fault.Conflict) {
		return nil // sent to and fro all day: the letter is printed
	}
	_, err = l.offer(tx, who, r, unit)
	return err
}

// Sheet is a referral with what stands around it on paper.
type Sheet struct {
	Referral Referral
	Person   people.File
	Unit     Unit  // destination as it is now; only its name when it is known by name
	Sender   Unit  // desk that sent it; zero for the general desk
	Sent     Entry // who sent it, and when
}

// Sheet gives a referral for its letter; the look is in the trail when it returns.
func (l *Letters) Sheet(ctx context.Context, who actor.Actor, id string) (s Sheet, err error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return s, fault.New(fault.Forbidden, "fault.forbidden")
	}
	why := ""
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if s.Referral, err = seen(tx, who, id); err != nil {
			return err
		}
		if ask := l.service.people.Why; ask != nil {
			if why, err = ask(tx, who, s.Referral.FileID); err != nil {
				return err
			}
		}
		return s.fill(tx)
	})
	if err != nil {
		return s, err
	}
	return s, audit.Looked(ctx, who, audit.View{File: s.Referral.FileID, What: "referral.pdf", Why: why})
}

func (s *Sheet) fill(tx *tenants.Tx) (err error) {
	if s.Person, err = people.Open(tx, s.Referral.FileID); err != nil {
		return err
	}
	if s.Unit, err = unitOrName(tx, s.Referral.Unit, s.Referral.UnitName); err != nil {
		return err
	}
	if s.Sender, err = unitOrName(tx, s.Referral.Origin, s.Referral.OriginName); err != nil {
		return err
	}
	entries, err := HistoryOf(tx, s.Referral.ID)
	for _, e := range entries {
		if e.Verb == Create || e.Verb == Resend {
			s.Sent = e
		}
	}
	return err
}

// unitOrName is a unit, or just its name where no such unit is kept: the general
// desk, a provider that leads to none.
func unitOrName(tx *tenants.Tx, code, name string) (Unit, error) {
	if code == "" {
		return Unit{Name: name}, nil
	}
	u, err := UnitByCode(tx, code)
	if fault.Is(err, fault.NotFound) {
		return Unit{Name: name}, nil
	}
	return u, err
}
