package web

import (
	"net/http"
	"net/url"
)

// The content security policy around its nonce. Everything is refused but our
// own style sheet, images, fonts, requests and scripts; strings become HTML only
// through htmx's Trusted Types policy.
const (
	cspBefore = "default-src 'none'; script-src 'self' 'nonce-"
	cspAfter  = "'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
		"require-trusted-types-for 'script'; trusted-types htmx"
)

// secureHeaders go on every answer, fragments, errors and files included: hx-csp
// reads the nonce of a fragment from its policy.
func (x *exchange) secureHeaders(h http.Header, tls bool) {
	h["Content-Security-Policy"] = []string{cspBefore + x.nonce + cspAfter}
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = noReferrer
	h["Permissions-Policy"] = noDevices
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	if tls {
		h["Strict-Transport-Security"] = onlyTLS
	}
}

// Values that never change, shared by all answers. Their capacity is their
// length, so that whoever adds another value gets a copy.
var (
	noSniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	noDevices  = []string{"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"}
	sameOrigin = []string{"same-origin"}
	onlyTLS    = []string{"max-age=63072000; includeSubDomains"}
	notStored  = []string{"no-store"}
	variesBy   = []string{"HX-Request", "Accept-Encoding"}
)

// noStore keeps pages out of every cache; a fragment and a page share an address.
func (x *exchange) noStore(h http.Header) {
	h["Cache-Control"] = notStored
	h["Vary"] = variesBy
}

// crossOrigin refuses changes that another site asks for. The public address is
// trusted by name because a proxy may hide it from the Host header.
func crossOrigin(publicURL string) *http.CrossOriginProtection {
	check := http.NewCrossOriginProtection()
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		_ = check.AddTrustedOrigin(u.Scheme + "://" + u.Host) // a malformed one trusts nobody more
	}
	return check
}
