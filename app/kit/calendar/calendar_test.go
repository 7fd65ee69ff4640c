package calendar

import "testing"

// What files hold is read the quick way, and as strictly as what people type.
func TestDatesAsTheyAreKept(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-21": "2026-11-21", "2024-02-29": "2024-02-29", "21-11-2026": "2026-11-21", "21/11/2026": "2026-11-21", "": "",
		"2026-02-29": "error", "2026-13-01": "error", "0000-01-01": "error", "2026-1-1x": "error", "2026-11/21": "2026-11-21",
		"20a6-11-21": "error", "2026-11-2/": "2026-11-02", "２０２６-11-2": "error", "2026-11-21 ": "2026-11-21",
	} {
		var scanned, lent Date
		errScan, errText := scanned.Scan(text), lent.ScanText([]byte(text))
		got := scanned.String()
		if errScan != nil {
			got = "error"
		}
		if got != want || scanned != lent || (errScan == nil) != (errText == nil) {
			t.Errorf("%q: got %s (%v), lent %s (%v), want %s", text, got, errScan, lent, errText, want)
		}
	}
}
