// Package people knows who a person is: the RUN, the case file ("ficha") that a
// municipality holds on one person, and the ways that lead to it.
//
// A worker types a RUN. If the municipality has no file of that person yet, one
// is opened by itself; the same RUN always leads to the same file, however many
// desks look it up at once. The name comes from the social registry (screening
// fills it in); of a person whom no registry knows, a desk writes it down.
//
// Whoever has no RUN at hand is found by name, document or phone (search.go):
// names only, until the file is opened. A person without RUN gets a file with a
// provisional ID, once it was looked whether they have one (newcomer.go: by
// document, and by birth date and the sound of the name, sound.go). When the
// person gets a RUN, a desk proposes to link both and a head confirms it
// (merge.go): whatever the rooms hold moves to the RUN's file by their Movers,
// the old file stays as an alias, and undoing gives back what was taken.
//
// A file may be restricted (restricted.go): a head marks it with a reason. It is
// opened at once by who answers for it, that is the worker responsible for the
// case and who replaces that worker, the head of the case's unit and the head of
// the unit that marked it. Anybody else comes to the glass (glass_service.go),
// writes why, and has it open for three hours; the heads see each opening and say
// whether there was a reason. The edge asks the guard (veil.go) before every route
// with the id of a file or of something of a file, and every list takes from the
// Veil whom it must not name; a name is found only by who types the whole of it.
//
// Whoever may read files (access.ReadFile) may look up and search; the number of
// both of one operator is capped by minute and by day, so that nobody can walk
// through RUNs or names. Names of such people are written by access.EditContact,
// files without RUN are opened by access.Attend, merges are decided by
// access.MergeFiles. A file is reached only through the municipality of the
// session: the id of another municipality's file is as unknown as one that never was.
package people
