package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"gsl/app/people"
)

// tableFile is a made-up extract of the registries: the same rows each time.
type tableFile struct {
	name       string
	commune    string
	households int
	benefits   bool
}

// The extracts: people at two sizes, to see that memory does not grow with the
// file; benefits; and a commune that is loaded while people work.
var (
	peopleSmall  = tableFile{name: "people-50000.csv", commune: "05802", households: 50_000}
	peopleFile   = tableFile{name: "people-200000.csv", commune: "05802", households: 200_000}
	benefitsFile = tableFile{name: "benefits-200000.csv", commune: "05802", households: 200_000, benefits: true}
	rushFile     = tableFile{name: "people-rush.csv", commune: "13201", households: 200_000}
)

// registryFile gives the file, made the first time.
func (d *dataSets) registryFile(_ context.Context, t tableFile) (string, error) {
	return d.once(t.name, func(path string) (err error) {
		file, err := os.Create(path) //nolint:gosec // ours
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		w := bufio.NewWriterSize(file, 1<<20)
		t.write(w)
		return w.Flush()
	})
}

const (
	peopleHeader = "folio,run,given_names,surnames,birth_date,sex,nationality,relationship,is_head,tramo,income,education,student,health_insurance,pension," +
		"occupation,disability,dependency,carer,pregnant,phone,email,address,commune_code,dwelling_type,tenure,water,rooms,data_date\n"
	benefitsHeader = "run,benefit_code,benefit_name,provider,granted_on,amount_clp,quantity,unit\n"
)

// The first RUN bodies of the two communes: nobody of the demo has them.
var firstBody = map[string]uint32{"05802": 30_000_000, "13201": 60_000_000}

// write writes households of one to five people, three on average, whose RUNs
// come in no order, as they do in life.
func (t *tableFile) write(w io.Writer) {
	header := peopleHeader
	if t.benefits {
		header = benefitsHeader
	}
	_, _ = io.WriteString(w, header)                              // the buffer keeps its first error for Flush
	rng := rand.New(rand.NewPCG(uint64(firstBody[t.commune]), 7)) //nolint:gosec // made-up people
	n := uint32(0)
	for i := range t.households {
		folio := fmt.Sprintf("%s%07d", t.commune, i+1)
		size := 1 + i%5
		for place := range size {
			n++
			p := personOf(rng, firstBody[t.commune]+scatter(n), place)
			if t.benefits {
				p.writeBenefits(w)
			} else {
				p.write(w, folio, t.commune, i)
			}
		}
	}
}

// scatter puts the first million numbers into another order, each once.
func scatter(n uint32) uint32 { return n * 653_251 % 1_000_003 }

// person is one made-up member of a household.
type person struct {
	run             string
	given, surnames string
	birth, sex      string
	place           int // in the household: 0 is the head
	income          int
	draw            int
}

var (
	givenNames = []string{"María José", "Luis Alberto", "Camila Andrea", "José Miguel", "Rosa Elena", "Juan Carlos", "Ana Luisa", "Pedro Pablo", "Sofía", "Benjamín"}
	surnames   = []string{"González", "Muñoz", "Rojas", "Díaz", "Pérez", "Soto", "Contreras", "Silva", "Martínez", "Sepúlveda", "Morales", "Núñez", "Araya", "Ñanco"}
	relations  = []string{"jefe/a de hogar", "cónyuge o pareja", "hijo/a", "hijo/a", "nieto/a"}
	educations = []string{"básica incompleta", "básica completa", "media incompleta", "media completa", "técnica superior", "universitaria"}
	streets    = []string{"Calle Concepción", "Camino El Peumo", "Avenida República", "Pasaje Los Aromos", "Calle Palmira Romano"}
	tramos     = []int{40, 40, 40, 50, 60, 70, 80, 90, 100}
	national   = []struct {
		code, name string
		amount     int
	}{{"RIS-SUF", "Subsidio Único Familiar", 22007}, {"RIS-BCN", "Bono Control Niño Sano", 6000}, {"RIS-PGU", "Pensión Garantizada Universal", 224004}, {"RIS-AFP", "Aporte Familiar Permanente", 62500}}
)

func personOf(rng *rand.Rand, body uint32, place int) person {
	draw := rng.IntN(1 << 30)
	year := 1990 - draw%50
	if place > 1 {
		year = 2005 + draw%20
	}
	return person{run: people.RUNOf(body).String(), given: givenNames[draw%10], surnames: surnames[draw/7%14] + " " + surnames[draw/97%14],
		birth: fmt.Sprintf("%d-%02d-%02d", year, 1+draw/11%12, 1+draw/13%28), sex: "FM"[draw/3%2 : draw/3%2+1], place: place, income: draw / 17 % 40 * 20_000, draw: draw}
}

func (p *person) write(w io.Writer, folio, commune string, household int) {
	head := 0
	if p.place == 0 {
		head = 1
	}
	_, _ = fmt.Fprintf(w, "%s,%s,%s,%s,%s,%s,chilena,%s,%d,%d,%d,%s,%d,FONASA B,,trabaja,0,,0,0,+569%08d,,%s %d,%s,casa,arrendada con contrato,red pública,%d,2026-10-31\n",
		folio, p.run, p.given, p.surnames, p.birth, p.sex, relations[p.place], head, tramos[household%len(tramos)], p.income, educations[p.draw/5%6], p.place/3,
		p.draw%100_000_000, streets[household%len(streets)], household%2000, commune, 2+household%4)
}

// writeBenefits writes none to four benefits, each of a month of its own.
func (p *person) writeBenefits(w io.Writer) {
	for i := range p.draw % 5 {
		b := national[(p.draw+i)%len(national)]
		_, _ = fmt.Fprintf(w, "%s,%s,%s,IPS,%d-%02d-14,%d,1,pago\n", p.run, b.code, b.name, 2025+i%2, 1+p.draw/7%10, b.amount)
	}
}
