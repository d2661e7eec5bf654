package export

import (
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// FuzzReader holds that any bytes at all, in any encoding and with any
// delimiter, are read to their end without a panic, each row being an account
// or a reject, and that what is set aside can be written and read again, each
// row with its place and text.
func FuzzReader(f *testing.F) {
	for i, s := range []string{
		"Ann,1,2,3,4,5\r\n\n\"Le\"\"e\nAnn\",1,2,3,4,5", "\"open,1,2\nA,1,2,3,4,5", "'+1,'=1,Jos\xe9,\x00,4,5", "a,b\n,,,,,\n",
		"A\t1\t2\t3\t4\t5\r\t\t\t\t\t\r", "A,\r\r\n\r\nB,\"\r\r\n\",1,2,3\n\ufffd",
		"\"A,1,2,3,4,5\rB\",1,2,3,4,5\n", "original,name,zip,phone,email,account_number,account_type,file,line,field,reason,\no,A,1,2,3,4,5,e,7.0,zip,x,\n",
	} {
		f.Add([]byte(s), byte(i), byte(0))
		f.Add([]byte(s), byte(2), byte(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, sep, encoding byte) {
		if r, err := newReader("east.csv", bytes.NewReader(data), Options{}); err == nil { // as a header
			rest(t, r)
		}
		checkReader(t, data, sep, encoding)
	})
}

// TestAnyBytes is FuzzReader on bytes that meet every rule of the format.
func TestAnyBytes(t *testing.T) {
	text := rapid.SliceOfN(rapid.SampledFrom([]byte("aB1'=,,,,;\t|\"\"\n\n\r \x00\xe9\xc3\xa9\x81")), 0, 60)
	rapid.Check(t, func(t *rapid.T) {
		checkReader(t, text.Draw(t, "rows"), rapid.Byte().Draw(t, "delimiter"), rapid.Byte().Draw(t, "encoding"))
	})
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

// checkReader reads data below a header.
func checkReader(t failer, data []byte, sep, encoding byte) {
	opts := Options{Encoding: append(Encodings(), "auto")[int(encoding)%(len(codings)+1)], Extra: map[string]string{"x": "zip", "y": "phone"}}
	columns := separatedBy(delimiters[int(sep)%len(delimiters)], head)
	switch opts.Encoding {
	case "utf-16le":
		columns = inUTF16(binary.LittleEndian, columns)
	case "utf-16be":
		columns = inUTF16(binary.BigEndian, columns)
	}
	content := append([]byte(columns), data...)
	r, err := newReader("east.csv", bytes.NewReader(content), opts)
	if err != nil {
		if opts.Encoding == "auto" { // it may look like UTF-16
			return
		}
		t.Fatal(err)
	}
	var rejects []notifier.Reject
	accounts := 0
	for {
		acc, rej, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case rej == nil:
			accounts++
			if text := acc.Name.Reveal() + acc.ZIP + cellsOf(acc); !utf8.ValidString(text) || strings.Contains(text, "\x00") {
				t.Fatalf("an account with damaged text: %q", text)
			}
		case rej.Reason == "" || rej.Source.Line < 2 || r.Line() != rej.Line:
			t.Fatalf("a reject without a reason, a line or its text: %+v", rej)
		default:
			rejects = append(rejects, *rej)
		}
	}
	if want := countRows(t, content, opts); accounts+len(rejects) != want {
		t.Fatalf("%d accounts and %d rejects of %d rows", accounts, len(rejects), want)
	}
	checkRejects(t, rejects)
}

// countRows counts the records below the header.
func countRows(t failer, content []byte, opts Options) int {
	r, err := newReader("east.csv", bytes.NewReader(content), opts)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for ; ; rows++ {
		if _, err := r.framer.next(); err != nil {
			return rows
		}
	}
}

// checkRejects holds that each row that was set aside comes back once from
// rejected.csv, with its origin.
func checkRejects(t failer, rejects []notifier.Reject) {
	out := written(t, []string{"x", "y"}, rejects...)
	r, err := newReader("rejected.csv", strings.NewReader(out), Options{Extra: map[string]string{"x": "zip", "y": "phone"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range rejects {
		acc, rej, err := r.Next()
		if err != nil || rej != nil {
			t.Fatalf("reject %d: %+v, %v", i, rej, err)
		}
		if acc.Origin == nil || acc.Origin.Source != want.Source || acc.Origin.Original != want.Line {
			t.Fatalf("reject %d: %s, want %s:%d %s", i, origins(acc), want.Source.File, want.Source.Line, want.Line.Reveal())
		}
	}
	if _, _, err := r.Next(); err != io.EOF {
		t.Fatal("more rows than rejects")
	}
}

// FuzzList holds that a list is read to its end or to an error that names file
// and line, and that no entry is empty.
func FuzzList(f *testing.F) {
	for i, s := range []string{
		"ann@example.com\n900100200\r\n\n", "email;account_number;name\n;9;\na@example.com;;A\n;;\n", "\"a@example.com\n", "name,email\n\xff,a@example.com",
	} {
		f.Add([]byte(s), byte(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, encoding byte) {
		opts := Options{Encoding: append(Encodings(), "auto")[int(encoding)%(len(codings)+1)]}
		place := regexp.MustCompile(`^list\.csv:[1-9][0-9]*: [^\n\x00-\x1f]+\)$`)
		r, err := newList("list.csv", bytes.NewReader(data), opts)
		line := 0
		for err == nil {
			var e Entry
			if e, err = r.Next(); err != nil {
				break
			}
			if e.Source.Line <= line || e.Email.IsZero() && e.Number.IsZero() {
				t.Fatalf("%+v after line %d", e, line)
			}
			line = e.Source.Line
		}
		if err != io.EOF && !place.MatchString(err.Error()) {
			t.Fatal(err)
		}
	})
}
