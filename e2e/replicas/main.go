// Command replicas measures what replication costs with the municipalities of a
// nation open, or soaks: it works for a while and looks whether memory and
// descriptors grow. It runs two kinds of process: itself, which works in the
// files as the server does and is measured, and a store that speaks S3.
//
//	go run ./e2e/replicas                  the figures, beside what they must be
//	go run ./e2e/replicas soak --for 20m
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"gsl/tenants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "replicas:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "store" {
		return beStore(ctx)
	}
	soak := len(args) > 0 && args[0] == "soak"
	if soak {
		args = args[1:]
	}
	b := &bench{}
	flags := flag.NewFlagSet("replicas", flag.ContinueOnError)
	flags.IntVar(&b.towns, "municipalities", 345, "how many")
	flags.IntVar(&b.rate, "rate", 100, "writes a second")
	flags.DurationVar(&b.long, "for", 30*time.Second, "how long each figure is taken, or the soak lasts")
	flags.BoolVar(&b.file, "file", false, "replicate to a folder and not to a store")
	flags.StringVar(&b.dir, "dir", "", "where to work; a temporary directory by default")
	flags.StringVar(&b.heap, "heap", "", "a file for a profile of the memory with everything open")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	end, err := b.prepare(ctx)
	if err != nil {
		return err
	}
	defer end()
	work := b.figures
	if soak {
		work = b.soak
	}
	list, err := work(ctx)
	if *asJSON {
		return errors.Join(err, json.NewEncoder(os.Stdout).Encode(list))
	}
	print(list)
	return errors.Join(err, missed(list))
}

// bench is a data directory full of municipalities and the store of its replicas.
type bench struct {
	towns, rate int
	long        time.Duration
	file        bool
	dir, heap   string

	config *tenants.ReplicaConfig
	files  *tenants.Files
	list   []*tenants.Municipality
}

// prepare makes the directory and starts the store.
func (b *bench) prepare(ctx context.Context) (end func(), err error) {
	made := b.dir == ""
	if made {
		if b.dir, err = os.MkdirTemp("", "gsl-replicas-"); err != nil {
			return nil, err
		}
	}
	replica := "type: file\n      path: " + b.dir + "/elsewhere/${GSL_REPLICA}\n"
	stop := func() {}
	if !b.file {
		var address string
		if address, stop, err = startStore(ctx); err != nil {
			return nil, err
		}
		replica = "type: s3\n      endpoint: " + address + "\n      bucket: gsl\n      path: ${GSL_REPLICA}\n      region: us-east-1\n" +
			"      access-key-id: key\n      secret-access-key: secret\n"
	}
	yml := filepath.Join(b.dir, "litestream.yml")
	if err := os.WriteFile(yml, []byte("dbs:\n  - path: ${GSL_FILE}\n    replica:\n      "+replica), 0o600); err != nil {
		return nil, err
	}
	b.config, err = tenants.ReadReplicaConfig(yml)
	return func() { //nolint:contextcheck // what is written is replicated before it ends
		if b.files != nil {
			_ = b.files.Close()
		}
		stop()
		if made {
			_ = os.RemoveAll(b.dir)
		}
	}, err
}

// open opens the data directory as the server does, with everything replicated.
func (b *bench) open(ctx context.Context) (err error) {
	b.files, err = tenants.Open(ctx, tenants.Options{Dir: filepath.Join(b.dir, "data"), Replica: b.config, Open: b.towns + 10})
	return err
}

func (b *bench) close() error {
	err := b.files.Close()
	b.files = nil
	return err
}

// known lists the municipalities of the directory.
func (b *bench) known(ctx context.Context) error {
	all, err := b.files.Municipalities(ctx)
	if err != nil {
		return err
	}
	b.list = b.list[:0]
	for _, who := range all {
		m, err := b.files.Municipality(ctx, who.ID)
		if err != nil {
			return err
		}
		b.list = append(b.list, m)
	}
	return nil
}
