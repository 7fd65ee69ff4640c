package national

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/i18n"
	views "gsl/templates/national"
	"gsl/templates/ui"
	"gsl/tenants"
)

// address is the list with a filter.
func (f Filter) address(path string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "region": f.Region, "status": f.Status, "health": f.Health, "sort": f.Sort, "after": f.After} {
		if value != "" && (name != "sort" || value != Sorts[0]) {
			q.Set(name, value)
		}
	}
	if f.Down {
		q.Set("down", "1")
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

const listPath = "/admin/municipalities"

func presentList(ctx context.Context, list *List, at time.Time) *views.List {
	f := list.Filter
	paged := f.After != ""
	next := f
	f.After, next.After = "", list.Next
	v := &views.List{Title: i18n.T(ctx, "national.list.title"), Checked: checked(ctx, at), CSV: f.address("/admin/municipalities.csv"),
		Count:   i18n.Tf(ctx, "national.list.count", map[string]any{"Count": len(list.Rows)}),
		Text:    ui.Input{Name: "q", Type: "search", Label: i18n.T(ctx, "national.list.q"), Value: f.Text, MaxLength: 80, Class: "grow"},
		Region:  ui.Input{Name: "region", Label: i18n.T(ctx, "national.column.region"), Value: f.Region},
		Regions: regionOptions(ctx), Chips: chips(ctx, f, list.Counts), Columns: columns(ctx, f), Hidden: hidden(f)}
	if list.Next != "" {
		v.Next = next.address(listPath)
	}
	if paged {
		v.First = f.address(listPath)
	}
	if f.Text != "" || f.Region != "" || f.Status != "" || f.Health != "" {
		v.Clear = Filter{Sort: f.Sort, Down: f.Down}.address(listPath)
	}
	v.Rows = make([]views.Row, len(list.Rows))
	words := newRowWords(ctx)
	for i := range list.Rows {
		words.row(&v.Rows[i], &list.Rows[i])
	}
	return v
}

// hidden are the parts of the filter that the search form keeps.
func hidden(f Filter) []views.Pair {
	var list []views.Pair
	for _, p := range []views.Pair{{Name: "status", Value: f.Status}, {Name: "health", Value: f.Health}, {Name: "sort", Value: f.Sort}} {
		if p.Value != "" {
			list = append(list, p)
		}
	}
	if f.Down {
		list = append(list, views.Pair{Name: "down", Value: "1"})
	}
	return list
}

func regionOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "national.list.all_regions")}}
	for _, p := range Delegations() {
		if p.Kind == KindRegional {
			list = append(list, ui.Option{Value: p.Code, Text: regionName(p.Code)})
		}
	}
	return list
}

func chips(ctx context.Context, f Filter, c Counts) []views.Chip {
	list := []views.Chip{{Text: i18n.T(ctx, "national.chip.all"), Count: number(ctx, c.Total), Current: f.Status == "" && f.Health == "",
		Href: Filter{Text: f.Text, Region: f.Region, Sort: f.Sort, Down: f.Down}.address(listPath)}}
	for _, status := range []struct {
		status tenants.Status
		count  int
	}{{tenants.Active, c.Active}, {tenants.Suspended, c.Suspended}, {tenants.Archived, c.Archived}, {tenants.Provisioning, c.HalfMade}} {
		s := statusStates[status.status]
		list = append(list, views.Chip{Text: i18n.T(ctx, s.key), Icon: s.icon, Count: number(ctx, status.count), Current: f.Status == string(status.status),
			Href: Filter{Text: f.Text, Region: f.Region, Sort: f.Sort, Down: f.Down, Status: string(status.status)}.address(listPath)})
	}
	for _, health := range []struct {
		name   string
		health Health
		count  int
	}{{"look", WantsLook, c.Look}, {"bad", Bad, c.Bad}} {
		s := healthStates[health.health]
		list = append(list, views.Chip{Text: i18n.T(ctx, s.key), Icon: s.icon, Count: number(ctx, health.count), Current: f.Health == health.name,
			Href: Filter{Text: f.Text, Region: f.Region, Sort: f.Sort, Down: f.Down, Health: health.name}.address(listPath)})
	}
	return list
}

// columnOrder are the heads of the table with what each sorts by; figures begin
// with the largest, and what is old or behind with the worst.
var columnOrder = []struct {
	sort, key, class string
	down             bool
}{
	{"name", "national.column.name", "", false}, {"", "national.column.region", "", false}, {"", "national.column.status", "", false},
	{"users", "national.column.users", "num", true}, {"last", "national.column.last", "", true}, {"bytes", "national.column.bytes", "num", true},
	{"schema", "national.column.schema", "num", false}, {"lag", "national.column.lag", "", true}, {"drill", "national.column.drill", "", false},
	{"health", "national.column.health", "", true},
}

func columns(ctx context.Context, f Filter) []views.Column {
	list := make([]views.Column, 0, len(columnOrder))
	for _, c := range columnOrder {
		column := views.Column{Text: i18n.T(ctx, c.key), Class: c.class}
		if c.sort != "" {
			to := f
			to.Sort, to.Down, column.Sort = c.sort, c.down, "none"
			if f.Sort == c.sort {
				to.Down, column.Sort = !f.Down, "ascending"
				if f.Down {
					column.Sort = "descending"
				}
			}
			column.Href = to.address(listPath)
		}
		list = append(list, column)
	}
	return list
}

// rowWords are the words that rows share: said once for all of them.
type rowWords struct {
	ctx      context.Context
	statuses map[tenants.Status]views.State
	healths  [Bad + 1]views.State
	kinds    map[string]string
	regions  map[string]string
	newest   int64
}

func newRowWords(ctx context.Context) *rowWords {
	w := &rowWords{ctx: ctx, statuses: map[tenants.Status]views.State{}, kinds: map[string]string{KindMunicipality: ""}, regions: map[string]string{}, newest: tenants.Schema()}
	for status := range statusStates {
		w.statuses[status] = statusState(ctx, status)
	}
	for health := range w.healths {
		w.healths[health] = healthState(ctx, Health(health))
	}
	for _, kind := range []string{KindRegional, KindProvincial} {
		w.kinds[kind] = kindName(ctx, kind)
	}
	return w
}

func (w *rowWords) region(code string) string {
	name, known := w.regions[code]
	if !known {
		name = regionName(code)
		w.regions[code] = name
	}
	return name
}

func (w *rowWords) row(v *views.Row, r *Row) {
	*v = views.Row{Href: listPath + "/" + r.ID, Name: r.Name, Code: r.Code, Kind: w.kinds[r.Kind], Region: w.region(r.Region), Status: w.statuses[r.Status],
		Users: number(w.ctx, r.Users), Last: when(w.ctx, r.LastAt), Storage: size(w.ctx, r.Bytes), Schema: strconv.FormatInt(r.Schema, 10),
		OldSchema: r.Schema > 0 && r.Schema < w.newest, Lag: lagWords(w.ctx, r.Lag), LagLate: r.Lag > lagLimit, Drill: when(w.ctx, r.DrillAt), Health: w.healths[r.Health]}
	if r.Status == tenants.Provisioning || r.Schema == 0 {
		v.Storage, v.Schema = none, none
	}
	if v.Kind != "" {
		v.Kind = " · " + v.Kind
	}
	v.What = strings.Join(troubleWords(w.ctx, r.Troubles, 0), ", ")
}

func csvHeader(ctx context.Context) []string {
	list := []string{i18n.T(ctx, "national.csv.code"), i18n.T(ctx, "national.csv.kind")}
	for _, c := range columnOrder {
		list = append(list, i18n.T(ctx, c.key))
	}
	return append(list, i18n.T(ctx, "national.column.what"))
}

func csvRow(ctx context.Context, r *Row) []string {
	var v views.Row
	newRowWords(ctx).row(&v, r)
	lag := ""
	if r.Lag >= 0 {
		lag = strconv.Itoa(int(r.Lag / time.Second))
	}
	return []string{r.Code, kindName(ctx, r.Kind), r.Name, v.Region, v.Status.Text, strconv.Itoa(r.Users), v.Last, strconv.FormatInt(r.Bytes, 10), v.Schema, lag, v.Drill, v.Health.Text, v.What}
}
