package campaign

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestReconcileFinds settles by what a log says about a notice itself, which
// needs nothing else.
func TestReconcileFinds(t *testing.T) {
	t.Parallel()
	s := tell(t, 9, 2, 3, 4, 5, 6, 7)
	of := func(n int, rest string) string {
		return strings.ReplaceAll(strings.ReplaceAll(rest, "KEY", "aug."+s.keys[n].String()+"@mail.example.com"), "NAME", s.row(n).Recipient.Address.Reveal())
	}
	path := s.csv(nil,
		of(2, "KEY,accepted,2018-08-24T15:00:02Z,Q2,,,"),
		of(2, "KEY,delivered,2018-08-24T15:03:00Z,Q2,250,2.0.0,"),
		of(3, "KEY,accepted,2018-08-24T15:00:03Z,Q3,,,"),
		of(3, `KEY,bounced,2018-08-24T15:09:00Z,Q3,550,5.1.1,"host mx said: 550 5.1.1 <NAME>: no such user"`),
		of(4, "KEY,deferred,2018-08-24T15:00:09Z,Q4,451,4.7.1,later"),
		of(5, "KEY,bounced,2018-08-24T15:00:05Z,Q5,,5.0.0,"), // one copy came back, the other did not
		of(5, "KEY,accepted,2018-08-24T15:00:06Z,Q5b,,,"),
		of(6, "KEY,rejected,2018-08-24T15:00:06Z,Q6,554,5.7.1,no"),
		of(7, "KEY,accepted,2018-08-24T14:00:06Z,Q7,,,"), // before it was claimed
		of(9, "KEY,bounced,2018-08-24T15:00:09Z,Q9,,,"),  // nobody asked
	)
	r := s.reconcile(ReconcileOptions{}, path)
	want := map[int]notifier.Status{1: notifier.Accepted, 2: notifier.Accepted, 3: notifier.Bounced, 4: notifier.Accepted, 5: notifier.Accepted, 6: notifier.Unknown, 7: notifier.Unknown, 9: notifier.Accepted}
	for n, status := range want {
		if got := s.status(n); got != status {
			t.Errorf("%d is %s, want %s", n, got, status)
		}
	}
	if r.Accepted != 3 || r.Bounced != 1 || r.Resent != 0 || r.Unknown != 2 {
		t.Errorf("%+v", r)
	}
	e := s.last(3)
	o := &e.Outcome
	if e.Kind != ledger.KindReconcile || o.Code != 550 || o.Enhanced != "5.1.1" || o.RelayID != "Q3" || o.Cause != notifier.CauseReconciled {
		t.Errorf("%+v", e)
	}
	if o.Reply != "host mx said: 550 5.1.1 <recipient>: no such user" || e.Note != `{"by":"relay.csv:5","at":"2018-08-24T15:09:00Z"}` {
		t.Errorf("%q, %s", o.Reply, e.Note)
	}
	if e := s.last(2); e.Note != `{"by":"relay.csv:2","at":"2018-08-24T15:00:02Z"}` {
		t.Errorf("%s", e.Note)
	}
	for _, part := range []string{"refused their notice", "before they were claimed"} {
		if !slices.ContainsFunc(r.Reasons, func(r Reason) bool { return r.N == 1 && strings.Contains(r.Why, part) }) {
			t.Errorf("nobody is unknown because %q: %+v", part, r.Reasons)
		}
	}
	// Once more changes nothing but for who was refused by the log's own word.
	r = s.reconcile(ReconcileOptions{Resend: true}, path)
	if r.Accepted+r.Bounced != 0 || r.Resent != 1 || r.Refused != 1 || s.status(6) != notifier.Pending || s.status(7) != notifier.Unknown {
		t.Errorf("%+v, %s, %s", r, s.status(6), s.status(7))
	}
}

// TestReconcileAbsent queues again only whom the log demonstrably does not have.
func TestReconcileAbsent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(s *story) []string // the logs
		why  string                  // empty: it is queued again
	}{
		"a table": {func(s *story) []string { return []string{s.csv(s.sent)} }, ""},
		"Postfix": {func(s *story) []string { return []string{s.postfix("mail.log", s.sent)} }, ""},
		"two pieces": {func(s *story) []string {
			return []string{s.postfix("mail.log", s.sent[35:]), s.postfix("mail.log.1", s.sent[:35])}
		}, ""},
		"twice the same": {func(s *story) []string {
			return []string{s.postfix("copy", s.sent[:35]), s.postfix("mail.log", s.sent[35:]), s.postfix("mail.log.1", s.sent[:35])}
		}, ""},
		"its own lines without the end": {func(s *story) []string {
			return []string{s.postfix("mail.log", append(s.without(), line{30, "begun", began.Add(30 * time.Second), s.id(30)}))}
		}, "do not say whether it was taken"},
		"nothing":                   {func(s *story) []string { return []string{s.csv(nil)} }, "nothing that relay primary took"},
		"one before left out":       {func(s *story) []string { return []string{s.csv(s.without(13))} }, "all that relay primary took before 2018-08-24 15:00:30"},
		"one after left out":        {func(s *story) []string { return []string{s.csv(s.without(50))} }, "all that relay primary took after 2018-08-24 15:00:30"},
		"what is far away left out": {func(s *story) []string { return []string{s.csv(s.without(1, 2, 3))} }, ""},
		"only what came before":     {func(s *story) []string { return []string{s.csv(s.sent[:29])} }, "took after"},
		"only what came after":      {func(s *story) []string { return []string{s.csv(s.sent[29:])} }, "took before"},
		"other ids": {func(s *story) []string {
			for i := range s.sent {
				s.sent[i].id += "x"
			}
			return []string{s.csv(s.sent)}
		}, "by other ids"},
		"longer ids": {func(s *story) []string {
			for i := range s.sent {
				s.sent[i].id += ".filter001"
			}
			return []string{s.csv(s.sent)}
		}, ""},
		"another zone": {func(s *story) []string {
			for i := range s.sent {
				s.sent[i].at = s.sent[i].at.Add(-7 * time.Hour)
			}
			return []string{s.csv(s.sent)}
		}, "7h0m0s apart"},
		"deliveries only": {func(s *story) []string {
			for i := range s.sent {
				s.sent[i].status = "delivered"
			}
			return []string{s.csv(s.sent)}
		}, "only what became of it"},
		"a line that cannot be read": {func(s *story) []string { return []string{s.csv(s.sent, "x,y,z")} }, "1 line that could not be read may be about them, in relay.csv"},
		"one in between left out":    {func(s *story) []string { return []string{s.csv(s.without(35))} }, "took right after 2018-08-24 15:00:30"},
		"a short piece left out": {func(s *story) []string {
			s.sent = s.without(34, 35)
			return []string{s.postfix("mail.log.2", s.sent[:32]), s.postfix("mail.log", s.sent[32:])}
		}, "took right after 2018-08-24 15:00:30"},
		"a piece left out": {func(s *story) []string {
			return []string{s.postfix("mail.log.2", s.sent[:29]), s.postfix("mail.log", s.sent[39:])}
		}, "mail.log.2 ends at 2018-08-24 15:00:29, and the next log begins at 2018-08-24 15:00:41: one may be missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, 70, 30)
			r := s.reconcile(ReconcileOptions{Resend: true}, tt.edit(s)...)
			if tt.why == "" {
				if r.Resent != 1 || r.Refused != 0 || r.Unknown != 0 || s.status(30) != notifier.Pending {
					t.Errorf("%+v", r)
				}
				if e := s.last(30); e.Kind != ledger.KindReconcile || !strings.Contains(e.Note, "relay primary") {
					t.Errorf("%+v", e)
				}
				return
			}
			if r.Unknown != 1 || len(r.Reasons) != 1 || r.Reasons[0].N != 1 || !strings.Contains(r.Reasons[0].Why, tt.why) {
				t.Errorf("%+v, want %s", r, tt.why)
			}
		})
	}
}

// TestReconcileHolds leaves the demonstrably absent as they are unless somebody
// says otherwise, and writes nothing in a dry run.
func TestReconcileHolds(t *testing.T) {
	t.Parallel()
	s := tell(t, 70, 30, 31)
	path := s.csv(s.sent, s.messageID(31)+",accepted,2018-08-24T15:00:31Z,Q,,,")
	before := content(t, s.c)
	r := s.reconcile(ReconcileOptions{DryRun: true, Resend: true}, path)
	if r.Accepted != 1 || r.Resent != 1 || r.Unknown != 0 || !slices.Equal(before, content(t, s.c)) {
		t.Errorf("%+v", r)
	}
	r = s.reconcile(ReconcileOptions{}, path)
	if r.Accepted != 1 || r.Resent != 0 || r.Unknown != 1 || !strings.Contains(r.Reasons[0].Why, "--absent=resend queues it again") {
		t.Errorf("%+v", r)
	}
}

// TestReconcileNeedsTheOneBehind has a log for everything that was sent, while
// nothing was sent later through the same relay; then a test mail.
func TestReconcileNeedsTheOneBehind(t *testing.T) {
	t.Parallel()
	s := planStory(t, 60)
	for i := 1; i <= 29; i++ {
		s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
	}
	at := began.Add(30 * time.Second)
	s.claim(30, "primary", at, at.Add(time.Second), notifier.Unknown)
	for i := 31; i <= 60; i++ { // through another one, or before the relay had its time
		relay := "other"
		if i <= 38 {
			relay = "primary"
		}
		s.take(i, relay, began.Add(time.Duration(i)*time.Second))
	}
	r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(s.sent))
	if r.Unknown != 1 || !strings.Contains(r.Reasons[0].Why, "nothing was sent through relay primary that it took after 2018-08-24 15:00:30") {
		t.Errorf("%+v", r)
	}
	s.test("other", began.Add(70*time.Second))
	if r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(s.sent)); r.Unknown != 1 {
		t.Errorf("a test mail through another relay: %+v", r)
	}
	s.sent = s.without(0)
	s.test("primary", began.Add(80*time.Second))
	if r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(s.without(0))); r.Unknown != 1 || !strings.Contains(r.Reasons[0].Why, "took after") {
		t.Errorf("the log without the test mail: %+v", r)
	}
	if r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(s.sent)); r.Resent != 1 || r.Unknown != 0 {
		t.Errorf("%+v", r)
	}
}

// TestReconcileFoundDead looks a notice up whose sender was found dead the next
// day: the relay's log of the time in which it lived has to be whole, and may be
// silent at night.
func TestReconcileFoundDead(t *testing.T) {
	t.Parallel()
	night := func(s *story) { // 31 is found on the next morning
		for i := 1; i <= 30; i++ {
			s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
		}
		morning := began.Add(17 * time.Hour)
		c := notifier.Claim{ID: 31, Key: s.keys[31], Was: notifier.Pending, Attempt: 1, Wave: "rest", Relay: "primary", At: began.Add(31 * time.Second)}
		failed := make(chan error, 1)
		s.store.Claim(c, func(err error) { failed <- err })
		if err := <-failed; err != nil {
			s.Fatal(err)
		}
		if n, err := s.store.Recover(bg, morning); n != 1 || err != nil {
			s.Fatal(n, err)
		}
		for i := 32; i <= 60; i++ {
			s.take(i, "primary", morning.Add(time.Duration(i)*time.Second))
		}
	}
	quiet := line{0, "begun", began.Add(20 * time.Minute), "4WqX3yNIGHTzz"} // somebody else's
	for name, tt := range map[string]struct {
		logs func(s *story) []string
		ok   bool
	}{
		"one log": {func(s *story) []string { return []string{s.postfix("mail.log", s.sent)} }, true},
		"rotated at night": {func(s *story) []string {
			return []string{s.postfix("mail.log.1", append(s.sent[:30:30], quiet)), s.postfix("mail.log", s.sent[30:])}
		}, true},
		"rotated at once": {func(s *story) []string {
			return []string{s.postfix("mail.log.1", s.sent[:30]), s.postfix("mail.log", s.sent[30:])}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := planStory(t, 60)
			night(s)
			r := s.reconcile(ReconcileOptions{Resend: true}, tt.logs(s)...)
			if (r.Unknown == 0) != tt.ok || (r.Resent == 1) != tt.ok {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestReconcileSecondAttempt does not take what a log says of an earlier attempt
// for a word about the last.
func TestReconcileSecondAttempt(t *testing.T) {
	t.Parallel()
	s := planStory(t, 3)
	s.claim(1, "primary", began, began.Add(time.Second), notifier.Deferred)
	c := notifier.Claim{ID: 1, Key: s.keys[1], Was: notifier.Deferred, Attempt: 2, Wave: "rest", Relay: "primary", At: began.Add(time.Minute)}
	failed := make(chan error, 2)
	s.store.Claim(c, func(err error) { failed <- err })
	s.store.Record(notifier.Outcome{Claim: c, Status: notifier.Unknown, At: began.Add(61 * time.Second)}, func(err error) { failed <- err })
	if err := errors.Join(<-failed, <-failed); err != nil {
		t.Fatal(err)
	}
	rejected := func(at string) string { return s.messageID(1) + ",rejected," + at + ",,450,4.7.1,later" }
	if r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(nil, rejected("2018-08-24T15:00:00Z"))); r.Unknown != 1 || r.Refused != 0 {
		t.Errorf("%+v", r)
	}
	if r := s.reconcile(ReconcileOptions{Resend: true}, s.csv(nil, rejected("2018-08-24T15:02:30Z"))); r.Unknown != 0 || r.Refused != 1 {
		t.Errorf("%+v", r)
	}
}

// TestReconcileLogs finds logs in folders, and leaves nothing of what comes
// through a pipe.
func TestReconcileLogs(t *testing.T) {
	t.Parallel()
	s := tell(t, 70, 30)
	dir := t.TempDir()
	for i, name := range []string{"b.log", "a.log"} {
		lines := s.sent[i*35 : min((i+1)*35, len(s.sent))]
		if err := os.Rename(s.postfix(name, lines), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, ".hidden"), "no log")
	if err := os.MkdirAll(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	left := s.c.path(outDir, ".reconcile.1.tmp") // by a run that was killed
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, left, "left")
	stdin := s.csv(s.sent)
	text, err := os.Open(stdin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = text.Close() }()
	r := s.reconcile(ReconcileOptions{Resend: true, Stdin: text}, dir, filepath.Join(dir, "a.log"), "-")
	var names []string
	for _, l := range r.Logs {
		names = append(names, fmt.Sprintf("%s %s %d", filepath.Base(l.Name), l.Format, l.Ours))
	}
	want := []string{"a.log Postfix, syslog 34", "b.log Postfix, syslog 35", "stdin CSV 69"}
	if !slices.Equal(names, want) || r.Resent != 1 {
		t.Errorf("%q, %+v", names, r)
	}
	if kept, err := filepath.Glob(s.c.path(outDir, ".reconcile.*")); err != nil || len(kept) > 0 {
		t.Errorf("what came through the pipe is still there: %q, %v", kept, err)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, paths := range [][]string{{filepath.Join(dir, "folder")}, {filepath.Join(dir, ".hidden")}, {filepath.Join(dir, "none")}, {"-"}} {
		if r, err := s.c.Reconcile(bg, ReconcileOptions{Logs: paths}); err == nil || errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %+v", paths, r)
		}
	}
}

// TestReconcileWhileALogGrows reads a log twice as it was found, and not at all
// where another one is in its place.
func TestReconcileWhileALogGrows(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mail.log")
	write(t, path, "one")
	l := &logFiles{}
	if err := l.add(bg, path, nil); err != nil {
		t.Fatal(err)
	}
	write(t, path, "one more")
	f, err := l.list[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil || string(text) != "one" {
		t.Errorf("%q, %v", text, err)
	}
	write(t, path, "")
	if _, err := l.list[0].Open(); err == nil || !strings.Contains(err.Error(), "rotated") {
		t.Errorf("cut off: %v", err)
	}
	other := path + ".new"
	write(t, other, "another")
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	if _, err := l.list[0].Open(); err == nil || !strings.Contains(err.Error(), "rotated") {
		t.Errorf("another one: %v", err)
	}
}

// TestReconcileAfterPurge still settles the unknown, without what was said of
// them, and queues nobody.
func TestReconcileAfterPurge(t *testing.T) {
	t.Parallel()
	s := tell(t, 9, 2)
	path := s.csv(nil, s.messageID(2)+`,bounced,2018-08-24T15:00:09Z,Q2,550,5.1.1,`+s.row(2).Recipient.Address.Reveal())
	if _, err := s.store.Purge(bg, ledger.Purge{At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, o := range []ReconcileOptions{{Resend: true}, {Adopt: true}} {
		o.Logs = []string{path}
		if r, err := s.c.Reconcile(bg, o); !errors.Is(err, ErrPurged) {
			t.Errorf("%+v, %v", r, err)
		}
	}
	s.store = openLedger(t, s.c)
	r := s.reconcile(ReconcileOptions{}, path)
	if o := s.last(2).Outcome; r.Bounced != 1 || o.Status != notifier.Bounced || o.Code != 550 || o.Reply != "" {
		t.Errorf("%+v, %+v", r, o)
	}
}
