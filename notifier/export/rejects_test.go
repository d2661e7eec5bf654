package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestDefuse(t *testing.T) {
	for _, c := range []struct{ clear, defused string }{
		{"", ""}, {"Ann", "Ann"}, {"'", "'"}, {"O'Brien", "O'Brien"}, {"'Ann", "'Ann"},
		{"=1+1", "'=1+1"}, {"+15035550101", "'+15035550101"}, {"-", "'-"}, {"@SUM(1)", "'@SUM(1)"},
		{"\tx", "'\tx"}, {"\rx", "'\rx"}, {"'=1", "''=1"}, {"''=1", "'''=1"},
	} {
		if got := defuse(c.clear); got != c.defused {
			t.Errorf("defuse(%q) = %q, want %q", c.clear, got, c.defused)
		}
		if got := undefuse(c.defused); got != c.clear {
			t.Errorf("undefuse(%q) = %q, want %q", c.defused, got, c.clear)
		}
	}
}

// What RejectWriter writes, Reader reads back as it was, and no cell is one
// that a spreadsheet would run.
func TestRejectsRoundTrip(t *testing.T) {
	text := rapid.StringMatching(`[-'=+@ ,;"\t\n\ra-zÀ-ÿ0-9.]{0,12}`)
	value := rapid.StringMatching(`[-'=+@ ,;"\t\na-zÀ-ÿ0-9.]{0,12}`) // encoding/csv reads CR LF as LF
	rapid.Check(t, func(t *rapid.T) {
		field := func(name string) string { return clean(value.Draw(t, name)) }
		row := notifier.Account{
			Name: notifier.NewName(field("name")), ZIP: field("zip"), Phone: notifier.NewPhone(field("phone")),
			Email: notifier.NewAddress(field("email")), Number: notifier.NewAccountNumber(field("number")),
			Type: field("type"), Language: field("language"), State: field("state"), Consent: field("consent"),
			Extra: []notifier.Cell{notifier.NewCell(field("extra a")), notifier.NewCell(field("extra b"))},
		}
		source := notifier.Source{File: value.Draw(t, "file"), Line: 7}
		rej := notifier.Reject{
			Source: source, Field: FieldAccountNumber,
			Reason: "account_number is empty", Row: row, Line: notifier.NewLine(original([]byte(text.Draw(t, "original") + "\x00"))),
		}
		if strings.TrimSpace(source.File) != "" {
			row.Origin = &notifier.Origin{Source: source, Original: rej.Line}
		}
		for range 2 { // corrections of corrections
			out := written(t, []string{"b", "a"}, rej)
			cells, err := csv.NewReader(strings.NewReader(out)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cells[1] {
				if isFormula(c) {
					t.Errorf("the cell %q runs as a formula", c)
				}
			}
			r, err := newReader("rejected.csv", strings.NewReader(out), Options{Extra: map[string]string{"a": "A col", "b": "zip"}})
			if err != nil {
				t.Fatal(err)
			}
			got, again, err := r.Next()
			if err != nil || again != nil {
				t.Fatalf("%v, %v", again, err)
			}
			row.Source = notifier.Source{File: "rejected.csv", Line: 2}
			if !r.Corrections() || !reflect.DeepEqual(got, row) {
				t.Errorf("got %s %q of %s, want %s %q of %s", told(got, nil), cellsOf(got), origins(got), told(row, nil), cellsOf(row), origins(row))
			}
			if _, _, err := r.Next(); err != io.EOF {
				t.Error("more than one row")
			}
			if got.Origin == nil {
				break
			}
			rej = notifier.Reject{Source: got.Source, Field: FieldZIP, Reason: "zip is empty", Row: got, Line: r.Line()}
		}
	})
}

// written returns what RejectWriter makes of rows.
func written(t interface{ Fatal(...any) }, extra []string, rows ...notifier.Reject) string {
	var out bytes.Buffer
	w := NewRejectWriter(&out, extra)
	for _, rej := range rows {
		if err := w.Write(rej); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// origins tells the origin of a in a form that reads well in a table.
func origins(a notifier.Account) string {
	if a.Origin == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d %s", a.Origin.Source.File, a.Origin.Source.Line, a.Origin.Original.Reveal())
}

func TestRejectsEmpty(t *testing.T) {
	out := written(t, nil)
	const want = "name,zip,phone,email,account_number,account_type,language,state,email_consent,file,line,field,reason,original\n"
	if out != want {
		t.Errorf("%q", out)
	}
	if got := readAll(t, out, Options{}); got != nil {
		t.Error(got)
	}
}

// A row that is too long to keep is one row of rejected.csv that can be read.
func TestLongRejectRoundTrip(t *testing.T) {
	r, err := newReader("east.csv", strings.NewReader(head+strings.Repeat(`""`, maxRecord)+"\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, rej, err := r.Next()
	if err != nil || rej == nil {
		t.Fatal(rej, err)
	}
	got := readAll(t, written(t, nil, *rej), Options{})
	if len(got) != 1 || got[0] != "2 /////" {
		t.Errorf("%d rows", len(got))
	}
}

// Nor is one that was read, whatever stands in it.
func TestLongRowRoundTrip(t *testing.T) {
	long := strings.Repeat("a,", maxRecord/4-50)
	r, err := newReader("east.csv", strings.NewReader(head+`"`+long+`",1,2,3,4,"`+long+"\"\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	acc, rej, err := r.Next()
	if err != nil || rej != nil {
		t.Fatal(rej, err)
	}
	out := written(t, nil, notifier.Reject{Source: acc.Source, Reason: "zip is wrong", Row: acc, Line: r.Line()})
	again, err := newReader("rejected.csv", strings.NewReader(out), Options{})
	if err != nil {
		t.Fatal(err)
	}
	acc, rej, err = again.Next()
	if err != nil || rej != nil || acc.Origin == nil || acc.Origin.Original != r.Line() {
		t.Error(rej, err)
	}
}

// A cell in which rows seem to stand is read again as a cell.
func TestRowInCellRoundTrip(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("a,", 13) + "\r\nb", "a\n" + strings.Repeat(",", 13), "a\r" + strings.Repeat(",", 20) + "\rb", strings.Repeat(",", 20),
	} {
		for _, zip := range []string{"1", ",,,,,,,,,,,,\n,"} { // the second of 14 columns
			acc := notifier.Account{Name: notifier.NewName(name), ZIP: zip, Source: notifier.Source{File: "east.csv", Line: 2}}
			out := written(t, nil, notifier.Reject{Source: acc.Source, Reason: "zip is wrong", Row: acc, Line: notifier.NewLine(name + zip)})
			got := readAll(t, out, Options{})
			want := "2 " + oneLine.Replace(name) + "/" + oneLine.Replace(zip) + "////"
			if !slices.Equal(got, []string{want}) {
				t.Errorf("%q, %q: got %q", name, zip, got)
			}
		}
	}
}
