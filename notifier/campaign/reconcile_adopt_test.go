package campaign

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// older is a story whose ledger was put back: 30 were taken as far as it knows,
// of 70, and 20 more since, as the relay knows. 31 began to come in, and 52 had
// come back. The anchor has seen more, at that time.
func older(t testing.TB, seen time.Time) *story {
	t.Helper()
	s := planStory(t, 70)
	if _, err := s.store.Start(bg, ledger.Start{Verb: "send", At: began}); err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= 30; i++ {
		s.take(i, "primary", began.Add(time.Duration(i)*time.Second))
	}
	s.sent = append(s.sent, line{31, "begun", began.Add(31 * time.Second), s.id(31)})
	for i := 32; i <= 51; i++ {
		s.sent = append(s.sent, line{i, "accepted", began.Add(time.Duration(i) * time.Second), s.id(i)})
	}
	s.anchor(&Anchor{Campaign: "aug", Epoch: 2, Seq: 200, Head: strings.Repeat("0", 64), At: seen})
	return s
}

func (s *story) anchor(a *Anchor) {
	s.Helper()
	path, err := s.c.anchorPath()
	if err == nil {
		err = writeAnchor(path, a)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// adopt adopts the story's ledger.
func (s *story) adopt(because string, logs ...string) (*Reconciled, error) {
	s.Helper()
	if err := s.store.Close(); err != nil {
		s.Fatal(err)
	}
	r, err := s.c.Reconcile(bg, ReconcileOptions{Logs: logs, Zone: time.UTC, Adopt: true, Because: because})
	s.store = openLedger(s, s.c)
	if err := ledger.Audit(bg, s.store); err != nil {
		s.Error(err)
	}
	return r, err
}

// restore puts a ledger in the place of the story's own.
func (s *story) restore(path string) {
	s.Helper()
	err := errors.Join(s.store.Close(), os.Rename(path, s.c.path(ledgerFile)))
	if err != nil {
		s.Fatal(err)
	}
	s.store = openLedger(s, s.c)
}

// count counts people by where they stand.
func (s *story) count() ledger.Notices {
	s.Helper()
	totals, err := s.store.Totals(bg)
	if err != nil {
		s.Fatal(err)
	}
	return totals.Notices
}

// end is a line of the log behind all others.
func end(at time.Time) line { return line{0, "begun", at, "4WqX3yENDzz"} }

func TestReconcileAdopts(t *testing.T) {
	before := sharded
	sharded = 7
	defer func() { sharded = before }()
	seen := began.Add(60 * time.Second)
	s := older(t, seen)
	s.sent = append(s.sent, end(began.Add(72*time.Second)))
	half := len(s.sent) / 2
	r, err := s.adopt("", s.postfix("mail.log", s.sent[half:]), s.postfix("mail.log.1", s.sent[:half]))
	if !errors.Is(err, ErrUnknown) || r.Adopted == nil || r.Adopted.Epoch != 3 || !slices.Equal(r.Adopted.Logs, []string{"mail.log", "mail.log.1"}) {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Accepted != 20 || r.Begun != 1 || r.Unknown != 1 || r.Strangers != 0 {
		t.Errorf("%+v", r)
	}
	if n := s.count(); n.Accepted != 50 || n.Unknown != 1 || n.Pending != 19 || s.status(31) != notifier.Unknown || s.status(32) != notifier.Accepted {
		t.Errorf("%+v", n)
	}
	if d, err := s.c.doubt(bg, s.store); d != nil || err != nil {
		t.Errorf("it is in doubt still: %v, %v", d, err)
	}
	if r, err := s.adopt("", s.postfix("mail.log", s.sent)); err != nil && !errors.Is(err, ErrUnknown) || !r.NoDoubt || r.Adopted != nil {
		t.Errorf("once more: %+v, %v", r, err)
	}
}

// TestReconcileAdoptsNothing leaves a ledger as it is where the logs do not show
// all that was sent since.
func TestReconcileAdoptsNothing(t *testing.T) {
	t.Parallel()
	seen := began.Add(60 * time.Second)
	for name, tt := range map[string]struct {
		edit func(s *story) []string
		why  string
	}{
		"no log":            {func(s *story) []string { return nil }, "no log was given that shows what relay primary took after"},
		"it ends too early": {func(s *story) []string { return []string{s.postfix("mail.log", s.sent)} }, "mail.log ends at 2018-08-24 15:00:51, and no other goes on"},
		"it ends a bit early": {func(s *story) []string {
			return []string{s.postfix("mail.log", append(s.sent, end(seen.Add(5*time.Second))))}
		}, "mail.log ends at 2018-08-24 15:01:05"},
		"it begins too late": {func(s *story) []string {
			return []string{s.postfix("mail.log", append(s.sent[20:], end(seen.Add(time.Minute))))}
		}, "took before"},
		"a piece is missing": {func(s *story) []string {
			return []string{s.postfix("mail.log.2", s.sent[:35]), s.postfix("mail.log", append(s.sent[45:], end(seen.Add(time.Minute))))}
		}, "one may be missing"},
		"another machine's": {func(s *story) []string {
			for i := range s.sent {
				s.sent[i].id = "5" + s.sent[i].id
			}
			return []string{s.postfix("mail.log", append(s.sent, end(seen.Add(time.Minute))))}
		}, "by other ids"},
		"a relay that is in no log": {func(s *story) []string {
			config := strings.Replace(facts, "relays:\n", "relays:\n  - {name: second, address: \"127.0.0.1:1\", tls: none}\n", 1)
			write(s, s.c.path(ConfigFile), config)
			s.c = reopen(s, s.c)
			return []string{s.postfix("mail.log", append(s.sent, end(seen.Add(time.Minute))))}
		}, "nothing that relay second took"},
		"another history": {func(s *story) []string {
			s.anchor(&Anchor{Campaign: "aug", Epoch: 1, Seq: 10, Head: strings.Repeat("0", 64), At: seen})
			return []string{s.postfix("mail.log", append(s.sent[8:], end(seen.Add(time.Minute))))}
		}, "took before"},
		"no anchor": {func(s *story) []string {
			s.anchor(&Anchor{})
			return []string{s.postfix("mail.log", append(s.sent, end(time.Now().Add(-time.Hour))))}
		}, "mail.log ends at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := older(t, seen)
			logs := tt.edit(s)
			before := content(t, s.c)
			r, err := s.adopt("", logs...)
			if !errors.Is(err, ErrOlder) || r.Adopted != nil || len(r.Reasons) == 0 || !strings.Contains(r.Reasons[0].Why, tt.why) {
				t.Fatalf("%+v, %v, want %s", r, err, tt.why)
			}
			if !slices.Equal(before, content(t, s.c)) {
				t.Error("something was written")
			}
			// Somebody decides.
			r, err = s.adopt("the relay was off", logs...)
			if err != nil && !errors.Is(err, ErrUnknown) || r.Adopted == nil || r.Adopted.Because != "the relay was off" {
				t.Errorf("%+v, %v", r, err)
			}
			if d, err := s.c.doubt(bg, s.store); d != nil || err != nil {
				t.Errorf("it is in doubt still: %v, %v", d, err)
			}
		})
	}
}

// TestReconcileAdoptsWithoutLog needs none where the anchor is at the end of a
// copy, and none where there is no anchor and the logs go to the present.
func TestReconcileAdoptsWithoutLog(t *testing.T) {
	t.Parallel()
	s := older(t, began)
	copied := s.c.path("copy.db")
	if _, err := sqlite.Backup(bg, s.c.path(ledgerFile), copied, time.Now()); err != nil {
		t.Fatal(err)
	}
	seq, head, err := s.store.Head(bg)
	if err != nil {
		t.Fatal(err)
	}
	s.anchor(&Anchor{Campaign: "aug", Epoch: 1, Seq: seq, Head: head.String(), At: began.Add(time.Minute)})
	s.restore(copied)
	if d, err := s.c.doubt(bg, s.store); err != nil || d == nil || d.Kind != DoubtCopy {
		t.Fatalf("%v, %v", d, err)
	}
	r, err := s.adopt("")
	if err != nil || r.Adopted == nil || s.count().Pending != 40 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestReconcileAdoptsToThePresent has a ledger that came without its anchor.
func TestReconcileAdoptsToThePresent(t *testing.T) {
	t.Parallel()
	s := older(t, began)
	path, err := s.c.anchorPath()
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "lost")
	r, err := s.adopt("", s.postfix("mail.log", append(s.sent, end(time.Now().Add(-time.Minute)))))
	if !errors.Is(err, ErrUnknown) || r.Adopted == nil || r.Adopted.Epoch != 2 || s.count().Accepted != 50 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestReconcileKnowsStrangers adopts no ledger from before a batch was planned to
// whom was sent since: planned again, they would be sent to again.
func TestReconcileKnowsStrangers(t *testing.T) {
	t.Parallel()
	seen := began.Add(60 * time.Second)
	s := older(t, seen)
	stranger := "<aug." + strings.Repeat("0", 25) + "g@mail.example.com>"
	path := s.postfix("mail.log", append(s.sent, end(seen.Add(time.Minute))))
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(log)+"2018-08-24T15:03:00.000000+00:00 mx postfix/cleanup[7]: 4WqX3yALIENzz: message-id="+stranger+"\n")
	r, err := s.adopt("", path)
	if !errors.Is(err, ErrOlder) || r.Strangers != 1 || r.Adopted != nil {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := s.adopt("they were told by hand", path); r == nil || r.Adopted == nil {
		t.Errorf("%+v, %v", r, err)
	}
}
