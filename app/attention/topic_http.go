package attention

import (
	"net/http"
	"strconv"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/attention"
	"gsl/templates/layout"
)

// topicForm is one line of the list; without a topic it is a new one.
type topicForm struct {
	Topic   string `form:"topic"`
	Name    string `form:"name"`
	Active  bool   `form:"active"`
	Version int64  `form:"version"`
}

// topics shows the list of topics.
func (h *Handlers) topics(c *web.Ctx) error {
	return h.topicsPage(c, http.StatusOK, topicForm{}, nil)
}

// saveTopic keeps one line of the list, or adds one.
func (h *Handlers) saveTopic(c *web.Ctx) error {
	var form topicForm
	err := c.Bind(&form)
	if err == nil && form.Topic == "" {
		err = h.service.AddTopic(c.Context(), c.Actor(), form.Name)
	} else if err == nil {
		err = h.service.EditTopic(c.Context(), c.Actor(), Topic{Code: form.Topic, Name: form.Name, Active: form.Active, Version: form.Version})
	}
	if err != nil {
		return h.topicAgain(c, form, err)
	}
	c.Flash("attention.flash.topic_saved", nil)
	if form.Topic == "" || !c.Fragment() {
		return c.Redirect("/settings/topics")
	}
	list, err := h.service.Topics(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	t, err := topicIn(list, form.Topic)
	if err != nil {
		return err
	}
	return c.Partial(http.StatusOK, views.TopicLine(presentTopic(t)))
}

// topicAgain gives the line back with what was typed and what is wrong.
func (h *Handlers) topicAgain(c *web.Ctx, form topicForm, why error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case fault.Is(why, fault.Conflict):
		status = http.StatusConflict
	case !fault.Is(why, fault.Invalid):
		return why
	}
	if form.Topic == "" || !c.Fragment() {
		return h.topicsPage(c, status, form, why)
	}
	line, err := h.typedLine(c, form, why)
	if err != nil {
		return err
	}
	return c.Partial(status, views.TopicLine(line))
}

// typedLine is a line as it was typed; after a conflict, sending it again writes
// over what is kept.
func (h *Handlers) typedLine(c *web.Ctx, form topicForm, why error) (*views.Topic, error) {
	list, err := h.service.Topics(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	t, err := topicIn(list, form.Topic)
	if err != nil {
		return nil, err
	}
	line := presentTopic(t)
	line.Name, line.Active, line.Error = c.Typed("name"), form.Active, problemOf(c, why)
	return line, nil
}

func problemOf(c *web.Ctx, why error) string {
	if errs := c.Errors(why); len(errs) > 0 {
		return errs[0].Text
	}
	return sentence(c, why)
}

func (h *Handlers) topicsPage(c *web.Ctx, status int, form topicForm, why error) error {
	list, err := h.service.Topics(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	v := &views.Topics{}
	for _, t := range list {
		line := presentTopic(t)
		if why != nil && t.Code == form.Topic {
			line.Name, line.Active, line.Error = c.Typed("name"), form.Active, problemOf(c, why)
		}
		v.List = append(v.List, *line)
	}
	if why != nil && form.Topic == "" {
		v.New, v.Errors = c.Typed("name"), c.Errors(why, "name", "attention.topics.new")
	}
	return c.Page(status, layout.Page{Title: i18n.T(c.Context(), "attention.topics.title")}, views.TopicsPage(v))
}

func presentTopic(t Topic) *views.Topic {
	return &views.Topic{Code: t.Code, Name: t.Name, Active: t.Active, Version: strconv.FormatInt(t.Version, 10)}
}
