package campaign

import (
	"context"
	"sync"
	"time"

	"breachmail/notifier/ledger"
)

// mooring is a run that began: its epoch, and its anchor, which follows the ledger.
type mooring struct {
	c     *Campaign
	path  string
	epoch int64
	rows  int64 // of evidence, when the anchor was written last
}

// followEvery is how far the anchor may be behind a ledger that is written.
const followEvery = time.Second

// start records that a run that sends begins: in the ledger, and then in the
// anchor, before the first notice may leave. Where the anchor cannot be written
// nothing may be sent. A first run writes the anchor before, too: killed after the
// ledger had its epoch, it would look like one that came from another machine.
func (c *Campaign) start(ctx context.Context, store ledger.Store, o SendOptions) (*mooring, error) {
	path, err := c.anchorPath()
	if err != nil {
		return nil, err
	}
	m := &mooring{c: c, path: path}
	before, err := readAnchor(path)
	if err == nil && before == nil {
		err = m.write(ctx, store)
	}
	if err != nil {
		return nil, err
	}
	m.epoch, err = store.Start(ctx, ledger.Start{Verb: o.Verb, Program: o.Program, At: time.Now()})
	if err != nil {
		return nil, err
	}
	return m, m.write(ctx, store)
}

// write puts the anchor where the ledger stands.
func (m *mooring) write(ctx context.Context, r ledger.Reader) error {
	now, err := m.c.anchorNow(ctx, r, m.epoch)
	if err == nil {
		err = writeAnchor(m.path, now)
	}
	if err == nil {
		m.rows = now.Seq
	}
	return err
}

// follow has the anchor follow the ledger with each tick, until stop is called,
// which writes it a last time and returns why that could not be done. A run goes
// on where the anchor cannot be written meanwhile: one that is behind is in order.
func (m *mooring) follow(ctx context.Context, r ledger.Reader, ticks <-chan time.Time) (stop func() error) {
	ctx = context.WithoutCancel(ctx) // also a run that is interrupted is noted to its end
	ended, warned := make(chan struct{}), false
	var work sync.WaitGroup
	work.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-ticks:
			}
			if err := m.catchUp(ctx, r); err != nil && !warned {
				m.c.Log.Warn("the anchor stays behind", "reason", err)
				warned = true
			}
		}
	})
	return func() error {
		close(ended)
		work.Wait()
		return m.catchUp(ctx, r)
	}
}

// catchUp writes the anchor where the ledger has more evidence than it says.
func (m *mooring) catchUp(ctx context.Context, r ledger.Reader) error {
	rows, _, err := r.Head(ctx)
	if err != nil || rows == m.rows {
		return err
	}
	return m.write(ctx, r)
}

// moor brings the anchor to where the ledger stands, after a verb that sends
// nothing has added to the evidence: a snapshot from before is older then. Until a
// run has sent there is no anchor, and none is needed.
func (c *Campaign) moor(ctx context.Context, r ledger.Reader) error {
	epoch, err := r.Epoch(ctx)
	if err != nil || epoch == 0 {
		return err
	}
	path, err := c.anchorPath()
	if err != nil {
		return err
	}
	return c.anchor(ctx, r, path, epoch)
}
