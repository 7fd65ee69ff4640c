package settings

import (
	"context"
	"encoding/hex"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/settings"
)

// mountMunicipality adds the page on which the municipality says who it is.
func (h *Handlers) mountMunicipality(r *web.Router) {
	r.GET("/settings/municipality", access.EditSettings, h.municipality)
	r.POST("/settings/municipality", access.EditSettings, h.saveMunicipality)
	r.POST("/settings/municipality/shield", access.EditSettings, h.setShield, web.Upload(), web.BodyLimit(LargestShield+64<<10))
	r.POST("/settings/municipality/agreement", access.EditSettings, h.publish)
	r.POST("/settings/municipality/legal", access.EditSettings, h.setLegal)
	r.GET("/shield.png", access.SignedIn, h.shield)
}

func (h *Handlers) municipality(c *web.Ctx) error {
	return h.municipalityPage(c, http.StatusOK, nil)
}

// municipalityPage shows the page; fix changes what came back with something wrong.
func (h *Handlers) municipalityPage(c *web.Ctx, status int, fix func(*views.Municipality)) error {
	ctx, who := c.Context(), c.Actor()
	p, err := h.service.Profile(ctx, who)
	if err != nil {
		return err
	}
	own, err := h.service.Agreements.OwnAgreement(ctx, who)
	if err != nil {
		return err
	}
	replicated, sameDisk, err := h.service.Replicated(ctx, who)
	if err != nil {
		return err
	}
	view := &views.Municipality{Profile: presentProfile(&p), Usual: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": who.Municipality.Name}),
		Shield: ShieldHref(&p), Agreement: presentOwn(ctx, &own),
		Legal: views.Legal{On: who.Municipality.Legal(), Possible: replicated, SameDisk: sameDisk}}
	if fix != nil {
		fix(view)
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "municipality.title")}, views.MunicipalityPage(view))
}

func presentProfile(p *Profile) views.Profile {
	return views.Profile{OfficialName: p.OfficialName, Address: p.Address, Phone: p.Phone, Email: p.Email, Version: strconv.FormatInt(p.Version, 10)}
}

func presentOwn(ctx context.Context, own *access.OwnText) views.Agreement {
	view := views.Agreement{Number: own.Number, Body: own.Body, Base: access.AgreementVersion, By: own.By}
	if own.Number > 0 {
		view.When = i18n.DateTime(ctx, own.At)
		view.Accepted = i18n.Tf(ctx, "municipality.agreement.accepted", map[string]any{"Count": own.Accepted, "Of": own.People})
	}
	return view
}

// ShieldHref is where the small shield is, "" when there is none. It changes with
// the picture, so that browsers may keep it.
func ShieldHref(p *Profile) string {
	if len(p.Mark) == 0 {
		return ""
	}
	sum := fnv.New64a()
	_, _ = sum.Write(p.Mark) // never fails
	return "/shield.png?v=" + hex.EncodeToString(sum.Sum(nil))
}

func (h *Handlers) saveMunicipality(c *web.Ctx) error {
	var sent struct {
		OfficialName string `form:"official_name"`
		Address      string `form:"address"`
		Phone        string `form:"phone"`
		Email        string `form:"email" validate:"omitempty,email"`
		Version      int64  `form:"version"`
	}
	var now Profile
	err := c.Bind(&sent)
	if err == nil {
		now, err = h.service.SaveProfile(c.Context(), c.Actor(), Profile{OfficialName: sent.OfficialName, Address: sent.Address,
			Phone: sent.Phone, Email: sent.Email, Version: sent.Version})
	}
	if isForm(err) {
		return h.municipalityPage(c, statusOf(err), func(view *views.Municipality) {
			view.Profile = typedProfile(c)
			view.Profile.Errors = c.Errors(err, profileLabels...)
			if fault.Is(err, fault.Conflict) {
				view.Profile.Problem, view.Profile.Kept = sentence(c.Context(), err), keptProfileLines(c.Context(), &now)
				view.Profile.Version = strconv.FormatInt(now.Version, 10)
			}
		})
	}
	return h.municipalityDone(c, "municipality.flash.saved", err)
}

var profileLabels = []string{
	"official_name", "municipality.official_name", "address", "municipality.address", "phone", "municipality.phone", "email", "municipality.email",
}

func typedProfile(c *web.Ctx) views.Profile {
	return views.Profile{OfficialName: typed(c, "official_name"), Address: typed(c, "address"), Phone: typed(c, "phone"),
		Email: typed(c, "email"), Version: typed(c, "version")}
}

func keptProfileLines(ctx context.Context, p *Profile) []views.Line {
	return []views.Line{
		{Label: i18n.T(ctx, "municipality.official_name"), Value: p.OfficialName},
		{Label: i18n.T(ctx, "municipality.address"), Value: p.Address},
		{Label: i18n.T(ctx, "municipality.phone"), Value: p.Phone},
		{Label: i18n.T(ctx, "municipality.email"), Value: p.Email},
	}
}

func (h *Handlers) municipalityDone(c *web.Ctx, key string, err error) error {
	if err != nil {
		return err
	}
	c.Flash(key, nil)
	return c.Redirect("/settings/municipality")
}

func (h *Handlers) setShield(c *web.Ctx) error {
	var sent struct {
		Remove bool `form:"remove"`
	}
	err := c.Bind(&sent)
	if err == nil {
		err = h.takeShield(c, sent.Remove)
	}
	if isForm(err) {
		return h.municipalityPage(c, statusOf(err), func(view *views.Municipality) { view.ShieldError = c.Errors(err).Of("shield") })
	}
	return h.municipalityDone(c, "municipality.flash.shield", err)
}

func (h *Handlers) takeShield(c *web.Ctx, remove bool) error {
	if remove {
		return h.service.SetShield(c.Context(), c.Actor(), nil)
	}
	file, chosen, err := c.Uploaded("shield")
	if err != nil {
		return err
	}
	if !chosen {
		return fault.InvalidField("shield", "municipality.shield.choose")
	}
	picture, err := io.ReadAll(io.LimitReader(file, LargestShield+1))
	if err != nil {
		return err
	}
	return h.service.SetShield(c.Context(), c.Actor(), picture)
}

func (h *Handlers) publish(c *web.Ctx) error {
	var sent struct {
		Body   string `form:"body" validate:"max=10000"`
		Number int64  `form:"number"`
		Sure   bool   `form:"sure"`
	}
	err := c.Bind(&sent)
	if err == nil && !sent.Sure {
		err = fault.InvalidField("sure", "municipality.agreement.sure_needed")
	}
	if err == nil {
		err = h.service.Agreements.PublishAgreement(c.Context(), c.Actor(), sent.Body, int(sent.Number))
	}
	if isForm(err) {
		return h.municipalityPage(c, statusOf(err), func(view *views.Municipality) {
			view.Agreement.Body, view.Agreement.Errors = typed(c, "body"), c.Errors(err, "body", "municipality.agreement.body", "sure", "municipality.agreement.sure")
			if fault.Is(err, fault.Conflict) {
				view.Agreement.Problem = sentence(c.Context(), err)
			}
		})
	}
	return h.municipalityDone(c, "municipality.flash.agreement", err)
}

func (h *Handlers) setLegal(c *web.Ctx) error {
	var sent struct {
		On string `form:"legal" validate:"required,oneof=on off"`
	}
	err := c.Bind(&sent)
	if err == nil {
		err = h.service.SetLegal(c.Context(), c.Actor(), sent.On == "on")
	}
	if isForm(err) {
		return h.municipalityPage(c, statusOf(err), func(view *views.Municipality) { view.Legal.Error = c.Errors(err).Of("legal") })
	}
	return h.municipalityDone(c, "municipality.flash.legal", err)
}

// shield sends the small shield of the session's municipality.
func (h *Handlers) shield(c *web.Ctx) error {
	m := c.Actor().Municipality
	if m == nil {
		return c.Nothing()
	}
	p, err := h.service.Profiles.Of(c.Context(), m)
	if err != nil {
		return err
	}
	if len(p.Mark) == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return c.Stream(web.Stream{Type: "image/png", Name: "shield.png", Inline: true, Size: int64(len(p.Mark))},
		func(_ context.Context, out io.Writer) error {
			_, err := out.Write(p.Mark)
			return err
		})
}
