package document

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// See says whether the actor may do something with an owner: nil, fault.NotFound
// for one that it may not know of, fault.Forbidden or fault.Conflict otherwise.
type See func(tx *tenants.Tx, who actor.Actor, ownerID string) error

// Keeper is a room on whose things papers hang.
type Keeper struct {
	// See says whether the actor may see the thing, and its papers with it.
	See See
	// Hand says whether the actor, who sees it, may hand papers in for it and change
	// and remove them; nil: nobody may on the pages of papers.
	Hand See
	// Tell says what the thing is, in the language of the transaction's context;
	// nil: it has no name of its own.
	Tell func(tx *tenants.Tx, who actor.Actor, ownerID string) (Told, error)
	// Most is how many papers hang on one; 0 is 50.
	Most int
}

// Told is what a page says of an owner.
type Told struct {
	FileID string
	Text   string // "Visita domiciliaria del 12-11-2026"
	Href   string // its page
}

func (k Keeper) see(tx *tenants.Tx, who actor.Actor, id string) error {
	if k.See == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return k.See(tx, who, id)
}

func (k Keeper) hand(tx *tenants.Tx, who actor.Actor, id string) error {
	if err := k.see(tx, who, id); err != nil {
		return err
	}
	if k.Hand == nil {
		return fault.New(fault.Forbidden, "document.error.not_yours")
	}
	return k.Hand(tx, who, id)
}

// tell gives the words of an owner; of the file and of what has no words, none.
func (k Keeper) tell(tx *tenants.Tx, who actor.Actor, id string) (Told, error) {
	if k.Tell == nil {
		return Told{}, nil
	}
	return k.Tell(tx, who, id)
}

// mostOfOwner is how many documents hang on one thing, those out of sight too.
const mostOfOwner = 50

// Room answers fault.Invalid, about the field file, when nothing more can hang on
// the owner. Who takes a file asks before it arrives: what cannot become a
// document is not worth its place on the disk.
func (s *Service) Room(tx *tenants.Tx, owner Owner) error {
	most := s.Owners[owner.Kind].Most
	if most == 0 {
		most = mostOfOwner
	}
	n, err := countOf(tx, owner)
	if err == nil && n >= most {
		err = fault.InvalidFields(fault.Field{Name: "file", Key: "document.error.many", Args: map[string]any{"Max": most}})
	}
	return err
}

// circle remembers, for one page, what the actor may do with each owner on it.
type circle struct {
	service *Service
	tx      *tenants.Tx
	who     actor.Actor
	known   map[Owner]standing
}

// standing is how the actor stands to an owner.
type standing struct {
	sees, hands bool
	told        Told
}

func (s *Service) circle(tx *tenants.Tx, who actor.Actor) *circle {
	return &circle{service: s, tx: tx, who: who, known: map[Owner]standing{}}
}

// of gives how the actor stands to an owner.
func (c *circle) of(owner Owner) (st standing, err error) {
	if st, ok := c.known[owner]; ok {
		return st, nil
	}
	keeper := c.service.Owners[owner.Kind]
	if st.sees, err = allows(keeper.see(c.tx, c.who, owner.ID)); err != nil || !st.sees {
		c.known[owner] = st
		return st, err
	}
	if st.hands, err = allows(keeper.hand(c.tx, c.who, owner.ID)); err != nil {
		return st, err
	}
	if st.told, err = keeper.tell(c.tx, c.who, owner.ID); err != nil {
		return st, err
	}
	c.known[owner] = st
	return st, nil
}

// allows tells a refusal from trouble.
func allows(err error) (bool, error) {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil, err
}
