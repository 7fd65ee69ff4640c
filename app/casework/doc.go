// Package casework is the work of a unit with one person over time: the case. A
// file has one open case, with one responsible worker, so that the person and
// every desk know who to ask for. It begins when a case manager receives a
// referral or agrees on a plan with the person, or when the head assigns it; it
// may wait for a worker, and it goes from one worker to another with a reason
// that is kept. While somebody is away, the replacement has the cases too. What
// is done for the person, whoever does it, moves the case; lists show first
// those that nobody moved for longest.
//
// The log of a case (bitácora) has dated notes, meetings with who came and what
// was agreed; a note is never changed, what was wrong is added to it, and a
// confidential one is read by who works on the case, who wrote it and the head.
// A case ends with a reason and a summary, not as "objectives met" while a plan
// is open; whoever comes back gets a new case that goes on from the closed one.
// A case is as old as the days since it was opened: boards count by that age.
// Working lists keep a condition or chosen cases, for oneself or for the unit.
//
// Case managers see their cases (access.ManagePlan); the head of the unit sees
// those of the unit and hands them on (access.AssignCase). Who may read a file
// sees who is responsible.
package casework
