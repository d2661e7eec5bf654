package export

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestCorrections(t *testing.T) {
	const (
		old  = "name,zip,phone,email,account_number,account_type,language,file,line,field,reason,original\n"
		own  = "name,zip,phone,email,account_number,account_type,language,state,email_consent,file,line,field,reason,original\n"
		with = "name,zip,phone,email,account_number,account_type,language,state,email_consent,shop,reason,file,line,field,reason,original\n"
	)
	row20 := strings.Repeat("o,", 20)
	trimmed := strings.TrimSpace
	none := func(fields string) string {
		return "rejected.csv:1: the columns file, line, field, reason, original are those of a rejected.csv, but there is none for " + fields + " (put back the header"
	}
	twice := func(name string, one, two int) string {
		return fmt.Sprintf("rejected.csv:1: two columns of this rejected.csv have the header %q (columns %d and %d: take one out)", name, one, two)
	}
	for _, c := range []struct {
		name, content string
		opts          Options
		want          string // the row, the extra cells and its origin; or how the error begins
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
		{"a row in the original", own + "A,1,2,3,4,5,,,,e.csv,7,zip,wrong,\"" + row20 + "\n" + row20 + "\"\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 " + row20 + "\n" + row20},
		{"a row in the original, by a spreadsheet", "original," + strings.Replace(own, ",original", "", 1) + "\"" + row20 + "\r\n" + row20 + "\",A,1,2,3,4,5,,,,e.csv,7,zip,wrong\r\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 " + row20 + "\n" + row20},
		{"a row in a name", own + "\"A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\nB\",1,2,3,4,5,,,,e.csv,8,zip,wrong,orig\n", Options{},
			"2 reject [] a quoted field does not end | \"A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig [] "},
		{"another order", "original,zip,name,phone,line,email,account_number,account_type,file,field,reason\norig,1,A,2,7,3,4,5,e.csv,zip,wrong", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"another order and spelling", "Original;ZIP;Name;Phone;Line;E-mail;Email;Account Number;Account_Type;File;Field;Reason\norig;1;A;2;7;x;3;4;5;e.csv;zip;wrong", Options{}, twice("email", 6, 7)},
		{"something behind", trimmed(own) + ",x\nA,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,x\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"something before", "x," + own + "x,A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{Extra: map[string]string{"x": "y"}}, "2 A/1/2/3/4/5 [x] e.csv:7 orig"},
		{"empty columns behind", trimmed(own) + ",, \nA,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,,\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"not as many of them", trimmed(own) + ",,\nA,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{},
			"2 reject [] 14 fields where the header has 16 (a separator too many or too few) | A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig [] e.csv:7 orig"},
		{"a comma too many before them", trimmed(own) + ",,\nA, B,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,\n", Options{},
			"2 reject [] " + string(flawSpilt) + " | A, B,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig, [] e.csv:7 orig"},
		{"a note in them", trimmed(own) + ",\nA,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,done\n", Options{},
			"2 reject [] " + string(flawSpilt) + " | A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig,done [] "},
		{"other cells where the origin stood", trimmed(own) + "\nAnn,1,2,3,4,5,,,,Lee,7,98101,x,y,z\n", Options{},
			"2 reject [] 15 fields where the header has 14 (a separator too many or too few) | Ann,1,2,3,4,5,,,,Lee,7,98101,x,y,z [] "},
		{"the line as a decimal", own + "A,1,2,3,4,5,,,,e.csv,7.00,zip,wrong,orig\n", Options{}, "2 A/1/2/3/4/5 [] e.csv:7 orig"},
		{"the line as a fraction", own + "A,1,2,3,4,5,,,,e.csv,7.5,zip,wrong,orig\n", Options{}, "2 A/1/2/3/4/5 [] "},
		{"an extra of that name, and a column moved", "shop,reason," + own + "s,r,A,1,2,3,4,5,,,,e.csv,7,zip,wrong,orig\n", Options{Extra: map[string]string{"reason": "why"}}, "2 A/1/2/3/4/5 [r] e.csv:7 orig"},
		{"an extra with the name of a field", strings.Replace(own, "file", "zip,file", 1) + "A,1,2,3,4,5,,,,z,e.csv,7,zip,wrong,orig\n", Options{Extra: map[string]string{"zip": "Store ZIP"}}, "2 A/1/2/3/4/5 [z] e.csv:7 orig"},

		{"a field missing", strings.Replace(own, "phone,", "", 1), Options{}, none("phone")},
		{"two fields missing", "file,line,field,reason,original,name,zip,phone,state,account_number\n", Options{}, none("email, account_type")},
		{"a field renamed", strings.Replace(own, "name", "Full Name", 1), Options{}, none("name")},
		{"a field twice", trimmed(own) + ",zip\n", Options{}, twice("zip", 2, 15)},
		{"a field twice, moved", "zip," + own, Options{}, twice("zip", 1, 3)},
		{"the line twice, moved", "line,file,reason,original,field,line," + trimmed(own)[:len("name,zip,phone,email,account_number,account_type")] + "\n", Options{}, twice("line", 1, 6)},
		{"no extra", own, Options{Extra: map[string]string{"shop": "Store #"}}, `rejected.csv:1: no column has the header "shop" or "Store #" that exports.extra names for shop (add`},
		{"an extra twice", "shop," + trimmed(own) + ",shop\n", Options{Extra: map[string]string{"shop": "x"}}, `rejected.csv:1: two columns have the header "shop" that exports.extra names for shop (columns 1 and 16: rename one)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := corrected(t, c.content, c.opts); got != c.want && (!strings.HasPrefix(got, "rejected.csv:") || !strings.HasPrefix(got, c.want)) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// corrected tells the first row of a rejected.csv, its extra cells and its
// origin, or the error.
func corrected(t *testing.T, content string, opts Options) string {
	t.Helper()
	r, err := newReader("rejected.csv", strings.NewReader(content), opts)
	if err != nil {
		return err.Error()
	}
	if !r.Corrections() {
		t.Error("it is not known again")
	}
	acc, rej, err := r.Next()
	if err != nil {
		return err.Error()
	}
	row := acc
	if rej != nil {
		row = rej.Row
	}
	return fmt.Sprintf("%s [%s] %s", told(acc, rej), cellsOf(row), origins(row))
}

// A rejected.csv whose columns stand in another order, with others among and
// empty ones behind them, says what it said.
func TestCorrectionsMoved(t *testing.T) {
	text := rapid.StringMatching(`[-'=+@ ,;"\t\na-zÀ-ÿ0-9.]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		line := notifier.NewLine(text.Draw(t, "original"))
		out := written(t, nil, notifier.Reject{
			Source: notifier.Source{File: "east.csv", Line: rapid.IntRange(1, 99).Draw(t, "line")}, Reason: "zip is wrong", Line: line,
			Row: notifier.Account{Name: notifier.NewName(text.Draw(t, "name")), ZIP: text.Draw(t, "zip"), Email: notifier.NewAddress("a@example.com")},
		})
		read := func(content string) string {
			r, err := newReader("rejected.csv", strings.NewReader(content), Options{})
			if err != nil {
				t.Fatal(err)
			}
			acc, rej, err := r.Next()
			if err != nil || !r.Corrections() {
				t.Fatal(err)
			}
			return told(acc, rej) + " " + origins(acc)
		}
		cells, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		rows := [][]string{append(cells[0], "note", "remark"), append(cells[1], "", "x")}
		order := rapid.Permutation(upTo(0, len(rows[0])-1)).Draw(t, "order")
		tail := make([]string, rapid.IntRange(0, 3).Draw(t, "empty"))
		var moved strings.Builder
		w := csv.NewWriter(&moved)
		for _, row := range rows {
			var cells []string
			for _, i := range order {
				cells = append(cells, row[i])
			}
			if err := w.Write(append(cells, tail...)); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		if got, want := read(moved.String()), read(out); got != want {
			t.Errorf("got %s, want %s, of %q", got, want, moved.String())
		}
	})
}
