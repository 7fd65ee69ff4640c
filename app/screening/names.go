package screening

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/sheet"
	"gsl/app/people"
	"gsl/tenants"
)

// Names finds people of the embedded registry by name, among those who live in
// a municipality. Its index is made in the background after an import; until it
// is there, nobody is found by it.
type Names struct {
	db  *tenants.DB
	log *slog.Logger

	mu    sync.Mutex
	words map[string]*people.Vocabulary // by commune
}

// NewNames makes the index of a registry.db; a nil log discards.
func NewNames(db *tenants.DB, log *slog.Logger) *Names {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Names{db: db, log: log}
}

// renewal is how often it is asked whether the registry has changed.
const renewal = time.Minute

// Run keeps the index up to date until the context ends.
func (n *Names) Run(ctx context.Context) {
	ticker := time.NewTicker(renewal)
	defer ticker.Stop()
	for {
		if err := n.Index(ctx); err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "index the names of the registry", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// nameRows is how many people one step of the indexing takes.
const nameRows = 5000

// Index makes the index anew when the registry has changed since it was made.
func (n *Names) Index(ctx context.Context) error {
	revision, fresh, err := n.state(ctx)
	if err != nil || fresh {
		return err
	}
	if err := mendIndex(ctx, n.db); err != nil {
		return err
	}
	started := time.Now()
	last := int64(-1)
	total := 0
	err = n.db.Bulk(ctx, func(tx *tenants.Tx) (bool, error) {
		if total == 0 {
			if err := clearNames(tx); err != nil {
				return false, err
			}
		}
		took, err := indexNames(tx, &last, nameRows)
		total += took
		if err != nil || took == nameRows {
			return err == nil, err
		}
		return false, setIndexed(tx, revision)
	})
	if err == nil && total > 0 {
		n.log.InfoContext(ctx, "names of the registry indexed", "people", total, "took", time.Since(started).Round(time.Millisecond))
	}
	return err
}

func (n *Names) state(ctx context.Context) (revision int64, fresh bool, err error) {
	err = n.db.View(ctx, func(tx *tenants.Tx) (err error) {
		revision, fresh, err = nameState(tx)
		return err
	})
	return revision, fresh, err
}

// indexed is a name as it stands in the index: each word behind the commune.
func indexedName(commune, given, surnames, born string) string {
	year, _, _ := strings.Cut(born, "-")
	words := strings.Fields(sheet.Fold(given + " " + surnames + " " + year))
	for i := range words {
		words[i] = commune + words[i]
	}
	return strings.Join(words, " ")
}

// Find gives people of the actor's municipality by the words of their name, at
// most limit. It is people's Strangers hook.
func (n *Names) Find(ctx context.Context, who actor.Actor, words []string, limit int) ([]people.Stranger, error) {
	var list []people.Stranger
	err := n.db.View(ctx, func(tx *tenants.Tx) error {
		revision, fresh, err := nameState(tx)
		if err != nil || !fresh {
			return err
		}
		list, err = n.find(tx, who.Municipality.Communes, revision, words, limit)
		return err
	})
	return list, err
}

// enough is with how many people found nobody looks for names that are like it.
const enough = 5

func (n *Names) find(tx *tenants.Tx, communes []string, revision int64, words []string, limit int) ([]people.Stranger, error) {
	var all []people.Stranger
	for _, commune := range communes {
		v, err := n.vocabulary(tx, commune, revision)
		if err != nil {
			return nil, err
		}
		for _, try := range []struct {
			match string
			by    people.Match
		}{{v.Exactly(words), people.ByName}, {v.Beginning(words), people.ByName}, {v.Likely(words), people.ByLikeName}} {
			if try.match == "" || len(all) >= limit || try.by == people.ByLikeName && len(all) >= enough {
				continue
			}
			found, err := strangers(tx, try.match, try.by, limit)
			if err != nil {
				return nil, err
			}
			all = add(all, found)
		}
	}
	return all[:min(len(all), limit)], nil
}

// add takes those who are not there yet.
func add(all, found []people.Stranger) []people.Stranger {
	for i := range found {
		if !slices.ContainsFunc(all, func(st people.Stranger) bool { return st.RUN == found[i].RUN }) {
			all = append(all, found[i])
		}
	}
	return all
}

// manyCommunes bounds the words that are kept: some megabytes.
const manyCommunes = 32

func (n *Names) vocabulary(tx *tenants.Tx, commune string, revision int64) (*people.Vocabulary, error) {
	n.mu.Lock()
	known := n.words[commune]
	n.mu.Unlock()
	if known != nil && known.Newest() == revision {
		return known, nil
	}
	list, err := wordsOf(tx, commune)
	if err != nil {
		return nil, err
	}
	v := people.NewVocabulary(commune, list, revision)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.words == nil || len(n.words) >= manyCommunes {
		n.words = map[string]*people.Vocabulary{}
	}
	n.words[commune] = v
	return v, nil
}
