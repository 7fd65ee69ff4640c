package attention

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// The limits of the list of topics: one chooses from it while a person waits.
const (
	maxTopic  = 60 // runes
	maxTopics = 99
)

// Topics lists all topics to whom keeps the municipality's settings.
func (s *Service) Topics(ctx context.Context, who actor.Actor) ([]Topic, error) {
	if err := may(who, access.EditSettings); err != nil {
		return nil, err
	}
	var list []Topic
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = topicsOf(tx, false)
		return err
	})
	return list, err
}

// Marks gives the names of what topics are preset for: categories and
// subcategories of the catalogue, and desks.
func (s *Service) Marks(ctx context.Context, who actor.Actor) (map[string]string, error) {
	today, err := s.catalogue.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i := range today.Categories {
		c := &today.Categories[i]
		names[c.Code] = c.ShortName
		for _, sub := range c.Subcategories {
			names[sub.Code] = sub.Name
		}
	}
	desks, err := s.DeskList(ctx, who)
	for _, d := range desks {
		names["desk:"+d.Code] = d.Name
	}
	return names, err
}

// AddTopic puts a topic on the list. One of the same name is fault.Invalid.
func (s *Service) AddTopic(ctx context.Context, who actor.Actor, name string) error {
	if err := may(who, access.EditSettings); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		topics, err := topicsOf(tx, false)
		if err != nil {
			return err
		}
		t := Topic{Code: nextTopic(topics), Name: strings.Join(strings.Fields(name), " "), Active: true}
		if problem := t.problem(topics); problem != "" {
			return fault.InvalidField("name", problem)
		}
		if len(topics) >= maxTopics {
			return fault.InvalidField("name", "attention.error.topics_full")
		}
		if err := insertTopic(tx, t); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "attention.topic_add", Object: t.Code, Detail: map[string]string{"to": t.Name}})
	})
}

// EditTopic renames a topic, or takes it off the list that desks choose from:
// attentions keep it. fault.Conflict: somebody else changed it meanwhile.
func (s *Service) EditTopic(ctx context.Context, who actor.Actor, t Topic) error {
	if err := may(who, access.EditSettings); err != nil {
		return err
	}
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		topics, err := topicsOf(tx, false)
		if err != nil {
			return err
		}
		was, err := topicIn(topics, t.Code)
		if err != nil || was.Name == t.Name && was.Active == t.Active {
			return err // sent twice: one effect
		}
		if problem := t.problem(topics); problem != "" {
			return fault.InvalidField("name", problem)
		}
		same, err := renameTopic(tx, t)
		if err != nil {
			return err
		}
		if !same {
			return fault.New(fault.Conflict, "attention.error.topic_changed").With("Name", was.Name)
		}
		return audit.Record(tx, who, audit.Change{Action: "attention.topic_edit", Object: t.Code,
			Detail: map[string]string{"from": was.Name, "to": t.Name, "active": strconv.FormatBool(t.Active)}})
	})
}

func topicIn(topics []Topic, code string) (Topic, error) {
	for _, t := range topics {
		if t.Code == code {
			return t, nil
		}
	}
	return Topic{}, fault.New(fault.NotFound, "fault.not_found")
}

// problem is the key of what is wrong with a name, "" for nothing.
func (t Topic) problem(topics []Topic) string {
	switch {
	case !strings.ContainsFunc(t.Name, unicode.IsLetter):
		return "attention.error.topic_name"
	case utf8.RuneCountInString(t.Name) > maxTopic:
		return "attention.error.topic_long"
	}
	for _, other := range topics {
		if other.Code != t.Code && sheet.Fold(other.Name) == sheet.Fold(t.Name) {
			return "attention.error.topic_twice"
		}
	}
	return ""
}

// nextTopic is the code of a new topic: the number after the highest.
func nextTopic(topics []Topic) string {
	highest := 0
	for _, t := range topics {
		var n int
		if _, err := fmt.Sscanf(t.Code, "T%d", &n); err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("T%02d", highest+1)
}
