package schedule

import (
	"context"

	"gsl/app/kit/calendar"
)

// Figures is how a job stands.
type Figures struct {
	Name    string
	Last    calendar.Date // the last day it was done for; zero: never yet
	Failing bool          // its last try failed
	Running bool
}

// Figures says of each job how it stands.
func (s *Scheduler) Figures(ctx context.Context) ([]Figures, error) {
	now, list := s.clock(), make([]Figures, 0, len(s.jobs))
	running := s.Running()
	for _, j := range s.jobs {
		last, err := s.last(ctx, j.Name)
		if err != nil {
			return nil, err
		}
		due := calendar.On(j.turn(now))
		list = append(list, Figures{Name: j.Name, Last: last, Running: running == j.Name,
			Failing: last.Before(due) && s.everFailed(j.Name)})
	}
	return list, nil
}

func (s *Scheduler) everFailed(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, failed := s.failed[name]
	return failed
}
