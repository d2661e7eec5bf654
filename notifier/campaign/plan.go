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

// load writes one batch.
func (c *Campaign) load(ctx context.Context, store ledger.Store, r *reading, p *Planned) error {
	f := r.fold()
	defer f.abort()
	if r.skipped() {
		if err := c.cut(ctx, store); err != nil {
			return err
		}
	} else if err := c.fill(ctx, store, r, f, p); err != nil {
		return err
	}
	var err error
	p.Profile, err = f.profile()
	return err
}

func (c *Campaign) fill(ctx context.Context, store ledger.Store, r *reading, f *folding, p *Planned) error {
	approved, err := approvedBatches(ctx, store)
	if err != nil {
		return err
	}
	p.Batch, err = store.Plan(ctx, c.waves(), func(b ledger.Batcher) error {
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
	})
	return c.begun(err)
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
