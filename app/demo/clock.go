package demo

import (
	"sync/atomic"
	"time"
)

// Clock stands where it is put; the stories turn it.
type Clock struct{ at atomic.Int64 }

// NewClock makes a clock that stands at t.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is where the clock stands.
func (c *Clock) Now() time.Time { return time.Unix(0, c.at.Load()) }

// Set puts the clock.
func (c *Clock) Set(t time.Time) { c.at.Store(t.UnixNano()) }

// Forward moves the clock on.
func (c *Clock) Forward(d time.Duration) { c.at.Add(int64(d)) }
