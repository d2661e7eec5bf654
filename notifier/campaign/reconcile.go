package campaign

import (
	"context"
	"fmt"
	"io"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// ReconcileOptions tell what to settle people by, and how.
type ReconcileOptions struct {
	Logs    []string // files and folders; "-" is Stdin
	Stdin   io.Reader
	Zone    *time.Location // of times without a zone; nil: this machine's
	Resend  bool           // queue those again whom the relay demonstrably never took
	DryRun  bool           // say what would be settled, write nothing
	Adopt   bool           // settle all who may have been sent to since, then send from this ledger
	Because string         // adopt it although the logs do not show that: why
}

// Reconciled is what became of it.
type Reconciled struct {
	Status    Status
	Recovered int // claims that a killed run had left without outcome
	InFlight  int // those, where nothing was written
	Accepted  int
	Bounced   int
	Resent    int // queued again
	Refused   int // of these, those of whom the logs say themselves that they were not taken
	Unknown   int // who is unknown still
	Reasons   []Reason
	Logs      []LogRead
	Adopted   *ledger.Adoption // nil where nothing was
	Begun     int              // made unknown while the ledger was adopted: the logs do not say whether they were taken
	Strangers int              // people in the logs whom this ledger does not know
	NoDoubt   bool             // there was nothing to adopt: this ledger is the one that was used last
}

// batched is how many verdicts are written at once.
const batched = 1000

// Reconcile settles unknown recipients by relays' logs, and with Adopt whoever
// else may have been sent to since this ledger was copied. What has been settled
// stays so where it ends with an error; it can be run again.
func (c *Campaign) Reconcile(ctx context.Context, o ReconcileOptions) (*Reconciled, error) {
	if o.Zone == nil {
		o.Zone = time.Local
	}
	unlock, err := c.lock(ctx, "reconcile")
	if err != nil {
		return nil, err
	}
	defer unlock()
	store, err := c.reconciled(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	logs, err := c.openLogs(ctx, o.Logs, o.Stdin)
	if err != nil {
		return nil, err
	}
	defer logs.close()
	r := &reconciling{c: c, opt: o, Reader: store, logs: logs, numbers: logs.number(), why: standings{in: o.Zone}}
	if w, ok := store.(ledger.Store); ok {
		r.store = w
	}
	work := r.settle
	if o.Adopt {
		work = r.adopt
	}
	err = work(ctx)
	status, statusErr := c.status(context.WithoutCancel(ctx), store, nil)
	if statusErr != nil {
		return nil, statusErr
	}
	r.Status, r.Unknown, r.Reasons = status, int(status.Notices.Unknown), r.why.said()
	if o.DryRun {
		r.Unknown -= r.Accepted + r.Bounced + r.Resent
	}
	if err == nil && r.Unknown > 0 {
		err = r.unsettled()
	}
	return &r.Reconciled, err
}

// unsettled says that some are unknown still.
func (r *reconciling) unsettled() error {
	err := fmt.Errorf("%w: %s", ErrUnknown, Number(int64(r.Unknown)))
	if r.opt.Adopt {
		return hint(err, "settle them with: %s", r.c.Command("reconcile LOG"))
	}
	return hint(err, "give the logs that are missing; or send to all who are left once more, at the risk that some get a second notice: %s", r.c.Command("resume --unknown=resend"))
}

// closing is a ledger that is closed in the end.
type closing interface {
	ledger.Reader
	io.Closer
}

// reconciled opens the ledger, for reading only where nothing is to be written.
func (c *Campaign) reconciled(ctx context.Context, o *ReconcileOptions) (closing, error) {
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.mayReconcile(ctx, r, o); err != nil || o.DryRun {
		if err != nil {
			_ = r.Close()
		}
		return r, err
	}
	if err := r.Close(); err != nil {
		return nil, err
	}
	return c.openPlanned(ctx)
}

// mayReconcile is an error where that is not for this ledger.
func (c *Campaign) mayReconcile(ctx context.Context, r ledger.Reader, o *ReconcileOptions) error {
	purged, err := r.Purged(ctx)
	if err != nil {
		return err
	}
	if purged != nil && (o.Adopt || o.Resend) {
		return hint(ledger.ErrPurged, "nobody of this campaign can be sent to any more; the unknown can still be settled with: %s", c.Command("reconcile LOG"))
	}
	if o.Adopt {
		return nil
	}
	d, err := c.doubt(ctx, r)
	if err != nil || d == nil {
		return err
	}
	return c.hinted(d)
}

// reconciling is a run under way.
type reconciling struct {
	c   *Campaign
	opt ReconcileOptions
	Reconciled
	ledger.Reader
	store   ledger.Store // nil where nothing is written
	logs    *logFiles
	numbers map[string]int // of logs by name
	book    logbook
	why     standings
}

// settle settles the unknown.
func (r *reconciling) settle(ctx context.Context) error {
	if err := r.recover(ctx); err != nil {
		return err
	}
	cases, err := casesOf(ctx, r.Reader)
	if err != nil {
		return err
	}
	if err := r.read(ctx, hearingOf(cases)); err != nil {
		return err
	}
	var verdicts []ledger.Verdict
	for _, o := range cases {
		v, ok, err := r.judge(ctx, o)
		if err != nil {
			return err
		}
		if ok {
			verdicts = append(verdicts, v)
		}
	}
	return r.write(ctx, verdicts)
}

// recover makes unknown what a killed run left: it is what this verb is for.
func (r *reconciling) recover(ctx context.Context) (err error) {
	if r.store == nil {
		totals, err := r.Totals(ctx)
		r.InFlight = int(totals.Notices.InFlight)
		return err
	}
	r.Recovered, err = r.store.Recover(ctx, time.Now())
	return err
}

// judge gives the verdict about an unknown recipient, or notes why there is none.
func (r *reconciling) judge(ctx context.Context, o *openCase) (ledger.Verdict, bool, error) {
	refused := o.refusedLast()
	if len(o.copies) == 0 && refused == nil {
		l := r.absent(o)
		if l != nil {
			r.why.add(o, *l)
		}
		note := "not in the logs, which hold what relay " + o.relay + " took before and after"
		return ledger.Verdict{Key: o.key, Status: notifier.Pending, Note: note}, l == nil, nil
	}
	rows, err := r.Between(ctx, o.key, o.key, 1)
	if err != nil || len(rows) == 0 {
		return ledger.Verdict{}, false, err
	}
	to := &rows[0].Recipient
	if v, ok := o.verdict(to); ok {
		return v, true, nil
	}
	if !r.opt.Resend {
		r.why.add(o, lack{why: heldRefused})
		return ledger.Verdict{}, false, nil
	}
	r.Refused++
	return verdictBy(notifier.Pending, refused, to), true, nil
}

// absent returns why somebody whose notice the logs do not have is not queued
// again, nil where that is to be.
func (r *reconciling) absent(o *openCase) *lack {
	switch {
	case o.begun != nil:
		return &lack{why: onlyBegun}
	case o.early:
		return &lack{why: onlyEarly}
	}
	if l := r.book.covers(o); l != nil || r.opt.Resend {
		return l
	}
	return &lack{why: heldAbsent}
}

// write writes verdicts, and counts those that changed somebody.
func (r *reconciling) write(ctx context.Context, verdicts []ledger.Verdict) error {
	count := map[notifier.Status]*int{notifier.Accepted: &r.Accepted, notifier.Bounced: &r.Bounced, notifier.Pending: &r.Resent, notifier.Unknown: &r.Begun}
	for len(verdicts) > 0 {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		some := verdicts[:min(batched, len(verdicts))]
		verdicts = verdicts[len(some):]
		if r.store != nil {
			if _, err := r.store.Reconcile(ctx, some, time.Now()); err != nil {
				return err
			}
		}
		for i := range some {
			*count[some[i].Status]++
		}
	}
	return nil
}
