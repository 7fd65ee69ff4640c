// Package attention is the log of who came to which desk: one visit, call or
// video call of a person at a unit. It opens by itself with the lookup of a RUN;
// the same desk looking the same person up again on the same day goes on with
// the open one. It is finished (oriented, referred or casework), or discarded by
// itself after the day when nothing was recorded: what is discarded is not counted.
//
// The package stands on top of the others, so two pages that put everything
// together live here: the workbench ("what waits for me") and the history of a
// file ("what happened to it and who looked").
//
// An attention is opened by whoever looks up and attends people
// (access.EditContact); its desk is the unit's or, without unit, the role's own.
// Everyone who reads a file sees its attentions and changes; who
// looked at it is seen by heads of unit.
package attention
