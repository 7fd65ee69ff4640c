package casework

import (
	"net/http"
	"net/url"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/casework"
	"gsl/templates/layout"
)

// Handlers show cases and hand them on.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	h.mountNotes(r)
	r.GET("/cases", access.ManagePlan, h.cases)
	r.GET("/cases.csv", access.ManagePlan, h.export)
	r.POST("/cases/assign", access.AssignCase, h.reassign)
	r.POST("/cases/lists", access.ManagePlan, h.saveList)
	r.POST("/cases/lists/:list/take", access.ManagePlan, h.takeOut)
	r.POST("/cases/lists/:list/remove", access.ManagePlan, h.removeList)
	r.GET("/files/:file/case", access.ReadFile, h.caseOf)
	r.GET("/files/:file/case/close", access.ManagePlan, h.closing)
	r.POST("/files/:file/case/close", access.ManagePlan, h.close)
	r.POST("/files/:file/case/open", access.ManagePlan, h.open)
}

// origin tells where a form was sent from: the page of a file's case, or a list
// with what its address asked for.
func origin(back string) (file string, query url.Values) {
	path, rest, _ := strings.Cut(back, "?")
	if id, ok := strings.CutPrefix(path, "/files/"); ok {
		if id, ok = strings.CutSuffix(id, "/case"); ok && isID(id) {
			return id, nil
		}
	}
	query, err := url.ParseQuery(rest)
	if err != nil {
		return "", url.Values{}
	}
	return "", query
}

// isID reports whether a text can be an id: anything else stays out of addresses.
func isID(text string) bool {
	return text != "" && len(text) <= 40 && strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") == ""
}

func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// caseOf shows who is responsible for a file, and who was.
func (h *Handlers) caseOf(c *web.Ctx) error {
	return h.show(c, http.StatusOK, c.Param("file"), Reassign{}, nil)
}

func (h *Handlers) show(c *web.Ctx, status int, file string, form Reassign, cause error) error {
	return h.casePage(c, status, file, func(v *views.Case) {
		if v.Reassign != nil {
			fillAgain(c, v.Reassign, form, cause)
		}
	})
}

// casePage answers with the page of a file's case, after again has put the form
// that came back into it.
func (h *Handlers) casePage(c *web.Ctx, status int, file string, again func(*views.Case)) error {
	ctx := c.Context()
	shown, err := h.service.Case(ctx, c.Actor(), file)
	if err != nil {
		return err
	}
	view := presentCase(ctx, &shown, file)
	again(view)
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "casework.case.title"), File: shown.Frame, Print: true}
	return c.Page(status, page, views.CasePage(view))
}
