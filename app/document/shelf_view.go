package document

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/document"
	"gsl/templates/ui"
)

// presentShelf puts a shelf into words, with the form that comes back, if one does.
func presentShelf(ctx context.Context, shelf *Shelf, again *typed) *views.Shelf {
	v := &views.Shelf{Empty: i18n.T(ctx, "document.shelf.none"), EmptyHint: i18n.T(ctx, "document.shelf.none_hint"), Filtered: shelf.Ask.Kind != ""}
	if shelf.Ask.Of.Kind != "" {
		v.Of, v.OfHref, v.AllHref = shelf.Told.Text, shelf.Told.Href, Ask{}.path(shelf.FileID)
	}
	v.Filters = presentFilters(ctx, shelf)
	for i := range shelf.Rows {
		v.Rows = append(v.Rows, presentRow(ctx, shelf, &shelf.Rows[i], again))
	}
	for i := range shelf.Removed {
		v.Removed = append(v.Removed, presentRemoved(ctx, &shelf.Removed[i]))
	}
	if len(v.Removed) > 0 {
		v.RemovedTitle = i18n.Tf(ctx, "document.removed.title", map[string]any{"Count": len(v.Removed)})
	}
	if shelf.Older != "" {
		next := shelf.Ask
		next.Before = shelf.Older
		v.Older = next.path(shelf.FileID)
	}
	if again.document != "" {
		v.Errors = again.named(again.document)
		again = &typed{}
	}
	if shelf.Hands {
		v.Form = shelfForm(ctx, shelf.FileID, shelf.Ask.Of, again)
		v.Form.Refused(again.errs)
	}
	return v
}

// presentFilters are the kinds that there are, each with how many.
func presentFilters(ctx context.Context, shelf *Shelf) []views.Filter {
	if len(shelf.Counts) < 2 {
		return nil
	}
	of := func(k Kind, text string, n int) views.Filter {
		return views.Filter{Text: text, Count: n, Href: Ask{Kind: k, Of: shelf.Ask.Of}.path(shelf.FileID), Current: k == shelf.Ask.Kind}
	}
	list := []views.Filter{of("", i18n.T(ctx, "document.shelf.all"), shelf.All)}
	for _, k := range Kinds {
		if n := shelf.Counts[k]; n > 0 {
			list = append(list, of(k, KindText(ctx, k), n))
		}
	}
	return list
}

func presentRow(ctx context.Context, shelf *Shelf, row *Row, again *typed) views.Row {
	d := &row.Document
	v := views.Row{Item: presentItem(ctx, d), Last: lastText(ctx, row.Last)}
	if tag, expires := expiryTag(ctx, d, shelf.Today); expires {
		v.Item.Tags = append([]ui.Tag{tag}, v.Item.Tags...)
	}
	if shelf.Ask.Of.Kind == "" && d.Owner.Kind != OfTheFile {
		v.Of, v.OfHref = row.Told.Text, row.Told.Href
	}
	if row.Hands {
		v.Manage = presentManage(ctx, d, again)
	}
	return v
}

// presentManage is the forms that change and remove a document.
func presentManage(ctx context.Context, d *Document, again *typed) *views.Manage {
	m := &views.Manage{ID: d.ID, Action: "/documents/" + d.ID, Version: strconv.FormatInt(d.Version, 10), Kind: string(d.Kind), ExpiresOn: chilean(d.ExpiresOn)}
	if again.document == d.ID {
		m.Open, m.Errors, m.Reason = true, again.named(d.ID), again.reason
		if !again.removing {
			m.Kind, m.ExpiresOn = again.kind, again.expiresOn
		}
	}
	m.Kinds = kindOptions(ctx, m.Kind)
	return m
}

// named puts the document's id after the names of what is wrong, as its boxes have it.
func (t *typed) named(id string) ui.Errors {
	list := make(ui.Errors, len(t.errs))
	for i, e := range t.errs {
		e.Name += "-" + id
		list[i] = e
	}
	return list
}

func chilean(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chilean()
}

// lastKeys say what was last done with a document.
var lastKeys = map[string]string{changed: "document.last.changed", removed: "document.last.removed", restored: "document.last.restored"}

func lastText(ctx context.Context, e *Entry) string {
	if e == nil {
		return ""
	}
	values := map[string]any{"Name": e.Name, "At": i18n.DateTime(ctx, e.At)}
	if e.What != changed {
		return i18n.Tf(ctx, lastKeys[e.What], values)
	}
	values["Was"] = saidText(ctx, e.Was)
	return i18n.Tf(ctx, lastKeys[changed], values)
}

// saidText is what people said of a document before, in words.
func saidText(ctx context.Context, said string) string {
	kind, day, expires := strings.Cut(said, " ")
	text := KindText(ctx, Kind(kind))
	if on, err := calendar.Parse(day); expires && err == nil {
		text += ", " + i18n.Tf(ctx, "document.good_until", map[string]any{"Date": i18n.Date(ctx, on)})
	}
	return text
}

func presentRemoved(ctx context.Context, row *Row) views.Removed {
	d := &row.Document
	v := views.Removed{ID: d.ID, Kind: KindText(ctx, d.Kind), Name: d.Name, Note: noteOf(ctx, d), Said: lastText(ctx, row.Last)}
	if row.Last != nil {
		v.Reason = row.Last.Reason
	}
	if row.Hands {
		v.Restore = "/documents/" + d.ID + "/restore"
	}
	return v
}

// presentDue lists the papers that expire, with whose they are.
func presentDue(ctx context.Context, list []Due) *views.Due {
	v := &views.Due{Hint: i18n.Tf(ctx, "document.due.hint", map[string]any{"Before": daysBefore, "After": daysAfter})}
	for i := range list {
		d := &list[i]
		line := views.DueLine{Name: d.Name, When: daysText(ctx, d.Days()),
			Href: Href(&d.Document)}
		if !d.Veiled {
			line.Kind, line.Paper = KindText(ctx, d.Document.Kind), d.Document.Name
		}
		line.Tag, _ = expiryTag(ctx, &d.Document, d.Today)
		v.Lines = append(v.Lines, line)
	}
	return v
}

func daysText(ctx context.Context, days int) string {
	switch {
	case days < 0:
		return i18n.Tf(ctx, "document.due.ago", map[string]any{"Count": -days})
	case days == 0:
		return i18n.T(ctx, "document.due.today")
	}
	return i18n.Tf(ctx, "document.due.in", map[string]any{"Count": days})
}

// Href is where a document stands among those of its file.
func Href(d *Document) string { return Ask{Of: d.shelf()}.path(d.FileID) + "#doc-" + d.ID }
