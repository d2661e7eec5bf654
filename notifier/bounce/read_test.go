package bounce

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

func nobody(Fact) error { return nil }

// TestPacked holds that gzip changes nothing, in one member or in several.
func TestPacked(t *testing.T) {
	for _, path := range samples(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, sum := factsOf(t, everyone(), logOf("log", string(b)))
		cut := len(b) / 3
		got, packedSum := factsOf(t, everyone(), logOf("log", packed(string(b[:cut]))+packed(string(b[cut:]))))
		if !slices.Equal(got, want) || fmt.Sprint(sum) != fmt.Sprint(packedSum) {
			t.Errorf("%s: packed it reads differently", path)
		}
	}
}

func TestErrors(t *testing.T) {
	line := "Aug 24 10:00:01 mx postfix/cleanup[2]: 40000986295: message-id=" + idOf(keyA) + "\n"
	whole := packed(strings.Repeat(line, 5000))
	broken := []byte(whole)
	broken[len(broken)-6] ^= 1
	failing := Log{"gone.log", func() (io.ReadCloser, error) { return nil, os.ErrNotExist }}
	for _, c := range []struct {
		log  Log
		want string
	}{
		{logOf("mail.log.gz", whole[:len(whole)-9]), "mail.log.gz: the gzip file is cut off"},
		{logOf("mail.log.gz", whole[:7]), "mail.log.gz: the gzip file is cut off"},
		{logOf("mail.log.gz", string(broken)), "mail.log.gz: the gzip file is damaged"},
		{logOf("mail.log.gz", whole+"rubbish behind it"), "mail.log.gz: the gzip file is damaged"},
		{logOf("notes.txt", "\n\nDear Mira Rossi,\nthank you\n"), "notes.txt:3: this is no log that breachmail can read (understood are"},
		{logOf("people.csv", "name,status\nMira Rossi,sent\n"), "people.csv:1: this is no log"},
		{logOf("x.json", `{"name": "Mira Rossi"}`), "x.json:1: this is no log"},
		{logOf("x.bin", "\x00\x01\x02\x03Mira Rossi"), "x.bin:1: this is no log"},
		{failing, "gone.log: file does not exist"},
	} {
		_, err := Read(t.Context(), []Log{c.log}, everyone(), nobody)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "Rossi") {
			t.Errorf("%s: %v, want %q", c.log.Name, err, c.want)
		}
	}
	if _, err := Read(t.Context(), []Log{failing}, everyone(), nobody); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v does not wrap its cause", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, text := range []string{"", "\n\n", "\ufeff\n", "[]\n", packed(""), "-- No entries --\n"} {
		facts, sum := factsOf(t, everyone(), logOf("mail.log", text))
		if len(facts) > 0 || sum.Logs[0].Format != Empty {
			t.Errorf("%q: %v, %v", text, facts, sum)
		}
	}
}

// TestStops holds that an error of the caller, and the end of its context, end
// the reading of every format.
func TestStops(t *testing.T) {
	stop := errors.New("stop")
	for _, path := range samples(t) {
		if _, err := Read(t.Context(), []Log{logFile(t, path)}, everyone(), func(Fact) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%s: %v", path, err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, text := range []string{
		strings.Repeat("Aug 24 10:00:01 mx app: x\n", 2*checkEvery),
		`{"event":"processed","sg_event_id":"1"}`,
	} {
		if _, err := Read(over, []Log{logOf("mail.log", text)}, everyone(), nobody); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

// TestLong holds that a line that is too long costs itself and no other.
func TestLong(t *testing.T) {
	const before = "Aug 24 10:00:01 mx postfix/cleanup[2]: 40000986295: message-id="
	sent := "Aug 24 10:00:02 mx postfix/smtp[4]: 40000986295: to=<a@example.net>, relay=none, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok"
	for _, c := range []struct {
		filler     int
		unreadable int
		facts      int
	}{{maxLine - len(sent) - 1, 0, 2}, {maxLine - len(sent), 1, 1}, {3 * maxLine, 1, 1}} {
		text := before + idOf(keyA) + "\r\n" + sent + strings.Repeat("x", c.filler) + ")\r\n" + sent + ")\n"
		facts, sum := factsOf(t, everyone(), logOf("mail.log", text))
		if s := sum.Logs[0]; len(facts) != c.facts || s.Unreadable != c.unreadable || s.Lines != 3 {
			t.Errorf("%d bytes more: %d facts, %v", c.filler, len(facts), s)
		}
	}
	object := func(n int) string {
		return `{"event":"delivered","sg_event_id":"1","smtp-id":"` + idOf(keyA) + `","x":"` + strings.Repeat("x", n) + `"}`
	}
	facts, sum := factsOf(t, everyone(), logOf("events.json", object(1)+object(maxLine)+object(3)))
	if len(facts) != 2 || sum.Logs[0].Unreadable != 1 {
		t.Errorf("%d facts, %v", len(facts), sum)
	}
}

// TestDamaged holds that one broken object does not take others with it.
func TestDamaged(t *testing.T) {
	whole := `{"event":"delivered","sg_event_id":"1","smtp-id":"` + idOf(keyA) + `","list":[{"a":1},{"b":"}"}]}`
	for cut := range whole {
		facts, sum := factsOf(t, everyone(), logOf("events.json", whole+"\n"+whole[:cut]+"\n"+whole+"\n"+whole+"\n"))
		inList := strings.Count(whole[:cut], "[") > strings.Count(whole[:cut], "]") && strings.ContainsAny(whole[cut-1:cut], "[,")
		want := 3
		if inList {
			want = 2 // the next one may be an item of the list
		}
		if len(facts) < want || cut > 0 && sum.Logs[0].Unreadable == 0 {
			t.Errorf("cut at %q: %d facts, %d unreadable", whole[:cut], len(facts), sum.Logs[0].Unreadable)
		}
	}
}

func TestClock(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Skip(err)
	}
	now := time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ text, want string }{
		{"Feb 29 10:00:00 mx", "2020-02-29T09:00:00Z"},
		{"Mar  1 10:00:00 mx", "2020-03-01T09:00:00Z"},
		{"Mar  2 10:00:00 mx", "2020-03-02T09:00:00Z"}, // a clock may be a little fast
		{"Mar  3 10:00:00 mx", "2019-03-03T09:00:00Z"},
		{"Dec 31 23:59:59 mx", "2019-12-31T22:59:59Z"},
		{"Jul  1 10:00:00 mx", "2019-07-01T08:00:00Z"},
		{"Feb 30 10:00:00 mx", ""},
		{"Foo 20 10:00:00 mx", ""},
		{"anF 20 10:00:00 mx", ""},
		{"Feb 20 25:00:00 mx", ""},
		{"2018-08-24T10:00:00.123456+02:00 mx", "2018-08-24T08:00:00.123456Z"},
		{"2018-08-24T10:00:00-0330 mx", "2018-08-24T13:30:00Z"},
		{"2018-08-24T10:00:00Z mx", "2018-08-24T10:00:00Z"},
		{"2018-08-24T10:00:00 mx", "2018-08-24T08:00:00Z"},
		{"2018-13-24T10:00:00Z mx", ""},
		{"2018-08-24", ""},
		{"", ""},
	} {
		clock := newClock(Options{Location: vienna, Now: now})
		for range 2 { // the second time from memory
			at, _, ok := clock.syslog([]byte(c.text))
			got := ""
			if ok {
				got = at.Format(time.RFC3339Nano)
			}
			if got != c.want {
				t.Errorf("%q: %q, want %q", c.text, got, c.want)
			}
		}
	}
}

// TestNames is about whose message a name is.
func TestNames(t *testing.T) {
	n := newNames(everyone())
	for _, c := range []struct {
		id    string
		keyed bool
	}{
		{"aug-2018." + keyA + "@mail.example.com", true},
		{"<aug-2018." + strings.ToUpper(keyA) + "@x>", true},
		{"aug-2018." + keyA, false},
		{"aug-20181" + keyA + "@x", false},
		{"AUG-2018." + keyA + "@x", false},
		{"test.aug-2018." + keyA + "@x", false},
		{"aug-2018." + keyA[1:] + "@x", false},
		{"aug-2018." + keyA[:25] + "z@x", false}, // no key ends so
		{"aug-2018." + strings.Repeat("i", keyLength) + "@x", false},
		{"", false},
	} {
		if w := n.messageID([]byte(c.id)); w.keyed != c.keyed {
			t.Errorf("%q: %v", c.id, w)
		}
	}
	for _, c := range []struct {
		sender string
		keyed  bool
	}{
		{"bounces+" + keyA + "@example.com", true},
		{"a+b+" + keyA + "@example.com", true},
		{"bounces+" + keyA, false},
		{"bounces-" + keyA + "@example.com", false},
		{keyA + "@example.com", false},
		{"@", false},
	} {
		if w := n.sender([]byte(c.sender)); w.keyed != c.keyed {
			t.Errorf("%q: %v", c.sender, w)
		}
	}
	if _, err := notifier.ParseKey(keyA); err != nil {
		t.Fatal(err)
	}
}
