package unpack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A packed file that is cut off anywhere is an error. Two things cannot be
// noticed: where so little is left that nobody can tell what it was, which
// comes through as it is; and a cut between two members or frames.
func TestTruncated(t *testing.T) {
	k := newKey(t)
	for _, w := range ways(k) {
		path := filepath.Join(t.TempDir(), "east")
		whole := w.make(t, []byte(content))
		noticed := 0
		for n := range whole {
			got, packing, err := readPath(put(t, path, whole[:n]), k.file())
			switch {
			case err != nil:
				checkError(t, err, nil, path)
				if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrKey) {
					t.Errorf("%s, cut at %d: %v", w.name, n, err)
				}
				noticed++
			case string(got) == content: // armour without its last line break
			case packing == "" && n < len(armorMagic) && bytes.Equal(got, whole[:n]):
			case strings.Contains(w.name, " of two ") && string(got) == content[:len(content)/2]:
			case strings.Contains(w.name, "skippable") && n == 12 && len(got) == 0: // after the skippable frame
			default:
				t.Errorf("%s, cut at %d of %d: %d bytes and no error", w.name, n, len(whole), len(got))
			}
		}
		if noticed < len(whole)-len("-----BEGIN AGE")-1 {
			t.Errorf("%s: noticed %d of %d", w.name, noticed, len(whole))
		}
	}
}

// A cut at the borders of the chunks of a longer age file, and around them.
func TestTruncatedAge(t *testing.T) {
	k := newKey(t)
	path := filepath.Join(t.TempDir(), "east.age")
	text := []byte(strings.Repeat(content, 2_000))
	whole := k.binary(t, text)
	head := len(k.binary(t, nil)) - 16
	const chunk = 64<<10 + 16
	for at := head; at < len(whole); at += chunk {
		for _, n := range []int{at - 1, at, at + 1, at + 16, at + 17, at + chunk/2} {
			if n >= len(whole) {
				continue
			}
			got, _, err := readPath(put(t, path, whole[:n]), k.file())
			checkError(t, err, nil, path)
			if !bytes.HasPrefix(text, got) {
				t.Errorf("cut at %d: wrong bytes", n)
			}
		}
	}
}

// With one bit changed a packed file is an error, or gives the same content,
// for not every byte of a header means something; or it is not recognised at
// all and comes through as it is.
func TestFlipped(t *testing.T) {
	k := newKey(t)
	path := filepath.Join(t.TempDir(), "east")
	for _, w := range ways(k) {
		whole := w.make(t, []byte(content))
		noticed := 0
		for i := range whole {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << (i % 8)
			got, packing, err := readPath(put(t, path, flipped), k.file())
			switch {
			case err != nil:
				checkError(t, err, nil, path)
				noticed++
			case string(got) == content:
			case packing == "" && bytes.Equal(got, flipped):
			default:
				t.Errorf("%s, byte %d: %d bytes and no error", w.name, i, len(got))
			}
		}
		if noticed < len(whole)/3 { // a zip archive says most things twice
			t.Errorf("%s: noticed %d changes in %d bytes", w.name, noticed, len(whole))
		}
	}
}

func TestTrailing(t *testing.T) {
	k := newKey(t)
	for _, c := range []struct {
		name  string
		pack  pack
		kind  error
		words string
	}{
		{"gzip", asGzip, ErrDamaged, "something else follows"},
		{"zstd", asZstd, ErrDamaged, "something else follows"},
		{"age", k.binary, ErrDamaged, "damaged"},
		{"age, armoured", k.armored, ErrDamaged, "damaged"},
	} {
		for _, more := range []string{"g", "gar", "garbage, and much more of it"} {
			path := put(t, filepath.Join(t.TempDir(), "east"), append(c.pack(t, []byte(content)), more...))
			_, _, err := readPath(path, k.file())
			if len(more) > 10 {
				checkError(t, err, c.kind, path, c.words)
			} else {
				checkError(t, err, nil, path)
			}
		}
	}
}

func TestBomb(t *testing.T) {
	const part, parts = 1 << 20, bombFrom>>20 + 8
	zeros := make([]byte, part)
	for name, packed := range map[string][]byte{
		"gzip": bytes.Repeat(asGzip(t, zeros), parts),
		"zstd": bytes.Repeat(asZstd(t, zeros), parts),
		"zip":  zippedZeros(t, part, parts),
	} {
		path := put(t, filepath.Join(t.TempDir(), "east"), packed)
		files, err := List([]string{path})
		must(t, err)
		n, err := readAll(files[0], nil)
		checkError(t, err, ErrBomb, path, " MiB came out of ", "more than 200 times")
		if n > bombFrom+1<<20 {
			t.Errorf("%s: %d bytes came out", name, n)
		}
	}
	path := put(t, filepath.Join(t.TempDir(), "east"), bytes.Repeat(asGzip(t, zeros), bombFrom/part))
	if n, err := readAll(File{Path: path}, nil); err != nil || n != bombFrom {
		t.Errorf("at the limit: %d bytes, %v", n, err)
	}
}

// zippedZeros makes a member that claims to hold and does hold that many
// zeros, without compressing all of them.
func zippedZeros(t *testing.T, part, parts int) []byte {
	var deflated, out bytes.Buffer
	fw, err := flate.NewWriter(&deflated, flate.BestSpeed)
	must(t, err)
	_, err = fw.Write(make([]byte, part))
	must(t, errors.Join(err, fw.Flush()))
	all := bytes.Repeat(deflated.Bytes(), parts)
	w := zip.NewWriter(&out)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "east.csv", Method: zip.Deflate,
		CompressedSize64: uint64(len(all)), UncompressedSize64: uint64(part * parts)})
	must(t, err)
	_, err = f.Write(all)
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}
