package national

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"gsl/tenants"
)

// manifest stands in an export beside the files: what they are, and how to tell
// that they are as they were.
type manifest struct {
	Format       string            `json:"format"`
	ID           string            `json:"id"`
	Code         string            `json:"code"`
	Name         string            `json:"name"`
	Kind         string            `json:"kind"`
	MadeAt       string            `json:"made_at"`
	Schema       int64             `json:"schema"`
	Digests      map[string]string `json:"sha256"`
	Instructions string            `json:"how_to_open"`
}

const instructions = "age -d FILE.tar.gz.age | tar xz ; main.db and access.db are SQLite 3 databases"

// writeExport copies both files, packs them with a manifest, encrypts that, and
// gives it its name when it is whole and on the disk. What is plain lies in a
// folder of its own meanwhile, on the disk where the files lie anyway.
func (s *Service) writeExport(ctx context.Context, e *Export, of Row, key age.Recipient) (err error) {
	if err := os.MkdirAll(s.config.Dir, 0o700); err != nil {
		return err
	}
	plain, err := os.MkdirTemp(s.config.Dir, "plain-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(plain)) }()
	m, err := s.files.Municipality(ctx, of.ID)
	if err != nil {
		return err
	}
	if err := m.CopyInto(ctx, plain); err != nil {
		return err
	}
	path := s.exportPath(e.ID)
	out, err := os.OpenFile(path+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	digest := sha256.New()
	err = seal(io.MultiWriter(out, digest), key, func(w io.Writer) error { return packFiles(w, plain, of, e.CreatedAt) })
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".part"))
	}
	info, err := os.Stat(path + ".part")
	if err != nil {
		return err
	}
	e.Bytes, e.SHA256 = info.Size(), hex.EncodeToString(digest.Sum(nil))
	return os.Rename(path+".part", path)
}

// seal encrypts what fill writes.
func seal(out io.Writer, key age.Recipient, fill func(io.Writer) error) error {
	locked, err := age.Encrypt(out, key)
	if err != nil {
		return err
	}
	if err := fill(locked); err != nil {
		return err
	}
	return locked.Close()
}

// packFiles writes the two files and the manifest as a packed archive.
func packFiles(out io.Writer, dir string, of Row, at time.Time) error {
	packed := gzip.NewWriter(out)
	archive := tar.NewWriter(packed)
	note := manifest{Format: "gsl-export-1", ID: of.ID, Code: of.Code, Name: of.Name, Kind: of.Kind, MadeAt: stamp(at), Schema: of.Schema,
		Digests: map[string]string{}, Instructions: instructions}
	for _, name := range []string{tenants.ExportedMain, tenants.ExportedAccess} {
		digest, err := packFile(archive, filepath.Join(dir, name), name, at)
		if err != nil {
			return err
		}
		note.Digests[name] = digest
	}
	text, err := json.MarshalIndent(note, "", "  ")
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: "manifest.json", Mode: 0o600, Size: int64(len(text)), ModTime: at}); err != nil {
		return err
	}
	if _, err := archive.Write(text); err != nil {
		return err
	}
	return errors.Join(archive.Close(), packed.Close())
}

func packFile(archive *tar.Writer, path, name string, at time.Time) (digest string, err error) {
	file, err := os.Open(path) //nolint:gosec // a copy that we made
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: at}); err != nil {
		return "", err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(archive, sum), file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
