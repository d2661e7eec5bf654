package ledger

import (
	"context"
	"fmt"

	"breachmail/notifier"
)

// Audit reads everything and returns an error that names the first thing that
// does not agree: the sums of the account, the recipients counted one by one
// against the totals, the rows set aside by mark against them too, each block
// against its digest, each batch against its blocks, and the chain of evidence. It is exact only while nobody writes.
func Audit(ctx context.Context, r Reader) error {
	totals, err := r.Totals(ctx)
	if err != nil {
		return err
	}
	if err := totals.Check(); err != nil {
		return err
	}
	if err := auditRejects(ctx, r, totals); err != nil {
		return err
	}
	if err := auditRecipients(ctx, r, totals); err != nil {
		return err
	}
	return auditEvidence(ctx, r)
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

func auditRecipients(ctx context.Context, r Reader, totals Totals) error {
	batches, err := r.Batches(ctx)
	if err != nil {
		return err
	}
	var counted Totals
	for _, b := range batches {
		if err := auditBatch(ctx, r, b, &counted); err != nil {
			return err
		}
	}
	// A claim does not change its recipient's row: in flight ones are counted
	// there as what they were.
	for _, n := range []*Notices{&totals.Notices, &counted.Notices} {
		n.Pending += n.Deferred + n.InFlight
		n.Deferred, n.InFlight = 0, 0
	}
	if counted.Recipients != totals.Recipients || counted.Notices != totals.Notices {
		return fmt.Errorf("%w: the recipients counted one by one are %+v %+v, the totals say %+v %+v",
			ErrDamaged, counted.Recipients, counted.Notices, totals.Recipients, totals.Notices)
	}
	return nil
}

func auditBatch(ctx context.Context, r Reader, b Batch, counted *Totals) error {
	var digests []notifier.Digest
	for n := range b.Blocks() {
		block, err := r.Block(ctx, b, n)
		if err != nil {
			return err
		}
		if !block.Intact() {
			return fmt.Errorf("%w: block %d of batch %d is not what was planned", ErrDamaged, n, b.Number)
		}
		digests = append(digests, block.Planned)
		for i := range block.Rows {
			counted.count(&block.Rows[i])
		}
	}
	if notifier.ListDigest(digests) != b.Digest {
		return fmt.Errorf("%w: the list digest of batch %d is not that of its blocks", ErrDamaged, b.Number)
	}
	return nil
}

func (t *Totals) count(row *Row) {
	t.Recipients.Total++
	if row.Recipient.Channel == notifier.Postal {
		t.Recipients.Postal++
		return
	}
	t.Recipients.Email++
	if n := t.Notices.Of(row.Status); n != nil {
		*n++
	}
}

func auditEvidence(ctx context.Context, r Reader) error {
	var seq int64
	var chain notifier.Digest
	err := r.Evidence(ctx, func(e Evidence) error {
		seq++
		chain = e.Next(chain)
		if e.Seq != seq || e.Chain != chain {
			return fmt.Errorf("%w: evidence row %d is not what was written", ErrDamaged, e.Seq)
		}
		return nil
	})
	if err != nil {
		return err
	}
	last, head, err := r.Head(ctx)
	if err == nil && (last != seq || head != chain) {
		err = fmt.Errorf("%w: the head of the evidence is not its last row", ErrDamaged)
	}
	return err
}
