package unpack

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/klauspost/compress/zstd"
)

const content = "name,billing_zip,phone,email,account_number,account_type\n" +
	"Ann Example,98006,425-555-0100,ann@example.com,100001,postpaid\n"

// pack is one way of packing, applied to bytes.
type pack func(t testing.TB, b []byte) []byte

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func asGzip(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

func asZstd(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true))
	must(t, err)
	_, err = w.Write(b)
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

// twice packs each half for itself, one behind the other.
func twice(p pack) pack {
	return func(t testing.TB, b []byte) []byte {
		return append(p(t, b[:len(b)/2]), p(t, b[len(b)/2:])...)
	}
}

// skippable puts a skippable frame before the file, as pzstd does.
func skippable(p pack) pack {
	return func(t testing.TB, b []byte) []byte {
		return append([]byte("\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"), p(t, b)...)
	}
}

// zipped makes an archive; names and contents alternate.
func zipped(t testing.TB, method uint16, members ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(members); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: members[i], Method: method})
		must(t, err)
		_, err = io.WriteString(f, members[i+1])
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

func asZip(t testing.TB, b []byte) []byte    { return zipped(t, zip.Deflate, "east.csv", string(b)) }
func asStored(t testing.TB, b []byte) []byte { return zipped(t, zip.Store, "east.csv", string(b)) }

// key is an identity made for one test, with what is encrypted to it.
type key struct{ *age.X25519Identity }

func newKey(t testing.TB) key {
	id, err := age.GenerateX25519Identity()
	must(t, err)
	return key{id}
}

// file is the identity file.
func (k key) file() []byte {
	return []byte("# public key: " + k.Recipient().String() + "\r\n" + k.String() + "\r\n")
}

func (k key) binary(t testing.TB, b []byte) []byte { return encrypted(t, b, k.Recipient()) }

func (k key) armored(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := armor.NewWriter(&out)
	_, err := w.Write(k.binary(t, b))
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

func encrypted(t testing.TB, b []byte, to age.Recipient) []byte {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	must(t, err)
	_, err = w.Write(b)
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

// way is one way a file may be packed.
type way struct {
	name    string
	packs   []pack // from inside out
	packing string // from outside in
}

func ways(k key) []way {
	return []way{
		{name: "gzip", packs: []pack{asGzip}, packing: "gzip"},
		{name: "gzip of two members", packs: []pack{twice(asGzip)}, packing: "gzip"},
		{name: "zstd", packs: []pack{asZstd}, packing: "zstd"},
		{name: "zstd of two frames", packs: []pack{twice(asZstd)}, packing: "zstd"},
		{name: "zstd after a skippable frame", packs: []pack{skippable(asZstd)}, packing: "zstd"},
		{name: "zip", packs: []pack{asZip}, packing: "zip"},
		{name: "zip, stored", packs: []pack{asStored}, packing: "zip"},
		{name: "age", packs: []pack{k.binary}, packing: "age"},
		{name: "age, armoured", packs: []pack{k.armored}, packing: "age"},
		{name: "gz.age", packs: []pack{asGzip, k.binary}, packing: "age gzip"},
		{name: "zst.age, armoured", packs: []pack{asZstd, k.armored}, packing: "age zstd"},
		{name: "age.gz", packs: []pack{k.binary, asGzip}, packing: "gzip age"},
		{name: "gz in zip", packs: []pack{asGzip, asStored}, packing: "zip gzip"},
		{name: "zst.gz.age in zip", packs: []pack{asZstd, asGzip, k.binary, asZip}, packing: "zip age gzip zstd"},
	}
}

func (w way) make(t testing.TB, b []byte) []byte {
	for _, p := range w.packs {
		b = p(t, b)
	}
	return b
}

// put writes a file, and the folders it is in.
func put(t testing.TB, path string, b []byte) string {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, b, 0o600))
	return path
}

// readPath lists path, which stands for one file, and reads it.
func readPath(path string, identity []byte) (got []byte, packing string, err error) {
	files, err := List([]string{path})
	if err != nil {
		return nil, "", err
	}
	if len(files) != 1 {
		return nil, "", errors.New("not one file")
	}
	r, err := Open(files[0], Options{Identity: identity})
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	got, err = io.ReadAll(r)
	return got, strings.Join(r.Packing(), " "), err
}

// checkError holds that err is an *Error of this kind that names the file and
// says what to do.
func checkError(t testing.TB, err error, kind error, file string, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not an *Error: %v", err)
	}
	if kind != nil && !errors.Is(err, kind) {
		t.Errorf("%v is %q, want %q", err, e.Kind, kind)
	}
	if !strings.HasPrefix(err.Error(), file) || e.Kind == nil || e.What == "" || e.Do == "" {
		t.Errorf("%v does not say what is wrong with %s and what to do", err, file)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%v does not say %q", err, w)
		}
	}
}
