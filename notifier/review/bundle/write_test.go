package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"breachmail/notifier/review"
)

func fullPage(t *testing.T) PageData {
	t.Helper()
	p := testPage(t)
	p.Approvals = testApprovals(p)
	return p
}

var fullNames = []string{
	"README.txt", "approvals/approval-9.txt", "approvals/approval-9.txt.sig",
	"awkward/01-en-no-name.eml", "awkward/02-en-a-name-in-another-script-from-right-to-left-a.eml",
	"call-center.en.txt", "index.html",
	"samples/notice-en-both.eml", "samples/notice-en-postpaid.eml", "samples/notice-en-prepaid.eml",
	"statement.txt", "website.en.html", "website.en.txt", "website.es.html", "website.es.txt",
}

// names are all files below a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if want := map[bool]fs.FileMode{false: personal, true: personalDir}[d.IsDir()]; err == nil && info.Mode().Perm() != want && runtime.GOOS != "windows" && isOurs(name) {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		if !d.IsDir() {
			out = append(out, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "preview")
	p := fullPage(t)
	if err := Write(dir, p); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, fullNames) {
		t.Errorf("got %q", got)
	}
	for name, want := range map[string]string{
		"statement.txt": p.Statement + "\n", "samples/notice-en-both.eml": string(p.Samples[2].Message),
		"approvals/approval-9.txt": string(p.Approvals[1].Statement), "website.es.txt": string(p.Elsewhere[1].Text),
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s: %.80q, %v", name, got, err)
		}
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.txt"))
	if n := bytes.Count(readme, []byte("\n")); err != nil || n < 3 || n > 6 || !bytes.Contains(readme, []byte("Open index.html")) {
		t.Errorf("README.txt: %q, %v", readme, err)
	}
}

// While something forbids the approval, no statement is ready to be sent.
func TestWriteNoStatement(t *testing.T) {
	p := fullPage(t)
	p.Findings = []review.Finding{{File: "campaign.yaml", Rule: review.RuleDate, Level: review.Error, Text: "another day", Waivable: true}}
	for _, waived := range []string{"", "the police gave it"} {
		p.Findings[0].Waived = waived
		files, err := p.files()
		if err != nil {
			t.Fatal(err)
		}
		if there := slices.ContainsFunc(files, func(f file) bool { return f.name == statementFile }); there != (waived != "") {
			t.Errorf("waived %q: %s is there: %v", waived, statementFile, there)
		}
	}
}

// A bundle replaces the one before, and nothing else.
func TestWriteAgain(t *testing.T) {
	dir := t.TempDir()
	p := fullPage(t)
	if err := Write(dir, p); err != nil {
		t.Fatal(err)
	}
	keep := []string{"notes.txt", "samples/mine.txt", "samples/letter.eml", "approvals/mail.pdf", "website.en.md", "old/notice-en-both.eml", ".index.html.swp"}
	gone := []string{"notice-en-both.eml", "massachusetts-es-both-MA.eml", ".index.html.123456.tmp", "samples/.notice-en-both.eml.99.tmp", "samples/notice-en-both-NV.eml"}
	for _, name := range slices.Concat(keep, gone) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.Samples, p.Approvals, p.Awkward, p.Statement = p.Samples[:1], nil, nil, ""
	if err := Write(dir, p); err != nil {
		t.Fatal(err)
	}
	want := slices.Concat(keep, []string{"README.txt", "call-center.en.txt", "index.html", "samples/notice-en-prepaid.eml", "website.en.html", "website.en.txt", "website.es.html", "website.es.txt"})
	slices.Sort(want)
	got := names(t, dir)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// Nothing is written where a name would lead elsewhere.
func TestWriteRefuses(t *testing.T) {
	for name, change := range map[string]func(*PageData){
		"a path in a variant": func(p *PageData) { p.Samples[0].Variant.Template = "../../notice" },
		"the same twice":      func(p *PageData) { p.Samples[0].Variant = p.Samples[1].Variant },
		"a publication":       func(p *PageData) { p.Elsewhere[0].Name = "index" },
	} {
		dir := filepath.Join(t.TempDir(), "preview")
		p := fullPage(t)
		change(&p)
		if err := Write(dir, p); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was written: %q", name, names(t, dir))
		}
	}
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "samples")); err != nil {
		t.Skip(err)
	}
	if err := Write(dir, fullPage(t)); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a link for a directory: %v", err)
	}
	if got := names(t, elsewhere); len(got) > 0 {
		t.Errorf("written behind the link: %q", got)
	}
}

func TestZip(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	if err := Write(dir, fullPage(t)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var archives [2][]byte
	for i, name := range []string{"a.zip", "b.zip"} {
		path := filepath.Join(out, name)
		if err := Zip(path, dir, nil); err != nil {
			t.Fatal(err)
		}
		archives[i] = read(t, path)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != personal && runtime.GOOS != "windows" {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("the same bundle gives another archive")
	}
	checkArchive(t, dir, archives[0])
	if err := Zip(filepath.Join(out, "c.zip"), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "run preview first") {
		t.Errorf("an empty directory: %v", err)
	}
}

// An archive replaces an archive, and no other file.
func TestZipOverwrites(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	if err := Write(dir, fullPage(t)); err != nil {
		t.Fatal(err)
	}
	for content, may := range map[string]bool{"PK\x03\x04 and more": true, "age-encryption.org/v1\n-> X25519": true, "": false, "PK": false, "account,name\n": false, "age-encryption.org/v2": false} {
		path := filepath.Join(out, "there.zip")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		err := Zip(path, dir, nil)
		got := read(t, path)
		switch {
		case may && (err != nil || string(got) == content):
			t.Errorf("%q is kept: %v", content, err)
		case !may && (err == nil || string(got) != content || !strings.Contains(err.Error(), "there.zip is there already")):
			t.Errorf("%q: %v", content, err)
		}
	}
	if err := Zip(out, dir, nil); err == nil {
		t.Error("an archive in the place of a directory")
	}
}

func TestZipEncrypted(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "bundle.zip.age")
	if err := Write(dir, fullPage(t)); err != nil {
		t.Fatal(err)
	}
	owner, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParseKeys([]string{owner.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	if err := Zip(path, dir, keys); err != nil {
		t.Fatal(err)
	}
	sealed := read(t, path)
	if bytes.Contains(sealed, []byte("index.html")) || !bytes.HasPrefix(sealed, []byte("age-encryption.org/v1\n")) {
		t.Fatal("the archive is not encrypted")
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), owner)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	checkArchive(t, dir, plain)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// checkArchive compares an archive with the bundle in dir.
func checkArchive(t *testing.T, dir string, archive []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(content, read(t, filepath.Join(dir, f.Name))) || f.Mode() != personal || !f.Modified.Equal(packed) {
			t.Errorf("%s: %v, %v, %v", f.Name, f.Mode(), f.Modified, err)
		}
	}
	if !slices.Equal(got, fullNames) {
		t.Errorf("got %q", got)
	}
}
