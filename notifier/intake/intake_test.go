package intake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
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
	rej, err := in.Add(a)
	if err != nil || rej == nil || rej.Field != "account_number" || rej.Source != a.Source || rej.Row != a {
		t.Fatalf("%+v, %v", rej, err)
	}
	if rej, err = in.Add(row("Ann Lee", "97201", "1", "a@example.com", "9", "gold")); err != nil || rej == nil || rej.Field != "account_type" {
		t.Errorf("%+v, %v", rej, err)
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
		{Options{Secret: []byte("s"), TempDir: os.Args[0]}, "is not a directory (rows are sorted in it)"},
	} {
		if _, err := New(c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// many returns rows enough for the sorter to write a file.
func many() []notifier.Account {
	rows := make([]notifier.Account, 3*chunkRows+7)
	for i := range rows {
		rows[i] = row(fmt.Sprint("Person ", i%5000), "97201", fmt.Sprint(i), fmt.Sprintf("p%d@example.com", i%40_000), fmt.Sprint(i), "pre")
	}
	return rows
}

// What comes out depends on the rows alone, however the sorting was shared
// among processors.
func TestSameWhateverTheConcurrency(t *testing.T) {
	rows := many()
	var first []Group
	for _, procs := range []int{1, 2, 7} {
		old := runtime.GOMAXPROCS(procs)
		groups, _ := run(t, Options{}, rows)
		runtime.GOMAXPROCS(old)
		if first == nil {
			first = groups
			continue
		}
		if len(groups) != len(first) {
			t.Fatalf("%d groups, and %d before", len(groups), len(first))
		}
		for i := range groups {
			if a, b := told(groups[i]), told(first[i]); a != b || groups[i].Recipient.Key != first[i].Recipient.Key || groups[i].First != first[i].First {
				t.Fatalf("group %d is %s, and was %s", i, a, b)
			}
		}
	}
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
		{"in the middle of adding", rows[:chunkRows+9], func(*testing.T, *Intake) {}},
		{"no rows at all", nil, func(t *testing.T, in *Intake) {
			for range in.Recipients(context.Background()) {
				t.Error("a recipient from nowhere")
			}
		}},
		{"at the first recipient", rows[:chunkRows+9], func(_ *testing.T, in *Intake) {
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
			if last != why || n > 100+2*inputBuffer {
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

// When the rows cannot be written, Add or Recipients says so, and neither
// waits for ever.
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
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the directory was
		t.Fatal(err)
	}
	for i := range 20 * chunkRows {
		if _, err = in.Add(row("A", "", "", "", fmt.Sprint(i+1), "pre")); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "sorting the rows: ") {
		t.Fatalf("20 chunks were taken: %v", err)
	}
	n := 0
	for _, again := range in.Recipients(context.Background()) {
		n++
		if again == nil || again.Error() != err.Error() {
			t.Errorf("then %v", again)
		}
	}
	if n != 1 {
		t.Errorf("%d errors", n)
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
	for _, err := range in.Recipients(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
	}
}
