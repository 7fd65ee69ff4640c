package attention

import (
	"context"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Explain notes that an item of the catalogue was explained to the person, with
// what it asks for and whom to turn to as they are today; on false takes it
// back. Explaining is attending: without an open attention it opens one.
// fault.NotFound: no such file or item.
func (s *Service) Explain(ctx context.Context, who actor.Actor, fileID, code string, on bool) error {
	if err := may(who, access.Attend); err != nil {
		return err
	}
	it, err := s.catalogue.Item(ctx, who, code)
	if err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		if on {
			return s.explain(tx, who, fileID, it)
		}
		return s.takeBack(tx, who, fileID, code)
	})
}

func (s *Service) explain(tx *tenants.Tx, who actor.Actor, fileID string, it *catalogue.Item) error {
	id, err := s.Open(tx, who, fileID)
	if err != nil {
		return err
	}
	told := Explained{Code: it.Code, Name: it.Name, Provider: it.Provider, Contact: it.Contact, Requirements: it.Requirements}
	if told.Contact == "" && s.Contact != nil {
		if told.Contact, err = s.Contact(tx, it.Provider); err != nil {
			return err
		}
	}
	isNew, err := explain(tx, who, id, &told)
	if err != nil || !isNew {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "attention.explain", Object: id, File: fileID, Detail: map[string]string{"item": it.Code}})
}

func (s *Service) takeBack(tx *tenants.Tx, who actor.Actor, fileID, code string) error {
	id, err := openID(tx, desk(who), fileID)
	if err != nil || id == "" {
		return err
	}
	was, err := takeBack(tx, id, code)
	if err != nil || !was {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "attention.take_back", Object: id, File: fileID, Detail: map[string]string{"item": code}})
}

// Explained gives the codes of what was explained in the desk's open attention
// of the file. It is the catalogue's hook.
func (s *Service) Explained(ctx context.Context, who actor.Actor, fileID string) (map[string]bool, error) {
	if err := may(who, access.ReadFile); err != nil {
		return nil, err
	}
	codes := map[string]bool{}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		id, err := s.Why(tx, who, fileID)
		if err != nil || id == "" {
			return err
		}
		list, err := explainedIn(tx, id)
		for i := range list {
			codes[list[i].Code] = true
		}
		return err
	})
	return codes, err
}

// Begin opens an attention of the file at the actor's desk, or goes on with the
// open one. fault.NotFound: no such file.
func (s *Service) Begin(ctx context.Context, who actor.Actor, fileID string) error {
	if err := may(who, access.Attend); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		_, err := s.Open(tx, who, fileID)
		return err
	})
}

// OpenOf gives the id of the open attention of the actor's desk, "" for none.
// fault.NotFound: no such file.
func (s *Service) OpenOf(ctx context.Context, who actor.Actor, fileID string) (id string, err error) {
	if err := may(who, access.Attend); err != nil {
		return "", err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		id, err = openID(tx, desk(who), fileID)
		return err
	})
	return id, err
}

// Bar gives the bar of a file's pages as it is now.
func (s *Service) Bar(ctx context.Context, who actor.Actor, fileID string) (*layout.Attention, error) {
	var v *layout.Attention
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		b, err := barOf(tx, desk(who), fileID)
		v = presentBar(tx.Context(), b, fileID, tx.Now)
		return err
	})
	return v, err
}
