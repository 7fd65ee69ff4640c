package referral

import (
	"context"
	"math/rand/v2"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// synthetic is what made-up referrals ask for: where they go, and how often.
var synthetic = []struct {
	Asked
	unit, unitName string
	kind           UnitKind
	share          int
}{
	{Asked{Code: "A501", Name: "Ingreso al Registro Social de Hogares", Category: "A", Provider: "Registro Social de Hogares"}, "rsh", "Registro Social de Hogares", Integrated, 30},
	{Asked{Code: "A106", Name: "Actualización del módulo ocupación e ingresos", Category: "A", Provider: "Registro Social de Hogares"}, "rsh", "Registro Social de Hogares", Integrated, 30},
	{Asked{Code: "D101", Name: "Subsidio Único Familiar (SUF)", Category: "D", Provider: "Subsidios Sociales"}, "subsidies", "Subsidios Sociales", Integrated, 20},
	{Asked{Code: "", Name: "Atención de casos", Category: "D", Provider: "Asistencia Social"}, "social", "Asistencia Social", Integrated, 10},
	{Asked{Code: "D201", Name: "Vivienda (EGIS municipal)", Category: "D", Provider: "Vivienda (EGIS municipal)"}, "vivienda", "Vivienda (EGIS municipal)", Municipal, 10},
}

// syntheticStates are how made-up referrals stand: most are over.
var syntheticStates = []struct {
	State
	share int
}{{Sent, 4}, {Received, 4}, {InProgress, 6}, {Waiting, 4}, {Answered, 6}, {Closed, 70}, {Returned, 1}, {Cancelled, 5}}

// Synthesize fills a municipality's file with n made-up referrals of the given
// case files, for measurements; the same seed makes the same ones. They tell
// nobody and leave no trail.
func Synthesize(ctx context.Context, m *tenants.Municipality, fileIDs []string, n int, seed uint64) error {
	draw := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // made-up data, not secrets
	made, number := 0, 0
	return m.Bulk(ctx, func(tx *tenants.Tx) (more bool, err error) {
		if made == 0 {
			if number, err = nextNumber(tx, calendar.On(tx.Now).Year()); err != nil {
				return false, err
			}
		}
		for range min(5000, n-made) {
			r := madeUp(tx, draw, fileIDs[made%len(fileIDs)], number+made)
			begun := r
			begun.State = Sent
			if err := insertReferral(tx, &begun, ""); err != nil {
				return false, err
			}
			if err := saveProgress(tx, &r); err != nil {
				return false, err
			}
			made++
		}
		return made < n, nil
	})
}

func madeUp(tx *tenants.Tx, draw *rand.Rand, fileID string, number int) Referral {
	what := synthetic[pick(draw, len(synthetic), func(i int) int { return synthetic[i].share })]
	state := syntheticStates[pick(draw, len(syntheticStates), func(i int) int { return syntheticStates[i].share })].State
	age := time.Duration(draw.IntN(12*24)) * time.Hour
	if !state.Open() {
		age = time.Duration(draw.IntN(400*24)) * time.Hour
	}
	made := tx.Now.Add(-age)
	r := Referral{ID: tx.NewID(), FileID: fileID, Year: calendar.On(tx.Now).Year(), Number: number, Origin: "front_desk", CreatedBy: "synthetic",
		CreatedByName: "Persona sintética", CreatedAt: made, Unit: what.unit, UnitName: what.unitName, Kind: what.kind, Asked: what.Asked,
		Source: FromAttention, State: state, Promise: 5, Due: calendar.On(made).AddDays(7), Version: 1, ChangedAt: made}
	switch state {
	case Waiting:
		r.WaitingFor, r.WaitingSince = Documents, made
	case Answered, Closed:
		r.Outcome, r.AnsweredAt, r.AnsweredByName = Granted, made.Add(48*time.Hour), "Persona sintética"
	case Returned, Cancelled:
		r.ReasonCode, r.Reason = OtherReason, "Motivo sintético"
	}
	return r
}

// pick draws an index by its share.
func pick(draw *rand.Rand, n int, share func(int) int) int {
	all := 0
	for i := range n {
		all += share(i)
	}
	at := draw.IntN(all)
	for i := range n {
		if at -= share(i); at < 0 {
			return i
		}
	}
	return n - 1
}
