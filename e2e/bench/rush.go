package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"gsl/app/kit/sheet"
	"gsl/app/screening"
)

// The rush: pages asked for at this rate whatever happens, while an import and
// PDFs run. All of Chile is 6,000 operators with a page every 10 s.
const (
	rushRate    = 500 // requests a second
	rushSeconds = 10
)

// rushed is what was found in the rush.
type rushed struct {
	Page     cost
	PDF      cost
	Imported float64 // rows a second meanwhile
}

func (b *bench) measureRush(ctx context.Context) error {
	demo, err := b.data.demo(ctx)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	extract, err := b.data.registryFiles(neighbour)
	if err != nil {
		return err
	}
	plan := b.plan
	plan.Rush = filepath.Join(extract, peopleCSV)
	b.results.Rush = &rushed{}
	return b.askHost(ctx, self, demo, plan, b.results.Rush)
}

// rush asks for pages while the file is imported and plans are printed.
func (h *host) rush(ctx context.Context) (found rushed, err error) {
	targets := h.targets()
	page := job{Addr: h.addr, Connections: 64, Seconds: rushSeconds, Rate: rushRate, Status: http.StatusOK, Requests: named(targets, screeningPage).requests}
	pdf := job{Addr: h.addr, Connections: 1, Seconds: rushSeconds, Status: http.StatusOK, Requests: named(targets, planPDF).requests}
	if err := h.warmUp(ctx, page, pdf); err != nil {
		return found, err
	}
	imported := make(chan error, 1)
	importing, stop := context.WithCancel(ctx)
	go func() { imported <- h.importWhile(importing, &found) }()
	printed := make(chan error, 1)
	go func() {
		c, err := h.run(ctx, &pdf)
		found.PDF = c
		printed <- err
	}()
	found.Page, err = h.run(ctx, &page)
	err = errors.Join(err, <-printed)
	stop()
	return found, errors.Join(err, <-imported)
}

// importWhile loads the file until it is told to stop, from the top again when it
// has come to the end.
func (h *host) importWhile(ctx context.Context, found *rushed) error {
	importer := screening.NewImporter(h.app.Files.Registry())
	begin, rows := time.Now(), int64(0)
	for ctx.Err() == nil {
		file, err := sheet.OpenFile(h.plan.Rush)
		if err != nil {
			return err
		}
		report, err := importer.Import(ctx, file, screening.ImportOptions{})
		rows += report.Rows
		if err := errors.Join(err, file.Close()); err != nil && ctx.Err() == nil {
			return err
		}
	}
	found.Imported = float64(rows) / time.Since(begin).Seconds()
	return nil
}
