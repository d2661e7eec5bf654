package export

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/internal/unpack"
)

// newList reads from as the list called name.
func newList(name string, from io.Reader, opts Options) (*ListReader, error) {
	opts.list = true
	t, err := newTable(name, from, opts)
	if err != nil {
		return nil, err
	}
	return t.list(opts)
}

// entries reads a list; an error is its last line.
func entries(content string, opts Options) []string {
	r, err := newList("list.csv", strings.NewReader(content), opts)
	var got []string
	for err == nil {
		var e Entry
		if e, err = r.Next(); err == nil {
			got = append(got, fmt.Sprintf("%d %s/%s/%s/%v", e.Source.Line, e.Email.Reveal(), e.Number.Reveal(), e.Name.Reveal(), e.Named))
		}
	}
	if err != io.EOF {
		got = append(got, err.Error())
	}
	return got
}

func TestLists(t *testing.T) {
	const ann = "ann@example.com"
	for _, c := range []struct {
		name, content string
		opts          Options
		want          []string
	}{
		{"no header", ann + "\n\n9001\r\n\"bob@example.com\"\n", Options{}, []string{"1 " + ann + "///false", "3 /9001//false", "4 bob@example.com///false"}},
		{"one column", "E-Mail\n" + ann, Options{}, []string{"2 " + ann + "///false"}},
		{"both and a name", "Name;E-Mail;BAN;x\nAnn Lee;" + ann + ";9;\n;;;\nBob;;8;1", Options{}, []string{"2 " + ann + "/9/Ann Lee/true", "4 /8/Bob/true"}},
		{"first and last name", "last,email,first\nLee," + ann + ",Ann", Options{}, []string{"2 " + ann + "//Ann Lee/true"}},
		{"half a name", "email,first\n" + ann + ",Ann", Options{}, []string{"2 " + ann + "///false"}},
		{"an export", head + "A,1,2," + ann + ",9,pre", Options{}, []string{"2 " + ann + "/9/A/true"}},
		{"a named column", "kundennr,mail,email\n9,x@example.com," + ann, Options{Columns: map[string]string{"account_number": "Kundennr", "email": "email", "zip": "plz"}}, []string{"2 " + ann + "/9//false"}},
		{"defused", "account_number\n'+1\n", Options{}, []string{"2 /+1//false"}},
		{"windows-1252", "email,name\n" + ann + ",Jos\xe9", Options{}, []string{"2 " + ann + "//José/true"}},
		{"header only", "email\n", Options{}, nil},

		{"empty", "\n", Options{}, []string{"list.csv:1: the file is empty (leave the list out, or give it a header if nobody is on it)"}},
		{"several columns", ann + ",9\n", Options{}, []string{"list.csv:1: the list has several columns, and none is known for the address or the account number " + listHeader}},
		{"names only", "name\nAnn\n", Options{}, []string{"list.csv:1: the list has a column for name only " + listHeader}},
		{"a header nobody knows", "who\n" + ann, Options{}, []string{"list.csv:1: the line is neither an address nor an account number " + listHeader}},
		{"two addresses", "email,E-Mail\na,b\n", Options{}, []string{`list.csv:1: two columns for email: "email" and "E-Mail" (take one out)`}},
		{"two in a line", ann + "\n" + ann + ",9\n", Options{}, []string{"1 " + ann + "///false", "list.csv:2: " + errSeveral.Error()}},
		{"two in a line, by another sign", ann + "\n" + ann + ";9\n", Options{}, []string{"1 " + ann + "///false", "list.csv:2: " + errSeveral.Error()}},
		{"a name beside the address", "Ann <" + ann + ">\n", Options{}, []string{"list.csv:1: " + errSeveral.Error()}},
		{"the same below a header", "email\nAnn <" + ann + ">\n", Options{}, []string{"list.csv:2: the column for the address holds more than an address (one address a row)"}},
		{"two in a quoted cell", "\"" + ann + "\rb@example.com\"\r", Options{}, []string{"list.csv:1: " + errSeveral.Error()}},
		{"a row swallowed into a name", "email,name\na@example.com,\"Ann\nb@example.com,Bob\"\n", Options{}, []string{"list.csv:2: a quoted field does not end (correct the line)"}},
		{"UTF-16 without a mark", "a\x00@\x00b\x00\n\x00", Options{}, []string{"list.csv:1: looks like UTF-16 without a byte order mark (save the list as UTF-8)"}},
		{"a character that is none", "email,name\n" + ann + ",Jos\xe9\x81", Options{}, []string{"list.csv:2: the line is not valid Windows-1252 (correct it, and save the list as UTF-8)"}},
		{"neither", "email,account,x\n,,1\n", Options{}, []string{"list.csv:2: the row has neither an address nor an account number (add one, or take the row out)"}},
		{"ragged", "email,account\na\n", Options{}, []string{"list.csv:2: not as many fields as the header (correct the line)"}},
		{"broken quotes", "email\n\"" + ann + "\n", Options{}, []string{"list.csv:2: a quoted field does not end (correct the line)"}},
		{"NUL", "email\na\x00@example.com\n", Options{}, []string{"list.csv:2: the row contains a NUL byte (correct the line)"}},
		{"not UTF-8", "email,name\n" + ann + ",Zoë\n" + ann + ",Jos\xe9\n", Options{}, []string{"2 " + ann + "//Zoë/true", "list.csv:3: the line is not valid UTF-8 (correct it, and save the list as UTF-8)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := entries(c.content, c.opts); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestOpenList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("ann@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := OpenList(unpack.File{Name: "list.csv", Path: path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e, err := r.Next(); err != nil || e.Source.File != "list.csv" || e.Source.Line != 1 {
		t.Error(e, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
