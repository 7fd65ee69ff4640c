// Package screening tells what is known of a person and household before asking
// anything: the household as the social registry (RSH) has it, and the benefits
// its members received, national (RIS) and municipal.
//
// Every page asks the registry anew; what it said is kept in the file as a
// snapshot whenever it changed, so that a past decision can be explained and a
// person who moved keeps the households of before. When the registry cannot be
// asked, the last snapshot is shown, clearly dated, and nothing stops. A person
// whom the registry does not know is said so.
//
// Whoever reads files (access.ReadFile) reads the screening; each reading is in
// the access trail before the answer. A file is reached only through the
// municipality of the session. The other members' open plans, carts and aid
// shown are those of this municipality, no other's.
package screening
