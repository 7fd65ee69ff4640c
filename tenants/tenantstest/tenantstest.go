// Package tenantstest gives tests real files: a data directory of their own, a
// clock they can turn, and provisioned municipalities.
package tenantstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"gsl/tenants"
)

// Today is where the clock of New stands: Saturday 21 November 2026, noon in Santiago.
var Today = time.Date(2026, time.November, 21, 15, 0, 0, 0, time.UTC)

// Clock is a clock that stands still until a test moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that stands at Today.
func NewClock() *Clock { return &Clock{now: Today} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set puts the clock at a time, earlier or later.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// New opens an empty data directory whose clock stands at Today; it is closed
// and removed with the test.
func New(t testing.TB) *tenants.Files {
	t.Helper()
	return Open(t, tenants.Options{})
}

// NewWithClock is New with a clock that the test turns.
func NewWithClock(t testing.TB) (*tenants.Files, *Clock) {
	t.Helper()
	clock := NewClock()
	return Open(t, tenants.Options{Clock: clock.Now}), clock
}

// Open is New with options; a blank Dir is a temporary one, a nil Clock stands at Today.
func Open(t testing.TB, opt tenants.Options) *tenants.Files {
	t.Helper()
	if opt.Dir == "" {
		opt.Dir = t.TempDir()
	}
	if opt.Clock == nil {
		opt.Clock = NewClock().Now
	}
	files, err := tenants.Open(context.Background(), opt)
	if err != nil {
		t.Fatalf("open the data directory: %v", err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Errorf("close the data directory: %v", err)
		}
	})
	return files
}

// known are the municipalities that tests name by code alone; any other code
// gets itself as name and single commune.
var known = map[string]tenants.Identity{
	"05802": {Name: "Limache", Model: 1},
	"06304": {Name: "Lolol", Model: 2},
	"12201": {Name: "Cabo de Hornos", Model: 1, Communes: []string{"12201", "12202"}},
	"13201": {Name: "Puente Alto", Model: 1},
}

// Municipality gives the provisioned municipality of a code ("05802" is Limache).
func Municipality(t testing.TB, files *tenants.Files, code string) *tenants.Municipality {
	t.Helper()
	who, ok := known[code]
	if !ok {
		who = tenants.Identity{Name: code, Model: 1}
	}
	who.Code, who.Kind = code, "municipality"
	if who.Communes == nil {
		who.Communes = []string{code}
	}
	m, err := files.Provision(context.Background(), who)
	if err != nil {
		t.Fatalf("provision %s: %v", code, err)
	}
	return m
}
