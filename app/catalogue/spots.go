package catalogue

// Spots is what an agreement about an item leaves to be given in its period.
type Spots struct {
	Left    int
	Known   bool // the number of spots is limited
	Expired bool // the agreement is over: referring asks for a reason
}
