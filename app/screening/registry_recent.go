package screening

import (
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"

	"gsl/app/people"
)

// recentHouseholds is how many households are kept at most: some megabytes.
const recentHouseholds = 1024

// recent are the households that were read last. Whoever sits at the desk comes
// back to one and the same for every page and every item of the cart, and the
// registry changes with an import only.
type recent struct {
	households *lru.Cache[people.RUN, keptHousehold]
}

type keptHousehold struct {
	version uint64 // of the registry's file, before it was read
	Household
}

func newRecent() recent {
	cache, _ := lru.New[people.RUN, keptHousehold](recentHouseholds) // only a size below 1 is an error
	return recent{cache}
}

// get gives the person's household as the version of the file says it. Lists are
// the caller's own: it may sort them.
func (r recent) get(run people.RUN, version uint64) (Household, bool) {
	found, ok := r.households.Get(run)
	if !ok || found.version != version {
		return Household{}, false
	}
	h := found.Household
	h.Members, h.Benefits = slices.Clone(h.Members), slices.Clone(h.Benefits)
	return h, true
}

func (r recent) put(run people.RUN, version uint64, h Household) {
	h.Members, h.Benefits = slices.Clone(h.Members), slices.Clone(h.Benefits)
	r.households.Add(run, keptHousehold{version, h})
}
