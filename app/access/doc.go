// Package access knows who may use the platform, as whom, and for how long.
//
// Everyone who works with it is a user of the roster, known by RUN. A user
// acts through a membership: a role, in a unit, for one municipality (national
// roles have none), from one day to another. A person may hold several, signs
// in once with RUN and password, and switches between them without signing out.
// Before the first work everyone accepts the confidentiality agreement; which
// text, and when, is kept. What each role may do is one table, permissions.go,
// and every route names the permission it asks for.
//
// Somebody new is invited: a link, shown once to who invites and sent by mail
// where there is a server, works once and for a week, and its owner makes the
// password with it. Who may give which role is in grant.go: the national
// administration all of them, a counterpart those of the municipality but its own,
// a head the desk and case-manager roles of the unit. Each sees the people and the
// history within that reach only. A municipality ends or disables the roles it
// gave, the national administration an account; nobody ends their own, nor the
// last who could administer. No link opens an account that can do more than who
// made the link may give.
//
// A session is a row: the browser holds a random id, the file only its hash.
// It ends after 30 minutes without use, 12 hours after sign-in, at logout, and
// at once when the person is disabled, gets a new password or loses the role.
// Wrong sign-ins all look and take the same; guessing is slowed by account and
// by address without ever locking an office out. Everything here leaves an entry
// in the audit of national.db.
//
// Everyone may change their own language and shortcuts. Nothing here reads a citizen's data.
package access
