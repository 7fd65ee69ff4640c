// Package settings are the pages on which a municipality's own administration
// says how it works: how it takes people (each desk, or one front desk for
// everybody), up to which amount of aid who decides, how many days an answer is
// promised in, which units and institutions a request can go to, who works in
// each, who is away and who does the work meanwhile.
//
// The counterpart (access.EditSettings) changes all of it; a head of unit
// (access.AssignCase) keeps the absences of the own unit. Units and absences are
// referral's; what stands here are the rest and the pages.
package settings
