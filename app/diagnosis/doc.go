// Package diagnosis is how a social worker judges what a household lives in. A
// diagnosis goes through seven dimensions (family, income, housing, health,
// education, care, networks): each gets what is the case, filled in beforehand
// with what the registries know, a level (adequate, at risk, critical) and the
// worker's note. It is a draft, kept while it is typed and shared by the
// workers of the file, until it is finished; then it never changes, and the next
// one stands beside it, so that everybody sees what became better and what worse.
// From the levels follows the risk (low, medium, high, critical), by rules that
// are rows of the municipality's file and are always shown with the reason: it is
// advice, and a worker who sees another risk says so and why.
//
// The ecomap is the person's support network: who there is and how strong,
// weak or conflicting the tie is, as a drawing (layout.go, which a page and a
// paper draw alike) and as a table. Goals are what the case is for, commitments
// what the family has agreed to do; both have a date, a state, and the plan items
// by which they are pursued.
//
// Who may read casework (access.ReadCasework) sees all of it and leaves a trace;
// case managers and their heads write it (access.ManagePlan).
package diagnosis
