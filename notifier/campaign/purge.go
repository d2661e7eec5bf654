package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
)

// PurgeOptions tell what to purge.
type PurgeOptions struct {
	Now       bool // do not wait for retention to be over
	Yes       bool // it is meant so: Now is wrong usage without
	ForgetKey bool // remove what links what is left to people, too
}

// Purge is what a purge did, or, refused, would do.
type Purge struct {
	Purged    *time.Time     `json:"purged"` // when; nil: it was refused, and everything is as it was
	People    int64          `json:"people"` // whose data went, or would
	Left      ledger.Notices `json:"left"`   // where their notices stood
	Until     time.Time      `json:"retention_until"`
	ForgotKey bool           `json:"forgot_key"`
	Removed   []string       `json:"removed"` // files and folders, by their names in the campaign directory
	Backups   []KeptBackup   `json:"backups"` // that hold personal data
	Others    []string       `json:"others"`  // files in the campaign directory that are none of ours

	Before bool `json:"-"` // it was purged before, and only what was left of that is removed now
	Gone   bool `json:"-"` // people's data went before, and only the key is forgotten now
}

// KeptBackup is a copy of the ledger with personal data in it.
type KeptBackup struct {
	Backup
	Exists bool `json:"exists"` // it is where it was made
}

// Purge removes personal data: from the ledger first, in one transaction and then
// from its free pages and its WAL, then the files that hold some, and with
// ForgetKey the campaign's secret, last. Killed at any moment it can be run again.
// What is returned beside a refusal says what would have gone.
func (c *Campaign) Purge(ctx context.Context, o PurgeOptions) (*Purge, error) {
	unlock, err := c.lock(ctx, "purge")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, err := os.Stat(c.path(ledgerFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, hint(ErrNothingPlanned, "there is no ledger; where check was run here, rows stand in %s: remove it by hand", c.path(outDir, "check"))
	}
	store, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	p, before, err := c.toPurge(ctx, store)
	if err != nil {
		return nil, err
	}
	p.Before = before != nil && (before.ForgotKey || !o.ForgetKey)
	p.Gone = before != nil && !p.Before
	if err := c.mayPurge(p, o); err != nil {
		return p, err
	}
	if err := c.purge(ctx, store, p, o.ForgetKey || p.ForgotKey); err != nil {
		return nil, err
	}
	return p, nil
}

// toPurge says what there is to purge, and what was purged before.
func (c *Campaign) toPurge(ctx context.Context, r ledger.Reader) (*Purge, *ledger.Purged, error) {
	totals, err := r.Totals(ctx)
	if err != nil {
		return nil, nil, err
	}
	settleInFlight(&totals)
	p := &Purge{People: totals.Recipients.Total, Left: totals.Notices, Removed: []string{}}
	last, err := lastWritten(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	p.Until = last.Add(time.Duration(c.Config.Retention)).UTC().Truncate(time.Second)
	before, err := r.Purged(ctx)
	if err != nil {
		return nil, nil, err
	}
	if before != nil {
		p.ForgotKey = before.ForgotKey
	}
	if p.Backups, err = c.keptBackups(before); err != nil {
		return nil, nil, err
	}
	p.Others, err = c.others(p.Backups)
	return p, before, err
}

// lastWritten is when the newest row of evidence was written that is about no
// purge, or, where there is none, the newest batch. Retention counts from it.
func lastWritten(ctx context.Context, r ledger.Reader) (last time.Time, err error) {
	later := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	batches, err := r.Batches(ctx)
	if err != nil {
		return last, err
	}
	for _, b := range batches {
		later(b.At)
	}
	return last, r.Evidence(ctx, func(e ledger.Evidence) error {
		if e.Kind != ledger.KindPurge {
			later(e.Outcome.At)
		}
		return nil
	})
}

// mayPurge is an error where it is too early, or nobody has said that it is meant.
// What was begun may always be ended.
func (c *Campaign) mayPurge(p *Purge, o PurgeOptions) error {
	switch {
	case p.Before:
		return nil
	case o.Now && !o.Yes:
		return hint(fmt.Errorf("%w: --now without --yes; nothing was changed", ErrUsage), "where it is meant so: %s", c.Command(o.command()))
	case !o.Now && time.Now().Before(p.Until):
		what := "personal data is"
		if p.Gone {
			what = "the secret and the hashes are"
		}
		return hint(fmt.Errorf("%s kept until %s: retention is %s, counted from the last row of evidence", what, p.Until.Local().Format(time.DateTime), c.Config.Retention),
			"run it then, or remove it now with: %s", c.Command(o.command()))
	}
	return nil
}

// command is the verb with these options.
func (o PurgeOptions) command() string {
	text := "purge --now --yes"
	if o.ForgetKey {
		text += " --forget-key"
	}
	return text
}

// purge does it.
func (c *Campaign) purge(ctx context.Context, store ledger.Store, p *Purge, forget bool) error {
	release, err := c.nobodyWrites()
	if err != nil {
		return err
	}
	defer release()
	order := ledger.Purge{At: time.Now(), ForgetKey: forget}
	if !forget {
		secret, err := readSecret(c.path(secretFile))
		if err != nil {
			return fmt.Errorf("%w (or, where it is lost for good: purge --forget-key)", err)
		}
		order.Trace = tracer(secret)
	}
	if err := writeBytes(c.path(purgingFile), personal, nil); err != nil {
		return err
	}
	done, err := store.Purge(ctx, order)
	if errors.Is(err, context.Canceled) {
		_, err := atomicfile.Remove(c.path(purgingFile))
		return errors.Join(hint(fmt.Errorf("%w: everything is as it was", ErrInterrupted), "run the same command again"), err)
	}
	if err != nil {
		return err
	}
	p.People, p.Left, p.ForgotKey, p.Purged = done.People, done.Left, done.ForgotKey, &done.At
	if p.Removed, err = c.removePersonal(done.ForgotKey); err != nil {
		return err
	}
	_, err = atomicfile.Remove(c.path(purgingFile))
	return err
}

// purgeLeft reports whether a purge was begun and has not ended.
func (c *Campaign) purgeLeft() bool {
	_, err := os.Stat(c.path(purgingFile))
	return err == nil
}

// notPurged is an error where people's data is gone, without which nobody can be
// sent to and nothing planned.
func (c *Campaign) notPurged(ctx context.Context, r ledger.Reader) error {
	p, err := r.Purged(ctx)
	if err != nil || p == nil {
		return err
	}
	return hint(fmt.Errorf("%w on %s", ErrPurged, p.At.Local().Format(time.DateTime)),
		"nobody can be planned or sent to any more; where the campaign stands is told by: %s", c.Command("status"))
}
