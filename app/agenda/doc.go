// Package agenda is the week of a worker: visits, what one wrote down to follow
// up, referrals that are due, reports and commitments with a day. What other
// rooms know they give as entries (Source); a follow-up is the agenda's own: a
// sentence with a day, of a person or of nobody, that is done or dropped. What
// was not done on its day stands on top until it is. The week goes along as a
// calendar file that says nothing of any person.
//
// Who attends people has an agenda (access.Attend), also for those who are
// replaced meanwhile; the head sees that of the unit (access.AssignCase).
package agenda
