package app

import (
	"net"
	"os"
	"strings"
)

// tellSystemd says how the service stands ("READY=1", "STOPPING=1") where
// systemd waits for it; elsewhere it does nothing.
func tellSystemd(state string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return
	}
	if strings.HasPrefix(name, "@") { // an abstract socket
		name = "\x00" + name[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return // systemd waits and says so
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.Write([]byte(state))
}
