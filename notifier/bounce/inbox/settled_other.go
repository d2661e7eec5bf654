//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package inbox

import (
	"context"
	"os"
)

// settled returns a file's size.
func settled(_ context.Context, f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 1 << 62, nil
	}
	return info.Size(), nil
}
