// Package restore brings a municipality's files back as they once were, and
// never by surprise. The national administration asks for a copy: it is brought
// from the replica (to the second) or from the copy of a day, checked page by
// page, and lies beside the live file, which goes on. The administration sees
// counts, dates and checks, never a name. The municipality's counterpart may
// look inside on all ordinary pages, under a banner that cannot be missed, and
// changes nothing there; each look is in the live trail. Then the copy takes the
// place of the live file, which is kept, or is thrown away.
//
// Who may what: the national administration asks, exchanges and discards, each
// with its second factor (access.Administer); the counterpart looks
// (access.EditSettings). Nobody else knows of it.
package restore
