package diagnosis

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/diagnosis"
	"gsl/templates/ui"
)

func (h *Handlers) mountEcomap(r *web.Router) {
	r.GET("/files/:file/ecomap", access.ReadCasework, h.ecomap)
	r.POST("/files/:file/ecomap", access.ManagePlan, h.addTie)
	r.POST("/files/:file/ecomap/:tie", access.ManagePlan, h.changeTie)
	r.POST("/files/:file/ecomap/:tie/remove", access.ManagePlan, h.removeTie)
	r.POST("/files/:file/ecomap/:tie/restore", access.ManagePlan, h.restoreTie)
}

// tieForm is what the form of a tie sends.
type tieForm struct {
	Key     string `form:"key" validate:"max=40"`
	Version int64  `form:"version" validate:"gte=0"`
	Kind    string `form:"kind" validate:"max=20"`
	Name    string `form:"name"`
	Tie     string `form:"tie" validate:"max=20"`
	Note    string `form:"note"`
}

func (f *tieForm) tie(id string) Tie {
	return Tie{ID: id, Kind: Kind(f.Kind), Name: f.Name, Strength: Strength(f.Tie), Note: f.Note, Version: f.Version}
}

// tieState is what a form of the page carries when it comes back.
type tieState struct {
	id      string // of the tie whose form it is, "" for the new one's
	form    tieForm
	errs    ui.Errors
	problem string
}

// formOf is the form of a tie: as it is, or with what was typed, on the version
// that is seen now, so that sent again it counts.
func (st *tieState) formOf(t *Tie) tieForm {
	if st.form == (tieForm{}) {
		return tieForm{Version: t.Version, Kind: string(t.Kind), Name: t.Name, Tie: string(t.Strength), Note: t.Note}
	}
	form := st.form
	form.Version = t.Version
	return form
}

// ecomap shows the support network; ?edit names the tie that is being changed.
func (h *Handlers) ecomap(c *web.Ctx) error {
	return h.showEcomap(c, http.StatusOK, tieState{id: c.Query("edit")})
}

func (h *Handlers) showEcomap(c *web.Ctx, status int, st tieState) error {
	n, err := h.service.Network(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	v := presentEcomap(c.Context(), n, st)
	if id := c.Query("removed"); id != "" && n.Writes {
		v.Undo = "/files/" + n.File.ID + "/ecomap/" + url.PathEscape(id) + "/restore"
	}
	return c.Page(status, page(c, &n.visit, i18n.T(c.Context(), "diagnosis.tab.ecomap"), nil), views.EcomapPage(v))
}

// addTie adds somebody to the network.
func (h *Handlers) addTie(c *web.Ctx) error {
	var form tieForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	if form.Key == "" {
		return fault.InvalidField("key", "web.field.required")
	}
	if err := h.service.AddTie(c.Context(), c.Actor(), c.Param("file"), form.Key, form.tie("")); err != nil {
		return h.tieAgain(c, tieState{form: form}, err)
	}
	c.Flash("diagnosis.flash.tie_added", nil)
	return c.Redirect("/files/" + c.Param("file") + "/ecomap#tie-new")
}

// changeTie changes a tie.
func (h *Handlers) changeTie(c *web.Ctx) error {
	var form tieForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	id := c.Param("tie")
	if _, err := h.service.ChangeTie(c.Context(), c.Actor(), c.Param("file"), form.tie(id)); err != nil {
		return h.tieAgain(c, tieState{id: id, form: form}, err)
	}
	c.Flash("diagnosis.flash.tie_changed", nil)
	return c.Redirect("/files/" + c.Param("file") + "/ecomap")
}

// tieAgain gives a form back with what was typed and what is wrong.
func (h *Handlers) tieAgain(c *web.Ctx, st tieState, cause error) error {
	switch {
	case fault.Is(cause, fault.Conflict):
		if fault.IsTwice(cause) {
			st.form.Key = rand.Text()
		}
		st.problem = sentence(c, cause)
		return h.showEcomap(c, http.StatusConflict, st)
	case fault.Is(cause, fault.Invalid):
		st.errs = c.Errors(cause, "kind", "diagnosis.tie.kind", "name", "diagnosis.tie.name", "tie", "diagnosis.tie.strength", "note", "diagnosis.tie.note")
		return h.showEcomap(c, http.StatusUnprocessableEntity, st)
	}
	return cause
}

// removeTie takes a tie out of the drawing; it can be put back.
func (h *Handlers) removeTie(c *web.Ctx) error { return h.outOrBack(c, false) }

// restoreTie puts it back.
func (h *Handlers) restoreTie(c *web.Ctx) error { return h.outOrBack(c, true) }

func (h *Handlers) outOrBack(c *web.Ctx, back bool) error {
	var none struct{}
	if err := c.Bind(&none); err != nil {
		return err
	}
	if err := h.service.RemoveTie(c.Context(), c.Actor(), c.Param("file"), c.Param("tie"), back); err != nil {
		return err
	}
	if back {
		c.Flash("diagnosis.flash.tie_restored", nil)
		return c.Redirect("/files/" + c.Param("file") + "/ecomap")
	}
	c.Flash("diagnosis.flash.tie_removed", nil)
	return c.Redirect("/files/" + c.Param("file") + "/ecomap?removed=" + c.Param("tie"))
}

// presentEcomap is the page of the network.
func presentEcomap(ctx context.Context, n *Network, st tieState) *views.Ecomap {
	base := "/files/" + n.File.ID + "/ecomap"
	v := &views.Ecomap{Tabs: presentTabs(ctx, n.File.ID, "ecomap", len(n.Ecomap.Ties), &n.Goals), Drawing: presentDrawing(ctx, &n.Ecomap),
		Count: tiesText(ctx, n.Ecomap.Ties), Problem: st.problem}
	for i := range n.Ecomap.Ties {
		t := &n.Ecomap.Ties[i]
		row := views.Tie{ID: t.ID, Kind: i18n.T(ctx, kindKeys[t.Kind]), Name: t.Name, Strength: strengthView(ctx, t.Strength), Note: t.Note,
			Changed: i18n.Tf(ctx, "diagnosis.tie.changed", map[string]any{"On": i18n.DateTime(ctx, t.ChangedAt), "Name": t.ChangedBy})}
		if n.Writes {
			row.Edit, row.Remove = base+"?edit="+t.ID+"#tie-"+t.ID, base+"/"+t.ID+"/remove"
			if st.id == t.ID {
				row.Form = presentTie(ctx, base+"/"+t.ID, t.ID, st.formOf(t), st.errs)
				row.Form.Cancel = base
			}
		}
		v.Ties = append(v.Ties, row)
	}
	if n.Writes && len(n.Ecomap.Ties) < mostTies {
		form := tieForm{Key: rand.Text()}
		if st.id == "" && st.form.Key != "" {
			form = st.form
		}
		f := presentTie(ctx, base, "", form, errsOf(st, ""))
		v.New = f
	}
	return v
}

func errsOf(st tieState, id string) ui.Errors {
	if st.id == id {
		return st.errs
	}
	return nil
}

// presentTie is the small form of a tie.
func presentTie(ctx context.Context, action, id string, form tieForm, errs ui.Errors) *views.TieForm {
	f := &views.TieForm{Action: action, Key: form.Key, Version: strconv.FormatInt(form.Version, 10), Errors: errs}
	in := func(name, key, value string) ui.Input {
		field := ui.Input{Name: name, Label: i18n.T(ctx, key), Value: value, Error: errs.Of(name)}
		if id != "" {
			field.ID = "f-" + name + "-" + id
		}
		return field
	}
	f.Kind, f.Name = in("kind", "diagnosis.tie.kind", form.Kind), in("name", "diagnosis.tie.name", form.Name)
	f.Strength, f.Note = in("tie", "diagnosis.tie.strength", form.Tie), in("note", "diagnosis.tie.note", form.Note)
	f.Name.MaxLength, f.Note.MaxLength, f.Note.Optional = maxTieName, maxTieNote, true
	f.Name.Required, f.Kind.Required, f.Strength.Required = true, true, true
	f.Kinds = append(f.Kinds, ui.Option{Text: i18n.T(ctx, "diagnosis.choose")})
	for _, k := range Kinds() {
		f.Kinds = append(f.Kinds, ui.Option{Value: string(k), Text: i18n.T(ctx, kindKeys[k])})
	}
	f.Strengths = append(f.Strengths, ui.Option{Text: i18n.T(ctx, "diagnosis.choose")})
	for _, s := range Strengths() {
		f.Strengths = append(f.Strengths, ui.Option{Value: string(s), Text: i18n.T(ctx, strengthKeys[s])})
	}
	return f
}
