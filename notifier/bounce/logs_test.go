package bounce

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

var update = flag.Bool("update", false, "write the golden files anew")

// campaign is whose messages the logs in testdata hold.
const (
	campaign = "aug-2018"
	testMail = "test.k3.aug-2018@mail.example.com"
)

// everyone asks for all recipients, and for one test mail.
func everyone() Options {
	return Options{
		Campaign: campaign, Want: func(notifier.Key) bool { return true }, WantID: func(id string) bool { return id == testMail },
		Location: time.UTC, Now: time.Date(2018, 8, 30, 12, 0, 0, 0, time.UTC),
	}
}

func only(keys ...string) Options {
	o := everyone()
	o.Want = func(k notifier.Key) bool { return slices.Contains(keys, k.String()) }
	return o
}

func logOf(name, text string) Log {
	return Log{name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func logFile(t testing.TB, path string) Log {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return logOf(filepath.Base(path), string(b))
}

// factsOf reads logs, and gives the facts in an order of their own.
func factsOf(t testing.TB, o Options, logs ...Log) ([]string, Summary) {
	t.Helper()
	var facts []string
	sum, err := Read(t.Context(), logs, o, func(f Fact) error {
		facts = append(facts, show(f))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(facts)
	return facts, sum
}

// bare writes a fact in clear, without its source.
func bare(f Fact) string {
	name := f.MessageID
	if f.Key != (notifier.Key{}) {
		name = f.Key.String()
		if f.MessageID == "" {
			name += " (by key)"
		}
	}
	at := "-"
	if !f.At.IsZero() {
		at = f.At.Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%s\t<%s>\t%q", name, f.Kind, at, f.RelayID, f.Code, f.Enhanced, f.To.Reveal(), f.Reply.Reveal())
}

func show(f Fact) string { return fmt.Sprintf("%s\t%s:%d", bare(f), f.Source.File, f.Source.Line) }

func showSummary(s LogSummary) string {
	var b strings.Builder
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Format(time.RFC3339Nano)
	}
	fmt.Fprintf(&b, "# %s: %s, %d lines, %s to %s, seen %d, %s to %s\n", s.Name, s.Format, s.Lines, at(s.First), at(s.Last), s.Seen, at(s.FirstSeen), at(s.LastSeen))
	fmt.Fprintf(&b, "# %d unreadable\n", s.Unreadable)
	for _, u := range s.Samples {
		fmt.Fprintf(&b, "# %s\n", u)
	}
	return b.String()
}

// TestLogs compares what is read from each log in testdata with the file beside
// it. The logs of Postfix and Exim were written by those programs, on loopback,
// but for the ones that cannot be had so.
func TestLogs(t *testing.T) {
	paths := samples(t)
	if len(paths) < 7 {
		t.Fatalf("only %d logs", len(paths))
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			facts, sum := factsOf(t, everyone(), logFile(t, path))
			got := showSummary(sum.Logs[0]) + strings.Join(facts, "\n") + "\n"
			golden := path + ".facts"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s has changed; run with -update and read the difference:\n%s", golden, got)
			}
		})
	}
}

func samples(t testing.TB) (paths []string) {
	t.Helper()
	all, err := filepath.Glob("testdata/logs/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if !strings.HasSuffix(path, ".facts") {
			paths = append(paths, path)
		}
	}
	return paths
}

// TestNothingPersonal holds that what may be printed quotes no line.
func TestNothingPersonal(t *testing.T) {
	for _, path := range samples(t) {
		var facts []Fact
		sum, err := Read(t.Context(), []Log{logFile(t, path)}, everyone(), func(f Fact) error {
			facts = append(facts, f)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		printed := fmt.Sprintf("%+v %v %s", sum, facts, errors.Join(err))
		for _, personal := range []string{"rossi", "tom@", "nina@", "olaf@", "unknown user", "gone fishing"} {
			if strings.Contains(printed, personal) {
				t.Errorf("%s: prints %q", path, personal)
			}
		}
	}
}

// TestWanted holds that nobody else is told of.
func TestWanted(t *testing.T) {
	for _, path := range samples(t) {
		all, _ := factsOf(t, everyone(), logFile(t, path))
		keys := map[string]bool{}
		for _, f := range all {
			keys[f[:keyLength]] = true
		}
		for key := range keys {
			want := slices.DeleteFunc(slices.Clone(all), func(f string) bool { return f[:keyLength] != key })
			o := only(key)
			if strings.HasPrefix(testMail, key) {
				o.WantID = func(id string) bool { return id == testMail }
			} else {
				o.WantID = nil
			}
			if got, _ := factsOf(t, o, logFile(t, path)); !slices.Equal(got, want) {
				t.Errorf("%s, %s:\n%s\nwant:\n%s", path, key, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}
