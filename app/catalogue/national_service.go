package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const timeFormat = time.RFC3339

// Editor is what the national administration can do with the national catalogue.
type Editor struct {
	service *Service
	// Confirm asks again who acts before everybody's catalogue changes; NeedsCode
	// says whether a form has to ask for a code.
	Confirm   func(ctx context.Context, who actor.Actor, code string) error
	NeedsCode func(ctx context.Context, who actor.Actor) bool
}

// NewEditor makes the editor of what the service serves; Confirm is filled before
// the first request.
func NewEditor(service *Service) *Editor { return &Editor{service: service} }

// Publication is what was published at once.
type Publication struct {
	ID     int64
	Key    string // of the form
	At     string // RFC 3339
	By     string
	Reason string
	Items  []Published
}

// Published is one item of a publication: what it said before and after.
type Published struct {
	Code          string
	Action        Action
	From          calendar.Date
	Before, After *Content // nil: nothing
}

// Name is what the item was called.
func (p *Published) Name() string {
	if p.After != nil {
		return p.After.Name
	}
	if p.Before != nil {
		return p.Before.Name
	}
	return ""
}

func mayAdminister(who actor.Actor) error {
	if !who.Can(access.Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

func (e *Editor) view(ctx context.Context, who actor.Actor, work func(*tenants.Tx) error) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	return e.service.national.View(ctx, work)
}

func (e *Editor) update(ctx context.Context, who actor.Actor, work func(*tenants.Tx) error) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	return e.service.national.Update(ctx, work)
}

// Today is the day in Chile.
func (e *Editor) Today() calendar.Date { return calendar.On(e.service.clock()) }

// Entry is an item as the list shows it.
type Entry struct {
	Now   *Version // valid today; nil: not yet, or no more
	Last  *Version // the newest one; nil: only a draft
	Next  calendar.Date
	Draft *Draft
}

// Content is what the entry says of itself: as of today, else the newest.
func (e *Entry) Content() *Content {
	switch {
	case e.Now != nil:
		return &e.Now.Content
	case e.Last != nil:
		return &e.Last.Content
	}
	return &e.Draft.Content
}

// Inventory is the national catalogue with what is being changed in it.
type Inventory struct {
	Categories []Category
	Entries    []Entry // by category, drawer and code
	Drafts     int
}

// Inventory lists the items, retired ones too.
func (e *Editor) Inventory(ctx context.Context, who actor.Actor) (Inventory, error) {
	var v Inventory
	today := e.Today()
	err := e.view(ctx, who, func(tx *tenants.Tx) error {
		known, err := loadVocabulary(tx)
		if err != nil {
			return err
		}
		versions, err := loadVersions(tx, "")
		if err != nil {
			return err
		}
		drafts, err := loadDrafts(tx, "")
		if err != nil {
			return err
		}
		v.Categories, v.Drafts = known.categories, len(drafts)
		v.Entries = entries(versions, drafts, known.categories, today)
		return nil
	})
	return v, err
}

func entries(versions map[string][]Version, drafts []*Draft, categories []Category, today calendar.Date) []Entry {
	byCode := map[string]*Entry{}
	for code, list := range versions {
		entry := &Entry{Last: &list[len(list)-1]}
		entry.Now, entry.Next = standing(list, today)
		byCode[code] = entry
	}
	for _, d := range drafts {
		if byCode[d.Code] == nil {
			byCode[d.Code] = &Entry{}
		}
		byCode[d.Code].Draft = d
	}
	list := make([]Entry, 0, len(byCode))
	for _, entry := range byCode {
		list = append(list, *entry)
	}
	order := (&Catalogue{Categories: categories}).places()
	key := func(entry *Entry) string {
		c := entry.Content()
		return order.key(&Item{Category: c.Category, SubcategoryCode: c.Subcategory, Code: c.Code})
	}
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(key(&a), key(&b)) })
	return list
}

// standing gives the version of a day, and the first day of the one after it.
func standing(list []Version, day calendar.Date) (now *Version, next calendar.Date) {
	for i := range list {
		v := &list[i]
		switch {
		case v.covers(day):
			now = v
		case day.Before(v.From) && (next.IsZero() || v.From.Before(next)):
			next = v.From
		}
	}
	return now, next
}

// loadVocabulary reads what an item may speak of: the six categories with every
// drawer of the source, and the codes that items and benefits have.
func loadVocabulary(tx *tenants.Tx) (*vocabulary, error) {
	categories, err := seedCategories()
	if err != nil {
		return nil, err
	}
	if err := loadSubcategories(tx, categories); err != nil {
		return nil, err
	}
	local, err := seedItems(Municipal)
	if err != nil {
		return nil, err
	}
	codes, err := loadCodes(tx)
	if err != nil {
		return nil, err
	}
	for _, it := range local {
		codes[it.Code] = true
	}
	providers, err := loadProviders(tx)
	return &vocabulary{categories: categories, codes: codes, providers: providers}, err
}

// Sheet is an item with all that was, is and will be said of it.
type Sheet struct {
	Code         string
	Categories   []Category
	Versions     []Version // by day
	Draft        *Draft    // nil: nobody is changing it
	Publications []*Publication
	Today        calendar.Date
	known        *vocabulary
}

// Now is the version of today, nil for none.
func (s *Sheet) Now() *Version { now, _ := standing(s.Versions, s.Today); return now }

// Item gives an item's sheet; fault.NotFound for a code that nothing has.
func (e *Editor) Item(ctx context.Context, who actor.Actor, code string) (Sheet, error) {
	var s Sheet
	err := e.view(ctx, who, func(tx *tenants.Tx) (err error) {
		s, err = e.sheet(tx, code)
		return err
	})
	return s, err
}

func (e *Editor) sheet(tx *tenants.Tx, code string) (Sheet, error) {
	s := Sheet{Code: code, Today: calendar.On(tx.Now)}
	known, err := loadVocabulary(tx)
	if err != nil {
		return s, err
	}
	versions, err := loadVersions(tx, code)
	if err != nil {
		return s, err
	}
	drafts, err := loadDrafts(tx, code)
	if err != nil {
		return s, err
	}
	s.known, s.Categories, s.Versions = known, known.categories, versions[code]
	if len(drafts) > 0 {
		s.Draft = drafts[0]
	}
	if len(s.Versions) == 0 && s.Draft == nil {
		return s, fault.New(fault.NotFound, "fault.not_found")
	}
	s.Publications, err = loadPublications(tx, 0, code, mostPublications)
	return s, err
}

// mostPublications is how many a page of history shows.
const mostPublications = 100

// base is where an edit begins: the draft, else the version of a day (zero:
// today's), else the last there was.
func (s *Sheet) base(day calendar.Date) Draft {
	if s.Draft != nil {
		return *s.Draft
	}
	d := Draft{From: day}
	if day.IsZero() {
		day = s.Today
	}
	if v, _ := standing(s.Versions, day); v != nil {
		d.Content = v.Content
	} else if n := len(s.Versions); n > 0 {
		d.Content = s.Versions[n-1].Content
	}
	return d
}

// mark stands for all that the sheet says: who changes it shows the mark that they
// saw.
func (s *Sheet) mark() string {
	var all strings.Builder
	if s.Draft != nil {
		all.WriteString(strconv.FormatInt(s.Draft.Revision, 10) + s.Draft.ChangedAt + s.Draft.text())
	}
	for i := range s.Versions {
		v := &s.Versions[i]
		all.WriteString("|" + v.From.String() + v.To.String() + v.text())
	}
	sum := sha256.Sum256([]byte(all.String()))
	return hex.EncodeToString(sum[:8])
}

// Edit is the form of a draft as it begins.
type Edit struct {
	Sheet
	Form Draft
	Mark string
}

// Edit opens the form of an item, from the version of a day (zero: today's).
func (e *Editor) Edit(ctx context.Context, who actor.Actor, code string, day calendar.Date) (Edit, error) {
	s, err := e.Item(ctx, who, code)
	if err != nil {
		return Edit{}, err
	}
	return Edit{Sheet: s, Form: s.base(day), Mark: s.mark()}, nil
}

// Blank opens the form of an item that there is not yet.
func (e *Editor) Blank(ctx context.Context, who actor.Actor) (Edit, error) {
	var edit Edit
	err := e.view(ctx, who, func(tx *tenants.Tx) error {
		known, err := loadVocabulary(tx)
		edit.Sheet = Sheet{known: known, Today: calendar.On(tx.Now)}
		if err == nil {
			edit.Categories = known.categories
		}
		return err
	})
	edit.Form.SpotsPeriod = "month"
	return edit, err
}

// Save keeps a draft. mark is that of the sheet which was shown, "" for a new
// item: fault.Conflict when somebody changed it meanwhile, and what comes back is
// how it is now. Sent twice, it has one effect.
func (e *Editor) Save(ctx context.Context, who actor.Actor, wanted Draft, mark string) (now Edit, err error) {
	err = e.update(ctx, who, func(tx *tenants.Tx) error {
		s, err := e.sheet(tx, wanted.Code)
		fresh := fault.Is(err, fault.NotFound)
		if err != nil && !fresh {
			return err
		}
		now = Edit{Sheet: s, Form: wanted, Mark: s.mark()}
		if s.Draft != nil && s.Draft.says(&wanted) {
			now.Form = *s.Draft
			return nil
		}
		switch {
		case mark == "" && !fresh:
			return fault.InvalidField("code", "catalogue.national.error.code_taken")
		case mark != "" && mark != now.Mark:
			return fault.New(fault.Conflict, "catalogue.national.error.changed_meanwhile")
		}
		if wrong := e.wrong(&s, &wanted); len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		return e.keep(tx, who, &now, &wanted)
	})
	return now, err
}

// wrong says what is wrong with a draft.
func (e *Editor) wrong(s *Sheet, d *Draft) []fault.Field {
	_, wrong := d.item(s.known)
	if len(s.Versions) > 0 && s.Versions[0].Category != d.Category {
		wrong = append(wrong, fault.Field{Name: "place", Key: "catalogue.national.error.category"})
	}
	return append(wrong, checkFrom(d.From, s.Today)...)
}

// farthest is how many years ahead a change may be prepared.
const farthest = 5

func checkFrom(from, today calendar.Date) []fault.Field {
	switch {
	case from.IsZero():
		return nil
	case from.Before(today):
		return []fault.Field{{Name: "valid_from", Key: "catalogue.national.error.past"}}
	case from.Year()-today.Year() > farthest:
		return []fault.Field{{Name: "valid_from", Key: "catalogue.national.error.far", Args: map[string]any{"Max": farthest}}}
	}
	return nil
}

func (d *Draft) says(o *Draft) bool {
	return d.Retires == o.Retires && d.From == o.From && d.same(&o.Content)
}

// keep writes the draft and leaves the trail.
func (e *Editor) keep(tx *tenants.Tx, who actor.Actor, now *Edit, wanted *Draft) error {
	wanted.Revision = 1
	if now.Draft != nil {
		wanted.Revision = now.Draft.Revision + 1
	}
	if err := saveDraft(tx, who, wanted); err != nil {
		return err
	}
	now.Draft, now.Form = wanted, *wanted
	now.Mark = now.mark()
	return audit.Record(tx, who, audit.Change{Action: "catalogue.draft", Object: wanted.Code, Detail: map[string]string{
		"revision": strconv.FormatInt(wanted.Revision, 10), "retires": strconv.FormatBool(wanted.Retires), "from": wanted.From.String()}})
}

// Retire drafts the end of an item: from a day on nobody can have it (zero: from
// the day it is published).
func (e *Editor) Retire(ctx context.Context, who actor.Actor, code string, from calendar.Date, mark string) error {
	return e.update(ctx, who, func(tx *tenants.Tx) error {
		s, err := e.sheet(tx, code)
		if err != nil {
			return err
		}
		wanted := s.base(from)
		wanted.Retires, wanted.From = true, from
		if s.Draft != nil && s.Draft.says(&wanted) {
			return nil
		}
		if wrong := checkFrom(from, s.Today); len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		if s.mark() != mark {
			return fault.New(fault.Conflict, "catalogue.national.error.changed_meanwhile")
		}
		if step := wanted.plan(s.Versions, s.Today); step.Same {
			return fault.New(fault.Conflict, "catalogue.national.error.retired_already")
		}
		return e.keep(tx, who, &Edit{Sheet: s}, &wanted)
	})
}

// Discard drops a draft. One that is gone already is no trouble.
func (e *Editor) Discard(ctx context.Context, who actor.Actor, code string) error {
	return e.update(ctx, who, func(tx *tenants.Tx) error {
		drafts, err := loadDrafts(tx, code)
		if err != nil || len(drafts) == 0 {
			return err
		}
		if err := removeDraft(tx, code); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "catalogue.discard", Object: code,
			Detail: map[string]string{"revision": strconv.FormatInt(drafts[0].Revision, 10)}})
	})
}

// Exists answers fault.NotFound for a code that neither an item nor a draft has.
func (e *Editor) Exists(ctx context.Context, who actor.Actor, code string) error {
	return e.view(ctx, who, func(tx *tenants.Tx) error {
		found, err := knownItem(tx, code)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return err
	})
}
