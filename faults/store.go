package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// store is an S3 store that can have bad days: a stock fake of S3 behind a stock
// proxy that slows, cuts and refuses.
type store struct {
	http     *http.Server
	proxy    *toxiproxy.Proxy
	failing  atomic.Bool  // answer 500 to everything
	requests atomic.Int64 // that came
	failed   atomic.Int64 // of these answered 500
	Config   string       // path of a litestream.yml that names it
}

const bucket = "gsl"

// newStore starts a store and writes the litestream.yml that leads to it.
func (s *stage) newStore(ctx context.Context) (*store, error) {
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		return nil, err
	}
	fake := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	o := &store{}
	o.http = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.requests.Add(1)
		if o.failing.Load() {
			o.failed.Add(1)
			http.Error(w, "<Error><Code>InternalError</Code><Message>a bad day</Message></Error>", http.StatusInternalServerError)
			return
		}
		fake.ServeHTTP(w, r)
	})}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = o.http.Serve(listener) }()
	s.after(o.http.Close)
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	o.proxy = toxiproxy.NewProxy(api, "store", "127.0.0.1:0", listener.Addr().String())
	if err := o.proxy.Start(); err != nil {
		return nil, err
	}
	s.after(func() error { o.proxy.Stop(); return nil })
	o.Config = filepath.Join(s.dir, "litestream.yml")
	return o, os.WriteFile(o.Config, fmt.Appendf(nil, `access-key-id: faults
secret-access-key: faults-secret
region: us-east-1
dbs:
  - path: ${GSL_FILE}
    replica:
      type: s3
      endpoint: http://%s
      bucket: %s
      path: chile/${GSL_REPLICA}
      force-path-style: true
`, o.proxy.Listen, bucket), 0o600)
}

// badDay is one way in which a store is not there, and how it is well again.
type badDay struct {
	name       string
	begin, end func() error
}

func (o *store) badDays() []badDay {
	return []badDay{
		{"refused", func() error { o.proxy.Stop(); return nil }, o.proxy.Start},
		{"500s", func() error { o.failing.Store(true); return nil }, func() error { o.failing.Store(false); return nil }},
		{"30 s latency", func() error { return o.toxic("latency", "downstream", map[string]any{"latency": 30_000}) }, o.well},
		{"cut in mid-upload", func() error { return o.toxic("limit_data", "upstream", map[string]any{"bytes": 6_000}) }, o.well},
		{"nothing comes back", func() error { return o.toxic("timeout", "downstream", map[string]any{"timeout": 0}) }, o.well},
	}
}

func (o *store) toxic(kind, stream string, attributes map[string]any) error {
	text, err := json.Marshal(map[string]any{"name": "bad", "type": kind, "stream": stream, "toxicity": 1.0, "attributes": attributes})
	if err != nil {
		return err
	}
	_, err = o.proxy.Toxics.AddToxicJson(bytes.NewReader(text))
	return err
}

// well takes the toxic away; connections that it holds are cut, as a router that
// starts again does.
func (o *store) well() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := o.proxy.Toxics.RemoveToxic(ctx, "bad")
	o.proxy.Stop()
	return errors.Join(err, o.proxy.Start())
}
