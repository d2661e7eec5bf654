package main

import (
	"fmt"
	"maps"
	"strings"

	"golang.org/x/text/encoding"
)

// account is a row of a dialect before it is written: its values by field.
type account map[string]string

// with returns a with some fields changed: field, value, field, value.
func (a account) with(pairs ...string) account {
	b := maps.Clone(a)
	for i := 0; i < len(pairs); i += 2 {
		b[pairs[i]] = pairs[i+1]
	}
	return b
}

// at returns a with a ZIP code, and the state its owner is told under.
func (a account) at(zip, state string) account { return a.with("zip", zip, "state", state) }

// named returns a with another name and an address to match.
func (a account) named(given, family string) account {
	_, domain, _ := strings.Cut(a["email"], "@")
	return a.with("given", given, "family", family, "name", strings.TrimSpace(given+" "+family),
		"email", fmt.Sprintf("%s.%s@%s", plain(given), plain(family), domain))
}

// who returns the next person of a fixture, whom no other row knows. Everyone
// is spelled in ASCII.
func (f *fixture) who() account {
	n, i := f.seed+f.serial, f.serial
	f.serial++
	where := places[(f.seed+i*11)%len(places)]
	kind := "Postpaid"
	if n%5 < 2 {
		kind = "Prepaid"
	}
	a := account{
		"zip": where.zip, "state": where.state, "kind": kind,
		"phone":  fmt.Sprintf("%s-555-01%02d", where.area, (f.seed+i*3)%100),
		"email":  "@" + []string{"example.com", "mail.example", "example.net", "post.example", "example.org"}[n%5],
		"number": fmt.Sprint(900_100_000 + f.seed%500*1000 + i*37),
	}
	return a.named(first[n%30], last[(f.seed+i*7)%29]) // of these, 30 and 29 are ASCII
}

// another returns a second account of the same person.
func (f *fixture) another(a account) account {
	f.serial++
	return a.with("number", fmt.Sprint(900_100_000+f.seed%500*1000+f.serial*37-5))
}

// western are names that Windows-1252 and Macintosh can both spell.
var western = [][2]string{
	{"José", "Muñoz"}, {"Françoise", "Lefèvre"}, {"Siobhán", "O’Brien"}, {"Jürgen", "Groß"}, {"Zoë", "Björklund"},
	{"Ángel", "Núñez"}, {"André", "Côté"}, {"Søren", "Ångström"}, {"María", "Ibáñez"}, {"Inés", "Peñalver"},
}

// column is a column of a sheet: its header, and the field of an account that
// stands in it. The field "row" is the number of the row, from 0.
type column struct{ header, field string }

// sheet is a table of accounts in the making.
type sheet struct {
	columns  []column
	sep, eol string
	all      bool // every cell in quotes, not only where they are needed
	width    int  // cells are filled up with spaces to that width
	lines    []string
}

// newSheet returns a sheet with columns, written "Header=field, Header=field".
func newSheet(columns, sep, eol string) *sheet {
	s := &sheet{sep: sep, eol: eol}
	for part := range strings.SplitSeq(columns, ", ") {
		header, field, _ := strings.Cut(part, "=")
		s.columns = append(s.columns, column{header, field})
	}
	return s
}

// plainColumns are those of a sheet with our own names.
const plainColumns = "account_number=number, name=name, phone=phone, zip=zip, email=email, account_type=kind"

// add writes a row.
func (s *sheet) add(a account) { s.lines = append(s.lines, s.line(a)) }

// line returns a row as it stands in the file.
func (s *sheet) line(a account) string {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = a[c.field]
		if c.field == "row" {
			cells[i] = fmt.Sprint(len(s.lines))
		}
	}
	return s.join(cells)
}

// header returns the line with the names of the columns.
func (s *sheet) header() string {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = c.header
	}
	return s.join(cells)
}

func (s *sheet) join(cells []string) string {
	for i, cell := range cells {
		if s.all || strings.ContainsAny(cell, s.sep+"\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		cells[i] = fmt.Sprintf("%-*s", s.width, cell)
	}
	return strings.Join(cells, s.sep)
}

// text returns the file.
func (s *sheet) text() string { return s.header() + s.eol + s.rows() }

// rows returns the file without its header.
func (s *sheet) rows() string {
	if len(s.lines) == 0 {
		return ""
	}
	return strings.Join(s.lines, s.eol) + s.eol
}

func (s *sheet) bytes() []byte { return []byte(s.text()) }

// encode returns text in another encoding.
func encode(to encoding.Encoding, text string) []byte {
	return must(to.NewEncoder().Bytes([]byte(text)))
}

// check is must where there is no value.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// must ends the program where what a dialect is built from is wrong.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
