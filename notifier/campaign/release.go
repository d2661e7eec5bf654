package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"breachmail/notifier/ledger"
)

// Released says how a gate was opened or a hold ended.
type Released struct {
	Hold    bool // it is a hold, not a gate
	Already bool // it was open, or had ended
	Asked   bool // a sender has the campaign and will do it when it gets there
}

// Release opens the gate after wave name, or ends the hold of that name.
// Anything else is ErrUsage.
func (c *Campaign) Release(ctx context.Context, name string) (Released, error) {
	hold, isHold := c.hold(name)
	r, control := Released{Hold: isHold}, c.holdControl(name)
	if !isHold {
		control = c.controlPath(name)
		if err := c.hasGate(name); err != nil {
			return r, err
		}
	}
	unlock, err := c.lock(ctx, "release")
	if errors.Is(err, ErrLocked) {
		r.Asked = true
		return r, c.ask(control)
	}
	if err != nil {
		return r, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return r, err
	}
	defer func() { _ = store.Close() }()
	if isHold {
		r.Already, err = c.releaseHold(ctx, store, &hold)
	} else {
		r.Already, err = c.releaseGate(ctx, store, name)
	}
	return r, err
}

// releaseGate opens the gate after a wave, unless it is open.
func (c *Campaign) releaseGate(ctx context.Context, store ledger.Store, name string) (already bool, err error) {
	if err := c.cut(ctx, store); err != nil { // the gate may be newer than the plan
		return false, err
	}
	if already, err = c.isOpen(ctx, store, name); err != nil || already {
		return already, err
	}
	return false, store.Release(ctx, name, time.Now())
}

// hasGate is nil where name is a wave with a gate. The error lists what can be
// released.
func (c *Campaign) hasGate(name string) error {
	var gates, holds []string
	for _, w := range c.Config.Waves {
		if w.Then.Hold {
			gates = append(gates, w.Name)
		}
		if w.Name == name && w.Then.Hold {
			return nil
		}
	}
	for _, h := range c.Config.Holds {
		holds = append(holds, h.Name)
	}
	what, can := fmt.Sprintf("there is no gate after %q", name), "gates: "+strings.Join(gates, ", ")
	switch {
	case len(gates)+len(holds) == 0:
		return fmt.Errorf("%w: no wave of this campaign has a gate, and it has no holds", ErrUsage)
	case len(gates) == 0:
		what, can = fmt.Sprintf("there is no hold %q", name), "holds: "+strings.Join(holds, ", ")
	case len(holds) > 0:
		what += ", and no hold of that name"
		can += "; holds: " + strings.Join(holds, ", ")
	}
	return hint(fmt.Errorf("%w: %s", ErrUsage, what), "%s", can)
}

// The control directory holds what is asked of a sender that runs. Gates and
// holds are told apart, so that what was once asked for a gate never ends a hold
// that was given the same name later.

func (c *Campaign) controlPath(wave string) string { return c.path(controlDir, "release-"+wave) }

func (c *Campaign) holdControl(hold string) string { return c.path(controlDir, "end-hold-"+hold) }

func (c *Campaign) ask(control string) error {
	if err := os.MkdirAll(c.path(controlDir), 0o700); err != nil {
		return err
	}
	return writeBytes(control, personal, nil)
}

func asked(control string) bool {
	_, err := os.Stat(control)
	return err == nil
}

// isOpen reports whether the gate after a wave is open, and takes in what was
// asked while a sender ran. It writes the ledger: the caller holds the lock.
func (c *Campaign) isOpen(ctx context.Context, store ledger.Store, name string) (bool, error) {
	released, err := store.Released(ctx)
	if err != nil || released[name] || !asked(c.controlPath(name)) {
		return released[name], err
	}
	if err := store.Release(ctx, name, time.Now()); err != nil {
		return false, err
	}
	return true, os.Remove(c.controlPath(name))
}
