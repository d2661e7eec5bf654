package intake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"breachmail/notifier"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestReject(t *testing.T) {
	in, err := New(Options{Secret: []byte("s")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	a := row("Ann Lee", "97201", "1", "a@example.com", "9.00E+08", "gold")
	a.Source = notifier.Source{File: "east.csv", Line: 7}
	v, err := in.Add(a)
	if err != nil || v.Reject == nil || v.Told || v.Reject.Field != "account_number" || v.Reject.Source != a.Source || v.Reject.Row.Name != a.Name {
		t.Fatalf("%+v, %v", v, err)
	}
	if v, err = in.Add(row("Ann Lee", "97201", "1", "a@example.com", "9", "gold")); err != nil || v.Reject == nil || v.Reject.Field != "account_type" {
		t.Errorf("%+v, %v", v, err)
	}
	v, err = in.Add(row("Bob bob@example.com", "97201", "1", "a@example.com", "9", "pre"))
	if err != nil || v.Reject == nil || v.Reject.Field != "name" || strings.Contains(v.Reject.Reason, "bob") {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{}, "the campaign has no secret"},
		{Options{Secret: []byte("s"), UnknownState: "ca"}, `unknown_state is "ca" (it is base, postal, or a state's two letters)`},
		{Options{Secret: []byte("s"), TempDir: "/does/not/exist"}, "no such file or directory"},
		{Options{Secret: []byte("s"), Placeholders: []string{"nobody@", "@"}}, `a placeholder is "@" (it is an address, local@, @domain or a word)`},
		{Options{Secret: []byte("s"), Extra: []string{"plan", "agent"}}, "the names of the extra columns are not sorted"},
		{Options{Secret: []byte("s"), Statute: &Statute{Primary: true}}, "where the law allows it, and there is no law data"},
		{Options{Secret: []byte("s"), TempDir: os.Args[0]}, "is not a directory (rows are sorted in it)"},
	} {
		if _, err := New(c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// manyRows is enough for the sorter to write a file: some 12 MB.
const manyRows = 98_311

// many returns so many rows, of which one in ten is about somebody who has
// another, one in twenty has letters beyond ASCII, and one in thirty no address.
func many() []notifier.Account {
	rows := make([]notifier.Account, manyRows)
	for i := range rows {
		who := i
		if i%10 == 9 {
			who = i / 2
		}
		name, email := fmt.Sprintf("Maria Person%d", who), fmt.Sprintf("maria.person%d@example.com", who)
		switch {
		case who%20 == 3:
			name = fmt.Sprintf("José Núñez %d", who)
		case who%30 == 4:
			email = ""
		case who%15 == 5:
			email = fmt.Sprintf("Maria.Person%d@Example.com", who)
		}
		rows[i] = row(name, fmt.Sprintf("97%03d", who%1000), fmt.Sprintf("503-555-%04d", i%10_000), email, fmt.Sprint(900_000_000+i), "Prepaid")
		rows[i].Source = notifier.Source{File: "east.csv", Line: i + 2}
	}
	return rows
}

// Wherever an intake is given up, its goroutines end (TestMain looks) and its
// files are gone.
func TestGivenUp(t *testing.T) {
	rows := many()
	for _, c := range []struct {
		name   string
		rows   []notifier.Account
		finish func(t *testing.T, in *Intake)
	}{
		{"before the first row", nil, func(*testing.T, *Intake) {}},
		{"in the middle of adding", rows[:manyRows-9], func(*testing.T, *Intake) {}},
		{"no rows at all", nil, func(t *testing.T, in *Intake) {
			for range in.Recipients(context.Background()) {
				t.Error("a recipient from nowhere")
			}
		}},
		{"at the first recipient", rows[:manyRows-9], func(_ *testing.T, in *Intake) {
			for range in.Recipients(context.Background()) {
				return
			}
		}},
		{"at the first recipient of few", rows[:9], func(_ *testing.T, in *Intake) {
			for range in.Recipients(context.Background()) {
				return
			}
		}},
		{"by its context", rows, func(t *testing.T, in *Intake) {
			ctx, cancel := context.WithCancelCause(context.Background())
			defer cancel(nil)
			why := errors.New("told to stop")
			n, last := 0, error(nil)
			for _, err := range in.Recipients(ctx) {
				if n++; n == 100 {
					cancel(why)
				}
				last = err
			}
			if last != why || n > 100+2*lookRows {
				t.Errorf("%d recipients, then %v", n, last)
			}
		}},
		{"by its context before it began", rows, func(t *testing.T, in *Intake) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			var last error
			for _, last = range in.Recipients(ctx) {
			}
			if last != context.Canceled {
				t.Error(last)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			in, err := New(Options{Secret: []byte("s"), TempDir: dir})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range c.rows {
				if _, err := in.Add(a); err != nil {
					t.Fatal(err)
				}
			}
			c.finish(t, in)
			for range 2 {
				if err := in.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := in.Add(row("A", "", "", "", "1", "pre")); err == nil {
				t.Error("an account was taken after Close")
			}
			for _, err := range in.Recipients(context.Background()) {
				if err == nil {
					t.Error("a recipient after Close")
				}
			}
			if files, _ := os.ReadDir(dir); len(files) > 0 {
				t.Errorf("%s is left", files[0].Name())
			}
		})
	}
}

// When the rows cannot be written, Add says so.
func TestNoRoomToSort(t *testing.T) {
	dir := t.TempDir()
	in, err := New(Options{Secret: []byte("s"), TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", sortBuffer)
	for i := range 2 * parts {
		if _, err = in.Add(row(long, "", "", "", fmt.Sprint(i+1), "pre")); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "sorting the rows: ") {
		t.Fatalf("more was taken than the buffers hold: %v", err)
	}
}

func BenchmarkIntake(b *testing.B) {
	rows := many()
	in, err := New(Options{Secret: []byte("secret"), TempDir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, err := in.Add(rows[i%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/add")
	for _, err := range in.Recipients(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
	}
}
