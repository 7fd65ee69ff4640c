package report

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Frozen is a report as it was signed: everything that its paper says but folio,
// approval and what came later. Its JSON is the text that was signed, and must
// read the same in twenty years: names of fields stay.
type Frozen struct {
	Report       string       `json:"report"` // its id
	Code         string       `json:"code"`
	Municipality string       `json:"municipality"`
	Unit         string       `json:"unit"`
	Author       FrozenAuthor `json:"author"`
	SignedAt     time.Time    `json:"signed_at"`
	Content      Content      `json:"content"`
	Ecomap       *Ecomap      `json:"ecomap,omitempty"`
}

// FrozenAuthor is who signed.
type FrozenAuthor struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Profession   string `json:"profession"`
	Registration string `json:"registration"`
}

// text is what is signed.
func (f *Frozen) text() ([]byte, error) { return json.Marshal(f) }

// thaw reads a text that was signed.
func thaw(text []byte) (f Frozen, err error) {
	err = json.Unmarshal(text, &f)
	return f, err
}

// SignForm is what whoever signs says of themselves, and who is to approve.
type SignForm struct {
	Mark         string // of the content that was read, see markOf
	Profession   string
	Registration string
	HeadName     string
	HeadPosition string
	Issue        bool // issue it at once, where no approval is asked for
}

const longestLine = 120 // characters of a name, a profession, a position

// check names what keeps the form from being accepted. A head is named where
// somebody else has to approve.
func (f *SignForm) check(approval bool) []fault.Field {
	for _, typed := range []*string{&f.Profession, &f.Registration, &f.HeadName, &f.HeadPosition} {
		*typed = line(*typed)
	}
	wrong := slices.Concat(lineField("profession", f.Profession, "signature.missing.profession"), lineField("registration", f.Registration, ""))
	return append(wrong, headFields(f.HeadName, f.HeadPosition, approval)...)
}

func headFields(name, position string, required bool) []fault.Field {
	if !required {
		return append(lineField("head_name", name, ""), lineField("head_position", position, "")...)
	}
	return append(lineField("head_name", name, "signature.missing.head_name"), lineField("head_position", position, "signature.missing.head_position")...)
}

// lineField says what is wrong with a line; missing is the key for one that has to
// be there, "" when it may be blank.
func lineField(name, value, missing string) []fault.Field {
	switch {
	case utf8.RuneCountInString(value) > longestLine:
		return []fault.Field{{Name: name, Key: "web.field.max", Args: map[string]any{"Count": longestLine}}}
	case value == "" && missing != "":
		return []fault.Field{{Name: name, Key: missing}}
	}
	return nil
}

// markOf names what a report says: nobody signs what they have not seen.
func markOf(c *Content) (string, error) {
	text, err := json.Marshal(c)
	return digestOf(text)[:16], err
}

// ApprovalRule is what a municipality says of approval: whether the head approves
// reports before they are issued, and who that usually is.
type ApprovalRule struct {
	Needed       bool
	HeadName     string
	HeadPosition string
}

// DefaultApproval holds until the municipality sets its own.
var DefaultApproval = ApprovalRule{}

// yearOf is the year in whose numbers a report is counted.
func yearOf(at time.Time) int { return calendar.On(at).Year() }

// readText gives a reason or a comment as it is kept.
func readText(text, name, missing string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case utf8.RuneCountInString(text) > longestNote:
		return "", fault.InvalidFields(fault.Field{Name: name, Key: "web.field.max", Args: map[string]any{"Count": longestNote}})
	case text == "" && missing != "":
		return "", fault.InvalidField(name, missing)
	}
	return text, nil
}

const longestNote = 2000

// forgetRemoved forgets the rows that were taken out of the tables: they are of the
// draft, and nobody signs them.
func (c *Content) forgetRemoved() {
	c.Household.Removed, c.Socioeconomic.Removed, c.Requests.Removed = nil, nil, nil
}
