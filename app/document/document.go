package document

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Owner is what a document was handed in for.
type Owner struct{ Kind, ID string }

// The kinds of owners; referral names its own. A paper of the file itself has the
// file's id, and stays with the file when that is merged into another.
const (
	OfTheFile   = "file"
	OfAVisit    = "visit"
	OfAReport   = "report"
	OfAPlanItem = "item" // aid: the quotation, the receipt, the signed delivery
)

// String is an owner as it stands in a form and in an address: "visit.01J…".
func (o Owner) String() string {
	if o.Kind == "" {
		return ""
	}
	return o.Kind + "." + o.ID
}

// ParseOwner reads what String wrote; the zero Owner for anything else.
func ParseOwner(text string) Owner {
	kind, id, ok := strings.Cut(text, ".")
	if !ok || kind == "" || id == "" || len(text) > 60 {
		return Owner{}
	}
	return Owner{kind, id}
}

// Kind is what a document is, as the person who hands it in says.
type Kind string

// The kinds, in the order in which a form offers them.
const (
	Identity    Kind = "identity"
	Residence   Kind = "residence"
	Income      Kind = "income"
	Health      Kind = "health"
	Certificate Kind = "certificate"
	Receipt     Kind = "receipt" // invoice, quotation, proof of payment
	Signed      Kind = "signed"  // what somebody signed on paper
	Photo       Kind = "photo"
	Answer      Kind = "answer" // of an institution
	Other       Kind = "other"
)

// Kinds lists the kinds that a desk may choose.
var Kinds = []Kind{Identity, Residence, Income, Health, Certificate, Receipt, Signed, Photo, Answer, Other}

func (k Kind) known() bool {
	for _, known := range Kinds {
		if k == known {
			return true
		}
	}
	return false
}

// Document is one paper of a case file.
type Document struct {
	ID             string
	FileID         string
	Owner          Owner
	ContentID      string
	Kind           Kind
	Name           string // as the sender called it, made harmless
	Type           string // media type, by its content
	Size           int64
	UploadedAt     time.Time
	UploadedBy     string
	UploadedByName string
	ExpiresOn      calendar.Date // the last day on which it is good; zero for one that does not expire
	RemovedAt      time.Time     // zero while it is in sight
	Version        int64         // grows with every change
	Likeness       bool          // there is a small likeness of it
	Scan           string        // what the antivirus said: Clean, Missed, "" when nobody was asked
}

// Removed reports whether it was taken out of sight.
func (d *Document) Removed() bool { return !d.RemovedAt.IsZero() }

// What the antivirus said of a content.
const (
	Clean  = "clean"
	Missed = "missed" // it did not answer, and files are taken all the same
)

// Image reports whether a browser can show the document as a picture.
func (d *Document) Image() bool { return strings.HasPrefix(d.Type, "image/") }

// Shown reports whether a browser can show the document by itself; anything else
// is kept and opened with a program.
func (d *Document) Shown() bool { return d.Image() || d.Type == PDF }

// Filename is what a download is called: what it is, of which day, and the end of
// its id. It says nothing of the person.
func (d *Document) Filename() string {
	return fileWords[d.Kind] + "-" + calendar.On(d.UploadedAt).String() + "-" + strings.ToLower(d.ID[max(len(d.ID)-4, 0):]) + extensions[d.Type]
}

// fileWords are the kinds in file names, which are Spanish like all papers of the
// municipality.
var fileWords = map[Kind]string{
	Identity: "identidad", Residence: "domicilio", Income: "ingresos", Health: "salud", Certificate: "certificado",
	Receipt: "boleta", Signed: "firmado", Photo: "foto", Answer: "respuesta", Other: "documento",
}

// New is a content on its way to becoming a document.
type New struct {
	Content Content
	Owner   Owner
	FileID  string
	Kind    Kind
	Name    string // as the browser sent it

	ExpiresOn calendar.Date // zero: it does not expire
}

// Check refuses what is none of the kinds.
func (k Kind) Check() error {
	if !k.known() {
		return fault.InvalidField("kind", "web.field.choice")
	}
	return nil
}

func (n *New) check() error {
	if n.Owner.Kind == "" || n.Owner.ID == "" || n.FileID == "" || n.Content.ID == "" {
		return fault.New(fault.Invalid, "document.error.nothing")
	}
	n.Name = cleanName(n.Name)
	if err := checkExpiry(n.ExpiresOn); err != nil {
		return err
	}
	return n.Kind.Check()
}

const longestName = 120 // letters

// cleanName is the last part of a file's name without anything that cannot be
// seen or that turns text around: "../../a\u202egpj.exe" is "agpj.exe".
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > longestName {
		ending := path.Ext(name)
		if len(ending) > 8 {
			ending = ""
		}
		name = string([]rune(name)[:longestName-len(ending)-1]) + "…" + ending
	}
	if name == "" || name == "." || name == "/" {
		return "documento"
	}
	return name
}
