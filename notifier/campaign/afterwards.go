package campaign

import (
	"context"

	"breachmail/notifier/ledger"
)

// afterwards takes the campaign and opens the ledger for a verb that comes after the
// sending; end gives both back. There has to be something planned, and no doubt that
// this is the ledger that was used last: what is recorded in a copy is missing in the
// other one.
func (c *Campaign) afterwards(ctx context.Context, verb string) (store ledger.Store, end func(), err error) {
	unlock, err := c.lock(ctx, verb)
	if err != nil {
		return nil, nil, err
	}
	opened, err := c.openPlanned(ctx)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	end = func() {
		_ = opened.Close()
		unlock()
	}
	if err := c.latest(ctx, opened); err != nil {
		end()
		return nil, nil, err
	}
	return opened, end, nil
}

// latest is ErrOlder where it is in doubt that this ledger is the one that was used
// last. Without the campaign's secret nobody can tell.
func (c *Campaign) latest(ctx context.Context, r ledger.Reader) error {
	if forgot, err := forgotKey(ctx, r); err != nil || forgot {
		return err
	}
	d, err := c.doubt(ctx, r)
	if err == nil && d != nil {
		err = c.hinted(d)
	}
	return err
}

// moor brings the anchor to where the ledger stands, after a verb that sends
// nothing has added to the evidence: a snapshot from before is older then. Until a
// run has sent there is no anchor, and none is needed.
func (c *Campaign) moor(ctx context.Context, r ledger.Reader) error {
	epoch, err := r.Epoch(ctx)
	if err != nil || epoch == 0 {
		return err
	}
	if forgot, err := forgotKey(ctx, r); err != nil || forgot {
		return err
	}
	path, err := c.anchorPath()
	if err != nil {
		return err
	}
	return c.anchor(ctx, r, path, epoch)
}

// forgotKey reports whether the campaign's secret was removed with the personal
// data.
func forgotKey(ctx context.Context, r ledger.Reader) (bool, error) {
	purged, err := r.Purged(ctx)
	return purged != nil && purged.ForgotKey, err
}
