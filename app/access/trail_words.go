package access

import "context"

// otherActions are the acts of rooms above this one, in words: the trail of the
// whole installation is read here.
var otherActions = map[string]string{
	"agreement.publish":          "roster.action.agreement_publish",
	"announcement.post":          "roster.action.announcement_publish",
	"announcement.change":        "roster.action.announcement_change",
	"announcement.withdraw":      "roster.action.announcement_withdraw",
	"batch.check":                "roster.action.batch_check",
	"batch.start":                "roster.action.batch_start",
	"batch.stop":                 "roster.action.batch_stop",
	"batch.links":                "roster.action.batch_links",
	"catalogue.draft":            "roster.action.catalogue_draft",
	"catalogue.discard":          "roster.action.catalogue_discard",
	"catalogue.publish":          "roster.action.catalogue_publish",
	"municipality.begin":         "roster.action.municipality_begin",
	"municipality.order":         "roster.action.municipality_order",
	"municipality.provision":     "roster.action.municipality_provision",
	"municipality.suspend":       "roster.action.municipality_suspend",
	"municipality.resume":        "roster.action.municipality_resume",
	"municipality.archive":       "roster.action.municipality_archive",
	"municipality.export":        "roster.action.municipality_export",
	"municipality.export_fetch":  "roster.action.municipality_export_fetch",
	"municipality.export_delete": "roster.action.municipality_export_delete",
	"municipality.recipient":     "roster.action.municipality_recipient",
	"restore.ask":                "roster.action.restore_ask",
	"restore.look":               "roster.action.restore_look",
	"restore.ready":              "roster.action.restore_ready",
	"restore.failed":             "roster.action.restore_failed",
	"restore.swapped":            "roster.action.restore_swapped",
	"restore.discarded":          "roster.action.restore_discarded",
}

// actionWord is what was done, in words; of an act that has none the trail's own
// word is shown.
func actionWord(ctx context.Context, action string) string {
	if _, ok := otherActions[action]; ok {
		return wordFor(ctx, otherActions, action)
	}
	return wordFor(ctx, actionKeys, action)
}
