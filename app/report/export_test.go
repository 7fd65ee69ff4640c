package report

import (
	"context"
	"errors"
	"strings"
	"time"
)

// BrokenSigner is a service of signatures that does not answer.
type BrokenSigner struct{}

// Sign fails.
func (BrokenSigner) Sign(context.Context, Unsigned) (Seal, error) { return Seal{}, errors.New("down") }

// SixPages is an issued report of six pages.
func SixPages() Sheet {
	f := Frozen{Unit: "Asistencia Social", SignedAt: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), Author: FrozenAuthor{Name: "Camila Rojas", Profession: "Trabajadora social"}}
	c := &f.Content
	c.Purpose, c.Person = Purpose{Name: "Salud", Addressee: "DIDECO"}, Identification{Name: "María González", Number: "12.345.678-5", Age: 46}
	for range 15 {
		c.Household.Members = append(c.Household.Members, Member{ID: "1", Name: "Persona de Nombre Largo", RUN: "12.345.678-5", Born: "01-02-2001", Relationship: "hijo/a"})
	}
	c.Opinion.Text = strings.Repeat("El hogar enfrenta una disminución de sus ingresos que no le permite cubrir alimentación y servicios básicos.\n", 160)
	c.Requests.List = []Request{{ID: "1", Text: "Canasta de alimentos."}}
	return Sheet{Frozen: f, Report: Report{State: Issued, Year: 2026, Number: 7, UnitName: "Asistencia Social",
		Signature: Signature{At: f.SignedAt, Digest: strings.Repeat("a", 64), Code: "05802-7KQ4-M2XP-9T3D"}}}
}
