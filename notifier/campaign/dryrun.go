package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
)

// Tried is what a dry run made.
type Tried struct {
	Notices int64
	Bytes   int64
	Lint    []Finding // of the wordings
	Guarded []string  // what the guard would stop the run for: the first of them
	Stopped int64     // notices it would stop the run for
	Status  Status
}

// mostGuarded is how many findings of the guard are kept.
const mostGuarded = 20

// DryRun renders every notice that would be sent, lets the guard look at it,
// judges the wordings, and connects to nothing. It is allowed before approval.
func (c *Campaign) DryRun(ctx context.Context, wave string, progress func(int64)) (*Tried, error) {
	if err := c.noWave(wave); err != nil {
		return nil, err
	}
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	batches, err := c.planned(ctx, r)
	if err != nil {
		return nil, err
	}
	notices, err := newComposer(c)
	if err != nil && len(c.todos()) > 0 {
		return nil, hint(err, "fill in what is left; %s lists it", c.Command("preview"))
	}
	if err != nil {
		return nil, err
	}
	t := &Tried{}
	text, err := c.text(sampleDay(batches), false)
	if err != nil {
		return nil, err
	}
	m, err := c.material(ctx, r, text)
	if err != nil {
		return nil, err
	}
	if t.Lint, err = c.findings(ctx, r, m); err != nil {
		return nil, err
	}
	err = r.Each(ctx, func(row ledger.Row) error {
		if row.Status != notifier.Pending && row.Status != notifier.Deferred || wave != "" && row.Wave != wave {
			return nil
		}
		if t.Notices%batchRows == 0 && progress != nil {
			progress(t.Notices)
		}
		return t.add(notices.Compose(&row.Recipient, time.Now()))
	})
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	if err != nil {
		return nil, err
	}
	t.Status, err = c.Status(ctx)
	return t, err
}

// add takes in one notice.
func (t *Tried) add(message []byte, _ notifier.Digest, err error) error {
	t.Notices++
	t.Bytes += int64(len(message))
	var guard *notice.GuardError
	if !errors.As(err, &guard) {
		return err
	}
	if t.Stopped++; t.Stopped <= mostGuarded {
		t.Guarded = append(t.Guarded, guard.Error())
	}
	return nil
}

// Verdict is an error where what was tried could not be approved, or would be
// stopped by the guard.
func (t *Tried) Verdict() error {
	if t.Stopped > 0 {
		return hint(fmt.Errorf("%w: the guard would stop the run, for %s", ErrHalted, Many(t.Stopped, "notice", "notices")),
			"mend the template; where a row is at fault, plan again without it, or with its people on --no-email")
	}
	if n := int64(len(InTheWay(t.Lint))); n > 0 {
		return hint(fmt.Errorf("%w: %s in the way of an approval", ErrNotApproved, Many(n, "error stands", "errors stand")),
			"mend them, or let counsel waive them with approve --waive")
	}
	return nil
}
