package campaign

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"breachmail/notifier/ledger"
	"breachmail/notifier/send"
)

// sendWaves returns the waves to be sent. A gate counts only where somebody
// stands behind it. With only, the gates before that wave must be open.
func (c *Campaign) sendWaves(ctx context.Context, store ledger.Store, only string) ([]send.Wave, error) {
	totals, err := store.Totals(ctx)
	if err != nil {
		return nil, err
	}
	behind := make([]int64, len(totals.Waves)+1) // pending in this wave and those after it
	for i := len(totals.Waves) - 1; i >= 0; i-- {
		behind[i] = behind[i+1] + totals.Waves[i].Notices.Pending
	}
	var waves []send.Wave
	for i, w := range c.Config.Waves {
		if only == "" {
			waves = append(waves, send.Wave{Name: w.Name, Gate: w.Then.Hold && behind[i+1] > 0})
			continue
		}
		if w.Name == only {
			return []send.Wave{{Name: only}}, nil
		}
		if !w.Then.Hold {
			continue
		}
		if open, err := c.isOpen(ctx, store, w.Name); err != nil || !open {
			return nil, errors.Join(err, c.atGate(w.Name))
		}
	}
	if only != "" {
		return nil, c.noWave(only)
	}
	return waves, nil
}

// noWave is nil where campaign.yaml has a wave of that name, or none is named.
func (c *Campaign) noWave(name string) error {
	if name == "" {
		return nil
	}
	list := make([]string, len(c.Config.Waves))
	for i, w := range c.Config.Waves {
		if list[i] = w.Name; w.Name == name {
			return nil
		}
	}
	return hint(fmt.Errorf("%w: there is no wave %q", ErrUsage, name), "waves: %s", strings.Join(list, ", "))
}

func (c *Campaign) atGate(wave string) error {
	return hint(fmt.Errorf("%w: the gate after wave %s is closed", ErrGate, wave),
		"look at what became of that wave, then open it with: %s", c.Command("release "+wave))
}
