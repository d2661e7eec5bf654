package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// anyBreak matches what ends a physical line.
var anyBreak = regexp.MustCompile(`\r\n|\r|\n`)

// FuzzFramer holds that every byte that is not part of a line break or a blank
// line belongs to exactly one record, whatever the bytes and however they
// arrive, that encoding/csv reads each sound record as one row with as many
// fields, and that no row stands in a field of another.
func FuzzFramer(f *testing.F) {
	for _, s := range []string{
		head + "Ann,1,2,3,4,5\r\n\n\"Le\"\"e\nAnn\",1,2,3,4,5", "\"a\r\n\",b\n\"c", "a\"b,\"c\"d\n\r\n \n, \"\n\"", "\"\"\"\n\"\"\r\r\n\x00\xff",
		"a,b\rc,d\r\r\n\ne,\"f\r\ng\rh\"\r\n", "a,\"b,c\nd,e\",f\n\"a,b,c\rd\",e,f\n",
	} {
		for _, width := range []byte{0, 2, 3} {
			f.Add([]byte(s), width, byte(0))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, width, sep byte) {
		fr := newFramer(bytes.NewReader(data))
		fr.sep = delimiters[int(sep)%len(delimiters)]
		fr.width = int(width % 8)
		slow := newFramer(iotest.OneByteReader(bytes.NewReader(data)))
		slow.sep, slow.width = fr.sep, fr.width
		rest, line := data, 1
		for {
			rec, err := fr.next()
			if again, errAgain := slow.next(); fmt.Sprintf("%+v %v", again, errAgain) != fmt.Sprintf("%+v %v", rec, err) {
				t.Fatalf("%+v, %v, but byte by byte %+v, %v", rec, err, again, errAgain)
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for { // blank lines before the record
				at := anyBreak.FindIndex(rest)
				if at == nil || !fr.blank(rest[:at[0]]) {
					break
				}
				rest = rest[at[1]:]
				line++
			}
			if rec.line != line || !bytes.HasPrefix(rest, rec.text) {
				t.Fatalf("line %d: %q, want line %d of %q", rec.line, rec.text, line, rest)
			}
			within := len(anyBreak.FindAll(rec.text, -1))
			if rec.flaw != sound && within > 0 && rec.flaw != flawNUL {
				t.Fatalf("a broken record of several lines: %q", rec.text)
			}
			if rec.flaw == sound {
				checkCSV(t, rec, fr.sep)
			}
			rest = rest[len(rec.text):]
			at := anyBreak.FindIndex(rest)
			if len(rest) > 0 && (at == nil || at[0] > 0) {
				t.Fatalf("no line break after %q", rec.text)
			}
			if at != nil {
				rest = rest[at[1]:]
			}
			line += 1 + within
		}
		if !fr.blank(rest) {
			t.Fatalf("left over: %q", rest)
		}
		if fr.ends != slow.ends {
			t.Fatal(fr.ends, slow.ends)
		}
	})
}

// checkCSV holds rec, which is sound, to encoding/csv.
func checkCSV(t *testing.T, rec record, sep byte) {
	r := csv.NewReader(bytes.NewReader(rec.text))
	r.FieldsPerRecord = -1
	r.Comma = rune(sep)
	r.TrimLeadingSpace = sep != '\t'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 1 || len(rows[0]) != rec.fields {
		t.Fatalf("%q has %d fields here, but encoding/csv says %q, %v", rec.text, rec.fields, rows, err)
	}
	for i, cell := range rows[0] {
		lines := anyBreak.Split(cell, -1)
		if rec.fields == 1 || len(lines) == 1 {
			continue
		}
		seps := func(line string) int { return strings.Count(line, string(sep)) }
		if slices.ContainsFunc(lines, func(l string) bool { return seps(l) >= rec.fields-1 }) ||
			seps(lines[0]) == rec.fields-1-i && seps(lines[len(lines)-1]) == i {
			t.Fatalf("field %d of %q holds a row", i+1, rec.text)
		}
	}
}

// A quote that opens in one row and one that closes in another cost these two
// rows and no other, whatever ends the lines.
func TestNoRowSwallowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sep := string(rapid.SampledFrom(delimiters).Draw(t, "separator"))
		n := rapid.IntRange(2, 6).Draw(t, "rows")
		from := rapid.IntRange(0, n-2).Draw(t, "from")
		to := rapid.IntRange(from+1, n-1).Draw(t, "to")
		var content strings.Builder
		content.WriteString(strings.ReplaceAll(head, ",", sep))
		for i := range n {
			cells := strings.Split(fmt.Sprintf("A%d,1,2,3,4,5", i), ",")
			switch i {
			case from:
				at := rapid.IntRange(0, 5).Draw(t, "opens")
				cells[at] = `"` + cells[at]
			case to:
				cells[rapid.IntRange(0, 5).Draw(t, "closes")] += `"`
			}
			content.WriteString(strings.Join(cells, sep))
			content.WriteString(rapid.SampledFrom([]string{"\n", "\r", "\r\n"}).Draw(t, "line break"))
		}
		r, err := newReader("east.csv", strings.NewReader(content.String()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			acc, rej, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("%d A%d/1/2/3/4/5", i+2, i)
			if i == from || i == to {
				if rej == nil || rej.Source.Line != i+2 {
					t.Fatalf("line %d: %s, which is not set aside, of %q", i+2, told(acc, rej), content.String())
				}
			} else if got := told(acc, rej); got != want {
				t.Fatalf("got %s, want %s, of %q", got, want, content.String())
			}
		}
		if _, _, err := r.Next(); err != io.EOF {
			t.Fatalf("more rows than %d", n)
		}
	})
}
