package web

import (
	"net/http"

	"gsl/app/kit/fault"
)

// admit lets a request in: from our own pages, by somebody who is signed in and
// may do it, with a body of a bearable size and the session's token. A request
// that only has to go elsewhere first (sign in, agreement) is answered here.
func (s *Server) admit(c *Ctx) error {
	if err := s.cross.Check(c.request); err != nil {
		return fault.Wrap(err, fault.Forbidden, "fault.cross_site")
	}
	if c.route.Permission == s.cfg.Public {
		return nil
	}
	session, ok, err := s.session(c)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "fault.session_unknown")
	}
	if !ok {
		return s.unauthenticated(c)
	}
	c.adopt(session)
	if c.route.Permission == s.cfg.SignedIn {
		return c.checkToken()
	}
	if session.Unavailable != nil {
		return session.Unavailable
	}
	if session.FactorPending {
		return c.Redirect(factorPath)
	}
	if session.AgreementPending {
		return c.Redirect(agreementPath)
	}
	if err := s.findObjects(c); err != nil {
		return err
	}
	if !session.Actor.Can(c.route.Permission) {
		if session.Actor.Municipality == nil { // the national administration: nothing of a municipality exists for it
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := c.refuseInCopy(); err != nil {
		return err
	}
	if err := c.checkToken(); err != nil {
		return err
	}
	return s.guardFiles(c)
}

// session asks the gate who is signed in.
func (s *Server) session(c *Ctx) (Session, bool, error) {
	if c.route.quiet {
		if peeker, ok := s.cfg.Gate.(Peeker); ok {
			return peeker.Peek(c.request)
		}
	}
	return s.cfg.Gate.Session(c.request)
}

// checkToken asks a change for the session's token, in the form or in a header.
func (c *Ctx) checkToken() error {
	if c.request.Method == http.MethodGet {
		return nil
	}
	token := c.request.Header.Get("X-Token")
	if token == "" {
		form, err := c.Form()
		if err != nil {
			return err
		}
		token = form.Get("_token")
	}
	if opensSession(token, c.session.TokenKey) {
		return nil
	}
	return c.staleToken(token)
}
