package intake

import (
	"fmt"
	"strings"
	"testing"

	"breachmail/notifier"
)

// person is a row as it should be.
func person(i int) notifier.Account {
	return row(fmt.Sprintf("Maria Lopez%d", i), fmt.Sprintf("97%03d", i%1000), fmt.Sprintf("503-555-%04d", i%10_000),
		fmt.Sprintf("p%d@example.com", i), fmt.Sprint(900_000_000+i), []string{"Prepaid", "post-paid"}[i%2])
}

// shiftedBy moves the six cells of a row so many columns to the right.
func shiftedBy(a notifier.Account, n int) notifier.Account {
	cells := []string{a.Name.Reveal(), a.ZIP, a.Phone.Reveal(), a.Email.Reveal(), a.Number.Reveal(), a.Type}
	moved := make([]string, len(cells))
	for i, c := range cells {
		moved[(i+n)%len(cells)] = c
	}
	return row(moved...)
}

func TestShift(t *testing.T) {
	const rows = 4000
	for _, c := range []struct {
		name   string
		change func(i int, a *notifier.Account) // i is the line
		want   string
	}{
		{"as it should be", func(int, *notifier.Account) {}, ""},
		{"a few damaged rows", func(i int, a *notifier.Account) {
			if i%300 == 0 {
				a.Number = notifier.NewAccountNumber("9.00E+08")
			}
		}, ""},
		{"many damaged rows here and there", func(i int, a *notifier.Account) {
			if i%30 == 0 {
				a.Number = notifier.NewAccountNumber("9.00E+08")
			} else if i%100 == 1 {
				a.Type = "gold"
			}
		}, "the rows set aside are scattered, most because: account_number is damaged: a spreadsheet turned this into a rounded number"},
		{"damaged from some line on", func(i int, a *notifier.Account) {
			if i >= 1042 {
				a.Number = notifier.NewAccountNumber("9.00E+08")
			}
		}, "from line 1042 on 2959 rows are set aside one after the other, most because: account_number is damaged: a spreadsheet turned this into a rounded number"},
		{"shifted to the right from some line on", func(i int, a *notifier.Account) {
			if i >= 1042 {
				*a = shiftedBy(*a, 1)
			}
		}, "from line 1042 on name holds what looks like account types, phone what looks like ZIP codes, email what looks like phone numbers, account_number what looks like addresses and account_type what looks like numbers: the columns are shifted"},
		{"shifted on some lines", func(i int, a *notifier.Account) {
			if i >= 1042 && i < 1142 {
				a.Number, a.Email = notifier.NewAccountNumber(a.Email.Reveal()), notifier.NewAddress(a.Phone.Reveal())
			}
		}, "from line 1042 to line 1141 email holds what looks like phone numbers and account_number what looks like addresses: the columns are shifted"},
		{"names and phone numbers changed places", func(i int, a *notifier.Account) {
			if i >= 1042 {
				a.Name, a.Phone = notifier.NewName(a.Phone.Reveal()), notifier.NewPhone(a.Name.Reveal())
			}
		}, "from line 1042 on name holds what looks like phone numbers (are the columns shifted?)"},
		{"addresses in the names here and there", func(i int, a *notifier.Account) {
			if i%30 == 0 {
				a.Name = notifier.NewName(a.Email.Reveal())
			}
		}, "the rows set aside are scattered, most because: the name holds an email address (are the columns shifted?)"},
		{"two columns changed places, and all rows are taken", func(i int, a *notifier.Account) {
			if i >= 1042 {
				a.ZIP, a.Phone = a.Phone.Reveal(), notifier.NewPhone(a.ZIP)
			}
		}, "from line 1042 on zip holds what looks like phone numbers and phone what looks like ZIP codes: the columns are shifted"},
		{"a column of something else", func(_ int, a *notifier.Account) { a.ZIP = a.Phone.Reveal() },
			"more than half of the zip values look like phone numbers, from line 2 on"},
		{"a column of something else in part", func(i int, a *notifier.Account) {
			if i > 3000 {
				a.ZIP = a.Phone.Reveal()
			}
		}, "from line 3001 on zip holds what looks like phone numbers (are the columns shifted?)"},
		{"empty and missing values say nothing", func(i int, a *notifier.Account) {
			a.Phone, a.ZIP, a.Email = notifier.NewPhone("n/a"), "", notifier.NewAddress("none")
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			s := NewShift()
			for line := 2; line < rows+1; line++ {
				a := person(line)
				c.change(line, &a)
				a.Source.Line = line
				v, err := in.Add(a)
				switch {
				case err != nil:
					t.Fatal(err)
				case v.Reject != nil:
					s.Aside(v.Reject)
				default:
					s.Taken(&a)
				}
			}
			if got := s.Words(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, personal := range []string{"Lopez", "@", "555"} {
				if strings.Contains(s.Words(), personal) {
					t.Errorf("the words quote a value: %s", s.Words())
				}
			}
		})
	}
}

// Rows that could not be read have no values to look at.
func TestShiftUnreadable(t *testing.T) {
	s := NewShift()
	for line := 2; line < 40; line++ {
		s.Aside(&notifier.Reject{Source: notifier.Source{Line: line}, Reason: "7 fields where the header has 8"})
	}
	if got, want := s.Words(), "from line 2 on 38 rows are set aside one after the other, most because: 7 fields where the header has 8"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShiftOfAFewRows(t *testing.T) {
	if got := NewShift().Words(); got != "" {
		t.Errorf("nothing seen: %s", got)
	}
	s := NewShift()
	for line := 2; line < 8; line++ {
		a := shiftedBy(person(line), 2)
		s.Aside(&notifier.Reject{Source: notifier.Source{Line: line}, Field: fieldNumber, Row: a})
	}
	if got := s.Words(); got != "" {
		t.Errorf("a few rows: %s", got)
	}
}

func TestKindOf(t *testing.T) {
	for want, list := range map[valueKind][]string{
		looksEmpty: {"", "n/a", "-", "NULL"}, looksAddress: {"a@example.com", "@"}, looksType: {"Prepaid", "POST-PAID", "pay as you go"},
		looksZIP: {"97201", "\u200e97201", "97201-1234"}, looksPhone: {"503-555-0101", "+1 503 555 0101", "5035550101"},
		looksNumber: {"2134", "900100200", "12.5", "1-2"}, looksMixed: {"A-77", "K1A 0B6", "4 Main St"}, looksText: {"Ann Lee", "Priya", "José", "??", "李小龙"},
	} {
		for _, s := range list {
			if got := kindOf(s); got != want {
				t.Errorf("kindOf(%q) = %d, want %d", s, got, want)
			}
		}
	}
}

func BenchmarkShift(b *testing.B) {
	rows := many()
	s := NewShift()
	b.ReportAllocs()
	for i := range b.N {
		s.Taken(&rows[i%len(rows)])
	}
}
