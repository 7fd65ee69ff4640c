package access

import (
	"net/http"
	"strings"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

const (
	cookieSecure   = "__Host-gsl" // browsers take it over https only, for this host only
	cookieLoopback = "gsl"        // on a loopback address, where there is no TLS
)

// cookies is a gorilla session store that keeps nothing: the cookie carries the
// signed id, the rest is a row. The signature turns forged ids away before
// anyone asks the file.
type cookies struct {
	name    string
	codecs  []securecookie.Codec
	options sessions.Options
}

func newCookies(key []byte, publicURL string) *cookies {
	codec := securecookie.New(key, nil).SetSerializer(securecookie.NopEncoder{}).MaxAge(int(AbsoluteLimit.Seconds()))
	c := &cookies{name: cookieLoopback, codecs: []securecookie.Codec{codec}}
	// No MaxAge: the cookie goes with the browser's session, the limits are the row's.
	c.options = sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(publicURL, "https://") {
		c.name, c.options.Secure = cookieSecure, true
	}
	return c
}

// id gives the session id that the request's cookie carries.
func (c *cookies) id(r *http.Request) (id sessionID, ok bool) {
	cookie, err := r.Cookie(c.name)
	if err != nil {
		return id, false
	}
	var text []byte
	if securecookie.DecodeMulti(c.name, cookie.Value, &text, c.codecs...) != nil || len(text) != len(id) {
		return id, false // forged, too old, of another installation: nobody is signed in
	}
	return sessionID(text), true
}

// Get is New, once for each request.
func (c *cookies) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(c, name)
}

// New gives the session of the request's cookie, or a new one.
func (c *cookies) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(c, name)
	*s.Options, s.IsNew = c.options, true
	if id, ok := c.id(r); ok {
		s.ID, s.IsNew = string(id[:]), false
	}
	return s, nil
}

// Save writes the cookie of the session's id; a negative MaxAge takes it away.
func (c *cookies) Save(_ *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if s.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		return nil
	}
	text, err := securecookie.EncodeMulti(s.Name(), []byte(s.ID), c.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), text, s.Options))
	return nil
}

// set makes the browser hold the id from now on.
func (c *cookies) set(r *http.Request, w http.ResponseWriter, id sessionID) error {
	s, err := c.Get(r, c.name)
	if err != nil {
		return err
	}
	s.ID = string(id[:])
	return s.Save(r, w)
}

// clear makes the browser forget it.
func (c *cookies) clear(r *http.Request, w http.ResponseWriter) error {
	s, err := c.Get(r, c.name)
	if err != nil {
		return err
	}
	s.Options.MaxAge = -1
	return s.Save(r, w)
}
