package app

import (
	"os"
	"strings"
	"testing"
)

// Each dependency has its line of reason.
func TestTheREADMESaysWhyForEachDependency(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for line := range strings.Lines(string(module)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || !strings.Contains(fields[0], ".") || !strings.HasPrefix(fields[1], "v") {
			continue
		}
		direct++
		name := strings.TrimPrefix(fields[0], "github.com/gorilla/")
		if !strings.Contains(string(readme), name) {
			t.Errorf("the README's table lacks %s", fields[0])
		}
	}
	if direct < 10 {
		t.Errorf("only %d direct dependencies found in go.mod", direct)
	}
}
