package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
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

func TestCorrections(t *testing.T) {
	const (
		old  = "name,zip,phone,email,account_number,account_type,language,file,line,field,reason,original\n"
		own  = "name,zip,phone,email,account_number,account_type,language,state,email_consent,file,line,field,reason,original\n"
		with = "name,zip,phone,email,account_number,account_type,language,state,email_consent,shop,reason,file,line,field,reason,original\n"
	)
	for _, c := range []struct {
		name, content string
		opts          Options
		want          string // the row, the extra cells and its origin; empty where the file is none of ours
	}{
		{"old", old + "A,1,2,3,4,5,es,e.csv,7,zip,wrong,orig\n", Options{}, "2 A/1/2/3/4/5/es [] e.csv:7 orig"},
		{"new", own + "A,1,2,3,4,5,es,OR,Y,e.csv,7,zip,wrong,orig\n", Options{}, "2 A/1/2/3/4/5/es/OR/Y [] e.csv:7 orig"},
		{"saved by a spreadsheet", "\ufeff" + semicolons(own) + "A;1;2;3;4;5;es;OR;Y;e.csv;7;zip;wrong;\"o,\n\"\"r\"\"\"\r\n", Options{}, "2 A/1/2/3/4/5/es/OR/Y [] e.csv:7 o,\n\"r\""},
		{"columns of exports do not apply", own + "A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{Columns: map[string]string{"zip": "plz"}}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"extras", with + "A,1,2,3,4,5,,,,s,r,e.csv,7,zip,wrong,orig\n", Options{Extra: map[string]string{"shop": "Store #", "reason": "why"}}, "2 A/1/2/3/4/5 [r|s] e.csv:7 orig"},
		{"extras that are not asked for", with + "A,1,2,3,4,5,,,,s,r,e.csv,7,zip,wrong,orig\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"an extra that is also a field", own + "A,'=1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{Extra: map[string]string{"z": "ZIP"}}, "2 A/=1/2/3/4/5 [=1] e.csv:7 orig"},
		{"defused", own + "A,1,2,3,4,5,,,,'=e.csv,7,zip,wrong,'=orig\n", Options{}, "2 A/1/2/3/4/5 [] =e.csv:7 =orig"},
		{"a row added by hand", own + "A,1,2,3,4,5,,,,,,,,\n", Options{}, "2 A/1/2/3/4/5 [] "},
		{"no line", own + "A,1,2,3,4,5,,,,e.csv,0,,,\n", Options{}, "2 A/1/2/3/4/5 [] "},
		{"a comma too many", own + "A, B,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{},
			"2 reject [] 15 fields where the header has 14 (a separator too many or too few) | A, B,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig [] e.csv:7 orig"},
		{"another order", "zip,name,phone,email,account_number,account_type,language,file,line,field,reason,original\n1,A,2,3,4,5,,e.csv,7,zip,wrong,orig", Options{}, ""},
		{"something behind", strings.TrimSpace(own) + ",x\nA,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,x\n", Options{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := newReader("rejected.csv", strings.NewReader(c.content), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			if r.Corrections() != (c.want != "") {
				t.Fatal(r.Corrections())
			}
			acc, rej, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			row := acc
			if rej != nil {
				row = rej.Row
			}
			got := fmt.Sprintf("%s [%s] %s", told(acc, rej), cellsOf(row), origins(row))
			if c.want != "" && got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.want == "" && row.Origin != nil {
				t.Error(origins(row))
			}
		})
	}
	_, err := newReader("rejected.csv", strings.NewReader(own), Options{Extra: map[string]string{"shop": "Store #"}})
	if err == nil || !strings.Contains(err.Error(), `no column has the header "shop" or "Store #" that exports.extra names for shop`) {
		t.Error(err)
	}
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
