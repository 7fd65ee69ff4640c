package access

import (
	"context"
	"errors"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// AddUser adds a person to the roster with a password and gives the id. A RUN
// that is there already is fault.Conflict; bad fields are fault.Invalid and named.
func (s *Service) AddUser(ctx context.Context, who actor.Actor, n NewUser) (id string, err error) {
	return s.addUser(ctx, who, n, func(*tenants.Tx) error { return nil })
}

// AddUserAs is AddUser with a first role: both, or neither.
func (s *Service) AddUserAs(ctx context.Context, who actor.Actor, n NewUser, first NewMembership) (id string, err error) {
	r, err := reachOf(who)
	if err != nil {
		return "", err
	}
	if err := r.refuse(first.Role); err != nil {
		return "", err
	}
	if err := first.complete(calendar.On(s.clock())); err != nil {
		return "", err
	}
	return s.addUser(ctx, who, n, func(tx *tenants.Tx) error {
		a, err := findAccount(tx, n.RUN)
		if err != nil {
			return err
		}
		_, err = give(tx, who, r, a, first)
		return err
	})
}

func (s *Service) addUser(ctx context.Context, who actor.Actor, n NewUser, then func(*tenants.Tx) error) (id string, err error) {
	if !who.Can(Administer) {
		return "", fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := n.check(s.flaw); err != nil {
		return "", err
	}
	hash, err := s.newHash(ctx, n.Password)
	if err != nil {
		return "", err
	}
	defer func() { s.changed(id) }()
	return id, s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		_, err := findAccount(tx, n.RUN)
		if err == nil {
			return fault.New(fault.Conflict, "access.user.exists")
		}
		if !tenants.NotFound(err) {
			return err
		}
		if id, err = enrol(tx, who, n, hash); err != nil {
			return err
		}
		return then(tx)
	})
}

// enrol writes a new person into the roster; a hash of "" is no password yet.
func enrol(tx *tenants.Tx, who actor.Actor, n NewUser, hash string) (id string, err error) {
	id = tx.NewID()
	if err := insertUser(tx, id, n, hash); err != nil {
		return "", err
	}
	return id, audit.Record(tx, who, audit.Change{Action: "user.add", Object: id})
}

// RosterEntry is a user with every membership, past and future ones too.
type RosterEntry struct {
	User
	Memberships []Membership
}

// ListUsers gives the whole roster by surname.
func (s *Service) ListUsers(ctx context.Context, who actor.Actor) ([]RosterEntry, error) {
	if !who.Can(Administer) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var entries []RosterEntry
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		users, err := listUsers(tx)
		if err != nil {
			return err
		}
		memberships, err := allMemberships(tx)
		entries = joinRoster(users, memberships)
		return err
	})
	return entries, err
}

func joinRoster(users []User, memberships []Membership) []RosterEntry {
	entries := make([]RosterEntry, len(users))
	at := make(map[string]*RosterEntry, len(users))
	for i, u := range users {
		entries[i].User = u
		at[u.ID] = &entries[i]
	}
	for _, m := range memberships {
		if e := at[m.UserID]; e != nil {
			e.Memberships = append(e.Memberships, m)
		}
	}
	return entries
}

// byRUN and byID say whose account a verb is about.
type finder func(tx *tenants.Tx) (account, error)

func byRUN(run uint32) finder {
	return func(tx *tenants.Tx) (account, error) {
		a, err := findAccount(tx, run)
		if tenants.NotFound(err) {
			err = fault.New(fault.NotFound, "access.user.unknown")
		}
		return a, err
	}
}

func byID(id string) finder {
	return func(tx *tenants.Tx) (account, error) {
		a, err := loadAccount(tx, id)
		if tenants.NotFound(err) {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return a, err
	}
}

// DisableUser ends every session of the person and lets them in no more.
func (s *Service) DisableUser(ctx context.Context, who actor.Actor, run uint32) error {
	return s.disable(ctx, who, byRUN(run))
}

// Disable is DisableUser by id. Nobody disables themselves, the last national
// administrator or the last counterpart of a municipality: fault.Conflict.
func (s *Service) Disable(ctx context.Context, who actor.Actor, user string) error {
	return s.disable(ctx, who, byID(user))
}

func (s *Service) disable(ctx context.Context, who actor.Actor, find finder) error {
	return s.changeUser(ctx, who, find, "user.disable", func(tx *tenants.Tx, a account) error {
		if a.ID == who.UserID {
			return fault.New(fault.Conflict, "roster.conflict.self")
		}
		roles, err := loadMemberships(tx, a.ID)
		if err != nil {
			return err
		}
		if err := someoneRemains(tx, roles, calendar.On(tx.Now)); err != nil {
			return err
		}
		if err := setDisabled(tx, a.ID); err != nil {
			return err
		}
		return deleteSessionsOf(tx, a.ID)
	})
}

// Enable lets a disabled person in again, with the password and the roles of before.
func (s *Service) Enable(ctx context.Context, who actor.Actor, user string) error {
	return s.enable(ctx, who, byID(user))
}

func (s *Service) enable(ctx context.Context, who actor.Actor, find finder) error {
	return s.changeUser(ctx, who, find, "user.enable", func(tx *tenants.Tx, a account) error {
		return setEnabled(tx, a.ID)
	})
}

// EnableUser is Enable by RUN.
func (s *Service) EnableUser(ctx context.Context, who actor.Actor, run uint32) error {
	return s.enable(ctx, who, byRUN(run))
}

// Known reports whether somebody with the RUN is in the roster.
func (s *Service) Known(ctx context.Context, who actor.Actor, run uint32) (known bool, err error) {
	if !who.Can(Administer) {
		return false, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		_, err := findAccount(tx, run)
		if known = err == nil; tenants.NotFound(err) {
			return nil
		}
		return err
	})
	return known, err
}

// ResetPassword gives the person a new password and ends every session.
func (s *Service) ResetPassword(ctx context.Context, who actor.Actor, run uint32, password string) error {
	if key := s.flaw(password, run, ""); key != "" {
		return fault.InvalidFields(fault.Field{Name: "password", Key: key, Args: passwordArgs})
	}
	hash, err := s.newHash(ctx, password)
	if err != nil {
		return err
	}
	return s.changeUser(ctx, who, byRUN(run), "user.reset_password", func(tx *tenants.Tx, a account) error {
		return replaceSecret(tx, a.ID, hash)
	})
}

// replaceSecret gives an account another password; what the former opened ends,
// and so does an invitation that nobody used. "" lets nobody in.
func replaceSecret(tx *tenants.Tx, user, hash string) error {
	if err := setPassword(tx, user, hash); err != nil {
		return err
	}
	if err := deleteInvitation(tx, user); err != nil {
		return err
	}
	return deleteSessionsOf(tx, user)
}

// AddMembership gives the person a role and gives the membership's id; a role
// that they hold already stays the one it is. Open sessions of the person can
// switch to it at once.
func (s *Service) AddMembership(ctx context.Context, who actor.Actor, n NewMembership) (id string, err error) {
	return s.grant(ctx, who, byRUN(n.RUN), n)
}

// Grant is AddMembership by the id of the user. Who gives a role in a municipality
// says nothing of others: the person must be known there, or it is fault.NotFound.
func (s *Service) Grant(ctx context.Context, who actor.Actor, user string, n NewMembership) (id string, err error) {
	return s.grant(ctx, who, byID(user), n)
}

func (s *Service) grant(ctx context.Context, who actor.Actor, find finder, n NewMembership) (id string, err error) {
	r, err := reachOf(who)
	if err != nil {
		return "", err
	}
	if err := r.refuse(n.Role); err != nil {
		return "", err
	}
	if err := n.complete(calendar.On(s.clock())); err != nil {
		return "", err
	}
	user := ""
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := findWithin(tx, r, find)
		if err != nil {
			return err
		}
		user = a.ID
		id, err = give(tx, who, r, a, n)
		return err
	})
	s.changed(user)
	return id, err
}

// findWithin finds an account of whom the actor may know.
func findWithin(tx *tenants.Tx, r reach, find finder) (account, error) {
	a, err := find(tx)
	if err != nil || r.all {
		return a, err
	}
	_, err = rolesWithin(tx, r, a.ID)
	return a, err
}

// rolesWithin gives the memberships of a user that are within reach;
// fault.NotFound when there are none, and so nothing to know.
func rolesWithin(tx *tenants.Tx, r reach, user string) ([]Membership, error) {
	all, err := loadMemberships(tx, user)
	if err != nil || r.all {
		return all, err
	}
	var within []Membership
	for _, m := range all {
		if r.sees(m) {
			within = append(within, m)
		}
	}
	if len(within) == 0 {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	return within, nil
}

// give writes a role that somebody gets, unless they hold it already.
func give(tx *tenants.Tx, who actor.Actor, r reach, a account, n NewMembership) (id string, err error) {
	municipality, err := placeOf(tx, n)
	if err != nil {
		return "", err
	}
	if !r.grants(n.Role, n.Unit, municipality) {
		return "", fault.New(fault.Forbidden, "roster.forbidden.grant")
	}
	held, off, err := heldMembership(tx, a.ID, municipality, n, calendar.On(tx.Now))
	switch {
	case err != nil:
		return "", err
	case off:
		return "", fault.New(fault.Conflict, "roster.conflict.role_off")
	case held != "":
		return held, nil
	}
	id = tx.NewID()
	if err := insertMembership(tx, id, a.ID, municipality, n); err != nil {
		return "", err
	}
	if a.password == "" {
		if err := onlyOwnLinks(tx, r, a.ID); err != nil {
			return "", err
		}
	}
	return id, audit.Record(tx, who, audit.Change{Action: "membership.add", Object: a.ID,
		Detail: about(id, municipality, n.Role, n.Unit)})
}

// about is what the trail keeps of a membership beside its person.
func about(id, municipality, role, unit string) map[string]string {
	detail := map[string]string{"membership": id, "role": role}
	if municipality != "" {
		detail["municipality"] = municipality
	}
	if unit != "" {
		detail["unit"] = unit
	}
	return detail
}

func (m Membership) about() map[string]string { return about(m.ID, m.MunicipalityID, m.Role, m.Unit) }

// placeOf gives the id of the municipality in which a role is to be held, "" for
// national ones, and keeps what it calls the unit.
func placeOf(tx *tenants.Tx, n NewMembership) (municipality string, err error) {
	if n.Municipality == "" {
		return "", nil
	}
	municipality, err = municipalityByCode(tx, n.Municipality)
	if tenants.NotFound(err) {
		return "", fault.InvalidField("municipality", "access.field.municipality")
	}
	if err == nil && n.Unit != "" && n.UnitName != "" {
		err = setUnitName(tx, municipality, n.Unit, n.UnitName)
	}
	return municipality, err
}

// EndMembership takes a role away after the last day; a zero day ends it at
// once, with every session that works in it.
func (s *Service) EndMembership(ctx context.Context, who actor.Actor, membership string, lastDay calendar.Date) error {
	if lastDay.IsZero() {
		lastDay = calendar.On(s.clock()).AddDays(-1)
	}
	return s.changeRole(ctx, who, membership, "membership.end", func(tx *tenants.Tx, m Membership) (map[string]string, error) {
		today := calendar.On(tx.Now)
		switch {
		case m.Over(today):
			return nil, errDone
		case lastDay.Before(today.AddDays(-1)):
			return nil, fault.InvalidField("to", "roster.field.to_past")
		case lastDay.Before(m.From) && !lastDay.Before(today):
			return nil, fault.InvalidField("to", "access.field.to")
		}
		if err := someoneRemains(tx, []Membership{m}, lastDay.AddDays(1)); err != nil {
			return nil, err
		}
		detail := m.about()
		detail["last_day"] = lastDay.String()
		return detail, setMembershipEnd(tx, m.ID, lastDay.String())
	})
}

// errDone says that a change was made before: a second press has no effect.
var errDone = errors.New("access: done before")

// changeRole is the frame of every change to one membership.
func (s *Service) changeRole(ctx context.Context, who actor.Actor, membership, action string, change func(*tenants.Tx, Membership) (map[string]string, error)) error {
	r, err := reachOf(who)
	if err != nil {
		return err
	}
	user := ""
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		m, err := loadMembership(tx, membership)
		if err != nil {
			return err
		}
		if err := mayChange(who, r, m); err != nil {
			return err
		}
		user = m.UserID
		detail, err := change(tx, m)
		if errors.Is(err, errDone) {
			return nil
		}
		if err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: m.UserID, Detail: detail})
	})
	s.changed(user)
	return err
}

// mayChange says no to who would take what they may not give, or what they are
// working in.
func mayChange(who actor.Actor, r reach, m Membership) error {
	switch {
	case !r.sees(m):
		return fault.New(fault.NotFound, "fault.not_found")
	case m.ID == who.MembershipID:
		return fault.New(fault.Conflict, "roster.conflict.self")
	case !r.grantsThis(m):
		return fault.New(fault.Forbidden, "roster.forbidden.grant")
	}
	return nil
}

// SwitchRoles turns off and on what a person holds within the actor's reach, at once; sessions
// that work in it end. It is how a municipality disables its own people: the
// account, which may work elsewhere, is the national administration's.
func (s *Service) SwitchRoles(ctx context.Context, who actor.Actor, user string, off bool) error {
	r, err := reachOf(who)
	if err != nil {
		return err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		roles, err := rolesWithin(tx, r, user)
		if err != nil {
			return err
		}
		return switchRoles(tx, who, r, roles, off)
	})
	s.changed(user)
	return err
}

func switchRoles(tx *tenants.Tx, who actor.Actor, r reach, roles []Membership, off bool) error {
	action, today := "membership.enable", calendar.On(tx.Now)
	if off {
		action = "membership.disable"
	}
	for _, m := range roles {
		if m.Over(today) || m.Off == off {
			continue
		}
		if err := mayChange(who, r, m); err != nil {
			return err
		}
		if off {
			if err := someoneRemains(tx, []Membership{m}, today); err != nil {
				return err
			}
		}
		if err := setMembershipOff(tx, m.ID, off); err != nil {
			return err
		}
		if err := audit.Record(tx, who, audit.Change{Action: action, Object: m.UserID, Detail: m.about()}); err != nil {
			return err
		}
	}
	return nil
}

// someoneRemains refuses what would leave a municipality without a counterpart,
// or the country without a national administrator, from that day on. Who never
// made a password does not count: a mistaken invitation can be taken back.
func someoneRemains(tx *tenants.Tx, going []Membership, from calendar.Date) error {
	for _, m := range going {
		if !guarded(m.Role) || m.Off || m.Over(from) {
			continue
		}
		left, counts, err := whoHolds(tx, m, from)
		switch {
		case err != nil:
			return err
		case !counts:
		case left == 0 && m.Role == NationalAdmin:
			return fault.New(fault.Conflict, "roster.conflict.last_national")
		case left == 0:
			return fault.New(fault.Conflict, "roster.conflict.last_counterpart").With("Municipality", m.Municipality)
		}
	}
	return nil
}

// changeUser is the frame of every change to one account of the roster: the
// change and its audit entry in one transaction, then no session goes on with
// what it knew before.
func (s *Service) changeUser(ctx context.Context, who actor.Actor, find finder, action string, change func(*tenants.Tx, account) error) error {
	if !who.Can(Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	var user string
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := find(tx)
		if err != nil {
			return err
		}
		user = a.ID
		if err := change(tx, a); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID})
	})
	s.changed(user)
	return err
}

// recordOn leaves an entry about an account, with the municipality that did it.
func recordOn(tx *tenants.Tx, who actor.Actor, action, user string) error {
	var detail map[string]string
	if who.Municipality != nil {
		detail = map[string]string{"municipality": who.Municipality.ID}
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: user, Detail: detail})
}
