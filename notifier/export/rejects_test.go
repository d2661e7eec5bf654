package export

import (
	"bytes"
	"encoding/csv"
	"io"
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
	text := rapid.StringMatching(`[-'=+@ ,"\t\n\ra-zÀ-ÿ0-9.]{0,12}`)
	value := rapid.StringMatching(`[-'=+@ ,"\t\na-zÀ-ÿ0-9.]{0,12}`) // encoding/csv reads CR LF as LF
	rapid.Check(t, func(t *rapid.T) {
		field := func(name string) string { return clean(value.Draw(t, name)) }
		row := notifier.Account{
			Name: notifier.NewName(field("name")), ZIP: field("zip"), Phone: notifier.NewPhone(field("phone")),
			Email: notifier.NewAddress(field("email")), Number: notifier.NewAccountNumber(field("number")),
			Type: field("type"), Language: field("language"),
		}
		rej := notifier.Reject{
			Source: notifier.Source{File: "east.csv", Line: 7}, Field: FieldAccountNumber,
			Reason: "account_number is empty", Row: row, Line: notifier.NewLine(text.Draw(t, "original") + "\x00"),
		}
		var out bytes.Buffer
		w := NewRejectWriter(&out)
		if err := w.Write(rej); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		cells, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells[1] {
			if isFormula(c) {
				t.Errorf("the cell %q runs as a formula", c)
			}
		}
		r, err := newReader("rejected.csv", &out, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, again, err := r.Next()
		if err != nil || again != nil {
			t.Fatalf("%v, %v", again, err)
		}
		row.Source = notifier.Source{File: "rejected.csv", Line: 2}
		if got != row {
			t.Errorf("got %s, want %s", told(got, nil), told(row, nil))
		}
		if _, _, err := r.Next(); err != io.EOF {
			t.Error("more than one row")
		}
	})
}

func TestRejectsEmpty(t *testing.T) {
	var out bytes.Buffer
	if err := NewRejectWriter(&out).Flush(); err != nil {
		t.Fatal(err)
	}
	const want = "name,zip,phone,email,account_number,account_type,language,file,line,field,reason,original\n"
	if out.String() != want {
		t.Errorf("%q", out.String())
	}
	if got := readAll(t, out.String(), Options{}); got != nil {
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
	var out bytes.Buffer
	w := NewRejectWriter(&out)
	if err := w.Write(*rej); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, out.String(), Options{}); len(got) != 1 || got[0] != "2 /////" {
		t.Errorf("%d rows", len(got))
	}
}
