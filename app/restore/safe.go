package restore

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Safe is how everything is kept safe, over all files.
type Safe struct {
	Files      int       // that there are
	Drilled    int       // of which the last drill went well
	DrilledAll time.Time // since when all of them have had one; zero: not all have
	Copied     int       // of which the last copy of the second line went well
	CopiedAll  time.Time
	Bad        []BadFile
	Replicated bool   // there is a replica at all
	Where      string // folder of the second line
	SameDisk   bool   // it lies on the disk of the data directory
}

// BadFile is a file that could not be restored in the last drill, or not copied.
type BadFile struct {
	File         string
	Municipality string // name, "" for the files of all
	Drill        bool   // the drill failed; else the copy
	Why          string // for operators
	GoodAt       time.Time
}

// Places lists the municipalities that can be restored, by name.
func (s *Service) Places(ctx context.Context, who actor.Actor) ([]tenants.Identity, error) {
	if err := mayAdminister(who); err != nil {
		return nil, err
	}
	return s.files.Municipalities(ctx)
}

// Safe says how everything is kept safe.
func (s *Service) Safe(ctx context.Context, who actor.Actor) (Safe, error) {
	places, err := s.Places(ctx, who)
	if err != nil {
		return Safe{}, err
	}
	kept, err := s.files.Safekeeping(ctx)
	if err != nil {
		return Safe{}, err
	}
	names := map[string]string{}
	for i := range places {
		names[places[i].ID] = places[i].Name
	}
	out := Safe{Replicated: s.files.Replicated()}
	out.Where, out.SameDisk = s.files.SecondLine()
	for _, file := range s.files.FileNames(places) {
		out.add(kept[file], file, names)
	}
	return out, nil
}

// add counts one file.
func (s *Safe) add(k tenants.Safekeeping, file string, names map[string]string) {
	s.Files++
	oldest := func(all *time.Time, at time.Time, first bool) {
		if first || at.Before(*all) {
			*all = at
		}
	}
	oldest(&s.DrilledAll, k.DrillGoodAt, s.Files == 1)
	oldest(&s.CopiedAll, k.CopyGoodAt, s.Files == 1)
	if !k.DrillAt.IsZero() && k.DrillErr == "" {
		s.Drilled++
	}
	if !k.CopyAt.IsZero() && k.CopyErr == "" {
		s.Copied++
	}
	if k.DrillErr != "" {
		s.Bad = append(s.Bad, BadFile{file, names[k.MunicipalityID], true, k.DrillErr, k.DrillGoodAt})
	}
	if k.CopyErr != "" {
		s.Bad = append(s.Bad, BadFile{file, names[k.MunicipalityID], false, k.CopyErr, k.CopyGoodAt})
	}
}
