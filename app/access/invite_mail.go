package access

import (
	"context"
	"strings"
	"time"

	"gsl/app/kit/i18n"
	"gsl/app/kit/mail"
	"gsl/tenants"
)

// invitationMail is the kind of letter that brings a link.
const invitationMail = "access.invitation"

// SetBase says at which address others reach us, as links begin with it.
func (s *Service) SetBase(base string) {
	base = strings.TrimSuffix(base, "/")
	s.base.Store(&base)
}

func (s *Service) linkTo(t token) string {
	base := ""
	if known := s.base.Load(); known != nil {
		base = *known
	}
	return base + "/invite/" + t.String()
}

// PostBy lets invitations travel with the courier; nil, and they are handed over.
func (s *Service) PostBy(courier *mail.Courier) {
	if s.courier = courier; courier != nil {
		courier.Composers[invitationMail] = s.compose
	}
}

// post writes the letter of an invitation into the national outbox.
func (s *Service) post(tx *tenants.Tx, invitation, email string, until time.Time) (bool, error) {
	if s.courier == nil || email == "" {
		return false, nil
	}
	if _, err := mail.Enqueue(tx, invitationMail, invitation, email, until); err != nil {
		return false, err
	}
	tx.After(func() { s.courier.Tell("") })
	return true, nil
}

// compose writes the letter. The link in it is made now, because of the one that
// was shown only the hash is left; both open the same invitation, once. It names
// no person.
func (s *Service) compose(ctx context.Context, _ *tenants.Municipality, e mail.Entry) (mail.Message, error) {
	t := newToken()
	var i invitation
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		if i, err = invitationByID(tx, e.Ref); err != nil {
			return err
		}
		if !i.live(tx.Now) {
			return mail.ErrOver
		}
		return insertLink(tx, i.id, t.hash())
	})
	if err != nil {
		return mail.Message{}, err
	}
	spanish := i18n.With(ctx, i18n.Spanish)
	args := map[string]any{"Link": s.linkTo(t), "Until": lastDay(i.expiresAt)}
	return mail.Message{Subject: i18n.T(spanish, "roster.mail.subject"), Text: i18n.Tf(spanish, "roster.mail.text", args)}, nil
}
