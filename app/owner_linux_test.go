package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Root restores, the server's user serves.
func TestWhatRootMakesBelongsToTheOwnerOfTheDirectory(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make files for somebody else")
	}
	const somebody = 65532
	data, outside := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.Mkdir(data, 0o700), os.Chown(data, somebody, somebody),
		os.Symlink(outside, filepath.Join(data, "symlink")), os.Link(outside, filepath.Join(data, "link"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errOut := gsl(t, data, "", "municipality", "add", "05802"); code != exitDone {
		t.Fatal(errOut)
	}
	seen := 0
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Base(path) == "symlink" || filepath.Base(path) == "link" {
			return err
		}
		seen++
		if stat, ok := statOf(path); !ok || stat.Uid != somebody || stat.Gid != somebody {
			t.Errorf("%s is still root's", path)
		}
		return nil
	})
	if err != nil || seen < 10 {
		t.Errorf("%d files: %v", seen, err)
	}
	if stat, ok := statOf(outside); !ok || stat.Uid != 0 {
		t.Error("a file outside was given away")
	}
}
