package attention

import (
	"net/http"
	"strconv"
	"strings"

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
	line, err := h.line(c, form.Topic)
	if err != nil {
		return err
	}
	return c.Partial(http.StatusOK, views.TopicLine(line))
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
	line, err := h.line(c, form.Topic)
	if err != nil {
		return err
	}
	typed(c, line, &form, why)
	return c.Partial(status, views.TopicLine(line))
}

// typed puts into a line what was typed; after a conflict, sending it again
// writes over what is kept.
func typed(c *web.Ctx, line *views.Topic, form *topicForm, why error) {
	line.Name, line.Active, line.Error = c.Typed("name"), form.Active, problemOf(c, why)
}

func problemOf(c *web.Ctx, why error) string {
	if errs := c.Errors(why); len(errs) > 0 {
		return errs[0].Text
	}
	return sentence(c, why)
}

func (h *Handlers) topicsPage(c *web.Ctx, status int, form topicForm, why error) error {
	lines, err := h.lines(c)
	if err != nil {
		return err
	}
	v := &views.Topics{List: lines}
	for i := range lines {
		if why != nil && lines[i].Code == form.Topic {
			typed(c, &lines[i], &form, why)
		}
	}
	if why != nil && form.Topic == "" {
		v.New, v.Errors = c.Typed("name"), c.Errors(why, "name", "attention.topics.new")
	}
	return c.Page(status, layout.Page{Title: i18n.T(c.Context(), "attention.topics.title")}, views.TopicsPage(v))
}

// lines are the topics as the page shows them.
func (h *Handlers) lines(c *web.Ctx) ([]views.Topic, error) {
	topics, err := h.service.Topics(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	marks, err := h.service.Marks(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	lines := make([]views.Topic, 0, len(topics))
	for _, t := range topics {
		line := views.Topic{Code: t.Code, Name: t.Name, Active: t.Active, Version: strconv.FormatInt(t.Version, 10)}
		if about := namesOf(t.Suggests, marks); about != "" {
			line.Preset = i18n.Tf(c.Context(), "attention.topics.preset", map[string]any{"For": about})
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// line is one of them; fault.NotFound when there is none of the code.
func (h *Handlers) line(c *web.Ctx, code string) (*views.Topic, error) {
	lines, err := h.lines(c)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		if lines[i].Code == code {
			return &lines[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

// namesOf are the names of the marks that have one.
func namesOf(marks []string, names map[string]string) string {
	var list []string
	for _, mark := range marks {
		if name := names[mark]; name != "" {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}
