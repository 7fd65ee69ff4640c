package catalogue

import (
	"context"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
)

// What an agreement leaves stands on the card in a word, never in colour alone.
func TestCardsSayWhatAgreementsLeave(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	asked := 0
	d.handlers.Spots = func(_ context.Context, _ actor.Actor, codes []string) (map[string]Spots, error) {
		asked++
		if len(codes) == 0 {
			t.Error("no codes are asked for")
		}
		return map[string]Spots{"D201": {Known: true, Left: 3}, "D202": {Known: true, Left: 1}, "D203": {Known: true}, "D204": {Expired: true}, "D205": {}}, nil
	}
	page := d.GetHX(d.file + "?category=D&subcategory=unidades_municipales_no_integradas")
	page.Contains(t, "Quedan 3 cupos", "Queda 1 cupo", "Sin cupos: quedan 0", "Protocolo vencido")
	if n := strings.Count(page.Body, "tag-danger"); n != 2 {
		t.Errorf("%d red tags", n)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// A desk without a cart refers from the card what is referred; whoever has the
// cart adds it there.
func TestADeskRefersFromTheCard(t *testing.T) {
	d := newDesk(t, access.FrontDesk)
	file := strings.TrimSuffix(d.file, "/catalogue")
	d.GetHX(d.file+"?category=D").Contains(t, `href="`+file+`/referrals/new?item=D101"`, "Derivar")
	d.GetHX(d.file+"?category=A").Contains(t, `/referrals/new?item=A501"`)
	d.GetHX(d.file+"?category=E").Lacks(t, "/referrals/new")
	for _, role := range []string{access.CaseManager, access.Director, access.Counterpart} {
		other := newDesk(t, role)
		page := other.GetHX(other.file + "?category=D")
		page.Contains(t, `data-code="D101"`)
		page.Lacks(t, "/referrals/new")
	}
}

// What was explained is noted with a press, which says itself whether it is on.
func TestADeskNotesWhatItExplained(t *testing.T) {
	d := newDesk(t, access.FrontDesk)
	d.GetHX(d.file+"?category=D").Lacks(t, "explain-yes") // nobody fills the hook
	d.handlers.Explained = func(context.Context, actor.Actor, string) (map[string]bool, error) {
		return map[string]bool{"D101": true}, nil
	}
	page := d.GetHX(d.file + "?category=D")
	page.Contains(t, `<form id="explain-yes" method="post" action="`+strings.TrimSuffix(d.file, "/catalogue")+`/explained"`,
		`form="explain-no" name="item" value="D101" aria-pressed="true"`, `form="explain-yes" name="item" value="D102" aria-pressed="false"`, `name="back" value="`+d.file+`?category=D"`)
	d.inside(d.file+"?category=D").Lacks(t, "<form id=\"explain-yes\"") // it stands once, outside what a tab changes
	director := newDesk(t, access.Director)
	director.handlers.Explained = d.handlers.Explained
	director.GetHX(director.file+"?category=D").Lacks(t, "explain-yes")
}
