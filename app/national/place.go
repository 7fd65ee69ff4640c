package national

import (
	"slices"
	"strings"

	"gsl/app/kit/sheet"
	"gsl/app/kit/territory"
)

// The kinds of what can be provisioned, as the files keep them.
const (
	KindMunicipality = "municipality"
	KindRegional     = "regional_delegation"
	KindProvincial   = "provincial_delegation"
)

// Place is somebody who can have a file of their own: one of the 345
// municipalities, or the presidential delegation of a region or a province.
type Place struct {
	Code       string // CUT: five digits of a commune, three of a province, two of a region
	Name       string
	Kind       string
	RegionCode string
	Region     string
	Province   string
	Communes   []string // CUT codes of its territory
}

// PlaceOf gives the place of a CUT code: of a commune, the municipality that
// runs it; of a province or a region, its delegation.
func PlaceOf(code string) (Place, bool) {
	switch len(code) {
	case 5:
		m, ok := territory.MunicipalityOf(code)
		if !ok {
			return Place{}, false
		}
		return municipality(m), true
	case 3:
		return delegation(KindProvincial, code)
	case 2:
		return delegation(KindRegional, code)
	}
	return Place{}, false
}

func municipality(m territory.Municipality) Place {
	c, _ := territory.ByCode(m.Code)
	slices.Sort(m.Communes)
	return Place{Code: m.Code, Name: m.Name, Kind: KindMunicipality, RegionCode: c.RegionCode, Region: c.Region, Province: c.Province, Communes: m.Communes}
}

func delegation(kind, code string) (Place, bool) {
	p := Place{Code: code, Kind: kind}
	for _, c := range territory.Communes() {
		if kind == KindRegional && c.RegionCode != code || kind == KindProvincial && c.ProvinceCode != code {
			continue
		}
		p.RegionCode, p.Region = c.RegionCode, c.Region
		p.Communes = append(p.Communes, c.Code)
		p.Name = "Delegación Presidencial Regional " + strings.TrimPrefix(c.Region, "Región ")
		if kind == KindProvincial {
			p.Province, p.Name = c.Province, "Delegación Presidencial Provincial de "+c.Province
		}
	}
	return p, len(p.Communes) > 0
}

// Municipalities lists the 345 by code.
func Municipalities() []Place {
	list := make([]Place, 0, 345)
	for _, m := range territory.Municipalities() {
		list = append(list, municipality(m))
	}
	return list
}

// Delegations lists those of the regions, then those of the provinces, by code.
func Delegations() []Place {
	var regions, provinces []string
	for _, c := range territory.Communes() {
		regions, provinces = append(regions, c.RegionCode), append(provinces, c.ProvinceCode)
	}
	var list []Place
	for _, codes := range [][]string{regions, provinces} {
		slices.Sort(codes)
		for _, code := range slices.Compact(codes) {
			p, _ := PlaceOf(code)
			list = append(list, p)
		}
	}
	return list
}

// search is what the list finds a place by.
func (p *Place) search() string {
	return sheet.Fold(p.Name) + " " + p.Code + " " + sheet.Fold(p.Province) + " " + sheet.Fold(p.Region)
}
