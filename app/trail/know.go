package trail

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// known is what looks at one person are judged by. It is read once for a page.
type known struct {
	person    home
	files     []string // under which the person's data were kept
	household []people.RUN
	reasons   map[string]Reason
	tasks     []Task
	units     map[string]string
	viewers   []audit.Viewer
	insiders  map[string]access.Insider
	homes     map[people.RUN]home // of the viewers who have a file here themselves
	replaced  map[turn][]string
}

// turn is a worker on a day.
type turn struct {
	user string
	day  calendar.Date
}

// know reads what the looks at a file are judged by.
func (s *Service) know(ctx context.Context, who actor.Actor, f people.File) (k *known, err error) {
	k = &known{person: homeOf(f), reasons: map[string]Reason{}, homes: map[people.RUN]home{}, replaced: map[turn][]string{}}
	if err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.knowWork(tx, f, k) }); err != nil { //nolint:contextcheck // the transaction carries it
		return nil, err
	}
	if k.viewers, err = audit.Viewers(ctx, who, audit.Which{Files: k.files}); err != nil {
		return nil, err
	}
	ids := make([]string, len(k.viewers))
	for i := range k.viewers {
		ids[i] = k.viewers[i].UserID
	}
	if k.insiders, err = s.Insiders(ctx, ids); err != nil {
		return nil, err
	}
	return k, who.Municipality.View(ctx, k.knowHomes)
}

// knowWork reads what explains looks, in the language of the transaction's context.
func (s *Service) knowWork(tx *tenants.Tx, f people.File, k *known) (err error) {
	if k.files, err = people.FilesOf(tx, f.ID); err != nil {
		return err
	}
	if k.household, err = s.Household(tx, f.ID); err != nil {
		return err
	}
	if k.units, err = s.Units(tx); err != nil {
		return err
	}
	for _, room := range s.Reasons {
		list, err := room(tx, f)
		if err != nil {
			return err
		}
		for _, r := range list {
			k.reasons[r.ID] = r
		}
	}
	for _, room := range s.Tasks {
		list, err := room(tx, f)
		if err != nil {
			return err
		}
		k.tasks = append(k.tasks, list...)
	}
	return nil
}

// knowHomes reads where the viewers live who have a file in this municipality.
func (k *known) knowHomes(tx *tenants.Tx) error {
	runs := make([]people.RUN, 0, len(k.insiders))
	for _, one := range k.insiders {
		runs = append(runs, people.RUNOf(one.RUN))
	}
	files, err := people.ByRUNs(tx, runs)
	for run, f := range files {
		k.homes[run] = homeOf(f)
	}
	return err
}

// replacedBy reads once whom a worker replaced on a day.
func (k *known) replacedBy(tx *tenants.Tx, s *Service, l *Look) ([]string, error) {
	key := turn{l.UserID, calendar.On(l.From)}
	list, asked := k.replaced[key]
	if asked {
		return list, nil
	}
	list, err := s.Replaced(tx, key.user, key.day)
	k.replaced[key] = list
	return list, err
}

// judge says of each look who it was, why, and what is odd about it.
func (k *known) judge(tx *tenants.Tx, s *Service, looks []Look) error {
	for i := range looks {
		l := &looks[i]
		insider := k.insiders[l.UserID]
		l.Name, l.Unit = insider.Name, k.units[l.unit]
		if err := k.explain(tx, s, l); err != nil {
			return err
		}
		worker := home{}
		if insider.RUN != 0 {
			worker = home{run: people.RUNOf(insider.RUN)}
			if own, here := k.homes[worker.run]; here {
				worker = own
			}
		}
		if near := kin(k.person, worker, k.household); near != "" {
			l.Odd = append([]Oddity{near}, l.Odd...)
		}
	}
	return nil
}

// explain finds why a look was made: what it names itself, then the work that the
// person had on the file, then a page that is work by itself.
func (k *known) explain(tx *tenants.Tx, s *Service, l *Look) error {
	named := k.reasons[l.why]
	if l.why != "" && named.ID != "" && !named.Nothing {
		l.Reason = named
		return nil
	}
	replaced, err := k.replacedBy(tx, s, l)
	if err != nil {
		return err
	}
	for i := range k.tasks {
		if k.tasks[i].explains(l, replaced) {
			l.Reason = k.tasks[i].Reason
			return nil
		}
	}
	if text := taskOfPages(tx.Context(), l.Pages); text != "" {
		l.Reason = Reason{Text: text}
		return nil
	}
	if l.Reason = named; named.Nothing && named.ID != "" {
		l.Odd = append(l.Odd, NothingRecorded)
		return nil
	}
	l.Odd = append(l.Odd, NoTask)
	return nil
}

// taskKeys are the pages which list files because something waits there for the
// reader: nobody chooses whom they show.
var taskKeys = map[string]string{
	"approvals": "trail.task.approvals",
	"merges":    "trail.task.merges",
	"waiting":   "trail.task.waiting",
}

func taskOfPages(ctx context.Context, pages []Seen) string {
	for _, p := range pages {
		key, ok := taskKeys[p.Page]
		if !ok {
			return ""
		}
		if p == pages[len(pages)-1] {
			return i18n.T(ctx, key)
		}
	}
	return ""
}

// only keeps the looks that are marked.
func only(looks []Look) []Look {
	return slices.DeleteFunc(looks, func(l Look) bool { return len(l.Odd) == 0 })
}

// RequestReasons are the requests that views name as their reason.
func RequestReasons(tx *tenants.Tx, f people.File) ([]Reason, error) {
	all, err := RequestsOf(tx, f.ID)
	list := make([]Reason, 0, len(all))
	for i := range all {
		r := &all[i]
		list = append(list, Reason{ID: r.ID, Href: "/requests/" + r.ID, Text: i18n.Tf(tx.Context(), "trail.task.request",
			map[string]any{"Folio": r.Folio(), "Kind": kindText(tx.Context(), r.Kind)})})
	}
	return list, err
}
