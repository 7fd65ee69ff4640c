package referral

import (
	"testing"

	"gsl/tenants"
)

// BenchmarkSpots is what the catalogue's pop-up pays to say what agreements
// leave: twelve of them, half with spots, and a year's referrals.
func BenchmarkSpots(b *testing.B) {
	h := newAgreed(b)
	var units []Unit
	h.update(func(tx *tenants.Tx) (err error) { units, err = Units(tx); return err })
	codes := []string{}
	items, err := h.service.referable(h.ctx, h.desk)
	h.must(err)
	for _, it := range items {
		codes = append(codes, it.Code)
	}
	made := 0
	for _, u := range units {
		if u.Kind == Integrated || made == 12 {
			continue
		}
		form := clauses()
		form.Spots = int64(made % 2 * 5000)
		h.inForce(u.Code, form)
		made++
	}
	for i := range 300 {
		_, err := h.refer(h.desk, "spot "+string(rune('A'+i)), nil)
		h.must(err)
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := h.service.Spots(h.ctx, h.desk, codes); err != nil {
			b.Fatal(err)
		}
	}
}
