//go:build !linux

package tenants

import "errors"

// freeSpace is not known here: no reserve is kept.
func freeSpace(string) (int64, bool) { return 0, false }

func setAside(string, int64) error { return errors.ErrUnsupported }
