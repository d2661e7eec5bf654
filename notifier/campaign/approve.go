package campaign

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
)

// approvedBatch is a batch as it was approved.
type approvedBatch struct {
	ledger.Batch
	approval int64             // the evidence row
	blocks   []notifier.Digest // of the approved list
}

// notApprovedError says why nothing may be sent.
type notApprovedError struct{ differs []string }

func (e *notApprovedError) Error() string {
	if len(e.differs) == 0 {
		return "nothing is approved yet"
	}
	return "what was approved has changed since:\n  " + strings.Join(e.differs, "\n  ")
}

func (e *notApprovedError) Unwrap() error { return ErrNotApproved }

func (c *Campaign) approveHint() string {
	return "let counsel read what is to be sent (" + c.Command("preview") + "), then record the approval with the command that it prints"
}

// approved returns the batches that may be sent: those whose list, and whose
// text as it stands now, somebody approved. Where there are none it is a
// notApprovedError that says what changed.
func (c *Campaign) approved(ctx context.Context, r ledger.Reader, batches []ledger.Batch) ([]approvedBatch, error) {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return nil, err
	}
	if len(approvals) == 0 {
		return nil, hint(&notApprovedError{}, "%s", c.approveHint())
	}
	last := approvals[len(approvals)-1]
	t, err := c.text(sampleDay(batches), false)
	if err != nil {
		return nil, hint(&notApprovedError{differs: []string{err.Error()}}, "%s", c.approveHint())
	}
	current := hexOf(t.digest())
	var list []approvedBatch
	for _, b := range batches {
		blocks, err := r.Blocks(ctx, b)
		if err != nil {
			return nil, err
		}
		intact := notifier.ListDigest(blocks) == b.Digest
		a, ok := newest(approvals, b.Number)
		if ok && intact && a.Text == current && a.Lists[b.Number] == hexOf(b.Digest) {
			list = append(list, approvedBatch{b, a.Seq, blocks})
		}
	}
	if len(list) == 0 {
		return nil, hint(&notApprovedError{differs: differences(last, t, batches)}, "%s", c.approveHint())
	}
	return list, nil
}

// newest returns the last approval that lists a batch. It takes the place of
// those before it: a text that was corrected may not be sent any more.
func newest(approvals []ledger.Approval, batch int) (ledger.Approval, bool) {
	for _, a := range slices.Backward(approvals) {
		if _, ok := a.Lists[batch]; ok {
			return a, true
		}
	}
	return ledger.Approval{}, false
}

// differences says how what stands now differs from an approval.
func differences(a ledger.Approval, t *text, batches []ledger.Batch) []string {
	var items []review.Item
	for name, digest := range a.Items {
		b, err := hex.DecodeString(digest)
		if err == nil && len(b) == len(notifier.Digest{}) {
			items = append(items, review.Item{Name: name, Digest: notifier.Digest(b)})
		}
	}
	out := review.Differences(items, t.items)
	for _, b := range batches {
		switch list, known := a.Lists[b.Number]; {
		case !known:
			out = append(out, fmt.Sprintf("batch %d (%d recipients) was planned after the approval", b.Number, b.Size()))
		case list != hexOf(b.Digest):
			out = append(out, fmt.Sprintf("the list of recipients of batch %d was changed", b.Number))
		}
	}
	if len(out) == 0 {
		out = append(out, "the list of recipients is not the one that was planned")
	}
	return out
}

func hexOf(d notifier.Digest) string { return hex.EncodeToString(d[:]) }

// approvedBatches returns the numbers of the batches that any approval lists.
func approvedBatches(ctx context.Context, r ledger.Reader) (map[int]bool, error) {
	approvals, err := r.Approvals(ctx)
	list := map[int]bool{}
	for _, a := range approvals {
		for n := range a.Lists {
			list[n] = true
		}
	}
	return list, err
}

// codePattern is what --digest may be: the spaces of the page's groups of four
// are taken out before.
var codePattern = regexp.MustCompile(`^[0-9a-f]{12,64}$`)

// Waiver is counsel's decision to approve in spite of the findings of a rule.
type Waiver = ledger.Waiver

// Approve records that by ("NAME, ROLE") agreed to what has the given code.
// The code must be that of what stands in the campaign now, and every
// error-level finding has to be waived.
func (c *Campaign) Approve(ctx context.Context, by, code string, waivers ...Waiver) (ledger.Approval, error) {
	var none ledger.Approval
	name, role, _ := strings.Cut(by, ",")
	if strings.TrimSpace(name) == "" || strings.TrimSpace(role) == "" || !notifier.CleanLine(by) {
		return none, hint(fmt.Errorf("%w: --by %q", ErrUsage, by), `write it as --by "NAME, ROLE"`)
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	if !codePattern.MatchString(code) {
		return none, hint(fmt.Errorf("%w: --digest has to be at least the first 12 digits of the approval code", ErrUsage), "it stands on the first screen of the preview")
	}
	unlock, err := c.lock(ctx, "approve")
	if err != nil {
		return none, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return none, err
	}
	defer func() { _ = store.Close() }()
	a, err := c.approvable(ctx, store, waivers)
	if err != nil {
		return none, err
	}
	if !strings.HasPrefix(a.Code, code) {
		return none, hint(fmt.Errorf("%w: the code %s is not that of what stands in the campaign now (%s)", ErrNotApproved, code[:12], a.Code[:12]),
			"make the preview again (%s) and let it be read again", c.Command("preview"))
	}
	a.By, a.At = by, time.Now().UTC().Truncate(time.Second)
	a.Seq, err = store.Approve(ctx, a)
	return a, err
}

// approvable returns the approval of what stands in the campaign now, without
// a name. It is an error while something is left to be filled in, and while an
// error-level finding is not waived.
func (c *Campaign) approvable(ctx context.Context, r ledger.Reader, waivers []Waiver) (ledger.Approval, error) {
	a := ledger.Approval{Lists: map[int]string{}, Items: map[string]string{}, Waivers: waivers}
	batches, err := c.planned(ctx, r)
	if err != nil {
		return a, err
	}
	if todos := c.todos(); len(todos) > 0 {
		return a, c.stillOpen(todos, "fill in what is left; %s lists it", c.Command("preview"))
	}
	t, err := c.text(sampleDay(batches), false)
	if err != nil {
		return a, errors.Join(ErrNotApproved, err)
	}
	if a.Waivers, err = c.waive(ctx, r, t, waivers); err != nil {
		return a, err
	}
	for _, it := range t.items {
		a.Items[it.Name] = hexOf(it.Digest)
	}
	for _, b := range batches {
		a.Lists[b.Number] = hexOf(b.Digest)
	}
	a.Text = hexOf(t.digest())
	a.Code = hexOf(review.Code(t.digest(), lists(batches)))
	return a, nil
}

// waive returns the waivers with what they are about. It is an error while a
// finding stands in an approval's way.
func (c *Campaign) waive(ctx context.Context, r ledger.Reader, t *text, waivers []Waiver) ([]Waiver, error) {
	m, err := c.material(ctx, r, t)
	if err != nil {
		return nil, err
	}
	findings, err := review.Lint(m)
	if err != nil {
		return nil, err
	}
	list := make([]review.Waiver, len(waivers))
	for i, w := range waivers {
		list[i] = review.Waiver{Rule: w.Rule, State: w.State, Reason: w.Reason}
	}
	if err := review.Waive(findings, list); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if open := review.Open(findings); len(open) > 0 {
		return nil, c.stillOpen(open, `mend it, or, where counsel decides so, add --waive %s --reason "WHY"; %s lists all`, open[0].Name(), c.Command("preview"))
	}
	return about(waivers, findings), nil
}

// about notes with each waiver which findings it is about.
func about(waivers []Waiver, findings []Finding) []Waiver {
	waivers = slices.Clone(waivers)
	for i := range waivers {
		w := &waivers[i]
		for j := range findings {
			if f := &findings[j]; f.Rule == w.Rule && (w.State == "" || f.State == w.State) && f.Waived == w.Reason {
				w.About = append(w.About, mark(f))
			}
		}
	}
	return waivers
}

// stillOpen says what stands in an approval's way.
func (c *Campaign) stillOpen(open []Finding, format string, args ...any) error {
	what := "1 point is still open"
	if len(open) > 1 {
		what = fmt.Sprintf("%d points are still open, the first", len(open))
	}
	f := &open[0]
	if !f.Waivable && f.Rule != "" {
		format, args = "mend it; %s lists all", []any{c.Command("preview")}
	}
	return hint(fmt.Errorf("%w: %s: %s: %s", ErrNotApproved, what, f.At(), f.Text), format, args...)
}
