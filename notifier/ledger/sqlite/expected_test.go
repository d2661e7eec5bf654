package sqlite_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// expected is what a ledger should hold, kept beside it in the plainest way.
// Its text is that of the ledger, see textOf.
type expected struct {
	people    []ledger.Row // by id, from 1
	open      map[int64]notifier.Claim
	rows      ledger.Rows
	rejects   map[notifier.Mark]int
	batches   []int // their sizes
	evidence  []ledger.Evidence
	approvals []ledger.Approval
	contents  map[notifier.Digest]bool
	halt      *ledger.Halt
	gates     map[string]bool
	holds     map[string]bool
	sent      map[ledger.Minute]ledger.Minute // by start and relay
	begun     bool
	came      ledger.Came
	letters   map[int64]bool // who was listed, and whether the letter was sent
	written   int
	done      []string
}

func newExpected() *expected {
	return &expected{
		open: map[int64]notifier.Claim{}, rejects: map[notifier.Mark]int{}, contents: map[notifier.Digest]bool{},
		gates: map[string]bool{}, holds: map[string]bool{}, sent: map[ledger.Minute]ledger.Minute{},
		letters: map[int64]bool{},
	}
}

func (e *expected) clone() *expected {
	c := *e
	c.people, c.batches = slices.Clone(e.people), slices.Clone(e.batches)
	c.evidence, c.approvals = slices.Clone(e.evidence), slices.Clone(e.approvals)
	c.open, c.rejects, c.contents = maps.Clone(e.open), maps.Clone(e.rejects), maps.Clone(e.contents)
	c.gates, c.holds, c.sent = maps.Clone(e.gates), maps.Clone(e.holds), maps.Clone(e.sent)
	c.letters, c.done = maps.Clone(e.letters), slices.Clone(e.done)
	return &c
}

// The waves of all plans: as many recipients as pilot has, a share, the rest.
const (
	pilotSize     = 10
	canaryPercent = 20
)

var waves = []ledger.Wave{{Name: "pilot", Recipients: pilotSize}, {Name: "canary", Percent: canaryPercent}, {Name: "rest"}}

// plan adds people as a batch.
func (e *expected) plan(list []notifier.Recipient) {
	e.batches = append(e.batches, len(list))
	for _, r := range list {
		r.ID = int64(len(e.people) + 1)
		row := ledger.Row{Recipient: r, Batch: len(e.batches)}
		if r.Channel == notifier.Email {
			row.Status = notifier.Pending
		}
		e.people = append(e.people, row)
	}
	e.cut()
}

// cut gives the waves to those who are told by email, by id; once something was
// claimed, newcomers are of the last one.
func (e *expected) cut() {
	var email []*ledger.Row
	for i := range e.people {
		if e.people[i].Status != "" {
			email = append(email, &e.people[i])
		}
	}
	canary := pilotSize + (len(email)*canaryPercent+99)/100
	for i, row := range email {
		switch {
		case e.begun && row.Wave != "":
		case e.begun || i >= canary:
			row.Wave = "rest"
		case i < pilotSize:
			row.Wave = "pilot"
		default:
			row.Wave = "canary"
		}
	}
}

func (e *expected) row(id int64) *ledger.Row { return &e.people[id-1] }

func (e *expected) claim(c notifier.Claim) {
	e.open[c.ID] = c
	e.begun = true
	k := ledger.Minute{Start: c.At.Truncate(time.Minute), Relay: c.Relay}
	m := e.sent[k]
	e.sent[k] = ledger.Minute{Start: k.Start, Relay: k.Relay, Claims: m.Claims + 1, Last: later(m.Last, c.At)}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (e *expected) record(o notifier.Outcome) {
	row := e.row(o.Claim.ID)
	delete(e.open, o.Claim.ID)
	row.Status, row.Attempts, row.Tries, row.Due = o.Status, o.Claim.Attempt, o.Tries, o.Due
	if o.Status == notifier.Deferred && o.Tries > 0 && row.First.IsZero() {
		row.First = o.Claim.At
	}
	e.append(ledger.KindAttempt, o)
}

// recover makes every open claim unknown.
func (e *expected) recover(at time.Time) {
	for _, id := range slices.Sorted(maps.Keys(e.open)) {
		row := e.row(id)
		e.record(notifier.Outcome{
			Claim: e.open[id], Status: notifier.Unknown, Cause: notifier.CauseInterrupted,
			At: at, Tries: row.Tries, Variant: row.Recipient.Variant.String(),
		})
	}
}

// settle gives an unknown recipient a status by a person's decision.
func (e *expected) settle(kind ledger.Kind, row *ledger.Row, to notifier.Status) {
	if row.Status != notifier.Unknown {
		return
	}
	row.Status = to
	e.append(kind, notifier.Outcome{Claim: notifier.Claim{Key: row.Recipient.Key}, Status: to})
}

func (e *expected) append(kind ledger.Kind, o notifier.Outcome) {
	e.evidence = append(e.evidence, ledger.Evidence{Seq: int64(len(e.evidence) + 1), Kind: kind, Outcome: o})
}

// room returns how often the notice of each recipient may have left until now:
// once, and once more for each time that the evidence says that it may go again,
// less the time that is still to come where it is due.
func (e *expected) room() map[int64]int {
	ids := map[notifier.Key]int64{}
	room := map[int64]int{}
	for _, row := range e.people {
		ids[row.Recipient.Key] = row.Recipient.ID
		room[row.Recipient.ID] = 1
		if row.Status == notifier.Pending || row.Status == notifier.Deferred {
			room[row.Recipient.ID] = 0
		}
	}
	for _, row := range e.evidence {
		if s := row.Outcome.Status; s == notifier.Deferred || s == notifier.Pending {
			room[ids[row.Outcome.Claim.Key]]++
		}
	}
	return room
}

// totals counts the account.
func (e *expected) totals() ledger.Totals {
	t := ledger.Totals{Rows: e.rows, Begun: e.begun}
	if len(e.batches) > 0 {
		for _, w := range waves {
			t.Waves = append(t.Waves, ledger.WaveTotals{Name: w.Name})
		}
	}
	for _, row := range e.people {
		t.Recipients.Total++
		if row.Status == "" {
			t.Recipients.Postal++
			continue
		}
		t.Recipients.Email++
		status := row.Status
		if _, claimed := e.open[row.Recipient.ID]; claimed {
			status = notifier.InFlight
		}
		*t.Notices.Of(status)++
		for i := range t.Waves {
			if t.Waves[i].Name == row.Wave {
				*t.Waves[i].Notices.Of(status)++
			}
		}
	}
	return t
}

// lines are put together the same way for what is expected and what is there.
type lines struct{ strings.Builder }

func (l *lines) line(format string, args ...any) { fmt.Fprintf(l, format+"\n", args...) }

func (l *lines) totals(t ledger.Totals) { l.line("totals %+v", t) }

func (l *lines) person(row ledger.Row) {
	r := row.Recipient
	sum := sha256.Sum256(r.AppendCanonical(nil))
	l.line("person %d %s batch %d wave %q %q attempts %d tries %d first %d due %d, %x",
		r.ID, r.Key, row.Batch, row.Wave, row.Status, row.Attempts, row.Tries, unix(row.First), unix(row.Due), sum[:4])
}

// evidence leaves out what belongs to the form of a decision's row.
func (l *lines) evidence(e ledger.Evidence) {
	o := e.Outcome
	c := o.Claim
	switch e.Kind {
	case ledger.KindAttempt:
		l.line("evidence %d %s %s attempt %d wave %s relay %s at %d approval %d: %s %q %d %q %q %q %q %x at %d", e.Seq, e.Kind,
			c.Key, c.Attempt, c.Wave, c.Relay, unix(c.At), c.Approval,
			o.Status, o.Cause, o.Code, o.Enhanced, o.Reply, o.RelayID, o.Variant, o.Digest[:4], unix(o.At))
	case ledger.KindResend, ledger.KindReconcile, ledger.KindBounce:
		l.line("evidence %d %s %s: %s", e.Seq, e.Kind, c.Key, o.Status)
	case ledger.KindTest:
		l.line("evidence %d %s relay %s: %s", e.Seq, e.Kind, c.Relay, o.Status)
	default:
		l.line("evidence %d %s", e.Seq, e.Kind)
	}
}

func (l *lines) approval(a ledger.Approval) {
	l.line("approval %d by %s of %s and %v", a.Seq, a.By, a.Text, a.Lists)
}

func (l *lines) decisions(halt *ledger.Halt, gates, holds map[string]bool) {
	if halt != nil {
		l.line("halted by %s, %q", halt.Reason, halt.Samples)
	}
	l.line("gates %v, holds %v", gates, holds)
}

func (l *lines) sent(m ledger.Minute) {
	l.line("sent %d %s: %d until %d", unix(m.Start), m.Relay, m.Claims, unix(m.Last))
}

func (l *lines) after(c ledger.Came, letters map[int64]bool, written int, done []string) {
	l.line("came %d %d %d %d, read %d", c.Hard, c.Soft, c.Complaints, c.AutoReplies, unix(c.Read))
	l.line("letters %v, written %d, done %q", letters, written, done) // maps are printed in order
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// text is what textOf says of a ledger that holds what is expected.
func (e *expected) text() string {
	var l lines
	l.totals(e.totals())
	l.line("batches %v, rejects %v", e.batches, e.rejects)
	for _, row := range e.people {
		l.person(row)
	}
	for _, row := range e.evidence {
		l.evidence(row)
	}
	for _, a := range e.approvals {
		l.approval(a)
	}
	for _, d := range contentDigests {
		l.line("content %x %v", d[:4], e.contents[d])
	}
	l.decisions(e.halt, e.gates, e.holds)
	minutes := slices.SortedFunc(maps.Values(e.sent), func(a, b ledger.Minute) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Relay, b.Relay))
	})
	for _, m := range minutes {
		l.sent(m)
	}
	l.after(e.came, e.letters, e.written, e.done)
	return l.String()
}

// textOf says what a ledger holds, by all that it promises to give back.
func textOf(ctx context.Context, r ledger.Reader) (string, error) {
	var l lines
	for _, read := range []func(context.Context, ledger.Reader) error{
		l.readAccount, l.readEvidence, l.readDecisions, l.readAfter,
	} {
		if err := read(ctx, r); err != nil {
			return "", err
		}
	}
	return l.String(), nil
}

func (l *lines) readAccount(ctx context.Context, r ledger.Reader) error {
	totals, err := r.Totals(ctx)
	if err != nil {
		return err
	}
	if len(totals.Waves) == 0 {
		totals.Waves = nil
	}
	l.totals(totals)
	batches, err := r.Batches(ctx)
	if err != nil {
		return err
	}
	var sizes []int
	for _, b := range batches {
		sizes = append(sizes, int(b.Size()))
	}
	rejects, err := r.Rejects(ctx)
	if err != nil {
		return err
	}
	l.line("batches %v, rejects %v", sizes, rejects)
	return r.Each(ctx, func(row ledger.Row) error {
		l.person(row)
		return nil
	})
}

func (l *lines) readEvidence(ctx context.Context, r ledger.Reader) error {
	return r.Evidence(ctx, func(e ledger.Evidence) error {
		l.evidence(e)
		return nil
	})
}

func (l *lines) readDecisions(ctx context.Context, r ledger.Reader) error {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return err
	}
	for _, a := range approvals {
		l.approval(a)
	}
	for _, d := range contentDigests {
		_, there, err := r.Content(ctx, d)
		if err != nil {
			return err
		}
		l.line("content %x %v", d[:4], there)
	}
	halt, err := r.Halted(ctx)
	if err != nil {
		return err
	}
	gates, err := r.Released(ctx)
	if err != nil {
		return err
	}
	holds, err := r.ReleasedHolds(ctx)
	if err != nil {
		return err
	}
	l.decisions(halt, gates, holds)
	minutes, err := r.Sent(ctx, time.Time{})
	for _, m := range minutes {
		l.sent(m)
	}
	return err
}

func (l *lines) readAfter(ctx context.Context, r ledger.Reader) error {
	came, err := r.Came(ctx)
	if err != nil {
		return err
	}
	letters := map[int64]bool{}
	if err := r.Letters(ctx, func(to ledger.Letter) error {
		letters[to.ID] = to.Mailed != 0
		return nil
	}); err != nil {
		return err
	}
	written, err := r.Written(ctx)
	if err != nil {
		return err
	}
	tasks, err := r.DoneTasks(ctx)
	var done []string
	for _, d := range tasks {
		done = append(done, d.Task)
	}
	l.after(came, letters, written, done)
	return err
}
