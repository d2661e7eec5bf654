package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"testing"
)

// FuzzFramer holds that every byte that is not part of a line break or a blank
// line belongs to exactly one record, whatever the bytes, and that
// encoding/csv reads each sound record as one row with as many fields.
func FuzzFramer(f *testing.F) {
	for _, s := range []string{
		head + "Ann,1,2,3,4,5\r\n\n\"Le\"\"e\nAnn\",1,2,3,4,5", "\"a\r\n\",b\n\"c", "a\"b,\"c\"d\n\r\n \n, \"\n\"", "\"\"\"\n\"\"\r\r\n\x00\xff",
	} {
		f.Add([]byte(s), byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, width byte) {
		fr := newFramer(bytes.NewReader(data))
		fr.width = int(width % 4)
		rest, line := data, 1
		for {
			rec, err := fr.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for { // blank lines before the record
				i := bytes.IndexByte(rest, '\n')
				if i < 0 || len(bytes.TrimSpace(rest[:i])) > 0 {
					break
				}
				rest = rest[i+1:]
				line++
			}
			if rec.line != line || !bytes.HasPrefix(rest, rec.text) {
				t.Fatalf("line %d: %q, want line %d of %q", rec.line, rec.text, line, rest)
			}
			if rec.flaw != sound && bytes.IndexByte(rec.text, '\n') >= 0 && rec.flaw != flawNUL {
				t.Fatalf("a broken record of several lines: %q", rec.text)
			}
			if rec.flaw == sound {
				checkCSV(t, rec)
			}
			rest = bytes.TrimPrefix(bytes.TrimPrefix(rest[len(rec.text):], []byte("\r")), []byte("\n"))
			line += 1 + bytes.Count(rec.text, []byte("\n"))
		}
		if len(bytes.TrimSpace(rest)) > 0 {
			t.Fatalf("left over: %q", rest)
		}
	})
}

func checkCSV(t *testing.T, rec record) {
	r := csv.NewReader(bytes.NewReader(rec.text))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 1 || len(rows[0]) != rec.fields {
		t.Fatalf("%q has %d fields here, but encoding/csv says %q, %v", rec.text, rec.fields, rows, err)
	}
}

// FuzzReader holds that any bytes at all are read to their end without a
// panic, each row being an account or a reject, and that what is set aside can
// be written and read again.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"Ann,1,2,3,4,5\r\n\n\"Le\"\"e\nAnn\",1,2,3,4,5", "\"open,1,2\nA,1,2,3,4,5", "'+1,'=1,Jos\xe9,\x00,4,5", "a,b\n,,,,,\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = newReader("east.csv", bytes.NewReader(data), Options{}) // as a header
		content := append([]byte(head), data...)
		frames := newFramer(bytes.NewReader(content))
		frames.width = 6
		rows := -1 // the header
		for _, err := frames.next(); err == nil; _, err = frames.next() {
			rows++
		}
		r, err := newReader("east.csv", bytes.NewReader(content), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := NewRejectWriter(&out)
		accounts, rejects := 0, 0
		for {
			_, rej, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if rej == nil {
				accounts++
				continue
			}
			rejects++
			if rej.Reason == "" || rej.Source.Line < 2 {
				t.Fatalf("a reject without a reason or a line: %+v", rej)
			}
			if err := w.Write(*rej); err != nil {
				t.Fatal(err)
			}
		}
		if accounts+rejects != rows {
			t.Fatalf("%d accounts and %d rejects of %d rows", accounts, rejects, rows)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, out.String(), Options{}); len(got) != rejects {
			t.Fatalf("%d rejects were written and %d read", rejects, len(got))
		}
	})
}
