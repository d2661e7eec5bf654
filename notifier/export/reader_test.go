package export

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/unpack"
)

// notUTF8 is the reason of a row with bytes that are no characters.
const notUTF8 = "not valid UTF-8 (shown as if it were Windows-1252: correct it, or read the file with --encoding windows-1252)"

const head = "name,zip,phone,email,account_number,account_type\n"

// newReader reads from as the export called name.
func newReader(name string, from io.Reader, opts Options) (*Reader, error) {
	t, err := newTable(name, from, opts)
	if err != nil {
		return nil, err
	}
	return t.export(opts)
}

// told is what Next said of one row, in a form that reads well in a table.
func told(a notifier.Account, rej *notifier.Reject) string {
	if rej != nil {
		return fmt.Sprintf("%d reject [%s] %s | %s", rej.Source.Line, rej.Field, rej.Reason, rej.Line.Reveal())
	}
	told := fmt.Sprintf("%d %s/%s/%s/%s/%s/%s", a.Source.Line, a.Name.Reveal(), a.ZIP,
		a.Phone.Reveal(), a.Email.Reveal(), a.Number.Reveal(), a.Type)
	for _, more := range []string{a.Language, a.State, a.Consent} {
		if more != "" {
			told += "/" + more
		}
	}
	return told
}

func readAll(t testing.TB, content string, opts Options) []string {
	t.Helper()
	r, err := newReader("east.csv", strings.NewReader(content), opts)
	if err != nil {
		t.Fatal(err)
	}
	return rest(t, r)
}

// rest reads the rows of r.
func rest(t testing.TB, r *Reader) []string {
	t.Helper()
	var got []string
	for {
		a, rej, err := r.Next()
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, told(a, rej))
	}
}

func TestRows(t *testing.T) {
	const ann = "Ann Lee,97201,503-555-0101,ann@example.com,900100200,prepaid"
	const annRead = "Ann Lee/97201/503-555-0101/ann@example.com/900100200/prepaid"
	ragged := func(n int) string {
		return fmt.Sprintf("[] %s where the header has 6 (a separator too many or too few)", fieldsOf(n))
	}
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"plain", ann + "\n", []string{"2 " + annRead}},
		{"no line break at the end", ann, []string{"2 " + annRead}},
		{"crlf", ann + "\r\n" + ann + "\r\n", []string{"2 " + annRead, "3 " + annRead}},
		{"blank lines count as lines", "\n  \n" + ann + "\n\r\n" + ann, []string{"4 " + annRead, "6 " + annRead}},
		{"white space around fields", " Ann Lee ,\t97201,\u00a0503-555-0101 ,ann@example.com\u200b,900100200, prepaid", []string{"2 " + annRead}},
		{"quoted", `"Lee, Ann ""Annie""", "97201","1",a@example.com,"9",post`, []string{`2 Lee, Ann "Annie"/97201/1/a@example.com/9/post`}},
		{"line break in a field", "\"Ann\r\nLee\",1,2,3,4,5\n" + ann, []string{"2 Ann\nLee/1/2/3/4/5", "4 " + annRead}},
		{"too few and too many", "a,b\n" + ann + ",x\n" + ann, []string{"2 reject " + ragged(2) + " | a,b", "3 reject " + ragged(7) + " | " + ann + ",x", "4 " + annRead}},
		{"quote that never closes", `"Ann,1,2,3,4,5` + "\n" + ann + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | "Ann,1,2,3,4,5`, "3 " + annRead, "4 " + annRead,
		}},
		{"quote closed by the next row's", `"Ann,1,2,3,4,5` + "\n" + `"Lee, Ann",97201,1,a@example.com,9,post` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | "Ann,1,2,3,4,5`, "3 Lee, Ann/97201/1/a@example.com/9/post", "4 " + annRead,
		}},
		{"quote closed at a later field's end", `"Ann,1,2,3,4,5` + "\n" + `Bob,"97201",1,b@example.com,9,post` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | "Ann,1,2,3,4,5`, "3 Bob/97201/1/b@example.com/9/post", "4 " + annRead,
		}},
		{"two lines that make a wrong row", `a,"b` + "\n" + `c",d` + "\n" + ann, []string{
			`2 reject [] ` + string(flawMultiline) + ` | a,"b`, `3 reject [] a quote stands inside an unquoted field | c",d`, "4 " + annRead,
		}},
		{"a row swallowed into a name", `"` + ann + "\nBob" + `",97201,1,b@example.com,9,post` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | "` + ann, `3 reject [] a quote stands inside an unquoted field | Bob",97201,1,b@example.com,9,post`, "4 " + annRead,
		}},
		{"into the last field", `Ann,1,2,3,4,"5` + "\n" + ann + `"` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | Ann,1,2,3,4,"5`, `3 reject [] a quote stands inside an unquoted field | ` + ann + `"`, "4 " + annRead,
		}},
		{"into a field between", `Ann,1,"2,3,4,5` + "\n" + `Bob,1,2",3,4,5` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | Ann,1,"2,3,4,5`, `3 reject [] a quote stands inside an unquoted field | Bob,1,2",3,4,5`, "4 " + annRead,
		}},
		{"several rows", `Ann,1,"2,3,4,5` + "\r\n" + ann + "\r\n" + `Bob,1,2",3,4,5` + "\r\n" + ann, []string{
			`2 reject [] a quoted field does not end | Ann,1,"2,3,4,5`, "3 " + annRead, `4 reject [] a quote stands inside an unquoted field | Bob,1,2",3,4,5`, "5 " + annRead,
		}},
		{"behind a sound field", `"Lee, Ann",1,2,3,4,"5` + "\n\n" + ann + "\n" + `"` + "\n" + ann, []string{
			`2 reject [] a quoted field does not end | "Lee, Ann",1,2,3,4,"5`, "4 " + annRead, `5 reject [] a quoted field does not end | "`, "6 " + annRead,
		}},
		{"almost a row in a field", `"a,b,c,d,e` + "\n" + `f,g,h,i,j",1,2,3,4,5` + "\n" + ann, []string{"2 a,b,c,d,e\nf,g,h,i,j/1/2/3/4/5", "4 " + annRead}},
		{"a row in a field on one line", `"a,b,c,d,e,f",1,2,3,4,"5` + "\n" + `6"`, []string{"2 a,b,c,d,e,f/1/2/3/4/5\n6"}},
		{"stray quote", `Ann "A" Lee,1,2,3,4,5` + "\n" + ann, []string{
			`2 reject [] a quote stands inside an unquoted field | Ann "A" Lee,1,2,3,4,5`, "3 " + annRead,
		}},
		{"text after the closing quote", `"Ann" Lee,1,2,3,4,5` + "\n" + ann, []string{
			`2 reject [] text follows the closing quote of a field | "Ann" Lee,1,2,3,4,5`, "3 " + annRead,
		}},
		{"nul", "A\x00nn,1,2,3,4,5\n" + ann, []string{"2 reject [] the row contains a NUL byte | Ann,1,2,3,4,5", "3 " + annRead}},
		{"latin 1 among UTF-8", "Jos\xe9,1,2,3,4,5\nZoë,1,2,3,4,5", []string{
			"2 reject [name] " + notUTF8 + " | José,1,2,3,4,5", "3 Zoë/1/2/3/4/5",
		}},
		{"defused", "'=A,1,'+15035550101,'-a@example.com,'''@4,'5", []string{"2 =A/1/+15035550101/-a@example.com/''@4/'5"}},
		{"empty fields", ",,,,,", []string{"2 /////"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, sep := range delimiters {
				if sep == '\t' && (strings.Contains(c.rows, "\t") || strings.Contains(c.rows, `, "`)) {
					continue // space before a quote: see feed
				}
				got, want := readAll(t, separatedBy(sep, head+c.rows), Options{}), c.want
				for i, w := range want {
					told, line, isReject := strings.Cut(w, " | ")
					if want = slices.Clone(want); isReject {
						want[i] = told + " | " + separatedBy(sep, line)
					} else {
						want[i] = separatedBy(sep, w)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q: got\n%s\nwant\n%s", sep, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

// separatedBy puts sep in the place of commas, and commas in that of sep.
func separatedBy(sep byte, s string) string {
	return strings.NewReplacer(",", string(sep), string(sep), ",").Replace(s)
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("é", maxRecord) // twice the limit in bytes
	got := readAll(t, head+long+"\nA,1,2,3,4,5\n\"open,"+long, Options{})
	want := []string{"2 reject [] the line is longer than 256 KiB", "3 A/1/2/3/4/5", "4 reject [] the line is longer than 256 KiB"}
	for i, g := range got {
		g, cut, _ := strings.Cut(g, " | ")
		if i >= len(want) || g != want[i] {
			t.Errorf("row %d: %s", i+1, g)
		}
		if len(cut) > maxOriginal+20 {
			t.Errorf("row %d keeps %d bytes of its text", i+1, len(cut))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
}

// A quote that opens and never closes in a long file must not cost more than
// its own row.
func TestUnclosedQuoteInLongFile(t *testing.T) {
	row := "Ann,97201,1,a@example.com,9,prepaid\n"
	got := readAll(t, head+`"`+row+strings.Repeat(row, 20_000), Options{})
	if len(got) != 20_001 || !strings.Contains(got[0], "a quoted field does not end") {
		t.Fatalf("%d rows, the first %s", len(got), got[0])
	}
	if strings.Contains(strings.Join(got[1:], ""), "reject") {
		t.Error("another row was set aside")
	}
}

func TestByteOrderMark(t *testing.T) {
	got := readAll(t, "\ufeff"+head+"A,1,2,3,4,5", Options{})
	if !slices.Equal(got, []string{"2 A/1/2/3/4/5"}) {
		t.Error(got)
	}
}

func TestLineIsTheOriginal(t *testing.T) {
	r, err := newReader("east.csv", strings.NewReader(head+"  A ,\"1\",2,3,4,5\r\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if got := r.Line().Reveal(); got != `  A ,"1",2,3,4,5` {
		t.Errorf("%q", got)
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("the disk is gone")
	r, err := newReader("east.csv", io.MultiReader(strings.NewReader(head+"A,1,2,3,4,5\nB,1"), errReader{broken}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, rej, err := r.Next(); rej != nil || err != nil || a.Name.Reveal() != "A" {
		t.Fatal(a, rej, err)
	}
	_, _, err = r.Next()
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "east.csv:3: ") {
		t.Error(err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "east.csv")
	file := unpack.File{Name: "east.csv", Path: path}
	if _, err := Open(file, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
	if r.Offset() != int64(len(head)) || r.Size() != int64(len(head)) {
		t.Error(r.Offset(), r.Size())
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Options{}); err == nil || !strings.HasPrefix(err.Error(), "east.csv:1: the file is empty") {
		t.Error(err)
	}
}

func BenchmarkReader(b *testing.B) {
	row := "\"Lee, Ann\",97201,503-555-0101,ann@example.com,900100200,prepaid\nBob Lee,97201,503-555-0101,bob@example.com,900100201,post\n"
	for _, c := range []struct {
		name string
		opts Options
	}{
		{"plain", Options{}},
		{"windows-1252", Options{Encoding: "windows-1252"}},
		{"extra", Options{Extra: map[string]string{"x": "x"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			columns, row := head, row
			if c.opts.Extra != nil {
				columns, row = "x,"+columns, "1,"+strings.Replace(row, "\nB", "\n1,B", 1)
			}
			content := columns + strings.Repeat(row, b.N/2+1)
			b.ReportAllocs()
			r, err := newReader("east.csv", strings.NewReader(content), c.opts)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(row) / 2))
			b.ResetTimer()
			for range b.N {
				if _, rej, err := r.Next(); rej != nil || err != nil {
					b.Fatal(rej, err)
				}
			}
		})
	}
}
