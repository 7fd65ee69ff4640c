package main

import (
	"path/filepath"
	"strings"
)

// judge compares every municipality of a data directory with the ledger and
// notes what is broken. Nobody has the directory open.
func (s *stage) judge(data string, towns []town, entries []entry, when string) error {
	of := map[string][]entry{}
	for _, e := range entries {
		of[e.Town] = append(of[e.Town], e)
	}
	for _, t := range towns {
		o, err := judge(t.main(data), filepath.Join(s.dir, "judge"), of[t.ID])
		if err != nil {
			s.broken("%s: %v", when, err)
			s.count("unreadable files", 1)
			continue
		}
		s.count("acknowledged and lost", len(o.Lost))
		for _, e := range o.Lost {
			s.broken("%s: %s: %s %q was acknowledged at %s and is not there", when, t.Code, e.Kind, e.ID, e.At.Format("15:04:05.000"))
		}
		if o.Check != "ok" {
			s.count("files that are not sound", 1)
			s.broken("%s: %s: integrity_check: %s", when, t.Code, o.Check)
		}
		for what, n := range o.Halves {
			if n == 0 {
				continue
			}
			s.count("half done", n)
			s.broken("%s: %s: %d %s", when, t.Code, n, what)
		}
	}
	return nil
}

// verify lets the program itself look over every file and every audit chain.
func (s *stage) verify(said string, err error, when string) {
	s.count("times that gsl verify looked over all", 1)
	if err == nil {
		return
	}
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "BAD") {
			s.broken("%s: gsl verify: %s", when, strings.TrimSpace(line))
		}
	}
	s.broken("%s: %v", when, err)
}

// missing are the entries that are not there; nothing else is judged.
func (s *stage) missing(data string, towns []town, entries []entry) (list []entry) {
	for _, t := range towns {
		var of []entry
		for _, e := range entries {
			if e.Town == t.ID {
				of = append(of, e)
			}
		}
		o, err := judge(t.main(data), filepath.Join(s.dir, "judge"), of)
		if err != nil {
			s.broken("%v", err)
		}
		list = append(list, o.Lost...)
	}
	return list
}
