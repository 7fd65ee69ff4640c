// Package tenants keeps the files: national.db, registry.db and, for each
// municipality, one main file and one access file. It is the only package that
// opens a database. Work happens in View and Update of a DB, which hand out a
// Tx; a municipality is reached only through the handle of the session.
package tenants

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver
)

//go:embed migrations
var migrations embed.FS

// Options says where the files are and how they are kept.
type Options struct {
	Dir   string           // the data directory; made when it does not exist
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: discarded
}

// Files is the data directory of one process.
type Files struct {
	opt      Options
	national *DB
	registry *DB
	mu       sync.Mutex
	open     map[string]*Municipality
}

// Identity says which municipality a file belongs to.
type Identity struct {
	ID       string   // UUID, also the file's name; made by Provision when blank
	Code     string   // CUT code of the municipality, five digits
	Name     string   // "Limache"
	Kind     string   // municipality, regional_delegation, provincial_delegation
	Model    int      // management model: 1 every desk, 2 one front desk
	Communes []string // CUT codes of its territory
}

// Municipality is the handle of one municipality: its main file and its access file.
type Municipality struct {
	Identity
	main   *DB
	access *DB
}

// View runs a read transaction on the main file.
func (m *Municipality) View(ctx context.Context, work func(*Tx) error) error {
	return m.main.View(ctx, work)
}

// Update runs a write transaction on the main file; it is durable when Update returns nil.
func (m *Municipality) Update(ctx context.Context, work func(*Tx) error) error {
	return m.main.Update(ctx, work)
}

// Access is the file that keeps who looked at what.
func (m *Municipality) Access() *DB { return m.access }

// DB is one open file.
type DB struct {
	path   string
	clock  func() time.Time
	writer *sql.DB
	reader *sql.DB
}

// View runs work in one read transaction. Many run side by side.
func (d *DB) View(ctx context.Context, work func(*Tx) error) error {
	return d.run(ctx, d.reader, work)
}

// Update runs work in a write transaction and commits when it returns nil.
// work may run twice (when the group it was committed with has to be taken
// apart): it changes nothing but the transaction.
func (d *DB) Update(ctx context.Context, work func(*Tx) error) error {
	return d.run(ctx, d.writer, work)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, work func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := work(&Tx{Now: d.clock().UTC(), ctx: ctx, conn: tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// Open opens the data directory: national.db and registry.db are migrated, no
// municipality is opened.
func Open(ctx context.Context, opt Options) (*Files, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if err := os.MkdirAll(filepath.Join(opt.Dir, "municipalities"), 0o700); err != nil {
		return nil, err
	}
	f := &Files{opt: opt, open: map[string]*Municipality{}}
	var err error
	if f.national, err = f.openDB(ctx, "national.db", "national"); err != nil {
		return nil, err
	}
	if f.registry, err = f.openDB(ctx, "registry.db", "registry"); err != nil {
		return nil, err
	}
	return f, nil
}

// National is national.db: tenants, roster, sessions, national catalogue.
func (f *Files) National() *DB { return f.national }

// Registry is registry.db: the embedded social and benefit registries.
func (f *Files) Registry() *DB { return f.registry }

// Municipality gives the handle of a provisioned municipality.
func (f *Files) Municipality(ctx context.Context, id string) (*Municipality, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.open[id]; m != nil {
		return m, nil
	}
	who := Identity{ID: id}
	err := f.national.View(ctx, func(tx *Tx) error {
		return tx.QueryRow(`SELECT code, name, kind, model FROM municipality WHERE id = ?`, id).
			Scan(&who.Code, &who.Name, &who.Kind, &who.Model)
	})
	if err != nil {
		return nil, err
	}
	m := &Municipality{Identity: who}
	if m.main, err = f.openDB(ctx, "municipalities/"+id+".db", "municipal"); err != nil {
		return nil, err
	}
	if m.access, err = f.openDB(ctx, "municipalities/"+id+".access.db", "access"); err != nil {
		return nil, err
	}
	f.open[id] = m
	return m, nil
}

// Municipalities lists every provisioned municipality by code.
func (f *Files) Municipalities(ctx context.Context) ([]Identity, error) {
	var list []Identity
	err := f.national.View(ctx, func(tx *Tx) error {
		rows, err := tx.Query(`SELECT id, code, name, kind, model FROM municipality ORDER BY code`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var who Identity
			if err := rows.Scan(&who.ID, &who.Code, &who.Name, &who.Kind, &who.Model); err != nil {
				return err
			}
			list = append(list, who)
		}
		return rows.Err()
	})
	return list, err
}

// Provision makes a municipality, or gives the one that has the code already.
func (f *Files) Provision(ctx context.Context, who Identity) (*Municipality, error) {
	existing, err := f.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	for _, have := range existing {
		if have.Code == who.Code {
			return f.Municipality(ctx, have.ID)
		}
	}
	if who.ID == "" {
		who.ID = uuid.NewString()
	}
	err = f.national.Update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`INSERT INTO municipality (id, code, name, kind, model, created_at) VALUES (?,?,?,?,?,?)`,
			who.ID, who.Code, who.Name, who.Kind, who.Model, tx.Now.Format(time.RFC3339)); err != nil {
			return err
		}
		for _, commune := range who.Communes {
			if _, err := tx.Exec(`INSERT INTO municipality_commune (municipality_id, commune_code) VALUES (?,?)`, who.ID, commune); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	m, err := f.Municipality(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	return m, m.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT OR IGNORE INTO municipality (only, id, code, name) VALUES (1,?,?,?)`, who.ID, who.Code, who.Name)
		return err
	})
}

// Close closes every file: the municipalities first, then the shared ones.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.open {
		m.main.close()
		m.access.close()
	}
	f.registry.close()
	f.national.close()
	return nil
}

func (d *DB) close() {
	_ = d.reader.Close()
	_ = d.writer.Close()
}

func (f *Files) openDB(ctx context.Context, name, schema string) (*DB, error) {
	path := filepath.Join(f.opt.Dir, name)
	d := &DB{path: path, clock: f.opt.Clock}
	if err := migrate(ctx, path, schema); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var err error
	if d.writer, err = sql.Open("sqlite", dsn(path, "_txlock=immediate")); err != nil {
		return nil, err
	}
	d.writer.SetMaxOpenConns(1)
	if d.reader, err = sql.Open("sqlite", dsn(path, "_pragma=query_only(1)")); err != nil {
		return nil, err
	}
	d.reader.SetMaxOpenConns(4)
	return d, nil
}

func dsn(path, extra string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_dqs=0&_pragma=mmap_size(1073741824)&_pragma=cache_size(-8192)&_pragma=temp_store(2)&" + extra
}

func migrate(ctx context.Context, path, schema string) error {
	files, err := fs.Sub(migrations, "migrations/"+schema)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(0)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
