package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"gsl/app/demo"
	"gsl/app/kit/calendar"
	"gsl/app/screening"
)

// extract is a made-up extract of the registries: the same rows each time.
type extract struct {
	name   string
	places []screening.SynthPlace
	only   string // commune whose people are written; "": all
}

// The extracts: one commune at two sizes, to see that memory does not grow with
// the file; and a neighbour that is loaded while people work.
var (
	smallCommune = extract{name: "commune-50000", places: []screening.SynthPlace{{Commune: "13201", Households: 50_000}}}
	largeCommune = extract{name: "commune-200000", places: []screening.SynthPlace{{Commune: "13201", Households: 200_000}}}
	neighbour    = extract{name: "neighbour", only: "13302", places: []screening.SynthPlace{
		{Commune: "13201", Households: 200_000}, {Commune: "13302", Households: 150_000}}}
)

// The files of an extract.
const (
	peopleCSV   = "people.csv"
	benefitsCSV = "benefits.csv"
)

// registryFiles gives the directory with the extract's files, made the first time.
func (d *dataSets) registryFiles(e extract) (string, error) {
	return d.once(e.name, func(path string) error {
		if err := os.Mkdir(path, 0o700); err != nil {
			return err
		}
		return e.write(path)
	})
}

func (e *extract) write(dir string) (err error) {
	persons, err := os.Create(filepath.Join(dir, peopleCSV)) //nolint:gosec // ours
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, persons.Close()) }()
	benefits, err := os.Create(filepath.Join(dir, benefitsCSV)) //nolint:gosec // ours
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, benefits.Close()) }()
	today, err := calendar.NewDate(2026, 11, 1)
	if err != nil {
		return err
	}
	kept := &lines{to: bufio.NewWriterSize(persons, 1<<20), prefix: []byte(e.only)}
	_, err = screening.WriteSynthetic(screening.SynthOptions{Seed: demo.Seed, Places: e.places, Today: today}, kept, benefits)
	return errors.Join(err, kept.to.Flush())
}

// lines passes on the first line and those that begin with the prefix.
type lines struct {
	to      *bufio.Writer
	prefix  []byte
	partial []byte
	header  bool
}

func (l *lines) Write(p []byte) (int, error) {
	l.partial = append(l.partial, p...)
	for {
		end := bytes.IndexByte(l.partial, '\n')
		if end < 0 {
			return len(p), nil
		}
		line := l.partial[:end+1]
		if !l.header || bytes.HasPrefix(line, l.prefix) {
			l.header = true
			if _, err := l.to.Write(line); err != nil {
				return 0, err
			}
		}
		l.partial = l.partial[end+1:]
	}
}

var _ io.Writer = (*lines)(nil)
