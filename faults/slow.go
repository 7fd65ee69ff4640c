package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// slowClients: a thousand connections send a piece of a request and no more, and
// come again when they are shown the door; others send a body letter by letter.
// People who are in notice nothing, and afterwards nothing of it is left.
func slowClients(ctx context.Context, s *stage) error {
	o, err := s.newOffice(ctx, 4)
	if err != nil {
		return err
	}
	before := o.server.usage()
	var opened, shown atomic.Int64
	const half = 1000
	s.stayQuick(ctx, pick(s.suite, 6*time.Second, 60*time.Second), o, func(ctx context.Context) {
		var all sync.WaitGroup
		for i := range half {
			text := "GET / HTTP/1.1\r\nHost: x\r\nX-A: "
			if i%4 == 0 {
				text = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nrun="
			}
			all.Go(func() { holdOpen(ctx, o.server.Addr, text, i, &opened, &shown) })
		}
		all.Go(func() {
			top := o.server.highest(ctx)
			s.found("memory at most, MB", top.Memory)
			s.found("descriptors at most", top.Descriptors)
			if top.Memory > before.Memory+150 {
				s.broken("memory rose from %d to %d MB", before.Memory, top.Memory)
			}
		})
		all.Wait()
	})
	s.found("half-open connections", half)
	s.found("connections opened", opened.Load())
	s.found("connections that were shown the door", shown.Load())
	err = waitFor(ctx, 20*time.Second, func() bool { return o.server.usage().Descriptors <= before.Descriptors+20 })
	s.found("descriptors before and after", fmt.Sprint(before.Descriptors, " ", o.server.usage().Descriptors))
	if err != nil {
		s.broken("descriptors stay open when the peers are gone")
	}
	return nil
}

// holdOpen sends the beginning of a request and waits to be shown the door, then
// comes again, until the context ends. Now and then it sends a letter.
func holdOpen(ctx context.Context, addr, text string, number int, opened, shown *atomic.Int64) {
	for ctx.Err() == nil {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(2+number%50), 1)}, Timeout: 5 * time.Second}
		conn, err := dialer.DialContext(ctx, "tcp", addr)
		if err != nil {
			_ = pause(ctx, 100*time.Millisecond)
			continue
		}
		opened.Add(1)
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		_, _ = conn.Write([]byte(text))
		var one [512]byte
		for {
			_ = conn.SetReadDeadline(time.Now().Add(time.Second))
			_, err = conn.Read(one[:])
			if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
				break
			}
			if _, err = conn.Write([]byte("a")); err != nil {
				break
			}
		}
		if ctx.Err() == nil {
			shown.Add(1)
		}
		stop()
		_ = conn.Close()
	}
}
