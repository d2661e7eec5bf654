package bundle

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"breachmail/notifier/internal/atomicfile"
)

// packed is the time of every file in an archive, so that the same bundle gives
// the same archive: the first that a ZIP can say.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Zip packs the bundle that Write made in dir into one archive at path, and
// nothing else that may be in dir. With keys it is encrypted with age for those
// who hold one of them. Without keys, the same bundle gives the same bytes.
func Zip(path, dir string, keys Keys) error {
	names, err := list(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, Index)); err != nil {
		return fmt.Errorf("there is no bundle in %s (run preview first): %w", dir, err)
	}
	return atomicfile.Write(path, personal, func(w io.Writer) error {
		if len(keys) == 0 {
			return pack(w, dir, names)
		}
		sealed, err := age.Encrypt(w, keys...)
		if err != nil {
			return err
		}
		return errors.Join(pack(sealed, dir, names), sealed.Close())
	})
}

// pack writes an archive of those files in dir that are a bundle's.
func pack(w io.Writer, dir string, names []string) error {
	z := zip.NewWriter(w)
	for _, name := range names {
		if !isOurs(name) {
			continue
		}
		if err := packFile(z, filepath.Join(dir, filepath.FromSlash(name)), name); err != nil {
			return err
		}
	}
	return z.Close()
}

func packFile(z *zip.Writer, path, name string) error {
	content, err := os.ReadFile(path) //nolint:gosec // a file of the bundle
	if err != nil {
		return err
	}
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed}
	h.SetMode(personal)
	w, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
