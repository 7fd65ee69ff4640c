package document

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	views "gsl/templates/document"
	"gsl/tenants"
)

// atPanel says in a form that it stands on the page of what the papers are for.
const atPanel = "panel"

// Panel is the papers of one thing with the form that hands more in, for the page
// of that thing, which has left the trail of the view:
//
//	panel, err := documents.Panel(tx, who, document.Owner{Kind: document.OfAVisit, ID: v.ID}, document.Photo)
//	@document.PapersPanel(panel)
//
// preset is the kind that the form proposes. The owner's Keeper says who sees the
// papers and who may hand some in. The texts are in the language of the
// transaction's context.
func (s *Service) Panel(tx *tenants.Tx, who actor.Actor, owner Owner, preset Kind) (views.Panel, error) {
	return s.panel(tx, who, owner, &typed{kind: string(preset)})
}

func (s *Service) panel(tx *tenants.Tx, who actor.Actor, owner Owner, again *typed) (views.Panel, error) {
	st, err := s.circle(tx, who).of(owner)
	if err != nil || !st.sees {
		return views.Panel{}, err
	}
	list, err := Of(tx, owner)
	if err != nil {
		return views.Panel{}, err
	}
	return presentPanel(tx.Context(), owner, &st, list, again), nil
}

// PanelAgain is the panel by itself, after something was handed in; the view is in
// the trail when it returns. fault.NotFound: the owner is of another file than the
// path says, before whose glass nobody stood.
func (s *Service) PanelAgain(ctx context.Context, who actor.Actor, fileID string, owner Owner, again *typed) (v views.Panel, err error) {
	why, told := "", Told{}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if told, err = s.told(tx, who, owner); err != nil {
			return err
		}
		if told.FileID != fileID {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		if s.Why != nil {
			if why, err = s.Why(tx, who, told.FileID); err != nil {
				return err
			}
		}
		v, err = s.panel(tx, who, owner, again)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Focus = len(again.errs) == 0
	return v, audit.Looked(ctx, who, audit.View{File: told.FileID, What: "documents", Why: why})
}

// Told says what an owner is; fault.NotFound for one that the actor may not see.
func (s *Service) Told(ctx context.Context, who actor.Actor, owner Owner) (told Told, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		told, err = s.told(tx, who, owner)
		return err
	})
	return told, err
}

func (s *Service) told(tx *tenants.Tx, who actor.Actor, owner Owner) (Told, error) {
	keeper := s.Owners[owner.Kind]
	if err := keeper.see(tx, who, owner.ID); err != nil {
		return Told{}, err
	}
	return keeper.tell(tx, who, owner.ID)
}

// Known gives a document that the actor may know of, also one out of sight: what
// is said of it, for a page that leaves the trail.
func (s *Service) Known(ctx context.Context, who actor.Actor, id string) (d Document, err error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return d, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		d, err = s.known(tx, who, id)
		return err
	})
	return d, err
}
