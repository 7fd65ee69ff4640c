package screening

import (
	"context"
	"net/http"
	"slices"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/screening"
	"gsl/templates/ui"
)

// suggested is how many items "podría acceder a" names; the pop-up has them all.
const suggested = 5

// Handlers show the screening.
type Handlers struct {
	service   *Service
	catalogue *catalogue.Service
	// InCart gives the catalogue codes that the file's cart holds; nil: nobody asks.
	InCart func(ctx context.Context, who actor.Actor, fileID string) (map[string]bool, error)
	// Referred gives folio and address of the file's referral of an item that is
	// under way, "" for none; nil: nobody asks.
	Referred func(ctx context.Context, who actor.Actor, fileID, code string) (folio, href string, err error)
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, catalogue *catalogue.Service) *Handlers {
	return &Handlers{service: service, catalogue: catalogue}
}

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/screening", access.ReadFile, h.screening)
}

// screening shows what is known of a file's person and household.
func (h *Handlers) screening(c *web.Ctx) error {
	p := presenter{ctx: c.Context(), who: c.Actor()}
	switch c.Query("benefits") {
	case "all":
		p.all = true
	case "", "latest":
	default:
		return fault.New(fault.NotFound, "fault.not_found")
	}
	var err error
	if p.sc, err = h.service.Compile(p.ctx, p.who, c.Param("file")); err != nil {
		return err
	}
	if c.Fragment() && c.Query("benefits") != "" {
		benefits := p.benefits()
		benefits.Focus = true
		return c.Partial(http.StatusOK, views.BenefitsPanel(&benefits))
	}
	page, err := h.page(&p)
	if err != nil {
		return err
	}
	view := p.page()
	if view.Unknown != nil {
		if err := h.enter(&p, view.Unknown); err != nil {
			return err
		}
	}
	return c.Page(http.StatusOK, page, views.Page(view))
}

// enter says how a person enters the registry: by the cart of who does casework,
// by a referral of any other desk; and whether that is on its way.
func (h *Handlers) enter(p *presenter, v *views.Unknown) (err error) {
	v.Entered, v.Refer = p.inCart[enterRegistry], !v.Enter && p.who.Can(access.Refer)
	if h.Referred == nil || !p.who.Can(access.Refer) {
		return nil
	}
	var folio string
	folio, v.Href, err = h.Referred(p.ctx, p.who, p.sc.File.ID, enterRegistry)
	v.Folio, v.Item = ui.Text(folio), enterRegistry
	return err
}

// cart gives the codes that the file's cart holds; an empty one is not asked for.
func (h *Handlers) cart(p *presenter) (map[string]bool, error) {
	filled := slices.ContainsFunc(p.sc.Frame.Sections, func(s layout.Section) bool { return s.Key == people.CartSection && s.Count > 0 })
	if h.InCart == nil || !filled {
		return nil, nil //nolint:nilnil // nothing is in it
	}
	return h.InCart(p.ctx, p.who, p.sc.File.ID)
}

// suggestions are the best of what the household could have and the cart has not.
func (h *Handlers) suggestions(p *presenter, facts *catalogue.Facts) (list []catalogue.Suggestion, err error) {
	if p.inCart, err = h.cart(p); err != nil {
		return nil, err
	}
	list, err = h.catalogue.Suggest(p.ctx, p.who, facts, suggested+len(p.inCart))
	list = slices.DeleteFunc(list, func(s catalogue.Suggestion) bool { return p.inCart[s.Item.Code] })
	return list[:min(len(list), suggested)], err
}

// page gives the frame of the page and its right column.
func (h *Handlers) page(p *presenter) (layout.Page, error) {
	facts := p.sc.Facts(p.who.Municipality.Communes)
	list, err := h.suggestions(p, facts)
	if err != nil {
		return layout.Page{}, err
	}
	if n := p.sc.otherPlans(); n > 0 {
		p.sc.Frame.Alerts = append(p.sc.Frame.Alerts, ui.Tag{Text: string(p.count("screening.alert.other_plan", n)), Icon: "diagram-3", Kind: ui.Info})
	}
	return layout.Page{Title: string(p.t("screening.title")), Section: people.ScreeningSection, File: p.sc.Frame,
		Aside: views.AsidePanels(p.aside(facts, list)), Print: true}, nil
}
