package people

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// door is how the door of a file stands for an actor.
type door struct {
	file, user string
	restricted bool
	shut       bool
	until      time.Time // the actor has the glass open until then; zero for no glass
	at         time.Time // when that was read
}

type doorKey struct{}

// passHolds is how long after the edge has asked a page need not ask again. It is
// more than a page takes to begin, and less than a slow upload does: a file that
// is marked meanwhile is shut when the page is made.
const passHolds = time.Second

// Shut reports whether a file is restricted and the actor has to open the glass
// before seeing anything of it.
func (s *Service) Shut(tx *tenants.Tx, who actor.Actor, fileID string) (bool, error) {
	d, err := s.readDoor(tx, who, fileID)
	return d.shut, err
}

// Guard answers fault.Forbidden, with the way to the glass, for a file that is
// shut for the actor.
func (s *Service) Guard(tx *tenants.Tx, who actor.Actor, fileID string) error {
	_, err := s.door(tx, who, fileID)
	return err
}

// Pass is Guard at the edge, before every route that carries the id of a file or of
// something of a file. The context it gives spares the page of the same request to
// read the same again.
func (s *Service) Pass(tx *tenants.Tx, who actor.Actor, fileID string) (context.Context, error) {
	d, err := s.door(tx, who, fileID)
	if err != nil {
		return nil, err
	}
	return context.WithValue(tx.Context(), doorKey{}, &d), nil
}

// door gives the door of a file that is open to the actor, from the edge's answer
// when that is about the same; else an error that leads to the glass.
func (s *Service) door(tx *tenants.Tx, who actor.Actor, fileID string) (door, error) {
	if d, ok := tx.Context().Value(doorKey{}).(*door); ok && d.file == fileID && d.user == who.UserID && tx.Now.Sub(d.at) < passHolds {
		return *d, nil
	}
	d, err := s.readDoor(tx, who, fileID)
	if err == nil && d.shut {
		err = fault.Behind("/files/"+fileID+"/glass", "people.glass.is_shut")
	}
	return d, err
}

func (s *Service) readDoor(tx *tenants.Tx, who actor.Actor, fileID string) (door, error) {
	d := door{file: fileID, user: who.UserID, at: tx.Now}
	unit, restricted, err := restrictedBy(tx, fileID)
	if err != nil || !restricted {
		return d, err
	}
	d.restricted = true
	o, open, err := openGlass(tx, fileID, who.UserID)
	if err != nil || open {
		d.until = o.Until
		return d, err
	}
	keeps, err := s.keeps(tx, who, []shutFile{{id: fileID, unit: unit}})
	d.shut = !keeps[fileID]
	return d, err
}
