package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// desk is a worker who does all day what desks do: looks somebody up, fills the
// cart, agrees on the plan, notes what became of its items, refers. Whatever the
// program says yes to goes into the ledger. When no answer comes the worker
// sends the same form again, as people do, until one comes.
type desk struct {
	stage  *stage
	who    *person
	town   town
	number int // of the town
	ledger *ledger
	turn   int
	people int // how many different people come
}

// desks are all who work.
type desks struct {
	list    []*desk
	stop    context.CancelFunc
	working sync.WaitGroup
	pause   sync.RWMutex // held to read by who attends somebody
}

// openDesks signs in a worker in each town and lets them work until stopped.
func (s *stage) openDesks(ctx context.Context, v *server, towns []town, l *ledger) (*desks, error) {
	all := &desks{}
	for i, t := range towns {
		p, err := v.worker(ctx, t)
		if err != nil {
			return nil, err
		}
		all.list = append(all.list, &desk{stage: s, who: p, town: t, number: i, ledger: l, people: 8})
	}
	working, stop := context.WithCancel(ctx)
	all.stop = stop
	for _, d := range all.list {
		all.working.Go(func() {
			for working.Err() == nil {
				all.pause.RLock()
				err := d.attend(working)
				all.pause.RUnlock()
				if err != nil && working.Err() == nil {
					s.broken("the desk of %s: %v", d.town.Code, err)
					return
				}
			}
		})
	}
	return all, nil
}

// rest lets everybody end with whom they attend and wait until the function that
// it gives is called: judging takes longer the more was done meanwhile.
func (all *desks) rest() (again func()) {
	all.pause.Lock()
	return all.pause.Unlock
}

// close stops the desks; what was under way stays unanswered.
func (all *desks) close() {
	all.stop()
	all.working.Wait()
}

// attend is one person at the desk, from the lookup to the last item.
func (d *desk) attend(ctx context.Context) error {
	d.turn++
	file, err := d.lookUp(ctx, citizenRUN(d.number, d.turn%d.people))
	if err != nil {
		return err
	}
	if _, err := d.refer(ctx, file); err != nil {
		return err
	}
	lines := 1 + d.turn%3
	for i := range lines {
		if err := d.fillCart(ctx, file, i); err != nil {
			return err
		}
	}
	plan, err := d.agree(ctx, file)
	if err != nil {
		return err
	}
	return d.follow(ctx, plan)
}

var (
	filePath = regexp.MustCompile(`^/files/([0-9A-Z]{26})`)
	planPath = regexp.MustCompile(`^/plans/([0-9A-Z]{26})`)
	referred = regexp.MustCompile(`/referrals/([0-9A-Z]{26})`)
	keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)
	itemSelf = regexp.MustCompile(`name="status\[([0-9A-Z]{26})\]"`)
)

func (d *desk) lookUp(ctx context.Context, run string) (file string, err error) {
	got, err := d.press(ctx, "/lookup", url.Values{"run": {run}})
	if err != nil {
		return "", err
	}
	found := filePath.FindStringSubmatch(got.location)
	if found == nil {
		return "", fmt.Errorf("the lookup answered %v", got)
	}
	return found[1], d.note("file", found[1], "1")
}

// refer sends the household to the registry's desk.
func (d *desk) refer(ctx context.Context, file string) (id string, err error) {
	key := fmt.Sprintf("k%d-%d", d.turn, rand.Uint64())
	got, err := d.press(ctx, "/files/"+file+"/referrals", url.Values{"item": {"A501"}, "key": {key}, "override_reason": {"Lo pide la persona."}})
	if err != nil {
		return "", err
	}
	found := referred.FindStringSubmatch(got.location)
	if found == nil {
		return "", fmt.Errorf("the referral answered %v", got)
	}
	return found[1], d.note("referral", found[1], "1")
}

func (d *desk) fillCart(ctx context.Context, file string, i int) error {
	mark := fmt.Sprintf("nota %d %d %d", d.turn, i, rand.Uint64())
	got, err := d.press(ctx, "/files/"+file+"/cart/items", url.Values{"item": {"D202"}, "reason": {mark}, "note": {mark}, "override_reason": {"Situación acreditada."}})
	if err != nil {
		return err
	}
	if got.status != http.StatusSeeOther {
		return fmt.Errorf("the cart answered %v", got)
	}
	return d.note("line", mark, "1")
}

// agree makes the plan of the cart.
func (d *desk) agree(ctx context.Context, file string) (plan string, err error) {
	page, err := d.look(ctx, "/files/"+file+"/checkout")
	if err != nil {
		return "", err
	}
	key := keyField.FindStringSubmatch(page.body)
	if key == nil {
		return "", fmt.Errorf("the review answered %v and has no key", page)
	}
	form := url.Values{"key": {key[1]}, "agreed": {"signed"}}
	got, err := d.press(ctx, "/files/"+file+"/checkout", form)
	if err != nil {
		return "", err
	}
	found := planPath.FindStringSubmatch(got.location)
	if found == nil {
		return "", fmt.Errorf("the checkout answered %v", got)
	}
	return found[1], d.note("plan", found[1], "1")
}

// follow notes that the items of the plan were granted.
func (d *desk) follow(ctx context.Context, plan string) error {
	page, err := d.look(ctx, "/plans/"+plan)
	if err != nil {
		return err
	}
	items := itemSelf.FindAllStringSubmatch(page.body, -1)
	if len(items) == 0 {
		return fmt.Errorf("the plan answered %v and shows no items", page)
	}
	for _, item := range items {
		got, err := d.press(ctx, "/plans/"+plan+"/items", url.Values{"status[" + item[1] + "]": {"confirmed"}})
		if err != nil {
			return err
		}
		if got.status != http.StatusSeeOther {
			return fmt.Errorf("the status answered %v", got)
		}
		if err := d.note("status", item[1], "confirmed"); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) note(kind, id, want string) error {
	d.stage.count("acknowledged", 1)
	return d.ledger.add(entry{Town: d.town.ID, Kind: kind, ID: id, Want: want})
}

// press sends a form until an answer comes, look asks for a page so.
func (d *desk) press(ctx context.Context, path string, form url.Values) (answer, error) {
	return d.untilAnswered(ctx, func() (answer, error) { return d.who.post(ctx, path, form) })
}

func (d *desk) look(ctx context.Context, path string) (answer, error) {
	return d.untilAnswered(ctx, func() (answer, error) { return d.who.get(ctx, path) })
}

// untilAnswered repeats a request while nobody answers it or the answer is "try
// again"; a session that was lost is counted, and opened anew.
func (d *desk) untilAnswered(ctx context.Context, try func() (answer, error)) (answer, error) {
	for {
		got, err := try()
		switch {
		case ctx.Err() != nil:
			return got, ctx.Err()
		case err != nil:
			d.stage.count("unanswered", 1)
		case got.status == http.StatusServiceUnavailable || got.status == http.StatusTooManyRequests:
			d.stage.count("told to try again", 1)
		case got.status == http.StatusSeeOther && strings.HasPrefix(got.location, "/login"), got.status == http.StatusUnauthorized:
			d.stage.count("sessions lost", 1)
			if err := d.who.signIn(ctx, d.town.Worker); err != nil && ctx.Err() == nil {
				d.stage.count("unanswered", 1)
			}
		default:
			return got, nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return got, err
		}
	}
}
