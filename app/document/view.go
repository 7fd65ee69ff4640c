package document

import (
	"context"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/document"
	"gsl/templates/ui"
)

// kindKeys are the kinds in words.
var kindKeys = map[Kind]string{
	Identity: "document.kind.identity", Residence: "document.kind.residence", Income: "document.kind.income",
	Health: "document.kind.health", Certificate: "document.kind.certificate", Photo: "document.kind.photo",
	Receipt: "document.kind.receipt", Signed: "document.kind.signed",
	Answer: "document.kind.answer", Other: "document.kind.other",
}

// KindText is a kind in words.
func KindText(ctx context.Context, k Kind) string {
	key, known := kindKeys[k]
	if !known {
		key = kindKeys[Other] // of a later version of the program
	}
	return i18n.T(ctx, key)
}

// Present lists documents for a page.
func Present(ctx context.Context, list []Document) views.List {
	v := views.List{Empty: i18n.T(ctx, "document.none")}
	for i := range list {
		v.Items = append(v.Items, presentItem(ctx, &list[i]))
	}
	return v
}

func presentItem(ctx context.Context, d *Document) views.Item {
	it := views.Item{ID: d.ID, Href: "/documents/" + d.ID, Kind: KindText(ctx, d.Kind), Name: d.Name, Shown: d.Shown(), Icon: iconOf(d), Note: noteOf(ctx, d)}
	if d.Likeness {
		it.Likeness = "/documents/" + d.ID + "/likeness"
	}
	if d.Shown() {
		it.Keep = "/documents/" + d.ID + "?keep=1"
	}
	if d.Scan == Missed {
		it.Tags = append(it.Tags, ui.Tag{Text: i18n.T(ctx, "document.unscanned"), Kind: ui.Warning, Icon: "shield-exclamation"})
	}
	return it
}

// PresentForm is the form that hands a document in, with what was chosen.
func PresentForm(ctx context.Context, action, chosen string, errs ui.Errors) views.Form {
	return views.Form{Action: action, Accept: Accept, Errors: errs, Kinds: kindOptions(ctx, chosen)}
}

func kindOptions(ctx context.Context, chosen string) []ui.Option {
	list := make([]ui.Option, 0, len(Kinds))
	for _, k := range Kinds {
		list = append(list, ui.Option{Value: string(k), Text: KindText(ctx, k), Selected: string(k) == chosen})
	}
	return list
}

// shelfForm is the form that hands papers in for an owner.
func shelfForm(ctx context.Context, fileID string, owner Owner, again *typed) *views.Form {
	form := PresentForm(ctx, "/files/"+fileID+"/documents", again.kind, nil)
	if again.kind == "" { // what is proposed is what is filed: the reader says
		form.Kinds = append([]ui.Option{{Text: i18n.T(ctx, "document.kind.choose")}}, form.Kinds...)
	}
	form.Of, form.Several, form.Expiry, form.ExpiresOn = owner.String(), true, true, again.expiresOn
	return &form
}

func presentPanel(ctx context.Context, owner Owner, st *standing, list []Document, again *typed) views.Panel {
	box := "papers-" + owner.ID
	v := views.Panel{Box: box, List: Present(ctx, list), All: Ask{Of: owner}.path(st.told.FileID)}
	if st.hands {
		v.Form = shelfForm(ctx, st.told.FileID, owner, again)
		v.Form.ID, v.Form.Target, v.Form.At = "hand-"+owner.ID, box, atPanel
		v.Form.Refused(again.errs)
	}
	return v
}

func noteOf(ctx context.Context, d *Document) string {
	return strings.Join([]string{strings.ToUpper(strings.TrimPrefix(extensions[d.Type], ".")), sizeText(ctx, d.Size), d.UploadedByName, i18n.DateTime(ctx, d.UploadedAt)}, " · ")
}

// sizeText is a size as people read it.
func sizeText(ctx context.Context, size int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	if size < mega {
		return i18n.Number(ctx, max(1, (size+kilo/2)/kilo)) + " KB"
	}
	tenths := (size*10 + mega/2) / mega
	return i18n.Tf(ctx, "document.megabytes", map[string]any{"Whole": tenths / 10, "Tenth": tenths % 10})
}

func iconOf(d *Document) string {
	switch {
	case d.Image():
		return "file-earmark-image"
	case d.Type == PDF:
		return "file-earmark-pdf"
	case d.Type == Xlsx, d.Type == Ods:
		return "file-earmark-spreadsheet"
	}
	return "file-earmark-text"
}

// expiryTag says until when a paper is good: in words and icon, and in colour when
// somebody should do something.
func expiryTag(ctx context.Context, d *Document, today calendar.Date) (ui.Tag, bool) {
	if d.ExpiresOn.IsZero() {
		return ui.Tag{}, false
	}
	values := map[string]any{"Date": i18n.Date(ctx, d.ExpiresOn)}
	switch days := today.DaysUntil(d.ExpiresOn); {
	case days < 0:
		return ui.Tag{Text: i18n.Tf(ctx, "document.expired_on", values), Kind: ui.Danger, Icon: "calendar-x"}, true
	case days <= daysBefore:
		return ui.Tag{Text: i18n.Tf(ctx, "document.expires_on", values), Kind: ui.Warning, Icon: "calendar-event"}, true
	}
	return ui.Tag{Text: i18n.Tf(ctx, "document.good_until", values), Kind: ui.Plain, Icon: "calendar-event"}, true
}
