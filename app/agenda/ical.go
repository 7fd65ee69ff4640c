package agenda

import (
	"context"
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
)

// kindKeys are the kinds in words. They say nothing of any person: a calendar
// goes to telephones and to companies that keep calendars.
var kindKeys = map[Kind]string{VisitKind: "agenda.kind.visit", FollowUpKind: "agenda.kind.follow_up", ReferralKind: "agenda.kind.referral",
	ReportKind: "agenda.kind.report", CommitmentKind: "agenda.kind.commitment", AgreementKind: "agenda.kind.agreement", DocumentKind: "agenda.kind.document"}

// KindText is a kind in words.
func KindText(ctx context.Context, k Kind) string { return i18n.T(ctx, kindKeys[k]) }

// weeksOut is how many weeks a calendar file holds.
const weeksOut = 4

// lengths are how long an appointment takes.
var lengths = map[Kind]time.Duration{VisitKind: time.Hour}

const usualLength = 30 * time.Minute

// calendarFile writes entries as iCalendar (RFC 5545): what kind of thing, when,
// and nothing else. domain makes the ids of one municipality its own.
func calendarFile(ctx context.Context, list []Entry, domain string, now time.Time) []byte {
	var b strings.Builder
	line := func(text string) { writeFolded(&b, text) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Gestion Social Local//Agenda//ES")
	line("CALSCALE:GREGORIAN")
	line("METHOD:PUBLISH")
	for i := range list {
		if e := &list[i]; !e.Done && !e.Day.IsZero() {
			writeEvent(ctx, line, e, domain, now)
		}
	}
	line("END:VCALENDAR")
	return []byte(b.String())
}

const stampForm = "20060102T150405Z"

func writeEvent(ctx context.Context, line func(string), e *Entry, domain string, now time.Time) {
	title := KindText(ctx, e.Kind)
	line("BEGIN:VEVENT")
	line("UID:" + string(e.Kind) + "-" + e.ID + "@" + domain)
	line("DTSTAMP:" + now.UTC().Format(stampForm))
	if e.Clock == "" {
		line("DTSTART;VALUE=DATE:" + compact(e.Day))
		line("DTEND;VALUE=DATE:" + compact(e.Day.AddDays(1)))
		line("TRANSP:TRANSPARENT") // a day with something to do in it is not a busy day
	} else {
		title += " " + e.Clock
		from := instant(e.Day, e.Clock)
		length, known := lengths[e.Kind]
		if !known {
			length = usualLength
		}
		line("DTSTART:" + from.Format(stampForm))
		line("DTEND:" + from.Add(length).Format(stampForm))
	}
	line("SUMMARY:" + escaped(title))
	line("CLASS:PRIVATE")
	line("END:VEVENT")
}

func compact(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// instant is the hour of a day in Santiago; every clock was checked when it was kept.
func instant(d calendar.Date, clock string) time.Time {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return d.Time()
	}
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), at.Hour(), at.Minute(), 0, 0, calendar.Santiago).UTC()
}

// escaped writes a text as a value.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(text)
}

// longest is how many bytes a line may have before it is folded.
const longest = 75

// writeFolded writes a line, folded between letters where it is too long.
func writeFolded(b *strings.Builder, text string) {
	room := longest
	for _, r := range text {
		if size := len(string(r)); size > room {
			b.WriteString("\r\n ")
			room = longest - 1 - size
		} else {
			room -= size
		}
		b.WriteRune(r)
	}
	b.WriteString("\r\n")
}
