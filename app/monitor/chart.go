package monitor

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	views "gsl/templates/monitor"
)

// The chart's plane, in its own units.
const (
	chartLeft, chartRight = 60, 612
	chartTop, chartBottom = 14, 218
	gridLines             = 4
)

// series are the lines of the chart; each has a shape of its own, because colour
// alone says nothing to everybody.
var series = []struct {
	class, key string
	of         func(*Month) int
	mark       func(x, y int) string
}{
	{"series-a", "monitor.line.attentions", func(m *Month) int { return m.Attentions }, square},
	{"series-b", "monitor.line.made", func(m *Month) int { return m.Made }, triangle},
	{"series-c", "monitor.line.answered", func(m *Month) int { return m.Answered }, diamond},
}

func square(x, y int) string { return path("M", x-4, y-4, "h8v8h-8z") }

func triangle(x, y int) string { return path("M", x, y-5, "l5 9h-10z") }

func diamond(x, y int) string { return path("M", x, y-6, "l5 6l-5 6l-5-6z") }

func path(begin string, x, y int, rest string) string {
	return begin + strconv.Itoa(x) + " " + strconv.Itoa(y) + rest
}

// chart draws the twelve months, and says the same in a table.
func chart(ctx context.Context, f *Figures) views.Chart {
	top := 0
	for i := range f.Months {
		for _, s := range series {
			top = max(top, s.of(&f.Months[i]))
		}
	}
	v := views.Chart{Empty: top == 0, Table: monthTable(ctx, f)}
	if v.Empty {
		return v
	}
	step := stepOf(top)
	most := step * gridLines
	height := func(n int) int { return chartBottom - n*(chartBottom-chartTop)/most }
	for n := 0; n <= most; n += step {
		y := height(n)
		v.Grid = append(v.Grid, views.Grid{Y: strconv.Itoa(y), TextY: strconv.Itoa(y + 4), Text: number(ctx, n)})
	}
	for i := range f.Months {
		v.Ticks = append(v.Ticks, views.Tick{X: strconv.Itoa(across(i)), Text: monthName(ctx, &f.Months[i])})
	}
	for _, s := range series {
		line := views.Series{Class: s.class, Name: i18n.T(ctx, s.key), Last: s.mark(17, 6)}
		points := make([]string, 0, months)
		for i := range f.Months {
			x, y := across(i), height(s.of(&f.Months[i]))
			points = append(points, strconv.Itoa(x)+","+strconv.Itoa(y))
			line.Marks = append(line.Marks, views.Mark{Path: s.mark(x, y)})
		}
		line.Points = strings.Join(points, " ")
		v.Series = append(v.Series, line)
	}
	v.Summary = i18n.T(ctx, "monitor.chart")
	return v
}

func across(i int) int { return chartLeft + i*(chartRight-chartLeft)/(months-1) }

// stepOf is a round distance between the lines so that gridLines of them hold top.
func stepOf(top int) int {
	for size := 1; ; size *= 10 {
		for _, n := range [...]int{1, 2, 5} {
			if n*size*gridLines >= top {
				return n * size
			}
		}
	}
}

func monthTable(ctx context.Context, f *Figures) views.Table {
	t := views.Table{ID: "months", Title: i18n.T(ctx, "monitor.months"), Meta: i18n.T(ctx, "monitor.months_meta"),
		Head: i18n.T(ctx, "monitor.month"), Empty: i18n.T(ctx, "monitor.empty")}
	for _, s := range series {
		t.Columns = append(t.Columns, i18n.T(ctx, s.key))
	}
	for i := range f.Months {
		r := views.Row{Name: monthName(ctx, &f.Months[i])}
		for _, s := range series {
			r.Cells = append(r.Cells, views.Cell{Text: number(ctx, s.of(&f.Months[i]))})
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}
