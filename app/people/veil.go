package people

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// veiled gives the file as it may be shown to who looked for it.
func (s *Service) veiled(tx *tenants.Tx, who actor.Actor, f File) (File, error) {
	shut, err := s.Shut(tx, who, f.ID)
	if err != nil || !shut {
		return f, err
	}
	return Masked(f), nil
}

// keeps says which of the files the actor answers for.
func (s *Service) keeps(tx *tenants.Tx, who actor.Actor, files []shutFile) (map[string]bool, error) {
	keeps := make(map[string]bool, len(files))
	if len(files) == 0 {
		return keeps, nil
	}
	ids := make([]string, len(files))
	for i := range files {
		ids[i] = files[i].id
	}
	if s.Keepers != nil {
		var err error
		if keeps, err = s.Keepers(tx, who, ids); err != nil {
			return nil, err
		}
	}
	for i := range files {
		if who.Can(access.RestrictFile) && who.UnitID != "" && files[i].unit == who.UnitID {
			keeps[files[i].id] = true
		}
	}
	return keeps, nil
}

// Veil is which people of a municipality lists must not name to an actor. The
// zero Veil hides nobody.
type Veil struct {
	files   map[string]bool
	holders map[string]bool
}

// Veil reads which files are shut for the actor. A municipality has few that are
// restricted, and most have none: then it costs one look into an empty index.
func (s *Service) Veil(tx *tenants.Tx, who actor.Actor) (Veil, error) {
	shut, err := shutFiles(tx, who.UserID)
	if err != nil {
		return Veil{}, err
	}
	return s.veil(tx, who, shut)
}

// VeilOver is Veil over these people alone: what a page that names few of them
// asks, however many are restricted.
func (s *Service) VeilOver(tx *tenants.Tx, who actor.Actor, runs []RUN) (Veil, error) {
	if len(runs) == 0 {
		return Veil{}, nil
	}
	shut, err := shutOf(tx, who.UserID, runs)
	if err != nil {
		return Veil{}, err
	}
	return s.veil(tx, who, shut)
}

// veil takes out the files that the actor answers for.
func (s *Service) veil(tx *tenants.Tx, who actor.Actor, shut []shutFile) (Veil, error) {
	if len(shut) == 0 {
		return Veil{}, nil
	}
	keeps, err := s.keeps(tx, who, shut)
	if err != nil {
		return Veil{}, err
	}
	v := Veil{files: make(map[string]bool, len(shut)), holders: make(map[string]bool, len(shut))}
	for i := range shut {
		if f := &shut[i]; !keeps[f.id] {
			v.files[f.id] = true
			v.holders[File{RUN: f.run, ProvisionalID: f.provisional}.Holder()] = true
		}
	}
	return v, nil
}

// Hides reports whether the file with the id is shut.
func (v Veil) Hides(fileID string) bool { return v.files[fileID] }

// HidesHolder is Hides by the key under which the person's benefits are kept.
func (v Veil) HidesHolder(holder string) bool { return v.holders[holder] }

// Empty reports whether nobody is hidden.
func (v Veil) Empty() bool { return len(v.files) == 0 }

// File gives the file as a list may show it.
func (v Veil) File(f File) File {
	if v.Hides(f.ID) {
		return Masked(f)
	}
	return f
}

// Name gives a name of a file as a list may show it.
func (v Veil) Name(ctx context.Context, fileID, name string) string {
	if v.Hides(fileID) {
		return i18n.T(ctx, "people.restricted.masked")
	}
	return name
}

// Member gives the name of somebody who stands in another person's file, by the
// key under which the own benefits are kept.
func (v Veil) Member(ctx context.Context, holder, name string) string {
	if name != "" && v.HidesHolder(holder) {
		return i18n.T(ctx, "people.restricted.masked")
	}
	return name
}

// VeiledAdvice stands where something of such a person would stand in a list.
func VeiledAdvice(ctx context.Context) string { return i18n.T(ctx, "people.restricted.masked_advice") }

// found gives of those whom a search found what may be shown: one who is shut is
// named by nothing, and is there at all only for somebody who typed what tells
// that person from all others. A name of two words does; its beginning, or one
// like it, would let anybody try out who is protected.
func (v Veil) found(list []Found, words []string) []Found {
	if v.Empty() {
		return list
	}
	kept := list[:0]
	for _, f := range list {
		if v.Hides(f.File.ID) {
			if f.By == ByLikeName || f.By == ByName && !wholeName(f.File, words) {
				continue
			}
			f.File = Masked(f.File)
		}
		kept = append(kept, f)
	}
	return kept
}

// wholeName reports whether at least two words of a name were typed, and none
// that is not in it.
func wholeName(f File, words []string) bool {
	n := 0
	for _, w := range words {
		if !isYear(w) {
			n++
		}
	}
	exact, _ := parted([]File{f}, words)
	return n >= 2 && len(exact) == 1
}
