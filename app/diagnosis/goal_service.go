package diagnosis

import (
	"context"
	"slices"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"

	"gsl/app/access"
)

// GoalsOf gives the goals and commitments of a file, without the plan items they
// could be tied to.
func GoalsOf(tx *tenants.Tx, fileID string) (Goals, error) {
	var g Goals
	items, err := pursuits(tx, fileID)
	if err != nil {
		return g, err
	}
	if g.Goals, err = goalList(tx, fileID); err != nil {
		return g, err
	}
	for i := range g.Goals {
		g.Goals[i].Items = items[g.Goals[i].ID]
	}
	all, err := commitmentList(tx, fileID)
	for i := range all {
		all[i].Items = items[all[i].ID]
		g.put(all[i])
	}
	return g, err
}

// put gives a commitment to its goal.
func (g *Goals) put(c Commitment) {
	for i := range g.Goals {
		if g.Goals[i].ID == c.GoalID {
			g.Goals[i].Commitments = append(g.Goals[i].Commitments, c)
			return
		}
	}
	g.Alone = append(g.Alone, c)
}

func (s *Service) goalsOf(tx *tenants.Tx, who actor.Actor, fileID string) (Goals, error) {
	g, err := GoalsOf(tx, fileID)
	if err != nil {
		return g, err
	}
	g.Items, err = s.items(tx, who, fileID)
	return g, err
}

func (s *Service) items(tx *tenants.Tx, who actor.Actor, fileID string) ([]Item, error) {
	if s.Items == nil {
		return nil, nil
	}
	return s.Items(tx, who, fileID)
}

// Aims is what the page of goals and commitments shows.
type Aims struct {
	visit
	Goals  Goals
	Ties   int
	Writes bool
	Person string // who commits, unless somebody else is named
}

// Aims gives the goals and commitments of a file and leaves the trail of the view.
func (s *Service) Aims(ctx context.Context, who actor.Actor, fileID string) (*Aims, error) {
	a := &Aims{Writes: who.Can(access.ManagePlan)}
	var err error
	a.visit, err = s.view(ctx, who, fileID, "goals", func(tx *tenants.Tx) (err error) {
		if a.Goals, err = s.goalsOf(tx, who, fileID); err != nil {
			return err
		}
		ties, err := tiesOf(tx, fileID)
		a.Ties = len(ties)
		return err
	})
	a.Person = people.DisplayName(ctx, a.File)
	return a, err
}

// GoalExists answers fault.NotFound when the municipality has no goal with the id.
func (s *Service) GoalExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := goal(tx, id)
		return err
	})
}

// CommitmentExists answers fault.NotFound when the municipality has no commitment
// with the id.
func (s *Service) CommitmentExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := commitment(tx, id)
		return err
	})
}

// AddGoal adds a goal. A form that is sent twice, by its key, adds once.
func (s *Service) AddGoal(ctx context.Context, who actor.Actor, fileID, key string, g Goal) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		g.Standing = Open
		wrong := append(g.check(calendar.On(tx.Now), calendar.Date{}), g.checkDimension()...)
		if added, err := s.addable(tx, who, fileID, key, &g.Aim, wrong); err != nil || added {
			return err
		}
		if err := insertGoal(tx, who, &g, key); err != nil {
			return err
		}
		return told(tx, who, &g.Aim, "", "goal.add")
	})
}

// AddCommitment adds what somebody of the family has agreed to do.
func (s *Service) AddCommitment(ctx context.Context, who actor.Actor, fileID, key string, c Commitment) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		c.Standing = Open
		wrong := append(c.check(calendar.On(tx.Now), calendar.Date{}), c.checkBy()...)
		if added, err := s.addable(tx, who, fileID, key, &c.Aim, wrong); err != nil || added {
			return err
		}
		if err := goalOfFile(tx, fileID, c.GoalID); err != nil {
			return err
		}
		if err := insertCommitment(tx, who, &c, key); err != nil {
			return err
		}
		return told(tx, who, &c.Aim, "", "commitment.add")
	})
}

// addable checks what is to be added and gives it its id; added says that the
// same form has added it already.
func (s *Service) addable(tx *tenants.Tx, who actor.Actor, fileID, key string, a *Aim, wrong []fault.Field) (added bool, err error) {
	items, err := s.items(tx, who, fileID)
	if err != nil {
		return false, err
	}
	if wrong = append(wrong, a.checkItems(items, nil)...); len(wrong) > 0 {
		return false, fault.InvalidFields(wrong...)
	}
	a.ID, a.FileID = tx.NewID(), fileID
	file, text, added, err := addedBy(tx, key)
	if err == nil && added && (file != fileID || text != a.Text) {
		err = fault.Twice()
	}
	return added, err
}

// ChangeGoal changes a goal: edit gives what is to be from what is. fault.Conflict:
// it was changed since the version that the form shows. What is already so has no effect.
func (s *Service) ChangeGoal(ctx context.Context, who actor.Actor, fileID, id string, version int64, edit func(Goal) Goal) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		was, err := goal(tx, id)
		if err != nil || was.FileID != fileID {
			return orNotFound(err)
		}
		to := edit(was)
		if to.same(&was.Aim) && to.Dimension == was.Dimension {
			return nil
		}
		if err := s.changeable(tx, who, version, &was.Aim, &to.Aim, to.checkDimension()); err != nil {
			return err
		}
		if err := updateGoal(tx, who, &to); err != nil {
			return err
		}
		return told(tx, who, &to.Aim, was.Standing, "goal.change")
	})
}

// ChangeCommitment changes a commitment, as ChangeGoal does.
func (s *Service) ChangeCommitment(ctx context.Context, who actor.Actor, fileID, id string, version int64, edit func(Commitment) Commitment) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		was, err := commitment(tx, id)
		if err != nil || was.FileID != fileID {
			return orNotFound(err)
		}
		to := edit(was)
		if to.same(&was.Aim) && to.By == was.By && to.GoalID == was.GoalID {
			return nil
		}
		if err := s.changeable(tx, who, version, &was.Aim, &to.Aim, to.checkBy()); err != nil {
			return err
		}
		if err := goalOfFile(tx, fileID, to.GoalID); err != nil {
			return err
		}
		if err := updateCommitment(tx, who, &to); err != nil {
			return err
		}
		return told(tx, who, &to.Aim, was.Standing, "commitment.change")
	})
}

func orNotFound(err error) error {
	if err == nil {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// changeable checks a change; wrong is what is wrong with it besides.
func (s *Service) changeable(tx *tenants.Tx, who actor.Actor, version int64, was, to *Aim, wrong []fault.Field) error {
	items, err := s.items(tx, who, was.FileID)
	if err != nil {
		return err
	}
	if !to.Standing.needsReason() {
		to.Reason = ""
	}
	wrong = append(wrong, to.check(calendar.On(tx.Now), was.Due)...)
	if wrong = append(wrong, to.checkItems(items, was.Items)...); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	if was.Version != version {
		return fault.New(fault.Conflict, "diagnosis.error.aim_changed").With("Name", was.ChangedBy)
	}
	return nil
}

// told ties a goal or commitment to its plan items, and leaves the change in its
// history and in the trail.
func told(tx *tenants.Tx, who actor.Actor, a *Aim, was Standing, action string) error {
	if err := pursue(tx, a.ID, a.Items); err != nil {
		return err
	}
	if err := rememberAim(tx, who, a, was); err != nil {
		return err
	}
	detail := map[string]string{"became": string(a.Standing)} // why stands in the history: every desk reads the trail of a file
	return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID, File: a.FileID, Detail: detail})
}

// goalOfFile names a goal that the file does not have; "" is none.
func goalOfFile(tx *tenants.Tx, fileID, id string) error {
	if id == "" {
		return nil
	}
	g, err := goal(tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && g.FileID != fileID {
		return fault.InvalidField("goal", "diagnosis.error.goal")
	}
	return err
}

func (g *Goal) checkDimension() []fault.Field {
	if g.Dimension == "" || slices.Contains(Dimensions(), g.Dimension) {
		return nil
	}
	return []fault.Field{{Name: "dimension", Key: "diagnosis.error.dimension"}}
}

func (c *Commitment) checkBy() []fault.Field {
	switch {
	case c.By == "":
		return []fault.Field{{Name: "by", Key: "diagnosis.error.by"}}
	case utf8.RuneCountInString(c.By) > maxWhom:
		return []fault.Field{{Name: "by", Key: "diagnosis.error.long", Args: map[string]any{"Max": maxWhom}}}
	}
	return nil
}
