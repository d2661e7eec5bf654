package inbox

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// written writes a file below dir and returns its path.
func written(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func opened(t testing.TB, where string, o Options) Source {
	t.Helper()
	s, err := Open(t.Context(), where, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// each lists the messages of a source: the name, and the subject or the event.
func each(t testing.TB, s Source) []string {
	t.Helper()
	var out []string
	err := s.Each(t.Context(), func(m Message) error {
		out = append(out, filepath.Base(m.Name)+" "+subject(m))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func subject(m Message) string {
	if m.Event {
		return "event " + string(m.Raw)
	}
	_, after, _ := strings.Cut(string(m.Raw), "Subject: ")
	line, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(line)
}

func same(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func mail(subject string) string {
	return "Return-Path: <>\nSubject: " + subject + "\n\nfor " + subject + "\n"
}

func TestMaildir(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	written(t, dir, "new/1535115601.a.host", mail("a"))
	written(t, dir, "cur/1535115600.b.host:2,S", mail("b"))
	written(t, dir, "tmp/1535115603.c.host", mail("half"))
	written(t, dir, "new/.hidden", mail("hidden"))
	s := opened(t, dir, Options{})
	same(t, each(t, s), "1535115601.a.host a", "1535115600.b.host:2,S b")
	if err := os.Rename(filepath.Join(dir, "new/1535115601.a.host"), filepath.Join(dir, "cur/1535115601.a.host:2,RS")); err != nil {
		t.Fatal(err)
	}
	same(t, each(t, s))
	written(t, dir, "new/1535115609.d.host", mail("d"))
	same(t, each(t, s), "1535115609.d.host d")
	same(t, each(t, opened(t, dir, Options{})), "1535115609.d.host d", "1535115600.b.host:2,S b", "1535115601.a.host:2,RS a")
}

// TestMoved holds that a message which a reader of mail moves while we look is
// given once, and one that is removed not at all.
func TestMoved(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"new", "cur", "tmp"} {
		_ = os.Mkdir(filepath.Join(dir, d), 0o700)
	}
	for i := range 4 {
		written(t, dir, fmt.Sprintf("new/%d.host", i), mail(fmt.Sprint(i)))
	}
	written(t, dir, "cur/8.host:2,", mail("8"))
	written(t, dir, "cur/9.host:2,", mail("9"))
	s := opened(t, dir, Options{})
	var got []string
	err := s.Each(t.Context(), func(m Message) error {
		if subject(m) == "8" {
			_ = os.Rename(filepath.Join(dir, "cur/9.host:2,"), filepath.Join(dir, "cur/9.host:2,S"))
		}
		if len(got) == 0 {
			for i := 1; i < 3; i++ {
				_ = os.Rename(filepath.Join(dir, fmt.Sprintf("new/%d.host", i)), filepath.Join(dir, fmt.Sprintf("cur/%d.host:2,S", i)))
			}
			_ = os.Remove(filepath.Join(dir, "new/3.host"))
		}
		got = append(got, subject(m))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, "0", "1", "2", "8", "9")
}

func TestEML(t *testing.T) {
	dir := t.TempDir()
	written(t, dir, "b.EML", mail("b"))
	path := written(t, dir, "a.eml", mail("a"))
	written(t, dir, "c.txt", mail("c"))
	s := opened(t, dir, Options{})
	same(t, each(t, s), "a.eml a", "b.EML b")
	same(t, each(t, s))
	written(t, dir, filepath.Base(path), mail("a again"))
	same(t, each(t, s), "a.eml a again")
}

func TestSingle(t *testing.T) {
	for name, text := range map[string]string{"plain": mail("a"), "gzip": packed(mail("a"))} {
		path := written(t, t.TempDir(), "message", text)
		s := opened(t, path, Options{})
		same(t, each(t, s), "message a")
		same(t, each(t, s))
		if name == "plain" {
			written(t, filepath.Dir(path), "message", mail("another"))
			same(t, each(t, s), "message another")
		}
	}
}

const twoMails = "From MAILER-DAEMON Fri Aug 24 13:00:05 2018\nSubject: one\n\n>From here on it is text\nend\n\n" +
	"From MAILER-DAEMON Fri Aug 24 13:00:06 2018\nSubject: two\n\ntext\n\n"

func TestMbox(t *testing.T) {
	for _, text := range []string{twoMails, packed(twoMails), strings.ReplaceAll(twoMails, "\n", "\r\n"), "\n" + twoMails} {
		path := written(t, t.TempDir(), "box", text)
		var bodies string
		s := opened(t, path, Options{})
		same(t, each(t, s), "box:1 one", "box:2 two")
		same(t, each(t, s))
		err := opened(t, path, Options{}).Each(t.Context(), func(m Message) error {
			bodies += string(m.Raw)
			return nil
		})
		if err != nil || !strings.Contains(bodies, "\nFrom here on") {
			t.Errorf("%v: %q", err, bodies)
		}
	}
}

// TestGrowing holds that of an mbox that grows only what is new is given, and
// all of one that was written anew.
func TestGrowing(t *testing.T) {
	path := written(t, t.TempDir(), "box", twoMails)
	s := opened(t, path, Options{})
	same(t, each(t, s), "box:1 one", "box:2 two")
	add := func(text string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteString(text)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	add("From x Fri Aug 24 13:00:07 2018\nSubject: three\n\ntorn in the mid")
	same(t, each(t, s), "box:3 three")
	add("dle\n\nFrom x Fri Aug 24 13:00:08 2018\nSubject: four\n\nx\n\n")
	same(t, each(t, s), "box:1 one", "box:2 two", "box:3 three", "box:4 four") // from the beginning, because a message was torn
	written(t, filepath.Dir(path), "box", twoMails[:strings.Index(twoMails, "From MAILER-DAEMON Fri Aug 24 13:00:06")])
	same(t, each(t, s), "box:1 one")
}

const (
	bounce1 = `{"eventType":"Bounce","mail":{"messageId":"1"}}`
	bounce2 = `{"event":"bounce","sg_event_id":"2"}`
)

func TestEvents(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"one":     {bounce1, []string{"x:1 event " + bounce1}},
		"lines":   {bounce1 + "\n" + bounce1 + "\n", []string{"x:1 event " + bounce1, "x:2 event " + bounce1}},
		"array":   {"[" + bounce2 + ",\n" + bounce2 + "]", []string{"x:1 event " + bounce2, "x:2 event " + bounce2}},
		"nothing": {"[]", nil},
	} {
		for _, text := range []string{c.text, packed(c.text), "\ufeff" + c.text} {
			got := each(t, opened(t, written(t, t.TempDir(), "x", text), Options{}))
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	}
	var words []string
	o := Options{Warn: func(s string) { words = append(words, s) }}
	same(t, each(t, opened(t, written(t, t.TempDir(), "x", bounce1+"\n{\"eventType\": \"Bou"), o)), "x:1 event "+bounce1)
	if len(words) != 1 || !strings.Contains(words[0], "1 pieces") {
		t.Errorf("%q", words)
	}
}

func TestStdin(t *testing.T) {
	for _, text := range []string{twoMails, packed(twoMails)} {
		s := opened(t, "-", Options{Stdin: strings.NewReader(text)})
		same(t, each(t, s), "standard input:1 one", "standard input:2 two")
		same(t, each(t, s))
	}
	same(t, each(t, opened(t, "-", Options{Stdin: strings.NewReader("")})))
	same(t, each(t, opened(t, "-", Options{Stdin: strings.NewReader(mail("a"))})), "standard input a")
}

// TestCap holds that of a message that is too long its beginning is given, and
// that the next one is not harmed.
func TestCap(t *testing.T) {
	long := "From x Fri Aug 24 13:00:07 2018\nSubject: long\n\n" + strings.Repeat("0123456789\n", maxMessage/10) + "\n"
	path := written(t, t.TempDir(), "box", long+twoMails)
	size := 0
	err := opened(t, path, Options{}).Each(t.Context(), func(m Message) error {
		size = max(size, len(m.Raw))
		return nil
	})
	if err != nil || size != maxMessage {
		t.Errorf("%v, %d", err, size)
	}
	same(t, each(t, opened(t, path, Options{})), "box:1 long", "box:2 one", "box:3 two")
}

// TestStops holds that the caller's error ends it, and that what was not taken
// in is given again.
func TestStops(t *testing.T) {
	dir := t.TempDir()
	_ = os.Mkdir(filepath.Join(dir, "cur"), 0o700)
	written(t, dir, "new/1", mail("a"))
	written(t, dir, "new/2", mail("b"))
	box := written(t, t.TempDir(), "box", twoMails)
	for where, want := range map[string][]string{dir: {"2 b"}, box: {"box:1 one", "box:2 two"}} {
		s := opened(t, where, Options{})
		stop, n := errors.New("enough"), 0
		err := s.Each(t.Context(), func(Message) error {
			if n++; n == 2 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Error(err)
		}
		same(t, each(t, s), want...)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := opened(t, where, Options{}).Each(ctx, func(Message) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestNoPlace(t *testing.T) {
	dir := t.TempDir()
	written(t, dir, "mail/Maildir/cur/1", "")
	written(t, dir, "mail/Maildir/new/1", "")
	written(t, dir, "bare/notes.txt", "")
	for where, want := range map[string]string{
		filepath.Join(dir, "none"):                                           "no such file",
		filepath.Join(dir, "bare"):                                           "no Maildir (it has no cur and new), and no .eml",
		filepath.Join(dir, "mail"):                                           "it holds one (name ",
		written(t, dir, "log", "Aug 24 10:00:01 mx postfix/smtp[1]: x"):      "neither mail nor events",
		written(t, dir, "table.csv", "key,status\n1,2\n"):                    "neither mail nor events",
		written(t, dir, "binary", "\x00\x01\x02"):                            "neither mail nor events",
		written(t, dir, "other.json", `{"a": 1}`):                            "no events of SES or SendGrid",
		written(t, dir, "journal", `{"__REALTIME_TIMESTAMP":"1"}`):           "breachmail reconcile",
		written(t, dir, "cut.gz", packed(strings.Repeat(twoMails, 99))[:60]): "cut off",
		"pop3://a@b/c": "no kind of mailbox",
		"-":            "no standard input",
	} {
		if _, err := Open(t.Context(), where, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", where, err, want)
		}
	}
	if _, err := Open(t.Context(), written(t, dir, "empty", ""), Options{}); err != nil {
		t.Errorf("an empty mbox: %v", err)
	}
}
