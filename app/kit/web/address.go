package web

import (
	"net"
	"net/netip"
	"strings"
)

// Address is the client's address: the peer's, or what a proxy of ours says.
func (c *Ctx) Address() string {
	host, _, err := net.SplitHostPort(c.request.RemoteAddr)
	if err != nil {
		host = c.request.RemoteAddr
	}
	hops := strings.Split(c.request.Header.Get("X-Forwarded-For"), ",")
	for i := len(hops) - 1; i >= 0 && c.server.isProxy(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break // not an address: believe no further
		}
		host = hop
	}
	return host
}

func (s *Server) isProxy(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range s.cfg.Proxies {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
