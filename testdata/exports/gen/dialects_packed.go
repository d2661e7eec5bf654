package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"
)

// The packers are of a module with a fixed version and not of the standard
// library, whose bytes may change with the Go release.

func gzipped(text []byte) []byte {
	var b bytes.Buffer
	w := must(gzip.NewWriterLevel(&b, gzip.BestCompression))
	must(w.Write(text))
	check(w.Close())
	return b.Bytes()
}

func zipped(members ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		to := must(w.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Deflate}))
		must(to.Write(m.text))
	}
	check(w.Close())
	return b.Bytes()
}

func mvnoZip(f *fixture) {
	f.about = `
What a partner sends that sells our network under a name of its own: a zip with
two members, one from each of its systems, with different headers and
separators. One customer has an account in both.`
	pre := newSheet("msisdn=phone, acct=number, fname=given, lname=family, zip5=zip, mail=email, type=kind", ",", "\n")
	post := newSheet("Customer Name=name, Mobile Number=phone, Billing Account=number, Postcode=zip, E-mail Address=email, Plan Type=kind", ";", "\r\n")
	for range 7 {
		f.put(pre, mailed, f.who().with("kind", "prepaid"))
	}
	both := f.who().with("kind", "PAYG")
	f.put(pre, mailed, both)
	f.put(pre, posted, f.who().with("email", "", "kind", "prepaid"))
	f.put(pre, aside, f.who().with("number", "unknown", "kind", "prepaid"))
	for range 6 {
		f.put(post, mailed, f.who().with("kind", "contract"))
	}
	f.put(post, repeated, f.another(both).with("kind", "contract"))
	f.put(post, aside, f.who().with("kind", "staff"))
	f.file("NWM_affected_Aug.zip", zipped(file{"prepaid/affected_prepaid.csv", pre.bytes()}, file{"postpaid/affected_postpaid.csv", post.bytes()}))
}

func macZip(f *fixture) {
	f.about = `
One CSV in a zip, made on a Mac, which puts a second member beside it that
nobody sees there and that is no export.`
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 9)
	f.put(s, posted, f.who().with("email", ""))
	f.put(s, aside, f.who().with("number", ""))
	// The fork of a file as a Mac keeps it: a mark, a version, who wrote it.
	fork := "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + strings.Repeat("\x00", 96) + "This resource fork intentionally left blank"
	f.file("affected.csv.zip", zipped(file{"affected.csv", s.bytes()}, file{"__MACOSX/._affected.csv", []byte(fork)}))
}

func nightlyGzip(f *fixture) {
	f.about = `
A nightly job's export, packed with gzip in two halves that were simply put one
after the other, which gzip allows: the rows go on in the second.`
	s := newSheet("ban=number, subscriber=name, msisdn=phone, billing_zip=zip, email=email, account_type=kind", ",", "\n")
	f.some(s, 12)
	first := s.text()
	s.lines = nil
	f.some(s, 9)
	a := f.who()
	f.put(s, mailed, a)
	f.put(s, repeated, a)
	f.put(s, posted, f.who().with("email", "null"))
	f.put(s, aside, f.who().with("kind", "unknown"))
	f.file("affected-2018-08-20.csv.gz", append(gzipped([]byte(first)), gzipped([]byte(s.rows()))...))
}

func warehouseZstd(f *fixture) {
	f.about = `
Tab-separated rows from the data warehouse, packed with zstd.`
	s := newSheet("account_number=number, customer_name=name, ctn=phone, zip_code=zip, email_address=email, account_type=kind", "\t", "\n")
	f.some(s, 14)
	a := f.who()
	f.put(s, mailed, a)
	f.put(s, repeated, f.another(a))
	f.put(s, posted, f.who().with("email", "unknown"))
	f.put(s, posted, f.who().with("email", "someone@"))
	f.put(s, aside, f.who().with("number", "9.00E+08"))
	f.fact("delimiter", "tab")
	w := must(zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)))
	f.file("affected.tsv.zst", w.EncodeAll(s.bytes(), nil))
}

func longLine(f *fixture) {
	f.about = `
A ticket system's export, packed with gzip. Into one customer's last column
somebody put a whole log, so that the line has 300 KiB: it is set aside, and
the rows after it are read. A second row has a long note, but not too long.`
	s := newSheet(plainColumns+", ticket=note", ",", "\n")
	f.some(s, 4)
	f.put(s, aside, f.who().with("note", strings.Repeat("retry ", 51_200)))
	f.some(s, 2)
	f.put(s, mailed, f.who().with("note", strings.Repeat("retry ", 20_000)))
	f.put(s, posted, f.who().with("email", "n/a"))
	f.some(s, 2)
	f.file("tickets.csv.gz", gzipped(s.bytes()))
}

const (
	ageKey  = "key.txt"
	ageFile = "affected.csv.age"
)

func securityAge(f *fixture) {
	f.about = `
Encrypted with age by the security team for the person who runs the campaign.
The identity in key.txt was made for this fixture and protects nothing; its
file mode is whatever the checkout gives it. The encrypted file differs each
time it is made, so the generator keeps the one that is there as long as the
same rows come out of it.`
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 11)
	a := f.who()
	f.put(s, mailed, a)
	f.put(s, repeated, f.another(a))
	f.put(s, posted, f.who().with("email", ""))
	f.put(s, aside, f.who().with("number", "#N/A"))
	f.args = []string{"--identity", ageKey, ageFile}
	f.after = func(dir string) error { return sealed(dir, s.bytes()) }
}

// sealed encrypts text in dir, unless that is done already.
func sealed(dir string, text []byte) error {
	key, err := identity(filepath.Join(dir, ageKey))
	if err != nil {
		return err
	}
	path := filepath.Join(dir, ageFile)
	if old, err := os.ReadFile(path); err == nil {
		if r, err := age.Decrypt(bytes.NewReader(old), key); err == nil {
			if was, err := io.ReadAll(r); err == nil && bytes.Equal(was, text) {
				return nil
			}
		}
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, key.Recipient())
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// identity returns the test identity at path, which is made where there is
// none.
func identity(path string) (*age.X25519Identity, error) {
	const comment = "# A test identity for the fixture in this folder. It protects nothing: never use it elsewhere.\n"
	text, err := os.ReadFile(path)
	if err != nil {
		made, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		text = []byte(comment + "# public key: " + made.Recipient().String() + "\n" + made.String() + "\n")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return nil, err
		}
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return age.ParseX25519Identity(lines[len(lines)-1])
}
