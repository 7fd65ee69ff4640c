// Package people knows who a person is: the RUN, the case file ("ficha") that a
// municipality holds on one person, and the lookup that opens it.
//
// A worker types a RUN. If the municipality has no file of that person yet, one
// is opened by itself; the same RUN always leads to the same file, however many
// desks look it up at once. The name comes from the social registry (screening
// fills it in); of a person whom no registry knows, a desk writes it down.
//
// Whoever may read files (access.ReadFile) may look up; the number of lookups
// of one operator is capped by minute and by day, so that nobody can walk
// through RUNs. Names of such people are written by access.EditContact. A file
// is reached only through the municipality of the session: the id of another
// municipality's file is as unknown as one that never was.
package people
