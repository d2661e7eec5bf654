package campaign

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier/export"
)

// pieces are what hostile exports are made of.
var pieces = []string{
	"Maria Lopez,98101,206-555-0101,maria.lopez@example.com,900121234,prepaid\n", "Maria Lopez,10001,,MARIA.LOPEZ@example.com,900121235,postpaid\r\n",
	"Wei Chen,2134,2125550102,wei.chen@example.net,900129999,postpaid\n", "Ann Roe,94110,415-555-0105,n/a,900125555,Pre-Paid\n",
	"Ann Roe,94110,x,ann.roe@gmial.com,9.00E+08,prepaid\n", "Lee,94110,1,lee@example.org,900126666,landline\n", ",,,,,\n", "\n", "a,b\n",
	"\"open,1,2\n", "say \"no\",1,2,3,4,5\n", "N\x00l,1,2,3,4,prepaid\n", "Jos\xe9,1,2,3,4,prepaid\n", "José,98101,2,jose@example.com,7,prepaid\n",
	"\"two\nlines\",98101,2,two@example.com,8,prepaid\n", "'=1,98101,2,=x@example.com,8,prepaid\n", "\r", "\"", ",", ";", "\xff\xfe", "é", "\x00",
}

// TestAccountCloses holds, for any bytes at all, that each row read is a
// recipient's, merged, set aside or told already, that each row set aside is
// in rejected.csv once, and that plan agrees with check on every number.
func TestAccountCloses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(rt, "pieces"), "")
		text += string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(rt, "bytes"))
		told := rapid.SampledFrom([]string{"", "maria.lopez@example.com\n", "Name,Email\nLee,lee@example.org\n900129999,\n", "900129999\n900125555\n"}).Draw(rt, "told")
		c := newCampaign(t, "exports: {max_rejected: 100%}\n")
		input := Input{Paths: []string{filepath.Join(c.Dir, "east.csv")}}
		write(t, input.Paths[0], "name,zip,phone,email,account_number,account_type\n"+text)
		if told != "" {
			input.AlreadyTold = []string{filepath.Join(c.Dir, "told.txt")}
			write(t, input.AlreadyTold[0], told)
		}
		checked, err := Check(bg, c.Dir, input, nil)
		if err != nil {
			// Broken lists and the like are errors, of plan as well.
			if _, planErr := c.Plan(bg, input, nil); planErr == nil || planErr.Error() != err.Error() {
				rt.Fatalf("check: %v; plan: %v", err, planErr)
			}
			return
		}
		holdAccount(rt, c, checked.Profile)
		holdCorrections(rt, c, input, checked.Profile)
		planned, err := c.Plan(bg, input, nil)
		if err != nil {
			rt.Fatal(err)
		}
		if a, b := comparable(checked.Profile), comparable(planned.Profile); a != b {
			rt.Fatalf("check says\n%s\nplan says\n%s", a, b)
		}
		if s := planned.Status; s.Rows != checked.Status.Rows || s.Recipients != checked.Status.Recipients || s.Unbalanced != nil {
			rt.Fatalf("check says %+v, the ledger %+v: %v", checked.Status, s, s.Unbalanced)
		}
	})
}

// holdCorrections reads an export with its own rejects beside it, as they are:
// each takes its own place, so that no row is read or set aside twice. Some are
// sound by then, such as one without its NUL.
func holdCorrections(t *rapid.T, c *Campaign, input Input, before *Profile) {
	if before.Rows.Rejected == 0 {
		return
	}
	b, err := os.ReadFile(before.File)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.Dir, "corrected.csv")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	input.Paths = append([]string{path}, input.Paths...)
	if !rapid.Bool().Draw(t, "first") {
		slices.Reverse(input.Paths)
	}
	checked, err := Check(bg, c.Dir, input, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := checked.Profile
	holdAccount(t, c, after)
	if after.Rows.Read != before.Rows.Read || after.Rows.Rejected > before.Rows.Rejected {
		t.Fatalf("with its own rejects it has %+v, not %+v", after.Rows, before.Rows)
	}
	for _, e := range after.Exports {
		if e.Corrections && (e.Unmatched > 0 || e.Replaced != before.Rows.Rejected) {
			t.Fatalf("%d rejects, of which %d found their place and %d none", before.Rows.Rejected, e.Replaced, e.Unmatched)
		}
	}
}

// comparable is a profile without the names of the files that went with it.
func comparable(p *Profile) string {
	q := *p
	q.File, q.TwoStates.File = "", ""
	b, err := json.Marshal(q)
	return fmt.Sprint(string(b), err)
}

// holdAccount holds a profile to its own sums and to rejected.csv.
func holdAccount(t interface{ Fatalf(string, ...any) }, c *Campaign, p *Profile) {
	if err := p.Check(); err != nil {
		t.Fatalf("%v", err)
	}
	path := c.path(outDir, "check", "rejected.csv")
	if p.Rows.Rejected == 0 {
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("there is a rejected.csv, and nothing was set aside")
		}
		return
	}
	r, err := export.Open(export.File{Name: path, Path: path}, export.Options{})
	if err != nil {
		t.Fatalf("rejected.csv is no export: %v", err)
	}
	defer func() { _ = r.Close() }()
	seen := map[int]bool{}
	for {
		account, reject, err := r.Next()
		if err != nil {
			break
		}
		if reject != nil {
			account = reject.Row
		}
		if account.Origin == nil || seen[account.Origin.Source.Line] {
			t.Fatalf("rejected.csv names no row, or one twice: %v", account.Origin)
		}
		seen[account.Origin.Source.Line] = true
	}
	if int64(len(seen)) != p.Rows.Rejected {
		t.Fatalf("%d rows in rejected.csv, %d set aside", len(seen), p.Rows.Rejected)
	}
}

// FuzzCheck holds the same of a whole file.
func FuzzCheck(f *testing.F) {
	f.Add([]byte("name,zip,phone,email,account_number,account_type\n" + strings.Join(pieces, "")))
	f.Add([]byte("Name;ZIP;Phone;Email;BAN;Type\r" + strings.ReplaceAll(pieces[0], ",", ";")))
	f.Add([]byte("\xff\xfen\x00a\x00"))
	f.Add([]byte("sep=|\nname|zip|phone|email|acct|type\na|98101|1|a@example.com|1|pre"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &Campaign{Dir: t.TempDir()}
		path := filepath.Join(c.Dir, "east.csv")
		write(t, path, string(data))
		checked, err := Check(bg, c.Dir, Input{Paths: []string{path}}, nil)
		if err == nil && !checked.Profile.Exports[0].Corrections {
			holdAccount(t, c, checked.Profile)
		}
	})
}
