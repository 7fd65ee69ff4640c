package screening

import (
	"maps"
	"sync"

	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// said is whom a file is about, what the registry said last and on which day;
// a zero day means that nothing was kept yet.
type said struct {
	run    people.RUN
	digest digest
	day    calendar.Date
}

// holds reports whether what was said last is what the registry says today.
func (s said) holds(d digest, today calendar.Date) bool { return s.day == today && s.digest == d }

// recall remembers what was said last of the files screened lately, so that a
// page need not read it to find that nothing changed. It holds no personal data
// but the RUN, and only ever saves work: a file that it does not know is read.
type recall struct {
	mu    sync.Mutex
	files map[recallKey]said
}

// The municipality is part of the key: an id says nothing about whose it is.
type recallKey struct{ municipality, file string }

// maxRecall bounds the memory to a few megabytes; a full one starts anew.
const maxRecall = 20_000

func (r *recall) get(municipality, file string) (said, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.files[recallKey{municipality, file}]
	return s, ok
}

func (r *recall) put(municipality, file string, s said) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.files == nil || len(r.files) >= maxRecall {
		r.files = make(map[recallKey]said)
	}
	r.files[recallKey{municipality, file}] = s
}

// forget drops what is remembered of a municipality.
func (r *recall) forget(municipality string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.files, func(key recallKey, _ said) bool { return key.municipality == municipality })
}

// Forget drops what is remembered of a municipality: its file was exchanged.
func (s *Service) Forget(municipalityID string) { s.recall.forget(municipalityID) }
