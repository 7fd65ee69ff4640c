package access

import (
	"context"
	"slices"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Invite gives a person a role, puts them into the roster when they are not
// there, and gives the link with which they make their password. The link is ""
// for who has one already: they go on signing in with it. Asking twice for the
// same is one membership and one account; the newer link replaces the former.
//
// Roles that the actor may not give: fault.Forbidden; a disabled account:
// fault.Conflict; bad fields are fault.Invalid and named.
func (s *Service) Invite(ctx context.Context, who actor.Actor, n Invitation) (link string, err error) {
	made, err := s.InviteUser(ctx, who, n)
	return made.Link, err
}

// InviteUser is Invite that tells all that came of it.
func (s *Service) InviteUser(ctx context.Context, who actor.Actor, n Invitation) (made Invited, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Invited{}, err
	}
	role := n.role()
	if !r.all {
		if n.Municipality != "" && n.Municipality != who.Municipality.Code {
			return Invited{}, fault.New(fault.Forbidden, "roster.forbidden.grant")
		}
		role.Municipality = who.Municipality.Code
	}
	if err := r.refuse(n.Role); err != nil {
		return Invited{}, err
	}
	if err := checkInvitation(n, &role, calendar.On(s.clock())); err != nil {
		return Invited{}, err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		made = Invited{}
		a, err := s.invitee(tx, who, n.person(), &made)
		if err != nil {
			return err
		}
		if _, err := give(tx, who, r, a, role); err != nil {
			return err
		}
		return s.offerLink(tx, who, r, a, n.Email, &made)
	})
	s.changed(made.UserID)
	return made, err
}

// checkInvitation names every bad field of person and role at once.
func checkInvitation(n Invitation, role *NewMembership, today calendar.Date) error {
	fields := n.person().checkPerson()
	if err := role.complete(today); err != nil {
		fields = append(fields, fieldsOf(err)...)
	}
	if len(fields) > 0 {
		return fault.InvalidFields(fields...)
	}
	return nil
}

// invitee is the account of the RUN: the one in the roster, which keeps its
// names, or a new one without a password.
func (s *Service) invitee(tx *tenants.Tx, who actor.Actor, n NewUser, made *Invited) (account, error) {
	a, err := findAccount(tx, n.RUN)
	switch {
	case tenants.NotFound(err):
		id, err := enrol(tx, who, n, "")
		made.UserID = id
		return account{User: User{ID: id, RUN: n.RUN, Email: n.Email}}, err
	case err != nil:
		return a, err
	case !a.DisabledAt.IsZero():
		return a, fault.New(fault.Conflict, "roster.conflict.disabled")
	}
	made.UserID, made.Known = a.ID, true
	return a, nil
}

// offerLink makes the link of somebody who has no password, if all that the
// account may do is the actor's to give.
func (s *Service) offerLink(tx *tenants.Tx, who actor.Actor, r reach, a account, email string, made *Invited) error {
	if a.password != "" {
		return nil
	}
	commanded, err := commandsAccount(tx, r, a.ID)
	if err != nil || !commanded {
		return err
	}
	if email != "" && email != a.Email {
		if err := setEmail(tx, a.ID, email); err != nil {
			return err
		}
		a.Email = email
	}
	return s.newInvitation(tx, who, a, "user.invite", made)
}

// commandsAccount asks of every role that the account has or will have.
func commandsAccount(tx *tenants.Tx, r reach, user string) (bool, error) {
	if r.all {
		return true, nil
	}
	all, err := loadMemberships(tx, user)
	if err != nil {
		return false, err
	}
	return r.commands(all, calendar.On(tx.Now)), nil
}

// onlyOwnLinks sees to it, when somebody without a password gets a role, that no
// link to the account is in hands that could not have given all its roles.
func onlyOwnLinks(tx *tenants.Tx, r reach, user string) error {
	commanded, err := commandsAccount(tx, r, user)
	if err != nil {
		return err
	}
	if !commanded {
		return fault.New(fault.Conflict, "roster.conflict.pending")
	}
	open, err := invitationOf(tx, user)
	if err != nil || open.id == "" || open.madeBy == consoleID {
		return err
	}
	makers, err := loadMemberships(tx, open.madeBy)
	if err != nil {
		return err
	}
	today := calendar.On(tx.Now)
	for _, m := range makers {
		maker, ok := m.reach()
		if !ok || !m.On(today) {
			continue
		}
		if may, err := commandsAccount(tx, maker, user); may || err != nil {
			return err
		}
	}
	return deleteInvitation(tx, user)
}

// newInvitation makes the invitation that takes the place of a former one, and
// the letter that brings it where there is a server to send by.
func (s *Service) newInvitation(tx *tenants.Tx, who actor.Actor, a account, action string, made *Invited) error {
	if err := deleteInvitation(tx, a.ID); err != nil {
		return err
	}
	id, t := tx.NewID(), newToken()
	made.Link, made.ExpiresAt, made.UserID = s.linkTo(t), expiryOf(tx.Now, invitationDays), a.ID
	if err := insertInvitation(tx, id, a.ID, who.UserID, made.ExpiresAt); err != nil {
		return err
	}
	if err := insertLink(tx, id, t.hash()); err != nil {
		return err
	}
	mailed, err := s.post(tx, id, a.Email, made.ExpiresAt)
	if err != nil {
		return err
	}
	detail := map[string]string{"mailed": "no"}
	if mailed {
		made.Mailed, detail["mailed"] = a.Email, "yes"
	}
	if who.Municipality != nil {
		detail["municipality"] = who.Municipality.ID
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID, Detail: detail})
}

// Reset takes a person's password away, ends every session, and gives the link
// with which they make another; for who never made one it is the invitation
// again. An account with roles that the actor may not give: fault.Forbidden; the
// own one, or a disabled one: fault.Conflict.
func (s *Service) Reset(ctx context.Context, who actor.Actor, user string) (made Invited, err error) {
	return s.reset(ctx, who, byID(user))
}

// ResetByRUN is Reset by RUN.
func (s *Service) ResetByRUN(ctx context.Context, who actor.Actor, run uint32) (made Invited, err error) {
	return s.reset(ctx, who, byRUN(run))
}

func (s *Service) reset(ctx context.Context, who actor.Actor, find finder) (made Invited, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Invited{}, err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		made = Invited{Known: true}
		a, err := findWithin(tx, r, find)
		if err != nil {
			return err
		}
		if err := mayReset(tx, who, r, a); err != nil {
			return err
		}
		action := "user.invite"
		if a.password != "" {
			action = "user.reset_password"
		}
		if err := replaceSecret(tx, a.ID, ""); err != nil {
			return err
		}
		return s.newInvitation(tx, who, a, action, &made)
	})
	s.changed(made.UserID)
	return made, err
}

func mayReset(tx *tenants.Tx, who actor.Actor, r reach, a account) error {
	switch commanded, err := commandsAccount(tx, r, a.ID); {
	case err != nil:
		return err
	case a.ID == who.UserID:
		return fault.New(fault.Conflict, "roster.conflict.own_password")
	case !commanded:
		return fault.New(fault.Forbidden, "roster.forbidden.reset")
	case !a.DisabledAt.IsZero():
		return fault.New(fault.Conflict, "roster.conflict.disabled")
	}
	return nil
}

// Welcome says whose link it is; ErrUnusable for one that opens nothing.
func (s *Service) Welcome(ctx context.Context, text string) (w Welcome, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		i, a, err := openedBy(tx, text)
		if err != nil {
			return err
		}
		roles, err := loadMemberships(tx, a.ID)
		w = Welcome{GivenNames: a.GivenNames, ExpiresAt: i.expiresAt, Municipality: onePlace(roles, calendar.On(tx.Now))}
		return err
	})
	return w, err
}

func onePlace(roles []Membership, today calendar.Date) (name string) {
	for _, m := range roles {
		switch {
		case m.Over(today):
		case name != "" && m.Municipality != name:
			return ""
		default:
			name = m.Municipality
		}
	}
	return name
}

// openedBy gives the live invitation of a link and its account.
func openedBy(tx *tenants.Tx, text string) (i invitation, a account, err error) {
	t, ok := parseToken(text)
	if !ok {
		return i, a, ErrUnusable
	}
	if i, err = invitationByLink(tx, t.hash()); err != nil {
		return i, a, err
	}
	if !i.live(tx.Now) {
		return i, a, ErrUnusable
	}
	if a, err = loadAccount(tx, i.userID); err == nil && !a.DisabledAt.IsZero() {
		err = ErrUnusable
	}
	if err != nil {
		return i, a, err
	}
	return i, a, awaited(tx, a.ID)
}

// awaited is ErrUnusable for whoever has no role, and will have none: who holds the
// link would hold the account when somebody gives it the next one.
func awaited(tx *tenants.Tx, user string) error {
	roles, err := loadMemberships(tx, user)
	if err != nil {
		return err
	}
	today := calendar.On(tx.Now)
	if slices.ContainsFunc(roles, func(m Membership) bool { return !m.Off && !m.Over(today) }) {
		return nil
	}
	return ErrUnusable
}

// Accept gives the account the password that its owner chose; the link and its
// like work no more. The hash is made before the change, so the link is looked
// at again: of two that press at once, one makes the password.
func (s *Service) Accept(ctx context.Context, text string, n Accepted) error {
	var a account
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		_, a, err = openedBy(tx, text)
		return err
	})
	if err != nil {
		return err
	}
	if err := n.check(a.User, s.flaw); err != nil {
		return err
	}
	hash, err := s.hasher.encode(ctx, network(n.Address), n.Password)
	if err != nil {
		return err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		_, a, err := openedBy(tx, text)
		if err != nil {
			return err
		}
		if err := replaceSecret(tx, a.ID, hash); err != nil {
			return err
		}
		return audit.Record(tx, actor.Actor{UserID: a.ID, RequestID: n.RequestID}, audit.Change{Action: "invitation.accept", Object: a.ID})
	})
	s.changed(a.ID)
	return err
}
