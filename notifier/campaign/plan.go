package campaign

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"breachmail/notifier/ledger"
)

// Planned is what a run of plan did.
type Planned struct {
	Profile  *Profile
	Batch    ledger.Batch // Number 0 when nobody was new
	LateFile string       // lists those accounts; empty when there are none
	Late     int64        // accounts of people whose notice is settled already
	Added    int64        // accounts added to notices not yet approved
	Settled  int64        // people planned before who get another channel or wording now
	ToPost   int64        // people planned by email before, whom --no-email has told by post now
	TooLate  int64        // people on --no-email whose notice is approved or sent already
	TooFile  string       // lists them; empty when there are none
	Law      Outlook      // for all recipients
	Status   Status
}

// Plan loads exports into the ledger as one batch, or, killed or in error, not
// at all. Exports planned before are skipped.
func (c *Campaign) Plan(ctx context.Context, input Input, progress func(Step)) (*Planned, error) {
	p, err := c.plan(ctx, &input, progress)
	if err != nil && ctx.Err() != nil {
		return nil, hint(fmt.Errorf("%w: nothing was loaded", ErrInterrupted), "run the same command again")
	}
	return p, err
}

func (c *Campaign) plan(ctx context.Context, input *Input, progress func(Step)) (*Planned, error) {
	unlock, err := c.lock(ctx, "plan")
	if err != nil {
		return nil, err
	}
	defer unlock()
	store, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	if err := c.notPurged(ctx, store); err != nil { // before rows that were set aside are written
		return nil, err
	}
	r, err := c.read(ctx, store, input, progress)
	if err != nil {
		return nil, err
	}
	defer r.close()
	// What was set aside is written first: an export whose batch is there would
	// be skipped when a killed plan is run again.
	if err := r.finish(); err != nil {
		return nil, err
	}
	p := &Planned{}
	if err := c.load(ctx, store, r, p); err != nil {
		return nil, err
	}
	return p, c.describe(context.WithoutCancel(ctx), store, p) // it is loaded, and that is told
}

// read judges the rows of all exports.
func (c *Campaign) read(ctx context.Context, known ledger.Reader, input *Input, progress func(Step)) (*reading, error) {
	secret, err := readSecret(c.path(secretFile))
	if err != nil {
		return nil, err
	}
	notices, err := c.compile(time.Now(), true)
	if err != nil {
		return nil, err
	}
	// Each batch has a folder of its own, so that no list of those who were set
	// aside is ever written over by another.
	n, err := known.NextBatch(ctx)
	if err != nil {
		return nil, err
	}
	out, err := makeOut(c.Dir, filepath.Join("plan", fmt.Sprintf("batch-%d", n)))
	if err != nil {
		return nil, err
	}
	if err := sweep(filepath.Join(filepath.Dir(out), "*")); err != nil {
		return nil, err
	}
	r, err := c.begin(ctx, out, secret, notices, input, progress)
	if err != nil {
		return nil, err
	}
	if err = r.all(ctx, known); err == nil {
		err = c.refused(r)
	}
	if err == nil {
		err = r.settle(ctx, known)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// load writes one batch, and settles those of earlier ones again.
func (c *Campaign) load(ctx context.Context, store ledger.Store, r *reading, p *Planned) error {
	f := r.fold()
	defer f.abort()
	// These are quick, and a read that is cancelled can keep the ledger locked for
	// a moment.
	whole := context.WithoutCancel(ctx)
	approved, err := approvedBatches(whole, store)
	if err != nil {
		return err
	}
	again, err := unsettled(whole, store, approved)
	if err != nil {
		return err
	}
	p.Batch, err = store.Plan(ctx, c.waves(), func(b ledger.Batcher) error {
		b.Trace(tracer(r.secret))
		for _, n := range again {
			if err := r.settleAgain(b, n, p); err != nil {
				return err
			}
		}
		if r.skipped() {
			return nil
		}
		return fill(ctx, b, approved, r, f, p)
	})
	if err := c.begun(err); err != nil {
		return err
	}
	p.Profile, err = f.profile()
	return err
}

// unsettled returns the batches whose recipients may get another channel or
// wording: those that nobody approved, and all while nothing was claimed, since
// what changes them changes the approved text as well.
func unsettled(ctx context.Context, r ledger.Reader, approved map[int]bool) ([]int, error) {
	totals, err := r.Totals(ctx)
	if err != nil {
		return nil, err
	}
	batches, err := r.Batches(ctx)
	var list []int
	for _, b := range batches {
		if !totals.Begun || !approved[b.Number] {
			list = append(list, b.Number)
		}
	}
	return list, err
}

// settleAgain gives those of a batch who were not claimed the channel and the
// wording that campaign.yaml, law.csv and the templates give them now.
func (r *reading) settleAgain(b ledger.Batcher, batch int, p *Planned) error {
	return b.Each(batch, func(row ledger.Row) error {
		if row.Attempts > 0 {
			return nil
		}
		settled, changed := r.opts.Settle(row.Recipient)
		if !changed {
			return nil
		}
		p.Settled++
		return b.Replace(settled)
	})
}

func fill(ctx context.Context, b ledger.Batcher, approved map[int]bool, r *reading, f *folding, p *Planned) error {
	l := newLoader(b, approved, r, f, p)
	defer l.abort()
	for g, err := range r.intake.Recipients(ctx) {
		if err != nil {
			return err
		}
		if err := l.add(&g); err != nil {
			return err
		}
	}
	return l.finish()
}

// describe completes what plan says about the whole campaign.
func (c *Campaign) describe(ctx context.Context, r ledger.Reader, p *Planned) error {
	counts, err := stateCounts(ctx, r)
	if err != nil {
		return err
	}
	if p.Status, err = c.status(ctx, r, nil); err != nil {
		return err
	}
	p.Law = c.outlook(counts, p.Status.Notices.Pending+p.Status.Notices.Deferred, p.Status.Holds)
	return nil
}

// stateCounts counts recipients by state.
func stateCounts(ctx context.Context, r ledger.Reader) (map[string]int64, error) {
	groups, err := r.Groups(ctx)
	counts := map[string]int64{}
	for _, g := range groups {
		counts[g.State] += g.Count
	}
	return counts, err
}
