package casework

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// WorkingList is a list of cases that somebody works through: those that meet a
// condition, or those that were chosen one by one. Who made it may share it with
// the unit. A condition is applied to the cases of whoever opens it: the own
// ones, or the unit's for its head.
type WorkingList struct {
	ID        string
	OwnerID   string
	OwnerName string
	Name      string
	Shared    bool
	Condition string // as it stands in the address of a list; "" for cases that were chosen
}

// ListForm is what making a working list, or putting cases into one, asks for.
type ListForm struct {
	Name      string
	Shared    bool
	Condition string
	Cases     []string
	Into      string // id of the list that takes the cases, "" for a new one
}

// The limits of working lists.
const (
	longestListName = 60
	mostLists       = 100 // that a unit keeps at a time
	mostInList      = 1000
)

func (f *ListForm) read() error {
	var wrong []fault.Field
	if f.Name = strings.Join(strings.Fields(f.Name), " "); f.Into == "" && (f.Name == "" || utf8.RuneCountInString(f.Name) > longestListName) {
		wrong = append(wrong, fault.Field{Name: "name", Key: "casework.error.list_name", Args: map[string]any{"Max": longestListName}})
	}
	switch {
	case f.Condition == "" && len(f.Cases) == 0:
		wrong = append(wrong, fault.Field{Name: "case", Key: "casework.error.none"})
	case len(f.Cases) > mostAtOnce:
		wrong = append(wrong, fault.Field{Name: "case", Key: "casework.error.many", Args: map[string]any{"Max": mostAtOnce}})
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// openList reads the lists that the actor may open, and the one that was asked for.
func (s *Service) openList(tx *tenants.Tx, who actor.Actor, list *List) (err error) {
	if list.Lists, err = workingLists(tx, who.UnitID, who.UserID); err != nil || list.List == "" {
		return err
	}
	at := slices.IndexFunc(list.Lists, func(w WorkingList) bool { return w.ID == list.List })
	if at < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	list.Opened = &list.Lists[at]
	query, err := url.ParseQuery(list.Opened.Condition)
	list.narrow(query)
	return err
}

// SaveList makes a working list, or puts cases into one that the actor may open,
// and gives its id. A name that the unit has already is refused, and so is a case
// that is not open in the unit.
func (s *Service) SaveList(ctx context.Context, who actor.Actor, form ListForm) (id string, err error) {
	if err := may(who, access.ManagePlan); err != nil {
		return "", err
	}
	if err := form.read(); err != nil {
		return "", err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		id, err = saveList(tx, who, form)
		return err
	})
	return id, err
}

func saveList(tx *tenants.Tx, who actor.Actor, form ListForm) (string, error) {
	known, err := workingLists(tx, who.UnitID, who.UserID)
	if err != nil {
		return "", err
	}
	w := WorkingList{ID: tx.NewID(), OwnerID: who.UserID, OwnerName: who.Name, Name: form.Name, Shared: form.Shared, Condition: canonical(form.Condition)}
	at := slices.IndexFunc(known, func(k WorkingList) bool { return k.ID == form.Into && k.Condition == "" })
	switch {
	case form.Into != "" && at < 0:
		return "", fault.InvalidField("into", "casework.error.list_gone")
	case form.Into != "":
		w = known[at]
	case slices.ContainsFunc(known, func(k WorkingList) bool { return strings.EqualFold(k.Name, w.Name) }):
		return "", fault.InvalidField("name", "casework.error.list_twice")
	case len(known) >= mostLists:
		return "", fault.InvalidField("name", "casework.error.list_many")
	default:
		if err := insertList(tx, &w, who.UnitID); err != nil {
			return "", err
		}
		if err := audit.Record(tx, who, audit.Change{Action: "case.list_made", Object: w.ID}); err != nil {
			return "", err
		}
	}
	if w.Condition != "" {
		return w.ID, nil
	}
	return w.ID, putCases(tx, who, &w, form.Cases)
}

// canonical leaves of a condition what a list can be narrowed by.
func canonical(condition string) string {
	if condition == "" {
		return ""
	}
	query, err := url.ParseQuery(condition)
	if err != nil {
		return ""
	}
	a := Ask{Board: true}
	a.narrow(query)
	return a.condition()
}

// putCases puts open cases of the unit into a list.
func putCases(tx *tenants.Tx, who actor.Actor, w *WorkingList, cases []string) error {
	ids, err := openCases(tx, who, cases)
	if err != nil {
		return err
	}
	n, err := insertItems(tx, who, w.ID, ids)
	if err != nil || n == 0 {
		return err
	}
	total, err := countItems(tx, w.ID)
	if err == nil && total > mostInList {
		return fault.InvalidFields(fault.Field{Name: "case", Key: "casework.error.list_full", Args: map[string]any{"Max": mostInList}})
	}
	return err
}

// openCases gives the ids, each once, when all of them are open cases of the unit.
func openCases(tx *tenants.Tx, who actor.Actor, cases []string) ([]string, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(cases)))
	found, err := openOfUnit(tx, who.UnitID, ids)
	if err == nil && len(found) != len(ids) {
		err = fault.InvalidField("case", "casework.error.gone")
	}
	return ids, err
}

// TakeOut takes cases out of a working list; those that are not in it stay out.
func (s *Service) TakeOut(ctx context.Context, who actor.Actor, id string, cases []string) error {
	return s.changeList(ctx, who, id, func(tx *tenants.Tx, _ *WorkingList) error {
		if len(cases) == 0 {
			return fault.InvalidField("case", "casework.error.none")
		}
		ids, err := openCases(tx, who, cases)
		if err != nil {
			return err
		}
		return deleteItems(tx, id, ids)
	})
}

// RemoveList takes a working list away; it is for who made it, and for the head.
// The cases stay as they are.
func (s *Service) RemoveList(ctx context.Context, who actor.Actor, id string) error {
	return s.changeList(ctx, who, id, func(tx *tenants.Tx, w *WorkingList) error {
		if w.OwnerID != who.UserID && !who.Can(access.AssignCase) {
			return fault.New(fault.Forbidden, "casework.error.list_not_yours")
		}
		if err := endList(tx, id); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "case.list_removed", Object: id})
	})
}

// ListExists answers fault.NotFound for an id of no list that the actor may open.
func (s *Service) ListExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := listOf(tx, who, id)
		return err
	})
}

func (s *Service) changeList(ctx context.Context, who actor.Actor, id string, verb func(*tenants.Tx, *WorkingList) error) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		w, err := listOf(tx, who, id)
		if err != nil {
			return err
		}
		return verb(tx, &w)
	})
}

func listOf(tx *tenants.Tx, who actor.Actor, id string) (WorkingList, error) {
	known, err := workingLists(tx, who.UnitID, who.UserID)
	if err != nil {
		return WorkingList{}, err
	}
	at := slices.IndexFunc(known, func(w WorkingList) bool { return w.ID == id })
	if at < 0 {
		return WorkingList{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return known[at], nil
}

// tookAlong leaves in the trail of each file that a list with it left the program.
func tookAlong(ctx context.Context, who actor.Actor, rows []Row) error {
	files := make([]string, 0, len(rows))
	for i := range rows {
		files = append(files, rows[i].FileID)
	}
	return audit.LookedAll(ctx, who, files, "cases.csv")
}
