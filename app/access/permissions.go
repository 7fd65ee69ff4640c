package access

import "gsl/app/kit/actor"

// The permissions. A route names exactly one; a service asks again for what it changes.
const (
	Public           actor.Permission = iota // no account: sign-in, health, style sheets
	SignedIn                                 // anyone with a session, agreement or not
	Work                                     // anyone who accepted the agreement
	ReadFile                                 // look up a RUN, open a file, orient with the catalogue
	EditContact                              // write name and contact of a person whom no registry knows
	Attend                                   // attend people at a desk: open, record and finish attentions; the waiting list
	Refer                                    // make a referral; acknowledge, cancel and reopen those of the own desk
	HandleReferral                           // receive, start, wait, answer and return what was referred to the own unit
	AssignCase                               // say who of the unit does what: cases, bulk reassignment, replacements
	MergeFiles                               // link a provisional file to a RUN, and undo it
	ReadProtocols                            // see the protocols in force and their evaluation
	DraftProtocol                            // write a protocol, its new versions, its end
	SignProtocol                             // sign a protocol for the own unit
	ApproveProtocol                          // put a signed protocol in force
	ReadMonitor                              // figures of the municipality
	ManageCart                               // fill the cart and check it out
	ManagePlan                               // set the status of plan items
	ReadCasework                             // diagnosis, visits, reports and notes of a case
	ApproveReport                            // approve or return the reports of the own unit
	ReadTrail                                // who looked at a file
	RestrictFile                             // mark a file as restricted, and undo it
	AnswerAccess                             // the register of people's requests for their data, and the package that answers one
	ApproveBenefit                           // approve aid above the worker's threshold
	ApproveAboveHead                         // approve aid above the head's threshold
	ImportBenefits                           // load the municipal benefit registry
	EditSettings                             // settings of the municipality
	ManageUsers                              // the roster, as far as grant.go says
	Administer                               // national pages; never personal data
)

// Role codes, as in the domain's table of roles.
const (
	NationalAdmin      = "national_admin"
	FrontDesk          = "front_desk"
	RSHDesk            = "rsh_desk"
	SubsidiesDesk      = "subsidies_desk"
	CaseManager        = "case_manager"
	UnitHead           = "unit_head"
	Counterpart        = "counterpart"
	Director           = "director"
	TechnicalAssistant = "technical_assistant"
)

// Unit codes of the integrated units; a municipality may name others.
const (
	SocialUnit    = "social"    // Asistencia Social
	RSHUnit       = "rsh"       // Registro Social de Hogares
	SubsidiesUnit = "subsidies" // Subsidios Sociales
	FamiliesUnit  = "families"  // Programa Familias
	CareUnit      = "care"      // Red Local de Apoyos y Cuidados
	OtherUnit     = "other"     // any other municipal unit
)

var (
	desk     = actor.Of(SignedIn, Work, ReadFile, EditContact, Attend, Refer, ReadProtocols)
	unitDesk = desk | actor.Of(HandleReferral) // a desk with an inbox of its own
	casework = unitDesk | actor.Of(ManageCart, ManagePlan, ReadCasework, ReadTrail)
	head     = unitDesk | actor.Of(ManageUsers, AssignCase, MergeFiles, DraftProtocol, SignProtocol, ReadMonitor, ReadTrail, RestrictFile)
)

// roles is the whole of who may do what; PermissionsOf adds the one rule that
// depends on the unit. A role that is not here may do nothing.
var roles = map[string]actor.Permissions{
	NationalAdmin:      actor.Of(SignedIn, Work, ManageUsers, Administer),
	FrontDesk:          desk,
	RSHDesk:            unitDesk,
	SubsidiesDesk:      unitDesk,
	CaseManager:        casework,
	UnitHead:           head, // and what the unit's people may: see PermissionsOf
	Counterpart:        actor.Of(SignedIn, Work, ReadFile, ManageUsers, ImportBenefits, EditSettings, AnswerAccess, ReadProtocols, DraftProtocol, ReadMonitor),
	Director:           actor.Of(SignedIn, Work, ReadFile, ReadCasework, ApproveBenefit, ApproveAboveHead, ReadProtocols, ApproveProtocol, ReadMonitor),
	TechnicalAssistant: actor.Of(SignedIn, Work),
}

// PermissionsOf gives what a role may do in a unit. A head may what the unit's
// people may, so the heads of units that do casework have the cart too.
func PermissionsOf(role, unit string) actor.Permissions {
	set := roles[role]
	if role != UnitHead {
		return set
	}
	switch unit {
	case SocialUnit:
		return set | casework | actor.Of(ApproveBenefit, ApproveReport, AnswerAccess, ImportBenefits)
	case FamiliesUnit, CareUnit:
		return set | casework | actor.Of(ApproveBenefit, ApproveReport)
	}
	return set
}
