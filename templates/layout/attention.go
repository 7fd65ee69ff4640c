package layout

// Attention is the bar of a file's pages: the attention that the reader's desk
// has open of the person, or the button that opens one.
type Attention struct {
	Finish    string // address of the form that ends it, "" when none is open
	Open      string // address that opens one; "" when one is open
	Minutes   string // since it was opened
	Explained string // "2 ítems explicados", "" for none
	Wait      string // address that puts the person on the waiting list, "" for nowhere
}
