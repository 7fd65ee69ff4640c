package diagnosis

import (
	"crypto/sha256"
	"encoding/hex"

	"gsl/app/kit/fault"
)

// Page is one showing of a draft. Two of them, in two tabs or at two desks, must
// not write over each other unseen: what one has typed of a dimension is written
// unless another page wrote of the same dimension since.
type Page struct {
	Name string               // as it was named when it was made, "" when it does not say
	Seen map[Dimension]string // mark of what it showed of each dimension
}

// Typed is what a page sends: only of the dimensions that stand in it.
type Typed struct {
	DraftID string
	From    Page
	Texts   map[Dimension]Text
}

// mark stands for a text, so that a page can say what it has seen.
func (t Text) mark() string {
	sum := sha256.Sum256([]byte(string(t.Level) + "\x00" + t.Situation + "\x00" + t.Note))
	return hex.EncodeToString(sum[:8])
}

// check names what cannot be kept.
func (t *Typed) check() []fault.Field {
	var wrong []fault.Field
	for _, of := range append(Dimensions(), Whole) {
		if text, sent := t.Texts[of]; sent {
			wrong = append(wrong, text.check(of)...)
		}
	}
	return wrong
}

// Clash is a dimension that two pages wrote of: Part is what the other wrote.
type Clash struct {
	Part Part
	Mine Text
}

// merge gives the parts of the draft that the page changed, and those that
// another page changed too.
func (t *Typed) merge(d *Diagnosis) (changed []Part, clashes []Clash) {
	for i := range d.Parts {
		p := d.Parts[i]
		text, sent := t.Texts[p.Dimension]
		if !sent || text == p.Text {
			continue
		}
		own := t.From.Name == "" || p.page == t.From.Name
		switch seen := t.From.Seen[p.Dimension]; {
		case !own && text.mark() == seen: // shown here, and not touched since
		case !own && p.mark() != seen:
			clashes = append(clashes, Clash{Part: p, Mine: text})
		default:
			p.Text, p.page = text, t.From.Name
			changed = append(changed, p)
		}
	}
	return changed, clashes
}

// with gives the draft as it is with what the page typed, for a form that comes back.
func (t *Typed) with(d Diagnosis) Diagnosis {
	parts := make([]Part, len(d.Parts))
	for i, p := range d.Parts {
		if text, sent := t.Texts[p.Dimension]; sent {
			p.Text = text
		}
		parts[i] = p
	}
	d.Parts = parts
	return d
}
