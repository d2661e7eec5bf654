package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
	"breachmail/notifier/send"
)

// Progress counts a run's outcomes as they come; see package send.
type Progress = send.Progress

// Counts is what a Progress has counted.
type Counts = send.Counts

// SendOptions tell how to send.
type SendOptions struct {
	Verb      string          // "send" or "resume", for whoever finds the campaign locked
	Program   string          // the version of breachmail that sends
	Wave      string          // only this wave
	NoWait    bool            // do not wait for deferred recipients
	Resend    bool            // make unknown recipients pending first
	ClearHalt bool            // take a halt back first
	Progress  *Progress       // counts as it goes
	Reload    <-chan struct{} // a token when campaign.yaml is to be read again; see Reloaded
	Reloaded  func(Reloaded)  // called when it was
	Begin     func(Status)    // called once, before the first notice
}

// Sent is how a run of send ended.
type Sent struct {
	Status    Status
	Recovered int       // claims that a killed run had left without outcome
	Resent    int       // unknown ones made pending
	Next      time.Time // when the next deferred one is due
	Commits   int64
	Warnings  []string // what could not be written beside the ledger: its anchor, or what evidence.anchor names

	held   kept     // who was left because of a hold
	moored *mooring // nil where it did not get to sending
}

// kept counts recipients who were left because of a hold.
type kept struct{ pending, deferred int64 }

// Send sends what is due, wave by wave. When ctx is cancelled it finishes what
// is on the wire; when abort is cancelled as well, that is given up. The error
// says why it ended, where that was not for want of work. What evidence.anchor
// names is waited for when the campaign is free for others again.
func (c *Campaign) Send(ctx, abort context.Context, o SendOptions) (*Sent, error) {
	if err := c.noWave(o.Wave); err != nil {
		return nil, err
	}
	h := c.herald(ctx, abort, insisting)
	sent, err := c.sendAlone(ctx, abort, o, h)
	failed := h.end()
	if sent != nil {
		sent.Warnings = append(sent.Warnings, failed...)
	}
	return sent, err
}

// sendAlone is Send while the campaign is locked.
func (c *Campaign) sendAlone(ctx, abort context.Context, o SendOptions, h *herald) (*Sent, error) {
	unlock, err := c.lock(ctx, o.Verb)
	if err != nil {
		return nil, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	sent := &Sent{}
	end, err := c.run(ctx, abort, store, o, sent, h)
	sent.Next, sent.Commits = end.Next, store.Commits()
	// What was asked for may have been cancelled; where it stands is still told.
	status, statusErr := c.status(context.WithoutCancel(ctx), store, nil)
	if statusErr != nil {
		return nil, errors.Join(err, statusErr)
	}
	sent.Status = status
	if sent.moored != nil {
		h.tell(eventOf(&status), status.Evidence)
	}
	if err == nil {
		err = c.verdict(end, sent)
	}
	return sent, err
}

// run sends what may be sent, and records a halt. The anchor follows meanwhile.
func (c *Campaign) run(ctx, abort context.Context, store *sqlite.Store, o SendOptions, sent *Sent, h *herald) (send.Result, error) {
	q, notices, opts, err := c.prepare(ctx, store, o, sent)
	if err != nil {
		return send.Result{}, err
	}
	if o.Begin != nil {
		s, err := c.status(ctx, store, &holder{Verb: o.Verb})
		if err != nil {
			return send.Result{}, err
		}
		o.Begin(s)
	}
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	cast := sent.moored.follow(ctx, store, tick.C)
	defer func() { sent.warn(cast()) }()
	opts.Opened = c.passing(store, h, opts.Opened)
	stop := c.reloads(o, &opts)
	end, err := send.Run(ctx, abort, store, q, halting{notices}, opts)
	stop()
	sent.held.pending, sent.held.deferred = q.kept()
	if err == nil && end.End == send.Halted {
		err = store.Halt(ctx, ledger.Halt{Reason: end.Reason, At: time.Now().UTC().Truncate(time.Second), Samples: end.Samples})
	}
	return end, err
}

// warn notes what could not be done beside the sending.
func (s *Sent) warn(err error) {
	if err != nil {
		s.Warnings = append(s.Warnings, err.Error())
	}
}

// prepare puts the ledger in order and checks that sending is allowed: before
// anything else, that it is the ledger that was used last. What the operator
// decided is carried out only when nothing stands against sending, and the run is
// known to have begun: one that fails before must not leave people queued for a
// second copy.
func (c *Campaign) prepare(ctx context.Context, store *sqlite.Store, o SendOptions, sent *Sent) (q *queue, notices *composer, opts send.Options, err error) {
	if err = c.certain(ctx, store); err != nil {
		return nil, nil, opts, err
	}
	if sent.Recovered, err = store.Recover(ctx, time.Now()); err != nil {
		return nil, nil, opts, err
	}
	approved, err := c.mayRun(ctx, store, o)
	if err != nil {
		return nil, nil, opts, err
	}
	if notices, err = newComposer(c); err != nil {
		return nil, nil, opts, err
	}
	if opts, err = c.sendOptions(ctx, store, o); err != nil {
		return nil, nil, opts, err
	}
	if sent.moored, err = c.start(ctx, store, o); err != nil {
		return nil, nil, opts, err
	}
	if err = decide(ctx, store, o, sent); err != nil {
		return nil, nil, opts, err
	}
	if opts.Waves, err = c.sendWaves(ctx, store, o.Wave); err != nil { // gates count who was made pending
		return nil, nil, opts, err
	}
	q = newQueue(store, approved, o.Wave)
	opts.Freed, err = c.freed(ctx, store, q)
	return q, notices, opts, err
}

// freed puts the queue under the holds that stand, and returns what asks whether
// one of them has ended since: then the queue gives those it kept back.
func (c *Campaign) freed(ctx context.Context, store ledger.Store, q *queue) (func(context.Context) (bool, error), error) {
	standing, err := c.takeHolds(ctx, store)
	q.hold(standing)
	return func(ctx context.Context) (bool, error) {
		now, err := c.takeHolds(ctx, store)
		if err != nil || len(now) == len(q.holds) {
			return false, err
		}
		q.hold(now)
		return true, nil
	}, err
}

// decide carries out what the operator asked.
func decide(ctx context.Context, store ledger.Store, o SendOptions, sent *Sent) (err error) {
	if o.Resend {
		if sent.Resent, err = store.Resend(ctx, o.Wave, time.Now()); err != nil {
			return err
		}
	}
	if halt, err := store.Halted(ctx); err != nil || halt == nil {
		return err
	}
	return store.ClearHalt(ctx, time.Now())
}

// mayRun returns the batches that may be sent. It is an error while there are
// none, while a halt stands that is not to be cleared, and where the waves
// cannot be sent as configured.
func (c *Campaign) mayRun(ctx context.Context, store ledger.Store, o SendOptions) ([]approvedBatch, error) {
	batches, err := c.planned(ctx, store)
	if err != nil {
		return nil, err
	}
	halt, err := store.Halted(ctx)
	if err != nil {
		return nil, err
	}
	if halt != nil && !o.ClearHalt {
		return nil, c.halted(halt.Reason)
	}
	if err := c.cut(ctx, store); err != nil {
		return nil, err
	}
	approved, err := c.approved(ctx, store, batches)
	if err != nil {
		return nil, err
	}
	return approved, c.stillKept(ctx, store, approved)
}

// stillKept is an error where the ledger no longer has what was approved: the notices
// could not be made again later.
func (c *Campaign) stillKept(ctx context.Context, r ledger.Reader, approved []approvedBatch) error {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return err
	}
	for i := range approvals {
		if !slices.ContainsFunc(approved, func(b approvedBatch) bool { return b.approval == approvals[i].Seq }) {
			continue
		}
		if _, err := contents(ctx, r, &approvals[i]); err != nil {
			return hint(err, "approve once more what stands in the campaign: that keeps it again")
		}
	}
	return nil
}

// cut makes the ledger's waves those of campaign.yaml.
func (c *Campaign) cut(ctx context.Context, store ledger.Store) error {
	return c.begun(store.Cut(ctx, c.waves()))
}

// begun says what to do where the waves can no longer be changed.
func (c *Campaign) begun(err error) error {
	if !errors.Is(err, ledger.ErrBegun) {
		return err
	}
	return hint(fmt.Errorf("%s: %w", c.path(ConfigFile), err), "put names, numbers and order of the waves back as they were; their gates may change")
}

func (c *Campaign) halted(reason string) error {
	return hint(fmt.Errorf("%w: %s", ErrHalted, reason), "find out why, then go on with: %s", c.Command("resume --clear-halt"))
}

func (c *Campaign) sendOptions(ctx context.Context, store ledger.Store, o SendOptions) (send.Options, error) {
	relays, err := c.relays()
	if err != nil {
		return send.Options{}, err
	}
	past, err := past(ctx, store)
	if err != nil {
		return send.Options{}, err
	}
	waves, err := c.sendWaves(ctx, store, o.Wave)
	cfg := c.Config
	return send.Options{
		Relays: relays, Waves: waves, Pace: paceOf(cfg), Past: past, Wait: !o.NoWait, Progress: o.Progress, Log: c.Log,
		Retry: send.Retry{
			First: time.Duration(cfg.Retry.First), Factor: cfg.Retry.Factor,
			Most: time.Duration(cfg.Retry.Most), GiveUpAfter: time.Duration(cfg.Retry.GiveUpAfter),
		},
		Halt: send.Halt{
			Refused: cfg.Halt.Refused.Fraction(), Deferred: cfg.Halt.Deferred.Fraction(),
			Unknown: cfg.Halt.Unknown.Fraction(), Over: cfg.Halt.Over,
		},
		Opened: func(ctx context.Context, wave string) (bool, error) { return c.isOpen(ctx, store, wave) },
	}, err
}

// verdict turns the end of a run into the verb's error.
func (c *Campaign) verdict(end send.Result, sent *Sent) error {
	s := &sent.Status
	switch end.End {
	case send.Interrupted:
		return hint(fmt.Errorf("%w: nothing is lost", ErrInterrupted), "go on with: %s", c.Command("resume"))
	case send.Halted:
		return c.halted(end.Reason)
	case send.AtGate:
		return c.atGate(end.Wave)
	case send.Waiting, send.Drained:
	}
	left := s.Notices.Pending - sent.held.pending
	if end.End == send.Drained {
		left += s.Notices.Deferred - sent.held.deferred // all that is approved and may be sent has been
	}
	if s.Unapproved > 0 && left > 0 {
		return hint(fmt.Errorf("%w: %d of %d batches wait for approval, with %s left to be sent", ErrNotApproved, s.Unapproved, s.Batches, Many(left, "person", "people")), "%s", c.approveHint())
	}
	if sent.held != (kept{}) {
		return c.atHold(s.Holds)
	}
	if s.Notices.Unknown > 0 {
		return hint(fmt.Errorf("%w: %d", ErrUnknown, s.Notices.Unknown),
			"settle them by the relay's log with: %s; without it, to send to all of them again: %s", c.Command("reconcile LOG"), c.Command("resume --unknown=resend"))
	}
	return nil
}
