// Package referral takes a person's request from the desk that cannot solve it
// to the unit or institution that can, and brings the answer back. A referral
// is sent, received, worked on, may wait for documents or in a waiting list
// (the unit's clock stands still meanwhile), is answered with a structured
// outcome, and closed when the sender acknowledges the answer or ten working
// days have passed. The unit may return it to the sender, who corrects it or
// cancels it. A desk may also refer to its own unit: a request for the person
// in front of it. Protocols between two parties say how long an answer may take
// and how many spots there are; units say where a referral arrives: in an
// inbox here, or by letter.
//
// Who may what: the sender's desk makes, corrects, cancels, acknowledges and
// reopens (access.Refer); the destination receives, works, waits, answers and
// returns (access.HandleReferral, in that unit); its head says who does it
// (access.AssignCase). Of what goes by letter, the sender writes down what came
// back on paper. Who is neither sender nor destination, does casework nor
// directs, does not see it at all.
package referral
