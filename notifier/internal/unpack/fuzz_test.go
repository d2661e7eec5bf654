package unpack

import (
	"errors"
	"io"
	"path/filepath"
	"testing"
)

// FuzzOpen holds that any bytes at all are listed and read to an end without a
// panic, within the limits, with errors that say what to do, and that the same
// file gives the same a second time.
func FuzzOpen(f *testing.F) {
	k := newKey(f)
	for _, w := range ways(k) {
		f.Add(w.make(f, []byte(content)))
	}
	f.Add([]byte(content))
	f.Add(zipped(f, 8, "a.csv", "x", "../b.csv", "x", "c/", ""))
	f.Add(asGzip(f, make([]byte, 1<<20)))
	f.Add(asZstd(f, asGzip(f, []byte("%PDF-"))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		path := put(t, filepath.Join(t.TempDir(), "east"), b)
		files, err := List([]string{path})
		if err != nil {
			checkError(t, err, nil, path)
			return
		}
		if len(files) == 0 || len(files) > maxMembers {
			t.Fatalf("%d files", len(files))
		}
		for _, file := range files[:min(len(files), 3)] {
			if label(file.Name) != file.Name || file.Base() == "" {
				t.Fatalf("%q is not safe to print", file.Name)
			}
			n, err := readAll(file, k.file())
			again, errAgain := readAll(file, k.file())
			if n != again || (err == nil) != (errAgain == nil) {
				t.Fatalf("%d bytes, %v; then %d bytes, %v", n, err, again, errAgain)
			}
			if err != nil {
				checkError(t, err, nil, path)
			}
			if limit := int64(bombFrom) + bombRatio*int64(len(b))*2; n > limit {
				t.Fatalf("%d bytes came out of %d", n, len(b))
			}
		}
	})
}

func readAll(file File, identity []byte) (int64, error) {
	r, err := Open(file, Options{Identity: identity})
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, r)
	if r.Offset() > r.Size() {
		err = errors.New("read more than there is")
	}
	return n, errors.Join(err, r.Close())
}
