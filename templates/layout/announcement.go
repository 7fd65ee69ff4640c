package layout

// Announcement is what the national administration tells on every page.
type Announcement struct {
	ID      string
	Text    string // plain, in Spanish
	Warning bool
}
