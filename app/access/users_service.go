package access

import (
	"context"
	"sync"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

func unknown() error { return fault.New(fault.NotFound, "fault.not_found") }

// times are where the texts of the file go, in the order of the query.
func (p *Person) times() [6]*time.Time {
	return [...]*time.Time{&p.CreatedAt, &p.DisabledAt, &p.SignedInAt, &p.SeenAt, &p.InvitedTill, &p.AgreedAt}
}

// People gives a page of the roster, by surname: for a municipality its own
// people, for a head those of the unit, for the national administration everybody.
func (s *Service) People(ctx context.Context, who actor.Actor, sieve Sieve) (out Roster, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Roster{}, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		q := s.sift(r, sieve, tx.Now)
		if r.all && sieve.Municipality != "" {
			q.municipality, err = municipalityByCode(tx, sieve.Municipality)
			if tenants.NotFound(err) {
				return unknown()
			}
			if err != nil {
				return err
			}
		}
		if out.Tally, err = s.tallies.of(tx, q); err != nil {
			return err
		}
		if out.People, err = siftPeople(tx, q); err != nil {
			return err
		}
		if out.More = len(out.People) > pageSize; out.More {
			out.People = out.People[:pageSize]
		}
		if err := fillRoles(tx, r, out.People); err != nil {
			return err
		}
		for i := range out.People {
			if !r.all {
				out.People[i].activity()
			}
		}
		return nil
	})
	return out, err
}

// Dossier gives one person; fault.NotFound for whoever has no role within the
// actor's reach.
func (s *Service) Dossier(ctx context.Context, who actor.Actor, user string) (d Dossier, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Dossier{}, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if d.Person, err = onePerson(tx, user); err != nil {
			return err
		}
		if d.Memberships, err = rolesWithin(tx, r, user); err != nil {
			return err
		}
		if d.Sessions, err = sessionsWithin(tx, r, user); err != nil {
			return err
		}
		commanded, err := commandsAccount(tx, r, user)
		d.Own = user == who.UserID
		d.Resettable = commanded && !d.Own && d.DisabledAt.IsZero()
		if !r.all {
			d.activity()
		}
		return err
	})
	return d, err
}

// UserExists answers fault.NotFound for whoever the actor may not know of.
func (s *Service) UserExists(ctx context.Context, who actor.Actor, user string) error {
	r, err := reachOf(who)
	if err != nil {
		return unknown()
	}
	return s.files.National().View(ctx, func(tx *tenants.Tx) error {
		_, err := findWithin(tx, r, byID(user))
		return err
	})
}

// MembershipExists answers fault.NotFound for what the actor may not know of.
func (s *Service) MembershipExists(ctx context.Context, who actor.Actor, membership string) error {
	_, err := s.HolderOf(ctx, who, membership)
	if fault.Is(err, fault.Forbidden) {
		err = unknown()
	}
	return err
}

// HolderOf gives whose membership it is.
func (s *Service) HolderOf(ctx context.Context, who actor.Actor, membership string) (user string, err error) {
	r, err := reachOf(who)
	if err != nil {
		return "", err
	}
	return user, s.files.National().View(ctx, func(tx *tenants.Tx) error {
		m, err := loadMembership(tx, membership)
		if err == nil && !r.sees(m) {
			err = unknown()
		}
		user = m.UserID
		return err
	})
}

// Choices are what the forms of the roster offer the actor.
type Choices struct {
	Posts  []Post
	Units  map[string]string // code → name here
	Places []Place           // of the national administration; else nil
}

// Choices gives what the actor may give, and where.
func (s *Service) Choices(ctx context.Context, who actor.Actor) (c Choices, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Choices{}, err
	}
	c.Posts, c.Units = r.posts(), map[string]string{}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if r.all {
			c.Places, err = listPlaces(tx)
			return err
		}
		c.Units, err = unitNamesOf(tx, r.municipality)
		return err
	})
	for code := range usualUnits {
		c.Units[code] = unitName(code, c.Units[code])
	}
	return c, err
}

// SwitchRole disables one membership, or enables it again. See SwitchRoles.
func (s *Service) SwitchRole(ctx context.Context, who actor.Actor, membership string, off bool) error {
	action := "membership.enable"
	if off {
		action = "membership.disable"
	}
	return s.changeRole(ctx, who, membership, action, func(tx *tenants.Tx, m Membership) (map[string]string, error) {
		if m.Off == off {
			return nil, errDone
		}
		if off {
			if err := someoneRemains(tx, []Membership{m}, calendar.On(tx.Now)); err != nil {
				return nil, err
			}
		}
		return m.about(), setMembershipOff(tx, m.ID, off)
	})
}

// SetEmail keeps where the letters for a person go, for who may make a link to
// the account: an address is the way to a password.
func (s *Service) SetEmail(ctx context.Context, who actor.Actor, user, email string) error {
	r, err := reachOf(who)
	if err != nil {
		return err
	}
	if email != "" && !isAddress(email) {
		return fault.InvalidField("email", "web.field.email")
	}
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := findWithin(tx, r, byID(user))
		if err != nil {
			return err
		}
		if err := mayReset(tx, who, r, a); err != nil {
			return err
		}
		if err := setEmail(tx, a.ID, email); err != nil {
			return err
		}
		return recordOn(tx, who, "user.email", a.ID)
	})
}

// InviteConfirmed, GrantConfirmed and ResetConfirmed are what pages do: the
// national administration gives what no one else may, so it shows its second
// factor again.
func (s *Service) InviteConfirmed(ctx context.Context, who actor.Actor, n Invitation, code string) (Invited, error) {
	if err := s.confirmNational(ctx, who, code); err != nil {
		return Invited{}, err
	}
	return s.InviteUser(ctx, who, n)
}

// GrantConfirmed is Grant from a page.
func (s *Service) GrantConfirmed(ctx context.Context, who actor.Actor, user string, n NewMembership, code string) error {
	if err := s.confirmNational(ctx, who, code); err != nil {
		return err
	}
	if who.Municipality != nil {
		n.Municipality = who.Municipality.Code
	}
	_, err := s.Grant(ctx, who, user, n)
	return err
}

// ResetConfirmed is Reset from a page.
func (s *Service) ResetConfirmed(ctx context.Context, who actor.Actor, user, code string) (Invited, error) {
	if err := s.confirmNational(ctx, who, code); err != nil {
		return Invited{}, err
	}
	return s.Reset(ctx, who, user)
}

func (s *Service) confirmNational(ctx context.Context, who actor.Actor, code string) error {
	if !who.Can(Administer) {
		return nil
	}
	return s.Confirm(ctx, who, code)
}

// tallies remembers how many people of each kind there are in the whole country:
// counting 6,000 takes longer than everything else on the page. What changes the
// roster through this process is counted at once, the rest (days that pass, people
// who begin to work) within a moment.
type tallies struct {
	mu    sync.Mutex
	known Tally
	until time.Time
}

// tallyFor is how long a count is good for.
const tallyFor = 30 * time.Second

func (t *tallies) of(tx *tenants.Tx, q sifting) (Tally, error) {
	if q.municipality != "" || q.Unit != "" {
		return tallyPeople(tx, q)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if tx.Now.Before(t.until) {
		return t.known, nil
	}
	found, err := tallyPeople(tx, q)
	if err == nil {
		t.known, t.until = found, tx.Now.Add(tallyFor)
	}
	return found, err
}

// changed is told after each change of a person: what sessions and pages knew of
// them holds no more.
func (s *Service) changed(user string) {
	s.tallies.mu.Lock()
	s.tallies.until = time.Time{}
	s.tallies.mu.Unlock()
	s.cache.dropUser(user)
}
