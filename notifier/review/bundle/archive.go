package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"

	"breachmail/notifier/internal/atomicfile"
)

// packed is the time of every file in an archive, so that the same bundle gives
// the same archive: the first that a ZIP can say.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Zip packs the bundle that Write made in dir into one archive at path, and
// nothing else that may be in dir. With keys it is encrypted with age for those
// who hold one of them. Without keys, the same bundle gives the same bytes. An
// archive that is there already is replaced; any other file is an error.
func Zip(path, dir string, keys Keys) error {
	names, err := list(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, Index)); err != nil {
		return fmt.Errorf("there is no bundle in %s (run preview first): %w", dir, err)
	}
	if err := mayReplace(path); err != nil {
		return err
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

// archives is how files begin that Zip writes: ZIP (PKWARE APPNOTE, 4.3.7) and
// age (age-encryption.org/v1).
var archives = [][]byte{[]byte("PK\x03\x04"), []byte("age-encryption.org/v1\n")}

// mayReplace refuses a path where something else than an archive is.
func mayReplace(path string) error {
	taken := fmt.Errorf("%s is there already and is no archive: name another, or remove it", path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return taken
	}
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	start := make([]byte, len(archives[1]))
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if !slices.ContainsFunc(archives, func(magic []byte) bool { return bytes.HasPrefix(start[:n], magic) }) {
		return taken
	}
	return nil
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
