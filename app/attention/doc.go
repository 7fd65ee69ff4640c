// Package attention is the log of who came to which desk: one visit, call or
// video call of a person at a unit. It opens by itself with the lookup of a RUN,
// or by a button of the file; the same desk looking the same person up again on
// the same day goes on with the open one. What is told of the catalogue is noted
// with what it asks for. It is finished in two presses from any page of the
// file, preset with everything: its level (information and orientation, referral
// or casework) follows what was done in it, its topic what that was about. What
// a worker finishes gets a number, and a receipt ("comprobante") that the person
// takes along: on screen, printed, as PDF. It says neither topic nor note, for
// others may read it at home. On its day it can be opened again; what is open at
// the day's end is finished by itself or, when nothing was recorded, discarded:
// then it is not counted.
//
// A desk may keep a waiting list: people are called in the order of arrival,
// those with priority first, and nobody is called twice. The name of somebody
// without a file is forgotten after the day.
//
// The package stands on top of the others, so two pages that put everything
// together live here: the workbench ("what waits for me", in the order of the
// municipality's management model) and the history of a file ("what happened to
// it and who looked").
//
// Attentions are opened, written and finished by whoever attends people
// (access.Attend), each desk its own; the desk is the unit's or, without unit,
// the role's. Everyone who reads a file sees its attentions and changes; who
// looked at it is seen by heads of unit. Topics are kept by whoever keeps the
// municipality's settings (access.EditSettings).
package attention
