package benefit

import (
	"cmp"
	"slices"
	"strings"

	"gsl/app/catalogue"
	"gsl/app/kit/sheet"
)

// CatalogueName is an item of the catalogue as far as the names of an old
// register are held against it.
type CatalogueName struct {
	Code        string
	Name        string
	Category    string // only E (in kind) and F (money) are looked at
	Subcategory string
	Unit        string
	Provider    string
}

// NamesOf gives the names of a catalogue's items.
func NamesOf(items []*catalogue.Item) []CatalogueName {
	list := make([]CatalogueName, 0, len(items))
	for _, it := range items {
		list = append(list, CatalogueName{Code: it.Code, Name: it.Name, Category: it.Category, Subcategory: it.Subcategory, Unit: it.Unit, Provider: it.Provider})
	}
	return list
}

const (
	inKindCategory = catalogue.InKind
	cashCategory   = catalogue.CashGrant
	// cashPrefix is how the catalogue calls the money for a thing: the rest of
	// the name is the thing's own.
	cashPrefix = "aporte para "
)

// names finds the item that a name of the register stands for.
type names struct {
	list   []CatalogueName
	byCode map[string]*CatalogueName
	twins  map[string]*twins // by the thing's folded name
	given  map[string]string // folded name → code, as the importer was told
}

// twins are the same thing, handed over or as money to buy it.
type twins struct{ inKind, cash *CatalogueName }

func newNames(list []CatalogueName, given map[string]string) *names {
	n := &names{list: list, byCode: map[string]*CatalogueName{}, twins: map[string]*twins{}, given: map[string]string{}}
	for i := range list {
		item := &list[i]
		n.byCode[item.Code] = item
		pair := n.pair(item.Name)
		switch item.Category {
		case inKindCategory:
			pair.inKind = item
		case cashCategory:
			pair.cash = item
		}
	}
	for name, code := range given {
		n.given[sheet.Fold(name)] = code
	}
	return n
}

func thing(name string) string { return strings.TrimPrefix(sheet.Fold(name), cashPrefix) }

func (n *names) pair(name string) *twins {
	key := thing(name)
	if n.twins[key] == nil {
		n.twins[key] = &twins{}
	}
	return n.twins[key]
}

// unknown gives the codes that the importer was told and the catalogue does not have.
func (n *names) unknown() []string {
	var list []string
	for _, code := range n.given {
		if n.byCode[code] == nil {
			list = append(list, code)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// find gives the item for a name, or nil. The kind decides between twins;
// without one, the name does. A code in the file counts when the catalogue has it.
func (n *names) find(code, name, kind string) *CatalogueName {
	item := n.byCode[code]
	if told := n.given[sheet.Fold(name)]; told != "" {
		item = n.byCode[told]
	}
	if item != nil {
		name = item.Name
	}
	pair := n.twins[thing(name)]
	if pair == nil {
		return item
	}
	if kind == "" && strings.HasPrefix(sheet.Fold(name), cashPrefix) {
		kind = Cash
	}
	if kind == Cash {
		return cmp.Or(pair.cash, pair.inKind)
	}
	return cmp.Or(pair.inKind, pair.cash)
}

// everyday are words that registers use for what the catalogue calls otherwise.
// They only bring a name nearer: what it stands for is for people to say.
var everyday = map[string]string{
	"remedio": "medicamentos", "remedios": "medicamentos", "farmacia": "medicamentos", "mercaderia": "canasta alimentos", "viveres": "canasta alimentos",
	"caja": "canasta", "familiar": "alimentos", "luz": "electricidad", "balon": "gas", "cilindro": "gas", "parafina": "calefaccion", "estufa": "calefaccion",
	"funeral": "funerario", "entierro": "sepultura", "nicho": "sepultura", "anteojos": "lentes", "colchon": "colchones", "cama": "camas", "camarote": "camarotes",
	"zinc": "materiales construccion", "planchas": "materiales construccion", "carnet": "cedula identidad", "carne": "cedula identidad", "bus": "pasajes",
	"pasaje": "pasajes", "cuna": "ajuar", "bebe": "ajuar", "vestuario": "ropa", "mochila": "utiles escolares", "cuadernos": "utiles escolares",
	"beca": "matricula arancel", "panal": "panales", "silla": "ayudas tecnicas", "ruedas": "ayudas tecnicas", "bastones": "ayudas tecnicas", "ecografia": "examenes", "arriendos": "arriendo",
}

// filler are words that say nothing about the thing.
var filler = map[string]bool{
	"de": true, "del": true, "la": true, "el": true, "los": true, "las": true, "y": true, "o": true, "e": true, "en": true, "para": true, "por": true, "con": true,
	"aporte": true, "ayuda": true, "vale": true, "entrega": true, "otro": true, "apoyo": true, "social": true,
}

// nearest gives the n items of the kind whose names come nearest.
func (n *names) nearest(name, kind string, count int) []CatalogueName {
	category := inKindCategory
	if kind == Cash {
		category = cashCategory
	}
	type scored struct {
		item  CatalogueName
		score int
	}
	asked := tokens(name)
	var list []scored
	for _, item := range n.list {
		if item.Category == category {
			if score := similarity(asked, tokens(item.Name)); score > 0 {
				list = append(list, scored{item, score})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return b.score - a.score })
	var out []CatalogueName
	for _, s := range list[:min(count, len(list))] {
		out = append(out, s.item)
	}
	return out
}

// tokens are the words of a name that say something, with everyday words said
// as the catalogue says them.
func tokens(name string) []string {
	var list []string
	for _, word := range strings.Fields(sheet.Fold(name)) {
		switch {
		case everyday[word] != "":
			list = append(list, strings.Fields(everyday[word])...)
		case !filler[word]:
			list = append(list, word)
		}
	}
	return list
}

// similarity is 0 to 100: how well each asked word is found among the item's,
// less a little for words of the item that nobody asked for.
func similarity(asked, item []string) int {
	if len(asked) == 0 || len(item) == 0 {
		return 0
	}
	sum := 0
	for _, word := range asked {
		best := 0
		for _, other := range item {
			best = max(best, alike(word, other))
		}
		sum += best
	}
	score := sum / len(asked)
	if score < 40 {
		return 0
	}
	return score - 2*max(0, len(item)-len(asked))
}

// alike is 0 to 100: the same word, one that begins another ("serv" and
// "servicio"), or one in which at most every fourth letter differs.
func alike(a, b string) int {
	if a == b {
		return 100
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 3 && strings.HasPrefix(long, short) {
		return 85
	}
	distance := editDistance(short, long)
	if len(short) < 4 || 4*distance > len(long) {
		return 0
	}
	return 100 - 100*distance/len(long)
}

// editDistance counts the letters to insert, delete or change.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		above := row[0] // row[j] of the line before, one to the left
		row[0] = i + 1
		for j := range len(b) {
			change := above
			if a[i] != b[j] {
				change++
			}
			above = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
