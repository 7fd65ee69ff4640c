// Package territory knows Chile's communes by their CUT code, and which
// municipality runs each: 345 municipalities for 346 communes, because Cabo de
// Hornos also runs Antártica.
package territory

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Commune is one commune with the province and region it lies in. Codes are
// those of the CUT: region two digits, province three, commune five.
type Commune struct {
	Code, Name             string
	ProvinceCode, Province string
	RegionCode, Region     string
}

// Municipality is who runs one or more communes. Its code and name are those of
// its first commune.
type Municipality struct {
	Code, Name string
	Communes   []string // CUT codes, its own first
}

//go:embed communes.csv
var table string

// runBy names the communes that have no municipality of their own.
var runBy = map[string]string{
	"12202": "12201", // Antártica, run by Cabo de Hornos
}

// aliases are the other ways in which people write a name.
var aliases = map[string]string{
	"Paihuano":  "04105",
	"La Calera": "05502",
	"Llay-Llay": "05703",
	"Llay Llay": "05703",
	"Aisén":     "11201",
	"Til Til":   "13303",
	"Til-Til":   "13303",
	"Trehuaco":  "16207",
}

type index struct {
	communes []Commune // by code
	byCode   map[string]int
	byName   map[string]string // folded name or alias → code
}

// The table is part of the binary and a test reads all of it, so a bad line is
// a broken build.
var load = sync.OnceValue(func() *index {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic("territory: " + err.Error())
	}
	ix := &index{byCode: map[string]int{}, byName: map[string]string{}}
	for _, r := range rows[1:] {
		ix.communes = append(ix.communes, Commune{RegionCode: r[0], Region: r[1], ProvinceCode: r[2], Province: r[3], Code: r[4], Name: r[5]})
	}
	slices.SortFunc(ix.communes, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	for i, c := range ix.communes {
		ix.byCode[c.Code] = i
		ix.byName[fold(c.Name)] = c.Code
	}
	for alias, code := range aliases {
		ix.byName[fold(alias)] = code
	}
	return ix
})

// Communes lists the 346 communes by code. The caller does not change the list.
func Communes() []Commune { return load().communes }

// ByCode gives the commune of a CUT code.
func ByCode(code string) (Commune, bool) {
	ix := load()
	i, ok := ix.byCode[code]
	if !ok {
		return Commune{}, false
	}
	return ix.communes[i], true
}

// ByName gives the commune of a name or alias, without regard to case, accents
// or hyphens.
func ByName(name string) (Commune, bool) { return ByCode(load().byName[fold(name)]) }

// Search lists the communes whose name, or alias, holds the words typed, those
// that begin with them first.
func Search(typed string) []Commune {
	typed = fold(typed)
	if typed == "" {
		return nil
	}
	rank := map[string]int{} // code → 1 begins with it, 2 holds it
	for name, code := range load().byName {
		switch {
		case strings.HasPrefix(name, typed):
			rank[code] = 1
		case rank[code] == 0 && strings.Contains(name, typed):
			rank[code] = 2
		}
	}
	var found []Commune
	for _, wanted := range []int{1, 2} {
		for _, c := range Communes() {
			if rank[c.Code] == wanted {
				found = append(found, c)
			}
		}
	}
	return found
}

// Municipalities lists the 345 municipalities by code.
func Municipalities() []Municipality {
	list := make([]Municipality, 0, len(Communes()))
	at := map[string]int{}
	for _, c := range Communes() {
		if runBy[c.Code] == "" {
			at[c.Code] = len(list)
			list = append(list, Municipality{Code: c.Code, Name: c.Name, Communes: []string{c.Code}})
		}
	}
	for commune, code := range runBy {
		m := &list[at[code]]
		m.Communes = append(m.Communes, commune)
	}
	return list
}

// MunicipalityOf gives the municipality that runs a commune.
func MunicipalityOf(commune string) (Municipality, bool) {
	code := commune
	if by := runBy[commune]; by != "" {
		code = by
	}
	c, ok := ByCode(code)
	if !ok {
		return Municipality{}, false
	}
	m := Municipality{Code: c.Code, Name: c.Name, Communes: []string{c.Code}}
	for other, by := range runBy {
		if by == code {
			m.Communes = append(m.Communes, other)
		}
	}
	return m, true
}

// fold writes a name without accents, hyphens, apostrophes or case.
func fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case (r == ' ' || r == '-') && b.Len() > 0:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
