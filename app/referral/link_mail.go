package referral

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/mail"
	"gsl/tenants"
)

// post writes the letter that brings the link into the outbox.
func (l *Letters) post(tx *tenants.Tx, link *Link) (bool, error) {
	if l.courier == nil {
		return false, nil
	}
	if _, err := mail.Enqueue(tx, linkMail, link.ID, link.Email, link.ExpiresAt); err != nil {
		return false, err
	}
	l.tell(tx)
	return true, nil
}

// tell wakes the courier once the transaction is durable.
func (l *Letters) tell(tx *tenants.Tx) {
	owner := tx.Owner()
	tx.After(func() { l.courier.Tell(owner) })
}

func (l *Letters) hurry(tx *tenants.Tx, letter string) error {
	l.tell(tx)
	return mail.Hurry(tx, letter)
}

// A reminder within the hour is a second click.
const reminderPause = time.Hour

// Remind sends the live link again; a letter that still waits for the server is
// tried at once. fault.Conflict: there is no link, or no mail server; within the
// hour after it was sent nothing happens.
func (l *Letters) Remind(ctx context.Context, who actor.Actor, id string) (mailed bool, err error) {
	err = l.sending(ctx, who, id, func(tx *tenants.Tx, r *Referral) error {
		mailed = false
		link, err := lastLink(tx, r.ID)
		switch {
		case err != nil:
			return err
		case !link.Live(tx.Now):
			return fault.New(fault.Conflict, "answer.error.no_link")
		case l.courier == nil:
			return fault.New(fault.Conflict, "answer.error.no_mail")
		}
		last, found, err := mail.Last(tx, linkMail, link.ID)
		switch {
		case err != nil:
			return err
		case found && last.State == mail.Waiting:
			mailed = true
			return l.hurry(tx, last.ID)
		case found && last.State == mail.Sent && tx.Now.Sub(last.CreatedAt) < reminderPause:
			return nil
		}
		if mailed, err = l.post(tx, &link); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "referral.link_again", Object: r.ID, File: r.FileID, Detail: map[string]string{"folio": r.Folio()}})
	})
	return mailed, err
}

// compose writes the letter that brings a link, if it can still be used. It says
// nothing of the person.
func (l *Letters) compose(ctx context.Context, m *tenants.Municipality, e mail.Entry) (mail.Message, error) {
	var link Link
	var r Referral
	err := m.View(ctx, func(tx *tenants.Tx) (err error) {
		if link, err = linkByID(tx, e.Ref); err != nil {
			return err
		}
		if !link.Live(tx.Now) {
			return mail.ErrOver
		}
		r, err = ByID(tx, link.ReferralID)
		return err
	})
	if err != nil {
		return mail.Message{}, err
	}
	ctx = i18n.With(ctx, i18n.Spanish)
	values := map[string]any{"Folio": r.Folio(), "Municipality": m.Name, "Until": link.LastDay().Chilean(), "Link": l.address(m.ID, link.ID)}
	return mail.Message{Subject: i18n.Tf(ctx, "answer.mail.subject", values), Text: i18n.Tf(ctx, "answer.mail.text", values)}, nil
}

// address is where the link leads.
func (l *Letters) address(municipality, link string) string {
	return l.base + "/answer/" + l.seal.token(municipality, link)
}
