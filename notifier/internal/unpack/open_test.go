package unpack

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
)

// Every way of packing gives the content back, whatever the file's name, and
// the offset ends at the size.
func TestOpen(t *testing.T) {
	k := newKey(t)
	noise := make([]byte, 300_000) // several chunks of age, and of every buffer
	rand.NewChaCha8([32]byte{}).Read(noise)
	for _, text := range []string{content, "", "x", strings.Repeat(content, 5_000), "n," + string(noise)} {
		for _, w := range append(ways(k), way{name: "plain"}) {
			path := put(t, filepath.Join(t.TempDir(), "misleading.pdf"), w.make(t, []byte(text)))
			got, packing, err := readPath(path, k.file())
			if err != nil || string(got) != text || packing != w.packing {
				t.Errorf("%s: %d bytes of %d, packed in %q: %v", w.name, len(got), len(text), packing, err)
			}
			checkOffset(t, w.name, path, k.file())
		}
	}
}

func checkOffset(t *testing.T, name, path string, identity []byte) {
	t.Helper()
	files, err := List([]string{path})
	must(t, err)
	r, err := Open(files[0], Options{Identity: identity})
	must(t, err)
	defer r.Close()
	var wait sync.WaitGroup
	wait.Go(func() { // as a progress bar does
		for range 100 {
			if r.Offset() > r.Size() {
				t.Errorf("%s: offset %d of %d", name, r.Offset(), r.Size())
			}
		}
	})
	if _, err := io.Copy(io.Discard, iotest.HalfReader(r)); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	wait.Wait()
	if r.Offset() != r.Size() {
		t.Errorf("%s: offset %d of %d at the end", name, r.Offset(), r.Size())
	}
	if info, err := os.Stat(path); err != nil || files[0].Member == "" && r.Size() != info.Size() {
		t.Errorf("%s: size %d: %v", name, r.Size(), err)
	}
}

func TestLayers(t *testing.T) {
	deep := func(n int) []byte {
		b := []byte(content)
		for range n {
			b = asGzip(t, b)
		}
		return b
	}
	for _, c := range []struct {
		name  string
		bytes []byte
		kind  error // nil: can be read
		words string
	}{
		{"four layers", deep(4), nil, ""},
		{"five layers", deep(5), ErrFormat, "more than 4 times"},
		{"a zip member of five layers", asZip(t, deep(4)), ErrFormat, "more than 4 times"},
		{"zip in gzip", asGzip(t, asZip(t, []byte(content))), ErrFormat, "as .gz or .zst instead"},
		{"zip in zip", asZip(t, asZip(t, []byte(content))), ErrFormat, "as .gz or .zst instead"},
		{"a workbook in zip", asZip(t, zipped(t, 8, contentTypes, "x", "xl/workbook.xml", "x")), ErrFormat, "Excel"},
		{"a PDF in gzip", asGzip(t, []byte("%PDF-1.7")), ErrFormat, "is a PDF"},
		{"tar.gz", asGzip(t, []byte(strings.Repeat("\x00", 257)+"ustar\x0000")), ErrFormat, "is a tar archive"},
		{"two zstd with small windows", asZstd(t, asZstd(t, []byte(content))), nil, ""},
	} {
		path := put(t, filepath.Join(t.TempDir(), "east"), c.bytes)
		got, _, err := readPath(path, nil)
		if c.kind == nil {
			if err != nil || string(got) != content {
				t.Errorf("%s: %q, %v", c.name, got, err)
			}
			continue
		}
		checkError(t, err, c.kind, path, c.words)
	}
}

func TestZstdWindow(t *testing.T) {
	long := func(window int) []byte {
		var out bytes.Buffer
		w, err := zstd.NewWriter(&out, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
		must(t, err)
		for range 3 { // flushed, so that the encoder cannot choose a smaller one
			_, err := io.WriteString(w, content)
			must(t, errors.Join(err, w.Flush()))
		}
		must(t, w.Close())
		return out.Bytes()
	}
	path := filepath.Join(t.TempDir(), "east.zst")
	if got, _, err := readPath(put(t, path, long(maxWindow)), nil); err != nil || string(got) != strings.Repeat(content, 3) {
		t.Errorf("at the limit: %q, %v", got, err)
	}
	_, _, err := readPath(put(t, path, long(2*maxWindow)), nil)
	checkError(t, err, ErrFormat, path, "--long")
	// A frame of one segment has no window of its own: its size counts.
	one := append([]byte("\x28\xb5\x2f\xfd\xe0"), 0, 0, 0, 0, 0, 1, 0, 0)
	_, _, err = readPath(put(t, path, append(one, 1, 0, 0)), nil)
	checkError(t, err, ErrFormat, path, "--long")
	_, _, err = readPath(put(t, path, asZstd(t, long(maxWindow))), nil)
	checkError(t, err, ErrFormat, path, "--long")
}

// What stops a reader is answered again and again, and a closed one does not
// go on.
func TestReadAfterEnd(t *testing.T) {
	packed := asGzip(t, []byte(strings.Repeat(content, 5_000)))
	path := put(t, filepath.Join(t.TempDir(), "east.csv.gz"), packed[:len(packed)-1])
	r, err := Open(File{Name: "east.csv.gz", Path: path}, Options{})
	must(t, err)
	for range 3 {
		_, err := io.Copy(io.Discard, r)
		if err == nil || err.Error() != "east.csv.gz: the archive is cut off (get the file again)" {
			t.Errorf("%v", err)
		}
	}
	must(t, r.Close())
	must(t, r.Close())

	path = put(t, path, []byte(strings.Repeat(content, 5_000)))
	r, err = Open(File{Name: "east.csv", Path: path}, Options{})
	must(t, err)
	must(t, r.Close())
	if _, err := io.ReadAll(r); err == nil {
		t.Error("a closed file was read to its end")
	}
}

// A file that is still being written, or is cut while it is read, is noticed.
func TestChanged(t *testing.T) {
	long := []byte(strings.Repeat(content, 5_000))
	for name, change := range map[string]func(path string) error{
		"grew": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteString(content)
			return errors.Join(err, f.Close())
		},
		"became shorter": func(path string) error { return os.Truncate(path, int64(len(long)-100)) },
	} {
		path := put(t, filepath.Join(t.TempDir(), "east.csv"), long)
		r, err := Open(File{Name: path, Path: path}, Options{})
		must(t, err)
		must(t, change(path))
		_, err = io.ReadAll(r)
		checkError(t, err, ErrChanged, path, name)
		must(t, r.Close())
	}
	path := put(t, filepath.Join(t.TempDir(), "all.zip"), asZip(t, long))
	files, err := List([]string{path})
	must(t, err)
	put(t, path, zipped(t, 8, "west.csv", content))
	_, err = Open(files[0], Options{})
	checkError(t, err, ErrChanged, path+"/east.csv", "no longer")
}
