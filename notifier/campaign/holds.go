package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/ledger"
)

// lastZone is where a day begins last in the United States: in American Samoa.
var lastZone = time.FixedZone("UTC-11", -11*60*60)

// ends returns when the hold ends by itself: once its day has begun everywhere
// in the United States. It is zero for a hold that a person has to end.
func (h *HoldConfig) ends() time.Time {
	if h.NotBefore.IsZero() {
		return time.Time{}
	}
	y, m, d := h.NotBefore.Time().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, lastZone)
}

// endedBy reports whether the hold has ended by itself at that time.
func (h *HoldConfig) endedBy(at time.Time) bool {
	ends := h.ends()
	return !ends.IsZero() && !at.Before(ends)
}

// keeps reports whether somebody of that state is picked. Those whose state is
// unknown are picked only with everybody else.
func (m Match) keeps(state string) bool { return m.All || slices.Contains(m.State, state) }

// The states of a hold.
const (
	holdHeld     = "held"     // it keeps people back
	holdReleased = "released" // somebody ended it, or asked the sender to
	holdEnded    = "ended"    // its day has come
)

// HoldStatus is where a hold stands. People is how many of those that are left
// to be sent it keeps back; several holds may count the same person.
type HoldStatus struct {
	Name   string `json:"name"`
	State  string `json:"state"`
	People int64  `json:"people"`

	Ends Date `json:"-"` // the day on which it ends by itself; zero where it has none
}

// Holds are the campaign's holds, in the order of campaign.yaml.
type Holds []HoldStatus

// MarshalJSON writes no holds as [], so that nobody has to tell it from null.
func (h Holds) MarshalJSON() ([]byte, error) { return json.Marshal(append([]HoldStatus{}, h...)) }

// Standing returns those that keep people back.
func (h Holds) Standing() Holds {
	return slices.DeleteFunc(slices.Clone(h), func(s HoldStatus) bool { return s.State != holdHeld || s.People == 0 })
}

// hold finds a hold by name.
func (c *Campaign) hold(name string) (HoldConfig, bool) {
	i := slices.IndexFunc(c.Config.Holds, func(h HoldConfig) bool { return h.Name == name })
	if i < 0 {
		return HoldConfig{}, false
	}
	return c.Config.Holds[i], true
}

// holdState returns where a hold stands, given those the ledger has as released.
func (c *Campaign) holdState(h *HoldConfig, released map[string]bool) string {
	switch {
	case released[h.Name] || asked(c.holdControl(h.Name)):
		return holdReleased
	case h.endedBy(time.Now()):
		return holdEnded
	}
	return holdHeld
}

// standing returns whom holds keep back now.
func (c *Campaign) standing(ctx context.Context, r ledger.Reader) ([]Match, error) {
	if len(c.Config.Holds) == 0 {
		return nil, nil
	}
	released, err := r.ReleasedHolds(ctx)
	var list []Match
	for i := range c.Config.Holds {
		if h := &c.Config.Holds[i]; c.holdState(h, released) == holdHeld {
			list = append(list, h.Match)
		}
	}
	return list, err
}

// holds tells where each hold stands, and how many people all of them together
// keep back. r is nil where nothing is planned.
func (c *Campaign) holds(ctx context.Context, r ledger.Reader) (list Holds, people int64, err error) {
	var released map[string]bool
	if r != nil && len(c.Config.Holds) > 0 {
		if released, err = r.ReleasedHolds(ctx); err != nil {
			return nil, 0, err
		}
	}
	list = make(Holds, len(c.Config.Holds))
	var standing []Match
	for i := range c.Config.Holds {
		h := &c.Config.Holds[i]
		list[i] = HoldStatus{Name: h.Name, State: c.holdState(h, released), Ends: h.NotBefore}
		if r == nil || list[i].State != holdHeld {
			continue
		}
		if list[i].People, err = keptBack(ctx, r, h.Match); err != nil {
			return nil, 0, err
		}
		people = list[i].People
		standing = append(standing, h.Match)
	}
	if len(standing) > 1 { // they may count the same person
		people, err = keptBack(ctx, r, standing...)
	}
	return list, people, err
}

// keptBack counts the people that are left to be sent and whom any of the
// matches picks.
func keptBack(ctx context.Context, r ledger.Reader, matches ...Match) (int64, error) {
	var states []string // none: all of them
	for _, m := range matches {
		if m.All {
			return r.HeldBack(ctx, nil)
		}
		states = append(states, m.State...)
	}
	return r.HeldBack(ctx, states)
}

// takeHolds returns whom holds keep back now, after taking in what was asked
// while a sender ran. It writes the ledger: the caller holds the lock.
func (c *Campaign) takeHolds(ctx context.Context, store ledger.Store) ([]Match, error) {
	for i := range c.Config.Holds {
		if err := c.takeHold(ctx, store, &c.Config.Holds[i]); err != nil {
			return nil, err
		}
	}
	return c.standing(ctx, store)
}

func (c *Campaign) takeHold(ctx context.Context, store ledger.Store, h *HoldConfig) error {
	path := c.holdControl(h.Name)
	if !asked(path) {
		return nil
	}
	released, err := store.ReleasedHolds(ctx)
	if err != nil {
		return err
	}
	if !released[h.Name] {
		if err := store.ReleaseHold(ctx, h.Name, h.Match.State, time.Now()); err != nil {
			return err
		}
	}
	return os.Remove(path)
}

// releaseHold ends a hold, unless it has ended already.
func (c *Campaign) releaseHold(ctx context.Context, store ledger.Store, h *HoldConfig) (already bool, err error) {
	if err := c.takeHold(ctx, store, h); err != nil {
		return false, err
	}
	released, err := store.ReleasedHolds(ctx)
	if err != nil || c.holdState(h, released) != holdHeld {
		return err == nil, err
	}
	return false, store.ReleaseHold(ctx, h.Name, h.Match.State, time.Now())
}

// holdError says which holds a run stopped at.
type holdError struct{ standing Holds }

func (e *holdError) Error() string {
	if len(e.standing) == 0 {
		return "stopped at a hold that has ended since"
	}
	words := make([]string, len(e.standing))
	for i, h := range e.standing {
		people := "people"
		if h.People == 1 {
			people = "person"
		}
		words[i] = fmt.Sprintf("%s keeps back %d %s", h.Name, h.People, people)
	}
	return "stopped at a hold: " + strings.Join(words, ", ")
}

func (e *holdError) Unwrap() error { return ErrGate }

// atHold is the error of a run that left people under the holds.
func (c *Campaign) atHold(holds Holds) error {
	standing := holds.Standing()
	if len(standing) == 0 {
		return hint(&holdError{}, "go on with: %s", c.Command("resume"))
	}
	opens := make([]string, len(standing))
	for i, h := range standing {
		opens[i] = c.Opens(h)
	}
	return hint(&holdError{standing}, "%s", strings.Join(opens, "; "))
}

// Opens says what ends a hold.
func (c *Campaign) Opens(h HoldStatus) string {
	release := c.Command("release " + h.Name)
	if h.Ends.IsZero() {
		return fmt.Sprintf("when what %s waits for has happened: %s", h.Name, release)
	}
	return fmt.Sprintf("%s ends by itself on %s, or before with: %s", h.Name, h.Ends, release)
}
