package document

import (
	"context"
	"strings"

	"gsl/app/kit/i18n"
	views "gsl/templates/document"
	"gsl/templates/ui"
)

// kindKeys are the kinds in words.
var kindKeys = map[Kind]string{
	Identity: "document.kind.identity", Residence: "document.kind.residence", Income: "document.kind.income",
	Health: "document.kind.health", Certificate: "document.kind.certificate", Photo: "document.kind.photo",
	Answer: "document.kind.answer", Other: "document.kind.other",
}

// KindText is a kind in words.
func KindText(ctx context.Context, k Kind) string { return i18n.T(ctx, kindKeys[k]) }

// Present lists documents for a page.
func Present(ctx context.Context, list []Document) views.List {
	v := views.List{Empty: i18n.T(ctx, "document.none")}
	for _, d := range list {
		v.Items = append(v.Items, views.Item{Href: "/documents/" + d.ID, Kind: KindText(ctx, d.Kind), Name: d.Name, Image: d.Image(),
			Icon: iconOf(d), Note: note(ctx, d)})
	}
	return v
}

// PresentForm is the form that hands a document in, with what was chosen.
func PresentForm(ctx context.Context, action, chosen string, errs ui.Errors) views.Form {
	v := views.Form{Action: action, Accept: Accept, Errors: errs}
	for _, k := range Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Text: KindText(ctx, k), Selected: string(k) == chosen})
	}
	return v
}

func note(ctx context.Context, d Document) string {
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

func iconOf(d Document) string {
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
