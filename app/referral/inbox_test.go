package referral

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// crowd opens n files without going through the desk.
func (h *house) crowd(n int) []string {
	h.t.Helper()
	ids := make([]string, n)
	h.update(h.limache, func(tx *tenants.Tx) error {
		for i := range ids {
			ids[i] = tx.NewID()
			_, err := tx.Exec(`INSERT INTO file (id, provisional_id, given_names, surnames, source, created_at, created_by) VALUES (?,?,?,?,'desk','2026-01-01T00:00:00Z','u')`,
				ids[i], fmt.Sprintf("SR-05802-2025-%d", i+1), "Nombre", fmt.Sprintf("Apellido %d", i))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

func (h *house) synthesize(n int) {
	h.t.Helper()
	if err := Synthesize(context.Background(), h.limache, h.crowd(200), n, 1); err != nil {
		h.t.Fatal(err)
	}
}

// No page of the inbox reads the table from end to end, nor sorts what it read:
// each box is read along its own index.
func TestInboxIsReadAlongItsIndices(t *testing.T) {
	h := newHouse(t)
	h.synthesize(3000)
	queries := map[string]string{"counts": `SELECT (SELECT count(*) FROM referral AS r ` + inNew + `)`}
	for b, text := range map[Box]string{
		BoxNew: inNew + byDue, BoxProgress: inProgress + byDue, BoxOverdue: inRunning + byDue, BoxWaiting: inWaiting + byDue,
		BoxAnswered: inAnswered + byAnswered, BoxReturned: inReturned + byChange,
		OutOpen: outOpen + byDue, OutAnswered: outAnswered + byAnswered, OutReturned: outReturned + byChange, OutOver: outOver + byChange,
	} {
		queries[string(b)] = rowColumns + text
	}
	for name, query := range queries {
		err := h.limache.View(context.Background(), func(tx *tenants.Tx) error {
			args := []any{"rsh", "", "[]", "", "9999", "", "", 51}
			if name == "counts" {
				args = args[:1]
			}
			rows, err := tx.Query(`EXPLAIN QUERY PLAN `+query, args...) //nolint:sqlclosecheck // closed below
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					return err
				}
				if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "CONSTANT ROW") && !strings.Contains(detail, "json_each") || strings.Contains(detail, "TEMP B-TREE") {
					t.Errorf("%s: %s", name, detail)
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(name, err)
		}
	}
}

// Page after page, each box gives every referral once, in its order, and counts
// what it holds.
func TestPagesOfTheInboxGiveEachOnce(t *testing.T) {
	h := newHouse(t)
	h.synthesize(3000)
	ctx := context.Background()
	for _, name := range []string{rshDesk, front} {
		first, err := h.service.Inbox(ctx, h.staff[name], Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range first.Boxes {
			seen, last := map[string]bool{}, ""
			q := Query{Box: b}
			for page := 0; ; page++ {
				in, err := h.service.Inbox(ctx, h.staff[name], q)
				if err != nil || in.Query.Box != b {
					t.Fatal(b, in.Query.Box, err)
				}
				for i := range in.Rows {
					row := &in.Rows[i]
					if seen[row.ID] {
						t.Errorf("%s: %s twice", b, row.Folio())
					}
					seen[row.ID] = true
					cursor := row.cursor(b)
					if last != "" && (b.byDue() && cursor <= last || !b.byDue() && cursor >= last) {
						t.Errorf("%s: %s after %s", b, cursor, last)
					}
					last = cursor
				}
				if in.Next == "" {
					break
				}
				q.After = in.Next
			}
			if n := first.Counts.Of(b); n >= 0 && n != len(seen) {
				t.Errorf("%s: %d counted, %d shown", b, n, len(seen))
			}
			if len(seen) == 0 && b.Out() == (name == front) {
				t.Errorf("%s: the measure measures nothing", b)
			}
		}
	}
}

// Each filter leaves what it says.
func TestFiltersOfTheInbox(t *testing.T) {
	h := newHouse(t)
	today := calendar.On(h.clock.Now())
	late, early := h.send(front, New{}), h.send(front, New{Asked: Asked{Code: "A106", Name: "Ingresos", Category: "A", Provider: entry.Provider}})
	h.update(h.limache, func(tx *tenants.Tx) error {
		late.Due = today.AddDays(-3)
		early.Due = today
		if err := saveProgress(tx, &late); err != nil {
			return err
		}
		return saveProgress(tx, &early)
	})
	late = h.move(rshDesk, late, Move{Verb: Receive})
	for _, test := range []struct {
		q    Query
		want string
	}{
		{Query{}, early.ID}, {Query{Box: BoxProgress}, late.ID}, {Query{Box: BoxOverdue}, late.ID},
		{Query{Box: BoxNew, Due: dueToday}, early.ID}, {Query{Box: BoxNew, Due: dueLate}, ""}, {Query{Box: BoxProgress, Due: dueLate}, late.ID},
		{Query{Box: BoxProgress, Due: dueWeek}, late.ID}, {Query{Box: BoxNew, Item: "A106"}, early.ID}, {Query{Box: BoxNew, Item: "A501"}, ""},
		{Query{Box: BoxProgress, Assigned: mine}, late.ID}, {Query{Box: BoxProgress, Assigned: nobody}, ""}, {Query{Box: BoxNew, Assigned: nobody}, early.ID},
		{Query{Box: BoxProgress, Assigned: "u-" + rshDesk}, late.ID}, {Query{Box: BoxProgress, Assigned: "' OR 1=1"}, ""},
		{Query{Box: BoxNew, After: "zzz"}, early.ID}, {Query{Box: "no such box"}, early.ID},
	} {
		in, err := h.service.Inbox(context.Background(), h.staff[rshDesk], test.q)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i := range in.Rows {
			got += in.Rows[i].ID
		}
		if got != test.want {
			t.Errorf("%+v: got %q, want %q", test.q, got, test.want)
		}
	}
}

// Nobody's inbox shows what is another's.
func TestInboxIsTheUnitsOwn(t *testing.T) {
	h := newHouse(t)
	h.send(front, New{})
	h.send(front, New{Asked: housing})
	for name, want := range map[string]int{rshDesk: 1, rshHead: 1, front: 2, subsidies: 0, manager: 0, elsewhere: 0} {
		in, err := h.service.Inbox(context.Background(), h.staff[name], Query{})
		if err != nil || len(in.Rows) != want {
			t.Errorf("%s sees %d, want %d (%v)", name, len(in.Rows), want, err)
		}
	}
	for _, name := range []string{director, counterpart, technical, national} {
		if _, err := h.service.Inbox(context.Background(), h.staff[name], Query{}); err == nil {
			t.Errorf("%s has an inbox", name)
		}
	}
}

func BenchmarkInbox(b *testing.B) {
	h := newHouse(b)
	h.synthesize(50_000)
	ctx := context.Background()
	for _, box := range []Box{BoxNew, BoxProgress, BoxOverdue, OutOpen, OutOver} {
		b.Run(string(box), func(b *testing.B) {
			for b.Loop() {
				if _, err := h.service.Inbox(ctx, h.staff[rshDesk], Query{Box: box}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
