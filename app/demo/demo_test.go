package demo

import (
	"os"
	"strings"
	"testing"
)

// The README's table of accounts is what the demo makes.
func TestTheREADMEListsEveryAccount(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	places, _ := Places(Small)
	list := Accounts(places)
	if len(list) != 25 {
		t.Errorf("%d accounts, not one of each of 8 roles in 3 municipalities and a national one", len(list))
	}
	for _, a := range list {
		if !strings.Contains(string(text), a.RUN.Format()) || !strings.Contains(string(text), "`"+a.Role+"`") {
			t.Errorf("the README lacks %s of %s: %s", a.Role, a.Municipality, a.RUN.Format())
		}
	}
}

func TestNationIsTheCountry(t *testing.T) {
	places, _ := Places(Nation)
	households := 0
	for _, p := range places {
		households += p.Households
	}
	if len(places) != 345 || households != 1_000_000 {
		t.Errorf("%d municipalities, %d households", len(places), households)
	}
}
