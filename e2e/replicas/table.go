package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// ms is a percentile in milliseconds.
func ms(list []time.Duration, percent int) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[min(len(list)-1, len(list)*percent/100)].Seconds() * 1000
}

func print(list []figure) {
	fmt.Printf("%d cores, %s. \"others\" is what other programs took of the machine meanwhile: above a few per cent the figure is theirs too.\n\n",
		runtime.NumCPU(), runtime.Version())
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "figure\tgot\tkeep\tothers\t")
	for _, f := range list {
		keep, verdict := "", ""
		if f.Keep > 0 {
			keep, verdict = fmt.Sprintf("≤ %g %s", f.Keep, f.Unit), "ok"
		}
		if f.missed() {
			verdict = "MISSED"
		}
		_, _ = fmt.Fprintf(w, "%s\t%.4g %s\t%s\t%s\t%s\n", f.Name, f.Got, f.Unit, keep, f.Others, verdict)
	}
	_ = w.Flush()
}

// missed names what is over its limit.
func missed(list []figure) error {
	var all []error
	for _, f := range list {
		if f.missed() {
			all = append(all, fmt.Errorf("%s: %.4g %s, to keep %g", f.Name, f.Got, f.Unit, f.Keep))
		}
	}
	return errors.Join(all...)
}
