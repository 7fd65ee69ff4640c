// Package actor says who acts: one signed-in person, in one role and unit, for
// one municipality. It is the first argument of every verb of a service, and
// the only way to reach a municipality's file.
package actor

import "gsl/tenants"

// Permission is one thing that a role may do. The constants and the table of
// roles stand in app/access/permissions.go.
type Permission uint8

// Permissions is a set of up to 64 permissions.
type Permissions uint64

// Of makes a set.
func Of(list ...Permission) Permissions {
	var set Permissions
	for _, p := range list {
		set |= 1 << p
	}
	return set
}

// Has reports whether the set holds the permission.
func (set Permissions) Has(p Permission) bool { return set&(1<<p) != 0 }

// Actor is who acts. The zero Actor is nobody and may do nothing.
type Actor struct {
	UserID       string // of the roster; "" for nobody
	MembershipID string // the (person, municipality, role, unit) in use
	Name         string // as it is printed and kept in histories
	Role         string // code of domain.md: case_manager, unit_head, …
	UnitID       string // code of the unit: social, rsh, subsidies, families, care, other
	UnitName     string // as it is shown
	Permissions  Permissions
	// Municipality is the file of the session's municipality; nil for national roles.
	Municipality *tenants.Municipality
	RequestID    string
	Session      string // by which the person acts, "" outside of one; what access.Confirm confirms
}

// Can reports whether the actor may do it.
func (a Actor) Can(p Permission) bool { return a.Permissions.Has(p) }

// IsNobody reports whether no one is signed in.
func (a Actor) IsNobody() bool { return a.UserID == "" }
