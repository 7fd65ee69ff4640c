package callers_test

import (
	"fmt"
	"testing"
	"time"

	"gsl/app/kit/callers"
)

func TestFewAskAtOnceAndAFloodOfAddressesIsForgotten(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := callers.New(0.5, 10)
	allowed := 0
	for range 50 {
		if c.Allow("203.0.113.9", now) {
			allowed++
		}
	}
	if allowed != 10 || !c.Allow("198.51.100.7", now) || !c.Allow("203.0.113.9", now.Add(4*time.Second)) {
		t.Errorf("%d of 50 at once", allowed)
	}
	for i := range 3 * callers.Most {
		c.Allow(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), now)
	}
	if n := c.Remembered(); n > 2*callers.Most {
		t.Errorf("%d addresses are remembered", n)
	}
}

// A house has millions of IPv6 addresses and counts as one.
func TestAHouseIsOneAddress(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := callers.New(0.5, 1)
	if !c.Allow("2001:db8::1", now) || c.Allow("2001:db8::ffff", now) || !c.Allow("2001:db8:0:1::1", now) || !c.Allow("not an address", now) {
		t.Error("addresses of one house count apart, or those of two together")
	}
}
