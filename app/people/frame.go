package people

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Sections of a file that have a page. A new room of the house adds its line.
const (
	ScreeningSection = "screening"
	DiagnosisSection = "diagnosis"
	CartSection      = "cart"
	PlanSection      = "plan"
	ReportSection    = "report"
	ReferralsSection = "referrals"
	VisitsSection    = "visits"
	NotesSection     = "notes"
	DocumentsSection = "documents"
	HistorySection   = "history"
	TrailSection     = "trail"
	MergeSection     = "merge"
	RestrictSection  = "restriction"
)

// Frame gives the header of the person and the left menu of a page of the file;
// the hooks of OnFrame add what other rooms know (tramo, alerts, counts, circle).
// The texts are in the language of the transaction's context. The edge asks for the
// glass by the ids of a path, and what it read is not read again here; a page that
// another id leads to, out of a form, asks here.
func (s *Service) Frame(tx *tenants.Tx, who actor.Actor, f File, section string) (*layout.FileFrame, error) {
	d, err := s.door(tx, who, f.ID)
	if err != nil {
		return nil, err
	}
	ctx := tx.Context()
	joined := false
	if who.Can(access.MergeFiles) {
		aliases, err := aliasesOf(tx, f.ID)
		if err != nil {
			return nil, err
		}
		joined = len(aliases) > 0
	}
	frame := &layout.FileFrame{
		FileID:   f.ID,
		Name:     DisplayName(ctx, f),
		Initials: f.Initials(),
		RUN:      f.RUN.Format(),
		Facts:    facts(ctx, f, calendar.On(tx.Now)),
		Sections: sections(ctx, who, f, joined),
	}
	d.frame(ctx, frame)
	for _, hook := range s.OnFrame {
		if err := hook(tx, who, f, frame); err != nil {
			return nil, err
		}
	}
	return frame, nil
}

// DisplayName is the name as a screen shows it, with words for a person whose
// name nobody has said, and for one whose file is shut for who looks.
func DisplayName(ctx context.Context, f File) string {
	if f.Veiled {
		return i18n.T(ctx, "people.restricted.masked")
	}
	if name := f.Name(); name != "" {
		return name
	}
	return i18n.T(ctx, "people.unnamed")
}

func facts(ctx context.Context, f File, today calendar.Date) []ui.Fact {
	list := make([]ui.Fact, 0, 4)
	if f.RUN.IsZero() {
		list = append(list, ui.Fact{Icon: "person-vcard", Text: i18n.Tf(ctx, "people.provisional", map[string]any{"ID": f.ProvisionalID})})
	}
	if who := ageAndSex(ctx, f, today); who != "" {
		list = append(list, ui.Fact{Text: who})
	}
	if f.Phone != "" {
		list = append(list, ui.Fact{Icon: "telephone", Text: FormatPhone(f.Phone)})
	}
	if f.Address != "" {
		list = append(list, ui.Fact{Icon: "geo-alt", Text: f.Address})
	}
	return list
}

func ageAndSex(ctx context.Context, f File, today calendar.Date) string {
	age, sex := AgeText(ctx, f.Age(today)), sexText(ctx, f.Sex)
	if age == "" || sex == "" {
		return age + sex
	}
	return age + " · " + sex
}

// AgeText is an age in words, "" for an unknown one (negative).
func AgeText(ctx context.Context, years int) string {
	if years < 0 {
		return ""
	}
	return i18n.Tf(ctx, "people.age", map[string]any{"Count": years})
}

func sexText(ctx context.Context, sex string) string {
	switch sex {
	case "F":
		return i18n.T(ctx, "people.sex.f")
	case "M":
		return i18n.T(ctx, "people.sex.m")
	}
	return ""
}

// FormatPhone writes a Chilean number as it is read, "+56 9 8123 4567"; any
// other text stays as it is.
func FormatPhone(phone string) string {
	const prefix = "+56"
	if len(phone) != 12 || phone[:3] != prefix {
		return phone
	}
	for _, c := range []byte(phone[3:]) {
		if c < '0' || c > '9' {
			return phone
		}
	}
	return prefix + " " + phone[3:4] + " " + phone[4:8] + " " + phone[8:]
}

func sections(ctx context.Context, who actor.Actor, f File, joined bool) []layout.Section {
	base := "/files/" + f.ID
	list := make([]layout.Section, 0, 12)
	list = append(list, layout.Section{Key: ScreeningSection, Label: i18n.T(ctx, "people.section.screening"), Href: base + "/screening", Icon: "clipboard-data"})
	if who.Can(access.ReadCasework) {
		list = append(list, layout.Section{Key: DiagnosisSection, Label: i18n.T(ctx, "people.section.diagnosis"), Href: base + "/diagnosis", Icon: "activity"})
	}
	if who.Can(access.ManageCart) {
		list = append(list, layout.Section{Key: CartSection, Label: i18n.T(ctx, "people.section.cart"), Href: base + "/cart", Icon: "cart3"})
	}
	list = append(list,
		layout.Section{Key: PlanSection, Label: i18n.T(ctx, "people.section.plan"), Href: base + "/plan", Icon: "list-check"})
	if who.Can(access.ReadCasework) {
		list = append(list, layout.Section{Key: ReportSection, Label: i18n.T(ctx, "people.section.report"), Href: base + "/report", Icon: "file-earmark-text"})
	}
	list = append(list,
		layout.Section{Key: ReferralsSection, Label: i18n.T(ctx, "people.section.referrals"), Href: base + "/referrals", Icon: "arrow-left-right"})
	if who.Can(access.ReadCasework) {
		list = append(list, layout.Section{Key: VisitsSection, Label: i18n.T(ctx, "people.section.visits"), Href: base + "/visits", Icon: "house-door"})
		list = append(list, layout.Section{Key: NotesSection, Label: i18n.T(ctx, "people.section.notes"), Href: base + "/notes", Icon: "journal-text"})
	}
	list = append(list,
		layout.Section{Key: DocumentsSection, Label: i18n.T(ctx, "people.section.documents"), Href: base + "/documents", Icon: "folder2-open"},
		layout.Section{Key: HistorySection, Label: i18n.T(ctx, "people.section.history"), Href: base + "/history", Icon: "clock-history"})
	if who.Can(access.ReadTrail) {
		list = append(list, layout.Section{Key: TrailSection, Label: i18n.T(ctx, "people.section.trail"), Href: base + "/trail", Icon: "eye"})
	}
	if who.Can(access.RestrictFile) {
		list = append(list, layout.Section{Key: RestrictSection, Label: i18n.T(ctx, "people.section.restriction"), Href: base + "/restriction", Icon: "shield-lock"})
	}
	switch {
	case f.RUN.IsZero() && who.Can(access.EditContact):
		list = append(list, layout.Section{Key: MergeSection, Label: i18n.T(ctx, "people.section.merge"), Href: base + "/merge", Icon: "link-45deg"})
	case joined:
		list = append(list, layout.Section{Key: MergeSection, Label: i18n.T(ctx, "people.section.merged"), Href: base + "/merge", Icon: "link-45deg"})
	}
	return list
}
