package campaign

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// story is a campaign whose sending is written by hand: one notice a second.
type story struct {
	testing.TB
	c     *Campaign
	store ledger.Store
	keys  []notifier.Key // by id, from 1 on
	sent  []line
}

// line is what a relay would log of a notice.
type line struct {
	n      int // the recipient's id; 0: a test mail
	status string
	at     time.Time
	id     string
}

// began is when the first notice of a story was claimed.
var began = time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC)

// tell plans a story for n people, and sends to those of them that stay, in their
// order, a second apart, through one relay: all are taken but the unknown ones.
func tell(t testing.TB, n int, unknown ...int) *story {
	t.Helper()
	s := planStory(t, n)
	for i := 1; i <= n; i++ {
		at := began.Add(time.Duration(i) * time.Second)
		if slices.Contains(unknown, i) {
			s.claim(i, "primary", at, at.Add(500*time.Millisecond), notifier.Unknown)
			continue
		}
		s.take(i, "primary", at)
	}
	return s
}

func planStory(t testing.TB, n int) *story {
	t.Helper()
	s := &story{TB: t, c: newCampaign(t, "")}
	plan(t, s.c, accounts(t, upTo(1, n)...))
	s.store = openLedger(t, s.c)
	s.keys = make([]notifier.Key, n+1)
	err := s.store.Each(bg, func(row ledger.Row) error {
		s.keys[row.Recipient.ID] = row.Recipient.Key
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// claim writes a first attempt: claimed at, known then.
func (s *story) claim(n int, relay string, at, known time.Time, status notifier.Status) {
	s.Helper()
	c := notifier.Claim{ID: int64(n), Key: s.keys[n], Was: notifier.Pending, Attempt: 1, Wave: "rest", Relay: relay, At: at}
	o := notifier.Outcome{Claim: c, Status: status, At: known}
	if status == notifier.Accepted {
		o.Code, o.RelayID = 250, s.id(n)
	}
	failed := make(chan error, 2)
	s.store.Claim(c, func(err error) { failed <- err })
	s.store.Record(o, func(err error) { failed <- err })
	if err := errors.Join(<-failed, <-failed); err != nil {
		s.Fatal(err)
	}
}

// id is the relay's own id of somebody's notice.
func (s *story) id(n int) string { return fmt.Sprintf("4WqX3y%04dzz", n) }

// take is claim for a notice that the relay took, and logged.
func (s *story) take(n int, relay string, at time.Time) {
	s.Helper()
	s.claim(n, relay, at, at.Add(300*time.Millisecond), notifier.Accepted)
	s.sent = append(s.sent, line{n, "accepted", at.Add(200 * time.Millisecond), s.id(n)})
}

// test is a test mail that the relay took, and logged.
func (s *story) test(relay string, at time.Time) {
	s.Helper()
	o := notifier.Outcome{Claim: notifier.Claim{Relay: relay, At: at}, Status: notifier.Accepted, Code: 250, RelayID: "4WqX3yTESTzz", At: at.Add(time.Second)}
	if _, err := s.store.RecordTest(bg, o, ledger.TestNote{Domain: "example.com", MessageID: "test.1.aug@mail.example.com"}); err != nil {
		s.Fatal(err)
	}
	s.sent = append(s.sent, line{0, "accepted", at, "4WqX3yTESTzz"})
}

// without returns the lines but for those about some people.
func (s *story) without(people ...int) []line {
	return slices.DeleteFunc(slices.Clone(s.sent), func(l line) bool { return slices.Contains(people, l.n) })
}

// csv writes lines as a table, and returns its path.
func (s *story) csv(lines []line, more ...string) string {
	s.Helper()
	var b strings.Builder
	b.WriteString("message_id,status,time,relay_id,code,enhanced,reply\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "<%s>,%s,%s,%s,,,\n", s.messageID(l.n), l.status, l.at.Format(time.RFC3339), l.id)
	}
	for _, text := range more {
		b.WriteString(text + "\n")
	}
	path := filepath.Join(s.TempDir(), "relay.csv")
	write(s, path, b.String())
	return path
}

func (s *story) messageID(n int) string {
	if n == 0 {
		return "test.1.aug@mail.example.com"
	}
	return "aug." + s.keys[n].String() + "@mail.example.com"
}

// postfix writes lines as Postfix does, and returns the path.
func (s *story) postfix(name string, lines []line) string {
	s.Helper()
	var b strings.Builder
	for _, l := range lines {
		at := l.at.Format("2006-01-02T15:04:05.000000-07:00")
		fmt.Fprintf(&b, "%s mx postfix/cleanup[7]: %s: message-id=<%s>\n", at, l.id, s.messageID(l.n))
		if l.status == "accepted" {
			fmt.Fprintf(&b, "%s mx postfix/qmgr[8]: %s: from=<bounces+%s@example.com>, size=3000, nrcpt=1 (queue active)\n", at, l.id, s.keys[l.n])
		}
	}
	path := filepath.Join(s.TempDir(), name)
	write(s, path, b.String())
	return path
}

// reconcile settles the story's people by logs.
func (s *story) reconcile(o ReconcileOptions, logs ...string) *Reconciled {
	s.Helper()
	if err := s.store.Close(); err != nil {
		s.Fatal(err)
	}
	o.Logs, o.Zone = logs, time.UTC
	r, err := s.c.Reconcile(bg, o)
	if err != nil && !errors.Is(err, ErrUnknown) || r == nil {
		s.Fatal(err)
	}
	if err == nil && r.Unknown > 0 {
		s.Errorf("%d are unknown, and it is no error", r.Unknown)
	}
	s.store = openLedger(s, s.c)
	if err := ledger.Audit(bg, s.store); err != nil {
		s.Error(err)
	}
	return r
}

// status returns where somebody stands.
func (s *story) status(n int) notifier.Status { return s.row(n).Status }

func (s *story) row(n int) ledger.Row {
	s.Helper()
	rows, err := s.store.Between(bg, s.keys[n], s.keys[n], 1)
	if err != nil || len(rows) != 1 {
		s.Fatalf("%v, %v", rows, err)
	}
	return rows[0]
}

// last returns the last row of evidence about somebody.
func (s *story) last(n int) ledger.Evidence {
	s.Helper()
	rows, err := s.store.History(bg, s.keys[n])
	if err != nil || len(rows) == 0 {
		s.Fatalf("%v, %v", rows, err)
	}
	return rows[len(rows)-1]
}
