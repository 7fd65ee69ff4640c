package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/people"
)

// Of the households of a place, how many the office's old register may name.
const registerHeads = 400

// register loads what the office gave before it had this program: the kind of
// file that it kept, through the import that it would use.
func (s *Stage) register(ctx context.Context, who actor.Actor, heads []people.RUN, seed uint64) error {
	items, err := s.Catalogue.Items(ctx, who)
	if err != nil {
		return err
	}
	var aid []*catalogue.Item
	for _, it := range items {
		if it.Category == "E" || it.Category == "F" {
			aid = append(aid, it)
		}
	}
	text := s.registerCSV(aid, heads[:min(len(heads), registerHeads)], seed)
	file := sheet.NewFile("registro.csv", bytes.NewReader(text), int64(len(text)))
	console := access.Console()
	_, err = s.Benefit.Import(ctx, console, who.Municipality, file, benefit.ImportOptions{Catalogue: benefit.NamesOf(items)})
	return err
}

func (s *Stage) registerCSV(aid []*catalogue.Item, heads []people.RUN, seed uint64) []byte {
	var text bytes.Buffer
	text.WriteString("RUT;Beneficio;Tipo;Fecha entrega;Cantidad;Monto;Decreto\n")
	today := calendar.On(s.Clock.Now())
	for _, run := range heads {
		luck := rand.New(rand.NewPCG(seed, uint64(run.Body())+1)) //nolint:gosec // stories need no secrets
		if luck.IntN(5) > 1 {
			continue
		}
		for range 1 + luck.IntN(3) {
			it := aid[luck.IntN(len(aid))]
			kind := map[string]string{"E": "especie", "F": "dinero"}[it.Category]
			on := today.AddDays(-daysOfStories - 5 - luck.IntN(580))
			fmt.Fprintf(&text, "%s;%s;%s;%s;1;%d;%d/%d\n", run, it.Name, kind, on.Chilean(), it.Reference, 100+luck.IntN(3900), on.Year())
		}
	}
	return text.Bytes()
}
