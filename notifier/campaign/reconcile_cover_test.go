package campaign

import (
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// bookOf makes a logbook of files written as "name first last", in seconds, with
// what was unreadable behind that.
func bookOf(format bounce.Format, files ...string) logbook {
	var b logbook
	for _, text := range files {
		f := strings.Fields(text)
		l := bounce.LogSummary{Name: f[0], Format: format, First: second(f[1]), Last: second(f[2]), Unreadable: len(f) - 3}
		b = append(b, l)
	}
	return b
}

// second is a moment of a story, given in seconds.
func second(text string) time.Time {
	d, err := time.ParseDuration(text + "s")
	if err != nil {
		panic(err)
	}
	return began.Add(d)
}

// TestWhole tells logs in which something may be missing between two moments from
// those that are whole. The first in files are those that neighbours are in.
func TestWhole(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in       int
		files    []string
		from, to string
		why      why // 0: nothing is missing
	}{
		"one file":                      {1, []string{"a 0 100"}, "10", "90", 0},
		"it begins later":               {1, []string{"a 20 100"}, "10", "90", lackGap},
		"it ends before":                {1, []string{"a 0 80"}, "10", "90", lackGap},
		"it was over before":            {1, []string{"a 0 5"}, "10", "90", lackGap},
		"it begins behind":              {1, []string{"a 95 120"}, "10", "90", lackGap},
		"two that go on":                {2, []string{"a 0 50", "b 51 100"}, "10", "90", 0},
		"the other way round":           {2, []string{"b 51 100", "a 0 50"}, "10", "90", 0},
		"silence in between":            {2, []string{"a 0 50", "b 56 100"}, "10", "90", lackGap},
		"silence after it":              {2, []string{"a 0 50", "b 70 100"}, "10", "45", 0},
		"silence before it":             {2, []string{"a 0 50", "b 70 100"}, "75", "90", 0},
		"only the end of the silence":   {2, []string{"a 0 50", "b 70 100"}, "60", "90", lackGap},
		"only the begin of the silence": {2, []string{"a 0 50", "b 70 100"}, "40", "60", lackGap},
		"a third in between":            {2, []string{"a 0 30", "c 61 100", "b 31 60"}, "10", "90", 0},
		"the third is too short":        {2, []string{"a 0 30", "c 61 100", "b 31 50"}, "10", "90", lackGap},
		"a subset beside it":            {2, []string{"a 0 30", "c 61 100", "warn 2 98"}, "10", "90", lackGap},
		"two machines":                  {4, []string{"a1 0 50", "a2 51 100", "b1 0 51", "b2 52 100"}, "10", "90", 0},
		"one of them is not whole":      {3, []string{"a1 0 50", "b1 0 51", "b2 52 100"}, "10", "90", lackGap},
		"nor here":                      {3, []string{"a2 51 100", "b1 0 51", "b2 52 100"}, "10", "90", lackGap},
		"one of them is silent":         {2, []string{"a 0 100", "b 0 60"}, "10", "90", lackGap},
		"one that nobody is in":         {1, []string{"a 0 100", "b 0 60"}, "10", "90", 0},
		"the same twice":                {2, []string{"a 0 50", "b 51 100", "copy 0 50"}, "10", "90", 0},
		"unreadable":                    {1, []string{"a 0 100 x"}, "10", "90", lackUnreadable},
		"unreadable in between":         {2, []string{"a 0 30", "c 61 100", "b 31 60 x"}, "10", "90", lackUnreadable},
		"unreadable before":             {2, []string{"a 0 50 x", "b 51 100"}, "60", "90", 0},
		"unreadable elsewhere":          {1, []string{"a 0 100", "b 0 100 x"}, "10", "90", 0},
	} {
		b, in := bookOf(bounce.Postfix, tt.files...), map[int]bool{}
		for i := range tt.in {
			in[i] = true
		}
		if l := b.whole(in, second(tt.from), second(tt.to)); (l == nil) != (tt.why == 0) || l != nil && l.why != tt.why {
			t.Errorf("%s: %+v, want %d", name, l, tt.why)
		}
	}
}

// TestWholeStream does the same for events of a service, whose files overlap.
func TestWholeStream(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		files    []string
		from, to string
		why      why
	}{
		"one file":             {[]string{"a 0 100"}, "10", "90", 0},
		"it begins later":      {[]string{"a 20 100"}, "10", "90", lackGap},
		"it ends before":       {[]string{"a 0 80"}, "10", "90", lackGap},
		"many that overlap":    {[]string{"c 50 100", "a 0 40", "b 20 55"}, "10", "90", 0},
		"something is missing": {[]string{"c 50 100", "a 0 40"}, "10", "90", lackGap},
		"but not then":         {[]string{"c 50 100", "a 0 40"}, "10", "30", 0},
		"nor then":             {[]string{"c 50 100", "a 0 40"}, "60", "90", 0},
		"it begins in it":      {[]string{"c 50 100", "a 0 40"}, "45", "90", lackGap},
		"unreadable":           {[]string{"c 41 100 x", "a 0 40"}, "10", "90", lackUnreadable},
		"unreadable elsewhere": {[]string{"c 41 100 x", "a 0 40"}, "10", "30", 0},
	} {
		b := bookOf(bounce.SES, tt.files...)
		if l := b.whole(map[int]bool{0: true}, second(tt.from), second(tt.to)); (l == nil) != (tt.why == 0) || l != nil && l.why != tt.why {
			t.Errorf("%s: %+v, want %d", name, l, tt.why)
		}
	}
}

// TestReconcileClockSetBack has a notice claimed while the clock was an hour
// behind: its time says nothing of where it would stand in the log.
func TestReconcileClockSetBack(t *testing.T) {
	t.Parallel()
	hour := began.Add(time.Hour)
	for name, ok := range map[string]bool{"whole": true, "without what was then": false} {
		s := planStory(t, 60)
		for i := 1; i <= 15; i++ {
			s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
		}
		for i := 16; i <= 29; i++ {
			s.take(i, "primary", hour.Add(time.Duration(i)*time.Second))
		}
		behind := began.Add(30 * time.Second) // by right one hour later
		s.claim(30, "primary", behind, behind.Add(time.Second), notifier.Unknown)
		for i := 31; i <= 60; i++ {
			s.take(i, "primary", hour.Add(time.Duration(i)*time.Second))
		}
		logs := []string{s.postfix("mail.log", s.sent)}
		if !ok {
			s.sent = s.without(upTo(20, 29)...)
			logs = []string{s.postfix("mail.log.1", s.sent[:19]), s.postfix("mail.log", s.sent[19:])}
		}
		if r := s.reconcile(ReconcileOptions{Resend: true}, logs...); (r.Unknown == 0) != ok {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestReconcileOverlapping has the nearest notices of other connections end
// between the claim of the unknown one and its end: they are neither before nor
// after it.
func TestReconcileOverlapping(t *testing.T) {
	t.Parallel()
	s := planStory(t, 70)
	for i := 1; i <= 40; i++ {
		if i != 10 {
			s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
		}
	}
	at := began.Add(10 * time.Second)
	s.claim(10, "primary", at, began.Add(41*time.Second), notifier.Unknown)
	for i := 42; i <= 70; i++ {
		s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := s.c.reader(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	cases, err := casesOf(bg, r)
	if err != nil || len(cases) != 1 {
		t.Fatalf("%v, %v", cases, err)
	}
	o := cases[0]
	if len(o.earlier) != 9 || o.earlier[0].key != s.keys[9] || o.earlier[8].key != s.keys[1] {
		t.Errorf("%d before, the nearest %s", len(o.earlier), o.earlier[0].key)
	}
	if len(o.later) != besides || o.later[0].key != s.keys[51] {
		t.Errorf("%d after, the nearest %s", len(o.later), o.later[0].key)
	}
	s.store = openLedger(t, s.c)
}
