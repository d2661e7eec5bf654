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

// Released says how a gate was opened.
type Released struct {
	Already bool // it was open
	Asked   bool // a sender has the campaign and will open it when it gets there
}

// Release opens the gate after wave name. Anything that is not a wave with a
// gate is ErrUsage.
func (c *Campaign) Release(ctx context.Context, name string) (Released, error) {
	if err := c.hasGate(name); err != nil {
		return Released{}, err
	}
	unlock, err := c.lock(ctx, "release")
	if errors.Is(err, ErrLocked) {
		return Released{Asked: true}, c.askRelease(name)
	}
	if err != nil {
		return Released{}, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return Released{}, err
	}
	defer func() { _ = store.Close() }()
	if err := c.cut(ctx, store); err != nil { // the gate may be newer than the plan
		return Released{}, err
	}
	already, err := c.isOpen(ctx, store, name)
	if err != nil || already {
		return Released{Already: already}, err
	}
	return Released{}, store.Release(ctx, name, time.Now())
}

func (c *Campaign) hasGate(name string) error {
	var gates []string
	for _, w := range c.Config.Waves {
		if w.Then.Hold {
			gates = append(gates, w.Name)
		}
		if w.Name == name && w.Then.Hold {
			return nil
		}
	}
	if len(gates) == 0 {
		return fmt.Errorf("%w: no wave of this campaign has a gate", ErrUsage)
	}
	return hint(fmt.Errorf("%w: there is no gate after %q", ErrUsage, name), "gates: %s", strings.Join(gates, ", "))
}

// The control directory holds what is asked of a sender that runs.

func (c *Campaign) controlPath(name string) string { return c.path(controlDir, "release-"+name) }

func (c *Campaign) askRelease(name string) error {
	if err := os.MkdirAll(c.path(controlDir), 0o700); err != nil {
		return err
	}
	return writeBytes(c.controlPath(name), personal, nil)
}

func (c *Campaign) releaseAsked(name string) bool {
	_, err := os.Stat(c.controlPath(name))
	return err == nil
}

// isOpen reports whether the gate after a wave is open, and takes in what was
// asked while a sender ran. It writes the ledger: the caller holds the lock.
func (c *Campaign) isOpen(ctx context.Context, store ledger.Store, name string) (bool, error) {
	released, err := store.Released(ctx)
	if err != nil || released[name] || !c.releaseAsked(name) {
		return released[name], err
	}
	if err := store.Release(ctx, name, time.Now()); err != nil {
		return false, err
	}
	return true, os.Remove(c.controlPath(name))
}
