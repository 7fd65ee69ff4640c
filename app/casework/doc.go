// Package casework is the work of a unit with one person over time: the case. A
// file has one open case, with one responsible worker, so that the person and
// every desk know who to ask for. It begins when a case manager receives a
// referral or agrees on a plan with the person, or when the head assigns it; it
// may wait for a worker, and it goes from one worker to another with a reason
// that is kept. While somebody is away, the replacement has the cases too. What
// is done for the person, whoever does it, moves the case; lists show first
// those that nobody moved for longest.
//
// Case managers see their cases (access.ManagePlan); the head of the unit sees
// those of the unit and hands them on (access.AssignCase). Who may read a file
// sees who is responsible.
package casework
