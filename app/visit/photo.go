package visit

import (
	"context"
	"errors"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Photo is a picture that a form brought.
type Photo struct {
	document.File
	Name string
	Size int64
}

// Photograph keeps a photo of a visit, also of one that was recorded already: it
// may take a while until pictures leave the telephone. The same picture twice is
// there once. fault.Invalid names the field photo.
func (s *Service) Photograph(ctx context.Context, who actor.Actor, id string, p Photo) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	owner := document.Owner{Kind: DocumentsOwner, ID: id}
	room := func(tx *tenants.Tx) error {
		v, err := ByID(tx, id)
		if err == nil && v.Status == Cancelled {
			err = fault.New(fault.Conflict, "visit.error.over")
		}
		if err != nil {
			return err
		}
		return s.documents.Room(tx, owner)
	}
	if err := who.Municipality.View(ctx, room); err != nil {
		return ofPhoto(err)
	}
	content, err := s.documents.Arrive(ctx, who.Municipality, p.Name, p.File, p.Size)
	if err != nil {
		return ofPhoto(err)
	}
	if !(&document.Document{Type: content.Type}).Image() {
		return fault.InvalidField("photo", "visit.error.photo") // what arrived is nobody's, and swept
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := room(tx); err != nil {
			return err
		}
		v, err := ByID(tx, id)
		if err != nil {
			return err
		}
		_, err = s.documents.Attach(tx, who, document.New{Content: content, Owner: owner, FileID: v.FileID, Kind: document.Photo, Name: p.Name})
		return err
	})
	return ofPhoto(err)
}

// ofPhoto names what is wrong with a file as this form does.
func ofPhoto(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var list []fault.Field
	for _, f := range fieldsOf(err) {
		f.Name = "photo"
		list = append(list, f)
	}
	return fault.InvalidFields(list...)
}

// SeeDocuments says whether the actor may see what hangs on a visit; document
// asks it.
func (s *Service) SeeDocuments(tx *tenants.Tx, who actor.Actor, id string) error {
	if !who.Can(access.ReadCasework) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	_, err := ByID(tx, id)
	return err
}

func fieldsOf(err error) []fault.Field {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
