// Package national is the ministry's side of the house: it makes municipalities
// ready for work, says how each stands, suspends one, brings it back, puts it
// away and hands its file over, encrypted to its owner.
//
// It never reads personal data. What it knows of a municipality is what can be
// seen from outside: how many people work there and when they last did, how
// large its files are, of which schema, how far behind its replica is, when a
// restore was last tried. A job writes that down now and then; a page reads it.
//
// To provision is to write an order first and then to carry it out in steps that
// can each be run again; what was cut short is finished at the next start. The
// order is the municipality's: pressed twice, sent from two windows, it is one.
//
// All of it is for whoever has access.Administer; what is dangerous asks for the
// second factor again. Everything leaves an entry in the trail of national.db.
package national
