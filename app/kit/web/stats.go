package web

import (
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// Bounds are the upper ends, in seconds, of the buckets into which answers are
// sorted by how long they took.
var Bounds = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}

// stats counts what one route answered. Counting takes three atomic additions:
// pages must not get slower by being watched.
type stats struct {
	answers [6]atomic.Uint64  // by the first digit of the status
	buckets [13]atomic.Uint64 // by Bounds; the last holds what took longer
	nanos   atomic.Uint64
}

func (s *stats) note(status int, took time.Duration) {
	if status < http.StatusContinue || status > 599 {
		status = http.StatusOK // the handler wrote nothing: net/http says 200
	}
	s.answers[status/100].Add(1)
	at, _ := slices.BinarySearch(Bounds, took.Seconds())
	s.buckets[at].Add(1)
	s.nanos.Add(uint64(max(took, 0))) //nolint:gosec // never negative
}

// RouteFigures is what one route answered since the program started.
type RouteFigures struct {
	Method, Path string            // the pattern; "" for what no route matched
	Answers      map[string]uint64 // by "2xx" …; only those that there were
	Buckets      map[float64]uint64
	Count        uint64
	Seconds      float64
}

var classes = [6]string{"", "1xx", "2xx", "3xx", "4xx", "5xx"}

func (s *stats) figures(method, path string) RouteFigures {
	f := RouteFigures{Method: method, Path: path, Answers: map[string]uint64{}, Buckets: make(map[float64]uint64, len(Bounds))}
	for i := range s.answers {
		if n := s.answers[i].Load(); n > 0 {
			f.Answers[classes[i]] = n
		}
	}
	for i := range s.buckets {
		f.Count += s.buckets[i].Load()
		if i < len(Bounds) {
			f.Buckets[Bounds[i]] = f.Count // as Prometheus counts: all that took no longer
		}
	}
	f.Seconds = time.Duration(s.nanos.Load()).Seconds() //nolint:gosec // three centuries
	return f
}

// Figures gives what each route answered, those that nobody asked for left out.
func (s *Server) Figures() []RouteFigures {
	var list []RouteFigures
	add := func(method, path string, of *stats) {
		if f := of.figures(method, path); f.Count > 0 {
			list = append(list, f)
		}
	}
	for i := range s.routes {
		add(s.routes[i].Method, s.routes[i].Path, s.routes[i].stats)
	}
	add(http.MethodGet, "/static", &s.assets)
	add("", "", &s.unmatched)
	return list
}

// QueueFigures is how many work and wait at one of the doors.
type QueueFigures struct {
	Name             string // inside, outside, bodies, strangers
	Running, Most    int
	Waiting, Refused int64
}

// Queues says how busy the doors are.
func (s *Server) Queues() []QueueFigures {
	list := make([]QueueFigures, 0, 4)
	for _, q := range []struct {
		name string
		t    *turns
	}{{"inside", s.inside}, {"outside", s.outside}, {"bodies", s.bodies}, {"strangers", s.strangers}} {
		list = append(list, QueueFigures{Name: q.name, Running: len(q.t.running), Most: cap(q.t.running),
			Waiting: q.t.waiting.Load(), Refused: q.t.refused.Load()})
	}
	return list
}

// Busy reports whether people wait for a turn so long already that one more
// would not be let in.
func (s *Server) Busy() bool { return s.inside.waiting.Load() >= s.inside.most }
