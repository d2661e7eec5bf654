package unpack

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is what stands in a folder: a path, and its content, or "-> " and where
// a link leads. A path that ends with / is an empty folder.
type tree map[string]string

func (tr tree) make(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range tr {
		path := filepath.Join(root, name)
		to, isLink := strings.CutPrefix(text, "-> ")
		switch {
		case strings.HasSuffix(name, "/"):
			must(t, os.MkdirAll(path, 0o700))
		case isLink:
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			if err := os.Symlink(to, path); err != nil {
				t.Skip(err)
			}
		default:
			put(t, path, []byte(text))
		}
	}
	return root
}

func TestList(t *testing.T) {
	archive := string(zipped(t, zip.Deflate,
		"west/", "", "west/b.csv", "x", "a.csv", "x", "__MACOSX/a.csv", "x", ".DS_Store", "x", "west/._b.csv", "x", `old\`, "",
		"../../etc/passwd", "x", "./c.csv", "x", "e\x1b[31mvil\u202e.csv", "x", "caf\x82.csv", "x", "two\nlines", "x"))
	members := []string{"west/b.csv", "a.csv", "../../etc/passwd", "./c.csv", `e\x1b[31mvil\u202e.csv`, `caf\x82.csv`, `two\nlines`}
	in := func(prefix string, names ...string) []string {
		out := slices.Clone(names)
		for i := range out {
			out[i] = prefix + out[i]
		}
		return out
	}
	for _, c := range []struct {
		name  string
		tree  tree
		paths []string // below the tree's root
		want  []string
	}{
		{"nothing", tree{}, nil, nil},
		{"in the order named", tree{"b.csv": "x", "a.csv": "x"}, []string{"b.csv", "a.csv"}, []string{"b.csv", "a.csv"}},
		{"a folder, sorted, hidden ones left out",
			tree{"d/b.csv": "x", "d/a/z.csv": "x", "d/c.txt": "", "d/.hidden": "%PDF-", "d/.git/config": "x", "d/empty/": ""},
			[]string{"d"}, []string{"d/a/z.csv", "d/b.csv", "d/c.txt"}},
		{"a hidden one that is named", tree{".a.csv": "x", ".d/a.csv": "x"}, []string{".a.csv", ".d"}, []string{".a.csv", ".d/a.csv"}},
		{"links", tree{"real/a.csv": "x", "d/b.csv": "-> ../real/a.csv", "link": "-> d"}, []string{"link"}, []string{"link/b.csv"}},
		{"an archive by another name", tree{"all.csv": archive}, []string{"all.csv"}, in("all.csv/", members...)},
		{"an archive in a folder", tree{"d/a.csv": "x", "d/all.zip": archive}, []string{"d"}, append([]string{"d/a.csv"}, in("d/all.zip/", members...)...)},
		{"text that begins like a magic", tree{"a": "PK,BZh,PAR1\n", "b": "PAR1,x\n", "c": "BZh91,1\n", "e": "ustar"}, []string{"a", "b", "c", "e"}, []string{"a", "b", "c", "e"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := c.tree.make(t) + string(filepath.Separator)
			files, err := List(in(root, c.paths...))
			must(t, err)
			var got []string
			for _, f := range files {
				got = append(got, filepath.ToSlash(strings.TrimPrefix(f.Name, root)))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestListRefuses(t *testing.T) {
	word := func(b []byte, sig string, at int, value byte) string { // in every record that begins with sig
		b = bytes.Clone(b)
		for i := range b {
			if bytes.HasPrefix(b[i:], []byte(sig)) {
				b[i+at] = value
			}
		}
		return string(b)
	}
	const entry = "PK\x01\x02"
	two := zipped(t, zip.Deflate, "a.csv", "x", "b.csv", "x")
	many := []string{}
	for i := range maxMembers + 1 {
		many = append(many, fmt.Sprintf("%d/", i), "")
	}
	for _, c := range []struct {
		name  string
		tree  tree
		paths string
		kind  error
		words string
	}{
		{"not there", tree{}, "east.csv", ErrPath, "no such file (check the path)"},
		{"a folder without files", tree{"d/e/": "", "d/.a.csv": "x"}, "d", ErrPath, "no file in this folder"},
		{"twice", tree{"a.csv": "x"}, "a.csv a.csv", ErrPath, "named twice"},
		{"twice, through a folder", tree{"d/a.csv": "x"}, "d/a.csv d", ErrPath, "named twice"},
		{"twice, through a link", tree{"a.csv": "x", "b.csv": "-> a.csv"}, "a.csv b.csv", ErrPath, "named twice"},
		{"twice, through a link to a folder", tree{"d/a.csv": "x", "e": "-> d"}, "d e", ErrPath, "named twice"},
		{"an archive twice", tree{"d/a.zip": string(two)}, "d/../d/a.zip d", ErrPath, "named twice"},
		{"a dead link", tree{"a.csv": "-> b.csv"}, "a.csv", ErrPath, "leads nowhere"},
		{"a dead link in a folder", tree{"d/a.csv": "-> b.csv"}, "d", ErrPath, "leads nowhere"},
		{"a link to a folder in a folder", tree{"d/e": "-> ../d", "d/a.csv": "x"}, "d", ErrPath, "link to a folder"},
		{"a device", tree{"null": "-> /dev/null"}, "null", ErrPath, "is not a file"},
		{"a device in a folder", tree{"d/null": "-> /dev/null"}, "d", ErrPath, "move it elsewhere"},
		{"a PDF in a folder", tree{"d/a.csv": "x", "d/notes.csv": "%PDF-1.7\n"}, "d", ErrFormat, "is a PDF (ask for the same as CSV, or move it elsewhere)"},
		{"an old workbook", tree{"a.csv": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, "a.csv", ErrFormat, "Excel workbook"},
		{"Parquet", tree{"a": "PAR1\x15\x04"}, "a", ErrFormat, "is a Parquet file"},
		{"bzip2", tree{"a": "BZh91AY&SY\x00"}, "a", ErrFormat, "is a bzip2 archive (pack it again as .gz or .zst)"},
		{"empty bzip2", tree{"a": "BZh9\x17rE8P\x90"}, "a", ErrFormat, "is a bzip2 archive"},
		{"xz", tree{"a": "\xfd7zXZ\x00"}, "a", ErrFormat, "is an xz archive"},
		{"7z", tree{"a": "7z\xbc\xaf\x27\x1c"}, "a", ErrFormat, "is a 7-Zip archive"},
		{"rar", tree{"a": "Rar!\x1a\x07\x01"}, "a", ErrFormat, "is a RAR archive"},
		{"tar", tree{"a": "a.csv" + strings.Repeat("\x00", 252) + "ustar  \x00"}, "a", ErrFormat, "is a tar archive"},
		{"PGP", tree{"a": "-----BEGIN PGP MESSAGE-----\n"}, "a", ErrFormat, "encrypted with PGP"},
		{"an Excel workbook", tree{"a.csv": string(zipped(t, 8, contentTypes, "x", "_rels/.rels", "x", "xl/workbook.xml", "x"))}, "a.csv", ErrFormat, "is an Excel workbook (save it as CSV UTF-8)"},
		{"a Word document", tree{"a": string(zipped(t, 8, contentTypes, "x", "word/document.xml", "x"))}, "a", ErrFormat, "is a Word document"},
		{"an OpenDocument file", tree{"a": string(zipped(t, 8, "mimetype", "x", "content.xml", "x", "META-INF/manifest.xml", "x"))}, "a", ErrFormat, "OpenDocument"},
		{"an empty archive", tree{"a": string(zipped(t, 8))}, "a", ErrFormat, "no file in this archive"},
		{"an archive of hidden files", tree{"a": string(zipped(t, 8, "d/", "", ".DS_Store", "x", "__MACOSX/x", "x"))}, "a", ErrFormat, "no file in this archive"},
		{"a password", tree{"a": word(two, entry, 8, 1)}, "a", ErrFormat, "protected by a password (unpack it first)"},
		{"an unknown method", tree{"a": word(two, entry, 10, 14)}, "a", ErrFormat, "method 14"},
		{"a link in an archive", tree{"a": zippedLink(t)}, "a", ErrFormat, "is no file"},
		{"a folder with content", tree{"a": string(zippedFolder(t))}, "a", ErrFormat, "is no file"},
		{"a member twice", tree{"a": string(zipped(t, 8, "a.csv", "x", "a.csv", "y"))}, "a", ErrFormat, "twice"},
		{"too many members", tree{"a": string(zipped(t, 8, many...))}, "a", ErrFormat, "more than 1000 members"},
		{"long names", tree{"a": string(zipped(t, 8, strings.Repeat("n", maxMemberName+1), "x"))}, "a", ErrFormat, "very long"},
		{"a long list of contents", tree{"a": longContents(t)}, "a", ErrFormat, "too long a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := c.tree.make(t)
			var paths []string
			for p := range strings.FieldsSeq(c.paths) {
				paths = append(paths, root+string(filepath.Separator)+filepath.FromSlash(p))
			}
			files, err := List(paths)
			if err == nil {
				t.Fatalf("listed %v", files)
			}
			checkError(t, err, c.kind, root, c.words)
		})
	}
}

func zippedLink(t *testing.T) string {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	h := &zip.FileHeader{Name: "a.csv"}
	h.SetMode(os.ModeSymlink | 0o777)
	f, err := w.CreateHeader(h)
	must(t, err)
	_, err = f.Write([]byte("/etc/passwd"))
	must(t, errors.Join(err, w.Close()))
	return out.String()
}

// zippedFolder renames a member to a folder's name.
func zippedFolder(t *testing.T) []byte {
	return bytes.ReplaceAll(zipped(t, zip.Store, "folder_", "x"), []byte("folder_"), []byte("folder/"))
}

// longContents has few members with very long comments.
func longContents(t *testing.T) string {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range 2 + maxContents/0xffff {
		_, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%d.csv", i), Comment: strings.Repeat("c", 0xffff)})
		must(t, err)
	}
	must(t, w.Close())
	return out.String()
}

func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	path := put(t, filepath.Join(t.TempDir(), "a.csv"), []byte("x"))
	must(t, os.Chmod(path, 0))
	_, err := List([]string{path})
	checkError(t, err, ErrPath, path, "check its permissions")
}

func TestBase(t *testing.T) {
	for _, c := range []struct {
		file File
		want string
	}{
		{File{Name: "exports/east.csv", Path: "exports/east.csv"}, "east.csv"},
		{File{Name: "all.zip/west/a.csv", Path: "all.zip", Member: "west/a.csv"}, "a.csv"},
		{File{Name: `all.zip/west\a.csv`, Path: "all.zip", Member: `west\a.csv`}, "a.csv"},
		{File{Name: "all.zip/a\\n.csv", Path: "all.zip", Member: "a\n.csv"}, "n.csv"},
		{File{Name: "all.zip/../..", Path: "all.zip", Member: "../.."}, "unnamed"},
		{File{}, "unnamed"},
	} {
		if got := c.file.Base(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.file, got, c.want)
		}
	}
}

func TestSum(t *testing.T) {
	dir := t.TempDir()
	packed := asGzip(t, []byte(content))
	files, err := List([]string{put(t, filepath.Join(dir, "east.gz"), packed)})
	must(t, err)
	if got, err := files[0].Sum(); err != nil || got != sha256.Sum256(packed) {
		t.Errorf("not the SHA-256 of the file: %v", err)
	}

	path := filepath.Join(dir, "all.zip")
	archive := zipped(t, 8, "a.csv", "x", "b.csv", "x")
	files, err = List([]string{put(t, path, archive)})
	must(t, err)
	of := sha256.Sum256(archive)
	for _, f := range append(files, File{Name: "by hand", Path: path, Member: "a.csv"}) {
		want := sha256.Sum256(append(of[:], f.Member...))
		for range 2 {
			if got, err := f.Sum(); err != nil || got != want {
				t.Errorf("%s: %x, want %x: %v", f.Name, got, want, err)
			}
		}
	}
	first, err := files[0].Sum()
	must(t, err)
	put(t, path, append([]byte{}, zipped(t, 8, "a.csv", "other", "b.csv", "x")...))
	if again, err := files[0].Sum(); err != nil || again == first {
		t.Errorf("an archive that changed has the same digest: %v", err)
	}
	must(t, os.Remove(path))
	_, err = files[0].Sum()
	checkError(t, err, ErrPath, path)
}
