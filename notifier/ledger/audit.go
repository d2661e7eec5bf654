package ledger

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"time"

	"breachmail/notifier"
)

// Audited is what an audit has looked at and found in order.
type Audited struct {
	Rows       int64           // of evidence
	Head       notifier.Digest // the chain value of the last one
	First      time.Time       // when the oldest was written; zero where there is none
	Last       time.Time       // and the newest
	Recipients int64
	Blocks     int     // of the list, each against the digest it was planned with
	Purged     *Purged // then blocks cannot be checked any more, and Blocks is 0
	Known      int64   // the row whose chain value was written down elsewhere; 0: none was given
}

// ErrOtherHistory says that a chain value that was written down elsewhere is not
// in the evidence.
var ErrOtherHistory = errors.New("no row of the evidence has the chain value that was written down: the history was rewritten or cut off since, or it is another ledger's")

// Audit is Verify for those who only ask whether all is well.
func Audit(ctx context.Context, r Reader) error {
	_, err := Verify(ctx, r, "")
	return err
}

// Verify reads everything and returns an error that names the first thing that
// does not agree, which is ErrDamaged:
//
//   - the chain of evidence, every row and their order, and the head;
//   - the sums of the account, and the recipients counted one by one against them,
//     by wave too, and by what a run would come upon;
//   - each recipient's status and number of attempts against their last row of
//     evidence, and that each row names the one before it about the same one;
//   - the claims of the last 25 hours, those without outcome too, against how many
//     were made;
//   - each block against its digest, each batch against its blocks;
//   - what approvals bound, piece by piece;
//   - what came back, and who was listed for a letter and was sent one, against the
//     evidence of it;
//   - the rows set aside, by mark.
//
// head, unless empty, are the digits of a chain value, or its first ones: some row
// has to have it, or it is ErrOtherHistory. It is exact only while nobody writes.
func Verify(ctx context.Context, r Reader, head string) (*Audited, error) {
	totals, err := r.Totals(ctx)
	if err != nil {
		return nil, err
	}
	if err := totals.Check(); err != nil {
		return nil, err
	}
	if err := auditRejects(ctx, r, totals); err != nil {
		return nil, err
	}
	a := newAuditor(r, head)
	if a.found.Purged, err = r.Purged(ctx); err != nil {
		return nil, err
	}
	if err := a.all(ctx); err != nil {
		return nil, err
	}
	return &a.found, a.settled(ctx, totals)
}

// auditor is an audit under way.
type auditor struct {
	Reader
	found   Audited
	head    string
	counted Totals
	linked  bool  // the store says which row came before another
	told    links // by the evidence
	stand   links // by the recipients
	made    map[Minute]int64
}

func newAuditor(r Reader, head string) *auditor {
	seed := maphash.MakeSeed()
	return &auditor{Reader: r, head: head, told: links{seed: seed}, stand: links{seed: seed}}
}

// all reads the evidence and the recipients, at the same time.
func (a *auditor) all(ctx context.Context) error {
	if err := a.superseded(ctx); err != nil {
		return err
	}
	if err := a.minutes(ctx); err != nil {
		return err
	}
	if err := a.aftermath(ctx); err != nil {
		return err
	}
	var evidence, people, approved error
	var work sync.WaitGroup
	work.Go(func() { evidence = a.evidence(ctx) })
	work.Go(func() { approved = auditContents(ctx, a.Reader) })
	people = a.recipients(ctx)
	work.Wait()
	for _, err := range []error{evidence, people, approved} {
		if err != nil {
			return err
		}
	}
	return nil
}

// settled compares what both halves have found.
func (a *auditor) settled(ctx context.Context, totals Totals) error {
	if err := a.sameSums(totals); err != nil {
		return err
	}
	if a.linked && !a.told.same(&a.stand) {
		return fmt.Errorf("%w: the status of somebody is not the one that the evidence ends with", ErrDamaged)
	}
	if err := a.noneGone(ctx); err != nil {
		return err
	}
	reach, err := a.Reach(ctx)
	if err != nil {
		return err
	}
	c := &a.counted.Notices
	if want := (Notices{Pending: c.Pending, Deferred: c.Deferred, Unknown: c.Unknown}); reach != want {
		return fmt.Errorf("%w: a run would come upon %+v, and there are %+v", ErrDamaged, reach, want)
	}
	if a.head != "" && a.found.Known == 0 {
		return ErrOtherHistory
	}
	return nil
}

// sameSums compares the recipients counted one by one with the totals. A claim
// does not change its recipient's row: in flight ones are counted there as what
// they were.
func (a *auditor) sameSums(totals Totals) error {
	counted := &a.counted
	pairs := [][2]Notices{{totals.Notices, counted.Notices}}
	for _, w := range totals.Waves {
		pairs = append(pairs, [2]Notices{w.Notices, *counted.wave(w.Name)})
	}
	for _, pair := range pairs {
		for i := range pair {
			n := &pair[i]
			n.Pending += n.Deferred + n.InFlight
			n.Deferred, n.InFlight = 0, 0
		}
		if pair[0] != pair[1] {
			return fmt.Errorf("%w: the notices counted one by one are %+v, the totals say %+v", ErrDamaged, pair[1], pair[0])
		}
	}
	if counted.Recipients != totals.Recipients || len(counted.Waves) > len(totals.Waves) {
		return fmt.Errorf("%w: the recipients counted one by one are %+v in %d waves, the totals say %+v in %d",
			ErrDamaged, counted.Recipients, len(counted.Waves), totals.Recipients, len(totals.Waves))
	}
	return nil
}

func auditRejects(ctx context.Context, r Reader, totals Totals) error {
	rejects, err := r.Rejects(ctx)
	if err != nil {
		return err
	}
	marked := int64(0)
	for _, n := range rejects {
		marked += int64(n)
	}
	if want := totals.Rows.Rejected - totals.Unmarked; marked != want {
		return fmt.Errorf("%w: %d rows are set aside by mark, the totals say %d", ErrDamaged, marked, want)
	}
	return nil
}

func (a *auditor) recipients(ctx context.Context) error {
	batches, err := a.Batches(ctx)
	if err != nil {
		return err
	}
	for _, b := range batches {
		if err := a.batch(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (a *auditor) batch(ctx context.Context, b Batch) error {
	digests, err := a.Blocks(ctx, b)
	if err != nil {
		return err
	}
	if len(digests) != b.Blocks() || notifier.ListDigest(digests) != b.Digest {
		return fmt.Errorf("%w: the list digest of batch %d is not that of its blocks", ErrDamaged, b.Number)
	}
	for n := range b.Blocks() {
		block, err := a.Block(ctx, b, n)
		if err != nil {
			return err
		}
		if a.found.Purged == nil {
			if block.Planned != digests[n] || !block.Intact() {
				return fmt.Errorf("%w: block %d of batch %d is not what was planned", ErrDamaged, n, b.Number)
			}
			a.found.Blocks++
		}
		a.count(block.Rows)
	}
	return nil
}

func (a *auditor) count(rows []Row) {
	for i := range rows {
		a.counted.count(&rows[i])
	}
	a.found.Recipients += int64(len(rows))
	for i := range rows {
		a.stand.recipient(&rows[i])
	}
}

func (t *Totals) count(row *Row) {
	t.Recipients.Total++
	if row.Recipient.Channel == notifier.Postal {
		t.Recipients.Postal++
		return
	}
	t.Recipients.Email++
	for _, notices := range []*Notices{&t.Notices, t.wave(row.Wave)} {
		if n := notices.Of(row.Status); n != nil {
			*n++
		}
	}
}

// wave returns what is counted in the wave of that name.
func (t *Totals) wave(name string) *Notices {
	i := slices.IndexFunc(t.Waves, func(w WaveTotals) bool { return w.Name == name })
	if i < 0 {
		i, t.Waves = len(t.Waves), append(t.Waves, WaveTotals{Name: name})
	}
	return &t.Waves[i].Notices
}

// auditContents reads all that approvals bound. Those that older versions recorded
// name no campaign.yaml, and keep nothing.
func auditContents(ctx context.Context, r Reader) error {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range approvals {
		a := &approvals[i]
		if a.Config == "" {
			continue
		}
		pieces := maps.Clone(a.Items)
		if pieces == nil {
			pieces = map[string]string{}
		}
		pieces["campaign.yaml"] = a.Config
		for name, text := range pieces {
			d, ok := notifier.ParseDigest(text)
			if !ok || seen[text] {
				continue
			}
			seen[text] = true
			_, kept, err := r.Content(ctx, d)
			if err == nil && !kept {
				err = fmt.Errorf("%w: the ledger no longer keeps %s as it was approved", ErrDamaged, name)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
