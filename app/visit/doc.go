// Package visit is the home visits of the social workers: to go and see how
// somebody lives is part of helping them. A visit is agreed in a plan (item B) or
// decided by itself; it is given a day, somebody who goes, an address and a
// purpose, and stands on the sheet of its day in the order of the streets.
// Afterwards it is recorded, on a telephone in front of the door or at the desk:
// whether somebody was at home, who, what was found by a short checklist, a note
// and photos. A visit that took place confirms its plan item; one that found
// nobody, no such address or a closed door leaves it for another visit.
//
// What was recorded stays as it was recorded; what one remembers later is added
// to its history. Who does casework sees visits (access.ReadCasework), decides
// and records them (access.ManagePlan). Desks do not see them.
package visit
