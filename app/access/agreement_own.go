package access

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// A municipality may add a text of its own to the confidentiality agreement. The
// two are accepted together; who accepted the one in force accepts only what is
// new. Each text has a number and stays, so that it can be shown what somebody
// accepted and when.

const longestAgreement = 10_000 // characters

// OwnText is what a municipality adds to the agreement.
type OwnText struct {
	Number   int // 0 when it never added anything
	Body     string
	By       string // who published it
	At       time.Time
	Accepted int // of the people who work there now
	People   int
}

// versionOf is how the acceptance of a municipality's text is kept.
func versionOf(municipality string, number int) string {
	return municipality + "/" + strconv.Itoa(number)
}

// OwnAgreement gives what the actor's municipality adds, and who accepted it.
func (s *Service) OwnAgreement(ctx context.Context, who actor.Actor) (own OwnText, err error) {
	if who.Municipality == nil {
		return own, nil
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if own, err = ownText(tx, who.Municipality.ID); err != nil || own.Number == 0 {
			return err
		}
		own.Accepted, own.People, err = countAccepted(tx, who.Municipality.ID, versionOf(who.Municipality.ID, own.Number), today(tx).String())
		return err
	})
	return own, err
}

// PublishAgreement makes the text the one that everybody of the municipality
// accepts before going on; "" takes the addition back. number is that of the text
// which was shown: fault.Conflict when somebody published another meanwhile.
func (s *Service) PublishAgreement(ctx context.Context, who actor.Actor, body string, number int) error {
	if who.Municipality == nil || !who.Can(EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	body = strings.TrimSpace(body)
	if utf8.RuneCountInString(body) > longestAgreement {
		return fault.InvalidFields(fault.Field{Name: "body", Key: "web.field.max", Args: map[string]any{"Count": longestAgreement}})
	}
	id := who.Municipality.ID
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		now, err := ownText(tx, id)
		if err != nil || now.Body == body {
			return err // sent twice, or nothing changed: nobody is asked again
		}
		if now.Number != number {
			return fault.New(fault.Conflict, "municipality.agreement.other")
		}
		if err := insertOwnText(tx, who, id, now.Number+1, body); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "agreement.publish", Object: id,
			Detail: map[string]string{"version": versionOf(id, now.Number+1), "municipality": id}})
	})
	s.cache.dropMunicipality(id)
	return err
}

// AgreeTo keeps that the person accepts the text in force and, where number is not
// 0, that of the municipality with that number. One that is in force no longer is
// fault.Invalid: the other was not read.
func (s *Service) AgreeTo(ctx context.Context, who actor.Actor, number int) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := acceptVersion(tx, who, AgreementVersion); err != nil || number == 0 || who.Municipality == nil {
			return err
		}
		own, err := ownText(tx, who.Municipality.ID)
		if err != nil {
			return err
		}
		if own.Number != number {
			return fault.InvalidField("accept", "municipality.agreement.changed")
		}
		return acceptVersion(tx, who, versionOf(who.Municipality.ID, number))
	})
	s.cache.dropUser(who.UserID)
	return err
}

// acceptVersion keeps an acceptance once; asked again it leaves no second entry.
func acceptVersion(tx *tenants.Tx, who actor.Actor, version string) error {
	at, err := acceptedAt(tx, who.UserID, version)
	if err != nil || !at.IsZero() {
		return err
	}
	if err := insertAgreement(tx, who.UserID, version); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "agreement.accept", Object: who.UserID,
		Detail: map[string]string{"version": version}})
}

// ownPending reports whether the municipality's text is still to be accepted.
func ownPending(tx *tenants.Tx, user, municipality string) (bool, error) {
	if municipality == "" {
		return false, nil
	}
	own, err := ownText(tx, municipality)
	if err != nil || own.Body == "" {
		return false, err
	}
	at, err := acceptedAt(tx, user, versionOf(municipality, own.Number))
	return at.IsZero(), err
}

// dropMunicipality is drop for every session that works in a municipality.
func (c *cache) dropMunicipality(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	for hash, s := range c.byHash {
		if s.membership.MunicipalityID == id {
			delete(c.byHash, hash)
		}
	}
}
