package campaign

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/report"
	"breachmail/notifier/review"
)

// said is a wording as it was approved, with stand-in values.
type said struct {
	report.Sample
	message []byte // empty where it cannot be shown
}

// editions makes the notices of approvals again, each once.
type editions struct {
	c    *Campaign
	r    ledger.Reader
	made map[int64]*approvedNotices
}

type approvedNotices struct {
	notices  *notice.Notice
	variants map[string]notifier.Variant
	from     string
	err      error
}

// of returns the notices as an approval has them.
func (e *editions) of(ctx context.Context, a *ledger.Approval, day time.Time) *approvedNotices {
	if n := e.made[a.Seq]; n != nil {
		return n
	}
	n := &approvedNotices{variants: map[string]notifier.Variant{}}
	e.made[a.Seq] = n
	old, err := e.c.asApproved(ctx, e.r, a)
	if err == nil {
		n.from = old.Config.Sender.From.String()
		n.notices, err = old.compile(day, false)
	}
	if n.err = err; err != nil {
		return n
	}
	for _, v := range n.notices.Variants() {
		n.variants[v.String()] = v
	}
	return n
}

// addSamples shows the wordings that were sent, most notices first, and then those
// that were approved and are still to be sent.
func (f *reporter) addSamples(ctx context.Context, p *report.Case) error {
	approvals, err := f.r.Approvals(ctx)
	if err != nil {
		return err
	}
	e := &editions{c: f.c, r: f.r, made: map[int64]*approvedNotices{}}
	f.said = map[string][]said{}
	var sent int64
	seen := map[string]bool{}
	for _, w := range sortedWordings(f.told.sent) {
		i := slices.IndexFunc(approvals, func(a ledger.Approval) bool { return a.Seq == w.approval })
		sent += f.told.sent[w]
		seen[w.variant] = true
		s := report.Sample{Wording: w.variant, Approval: w.approval, Sent: f.told.sent[w]}
		if i < 0 {
			s.Lost = fmt.Sprintf("there is no approval in evidence row %d", w.approval)
			f.addSample(p, said{Sample: s})
			continue
		}
		f.addSample(p, e.sample(ctx, &approvals[i], s, f.sampleDay(w.approval)))
	}
	p.Settled = max(f.tally.Taken()-sent, 0)
	return f.addUnsent(ctx, p, approvals, e, seen)
}

func sortedWordings(sent map[wording]int64) []wording {
	var list []wording
	for w := range sent {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b wording) int {
		return cmp.Or(cmp.Compare(sent[b], sent[a]), cmp.Compare(a.variant, b.variant), cmp.Compare(a.approval, b.approval))
	})
	return list
}

// addUnsent adds the wordings of which nothing was sent yet, as the newest approval
// of the batch has them.
func (f *reporter) addUnsent(ctx context.Context, p *report.Case, approvals []ledger.Approval, e *editions, seen map[string]bool) error {
	people := map[wording]int64{}
	for _, g := range f.groups {
		if seen[g.Variant.String()] {
			continue
		}
		for _, a := range slices.Backward(approvals) {
			if _, lists := a.Lists[g.Batch]; lists {
				people[wording{a.Seq, g.Variant.String()}] += g.Count
				break
			}
		}
	}
	for _, w := range sortedWordings(people) {
		i := slices.IndexFunc(approvals, func(a ledger.Approval) bool { return a.Seq == w.approval })
		s := report.Sample{Wording: w.variant, Approval: w.approval, People: people[w]}
		f.addSample(p, e.sample(ctx, &approvals[i], s, f.sampleDay(w.approval)))
	}
	return nil
}

func (f *reporter) addSample(p *report.Case, s said) {
	p.Samples = append(p.Samples, s.Sample)
	f.said[s.Wording] = append(f.said[s.Wording], s)
}

// sampleDay is the day on which notices of an approval began to leave, for those
// that bear the day they leave on; where none has left, the day of the report.
func (f *reporter) sampleDay(approval int64) time.Time {
	if at, ok := f.told.began[approval]; ok {
		return at.UTC().Truncate(24 * time.Hour)
	}
	return f.at.Truncate(24 * time.Hour)
}

// sample makes a wording with stand-in values.
func (e *editions) sample(ctx context.Context, a *ledger.Approval, s report.Sample, day time.Time) said {
	n := e.of(ctx, a, day)
	if n.err != nil {
		s.Lost = n.err.Error()
		return said{Sample: s}
	}
	v, ok := n.variants[s.Wording]
	if !ok {
		s.Lost = fmt.Sprintf("the approval in evidence row %d has no such wording", a.Seq)
		return said{Sample: s}
	}
	made, err := review.SampleOf(n.notices, n.notices.Sample(v), day)
	if err != nil {
		s.Lost = err.Error()
		return said{Sample: s}
	}
	s.From, s.Subject, s.Text = n.from, subjectOf(made.Message), strings.ReplaceAll(string(made.Text), "\r\n", "\n")
	return said{s, made.Message}
}

// subjectOf reads a message's subject.
func subjectOf(message []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return ""
	}
	subject := m.Header.Get("Subject")
	if words, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = words
	}
	return subject
}
