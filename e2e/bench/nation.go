package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"gsl/app/kit/territory"
)

// nation is what the national administration waits for.
type nation struct {
	Provision float64            // seconds to make the 345 municipalities in an empty directory
	List      map[string]float64 // ms of a page of the list with 10,000 municipalities, by how it is sorted
}

// The most that they may take.
const (
	provisionGoal = 60  // seconds
	listGoal      = 100 // ms
)

var listLine = regexp.MustCompile(`BenchmarkList/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// measureNation makes the country by the command, its start included, and asks
// the room's own benchmark for its list.
func (b *bench) measureNation(ctx context.Context) error {
	dir, err := os.MkdirTemp(b.data.runs, "nation-")
	if err != nil {
		return err
	}
	args := []string{"municipality", "add", "--data", filepath.Join(dir, "data")}
	for _, m := range territory.Municipalities() {
		args = append(args, m.Code)
	}
	begin := time.Now()
	err = gsl(ctx, args...)
	n := &nation{Provision: time.Since(begin).Seconds(), List: map[string]float64{}}
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		return err
	}
	said, err := exec.CommandContext(ctx, "go", "test", "./app/national", "-run", "^$", "-bench", "BenchmarkList").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go test -bench: %w\n%s", err, tail(said))
	}
	for _, found := range listLine.FindAllSubmatch(said, -1) {
		ns, err := strconv.ParseFloat(string(found[2]), 64)
		if err != nil {
			return err
		}
		n.List[string(found[1])] = ns / 1e6
	}
	if n.List["page"] == 0 {
		return fmt.Errorf("the benchmark of the list said nothing: %s", tail(said))
	}
	b.results.Nation = n
	return nil
}

func (r *results) printNation(w io.Writer) {
	if r.Nation == nil {
		return
	}
	row(w)
	row(w, "national administration", "found")
	row(w, "345 municipalities provisioned, s", one(r.Nation.Provision))
	for _, name := range []string{"by_name", "by_health", "search", "page", "refresh"} {
		row(w, "list of 10,000, "+name+", ms", one(r.Nation.List[name]))
	}
}

// nationGoals are the promises to the national administration.
func (r *results) nationGoals() []goal {
	if r.Nation == nil {
		return nil
	}
	return []goal{
		{what: "345 municipalities provisioned", want: fmt.Sprintf("≤ %d s", provisionGoal), text: one(r.Nation.Provision) + " s", met: r.Nation.Provision <= provisionGoal},
		{what: "page of the list with 10,000 municipalities", want: fmt.Sprintf("≤ %d ms", listGoal), text: one(r.Nation.List["page"]) + " ms", met: r.Nation.List["page"] <= listGoal},
	}
}
