// Package layout is the frame of every page: top bar with the RUN box, the
// user's menu, the rail and the person's header inside a file, the region that
// says what happened. kit/web puts the Shell into the context; a handler gives
// the Page.
package layout

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// Page is what a handler says of the page it shows.
type Page struct {
	Title   string          // of the window; never a name or a RUN: browsers keep it
	Section string          // key of the rail's section; "" outside a file
	File    *FileFrame      // rail and person's header; nil outside a file
	Aside   templ.Component // right column; nil for none
	Narrow  bool            // one readable column: forms, messages, sign-in
	Style   string          // style sheet beside that of every page: RoomStyle; "" for none
	Print   bool            // the page is meant for paper too: shows a print button's styles
}

// RoomStyle is the style of the rooms that a day does not begin in.
const RoomStyle = "rooms.css"

// FileFrame is the rail and the person's header of a case file: decided data.
type FileFrame struct {
	FileID   string
	Name     string
	Initials string
	RUN      string // as people read it, or the provisional ID
	Facts    []ui.Fact
	Tramo    string // "40 %", "" when unknown
	Alerts   []ui.Tag
	Sections []Section
	// Attention is the desk's open one; nil for who attends nobody.
	Attention *Attention
	// Why is what the page is read for, as the trail keeps it: the open attention.
	Why string
}

// Section is one line of the rail.
type Section struct {
	Key      string
	Label    string
	Href     string
	Icon     string
	Count    int    // 0 shows nothing
	Circle   string // of the plan: "", "open", "closed"
	Disabled bool   // shown, but there is nothing to open yet
}

// Membership is one way in which the user may work.
type Membership struct {
	ID           string
	Municipality string // "" for national roles
	Role         string // code of domain.md
	Unit         string // name of the unit, "" for none
	Current      bool
}

// Emblem is how a municipality presents itself; what is blank is as usual.
type Emblem struct {
	Name   string // "Ilustre Municipalidad de Limache"
	Shield string // address of the picture
}

// Shell is what the frame shows of the session.
type Shell struct {
	SignedIn     bool
	UserName     string
	Role         string // code
	Unit         string
	Municipality string
	Emblem       Emblem // of the municipality
	MembershipID string
	Memberships  []Membership
	Lookup       bool            // the actor may look a RUN up
	Newcomer     bool            // the actor may attend a person without RUN
	Nav          templ.Component // menu of the pages outside the files; nil for none
	Copy         bool            // what is shown is a restored copy, not the municipality as it is
	CopyUntil    time.Time       // of the last change that is in it
	Demo         bool
	ShortcutsOff bool
	Factor       bool    // signing in again asks for a code too
	SecondsLeft  int     // until the session ends; 0 = unknown
	Notice       *Notice // what happened before this page
	Announced    []Announcement
}

// Notice is one sentence for the status region.
type Notice struct {
	Text  string
	Error bool
}

type shellKey struct{}

// With returns a context that carries the shell.
func With(ctx context.Context, s *Shell) context.Context {
	return context.WithValue(ctx, shellKey{}, s)
}

func shellOf(ctx context.Context) *Shell {
	if s, ok := ctx.Value(shellKey{}).(*Shell); ok {
		return s
	}
	return &Shell{}
}

// roleKeys are the names of the roles on the screen.
var roleKeys = map[string]string{
	"national_admin":      "layout.role.national_admin",
	"front_desk":          "layout.role.front_desk",
	"rsh_desk":            "layout.role.rsh_desk",
	"subsidies_desk":      "layout.role.subsidies_desk",
	"case_manager":        "layout.role.case_manager",
	"unit_head":           "layout.role.unit_head",
	"counterpart":         "layout.role.counterpart",
	"director":            "layout.role.director",
	"technical_assistant": "layout.role.technical_assistant",
}

// RoleName is a role code in words.
func RoleName(ctx context.Context, role string) string {
	if key, ok := roleKeys[role]; ok {
		return i18n.T(ctx, key)
	}
	return role
}

// RoleAndUnit is "Gestor/a de casos · Asistencia Social".
func RoleAndUnit(ctx context.Context, role, unit string) string {
	if unit == "" {
		return RoleName(ctx, role)
	}
	return RoleName(ctx, role) + " · " + unit
}

// municipality is "Municipalidad de Limache", "" where the session has none.
func (s *Shell) municipality(ctx context.Context) string {
	if s.Municipality == "" {
		return ""
	}
	if s.Emblem.Name != "" {
		return s.Emblem.Name
	}
	if strings.HasPrefix(s.Municipality, "Delegación ") {
		return s.Municipality // a delegation's name says what it is
	}
	return i18n.Tf(ctx, "layout.municipality", map[string]any{"Name": s.Municipality})
}

// letterhead stands on top of what is printed.
func (s *Shell) letterhead(ctx context.Context) string {
	if s.Municipality == "" {
		return i18n.T(ctx, "layout.product")
	}
	return s.municipality(ctx) + " · " + i18n.T(ctx, "layout.product")
}

// others are the memberships one can switch to.
func (s *Shell) others() []Membership {
	var list []Membership
	for _, m := range s.Memberships {
		if m.ID != s.MembershipID {
			list = append(list, m)
		}
	}
	return list
}

func (p *Page) shellClass() string {
	class := "shell"
	if p.File != nil {
		class += " has-rail"
	}
	if p.Aside != nil {
		class += " has-aside"
	}
	if p.Narrow {
		class += " narrow"
	}
	return class
}

// The parts of the frame that are the same for everybody.
var (
	headMould      = ui.NewMould(head())
	lookupMould    = ui.NewMould(lookup())
	newcomerMould  = ui.NewMould(newcomer())
	languagesMould = ui.NewMould(languages())
	leavingMould   = ui.NewMould(leaving())
	dialogsMould   = ui.NewMould(dialogs())
)

// bodyAttrs: the token for htmx and what app.js needs to know.
func bodyAttrs(ctx context.Context, s *Shell) templ.OrderedAttributes {
	a := append(append(make(templ.OrderedAttributes, 0, 7), ui.HX(ctx)...),
		// Pressed twice is sent once; a field that asks while one types says this:replace.
		attr("hx-sync:inherited", "drop"),
		attr("data-close", i18n.T(ctx, "ui.close")),
		attr("data-offline", i18n.T(ctx, "layout.offline")))
	if ui.HasToken(ctx) {
		a = append(a, attr("hx-headers:inherited", ui.TokenHeaders(ctx)))
	}
	if s.SecondsLeft > 0 {
		a = append(a, attr("data-session-left", strconv.Itoa(s.SecondsLeft)))
	}
	if s.ShortcutsOff {
		a = append(a, attr("data-shortcuts", "off"))
	}
	return a
}

func attr(name, value string) templ.KeyValue[string, any] {
	return templ.KeyValue[string, any]{Key: name, Value: value}
}

// htmxConfig: strict, no history snapshots, morph by default, dialogs stay open.
const htmxConfig = `{"extensions":"hx-csp","includeIndicatorCSS":false,"history":"reload","defaultSwap":"outerMorph","morphIgnore":["data-htmx-powered","open"]}`

func pressed(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}

// languageName is the name of a language in itself.
func languageName(lang string) string {
	if lang == i18n.English {
		return "English"
	}
	return "Español (Chile)"
}

// helpLine is a line of the help: its keys and what they do.
type helpLine struct {
	keys  []string
	joint string
	key   string
}

var helpLines = []helpLine{
	{keys: []string{"/"}, key: "layout.keys.run"},
	{keys: []string{"g", "b"}, key: "layout.keys.home"},
	{keys: []string{"g", "i"}, key: "layout.keys.inbox"},
	{keys: []string{"a"}, key: "layout.keys.add"},
	{keys: []string{"f"}, key: "layout.keys.finish"},
	{keys: []string{"Ctrl", "Enter"}, joint: " + ", key: "layout.keys.save"},
	{keys: []string{"?"}, key: "layout.keys.help"},
	{keys: []string{"Esc"}, key: "layout.keys.close"},
}
