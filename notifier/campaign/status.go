package campaign

import (
	"context"
	"errors"
	"slices"
	"time"

	"breachmail/notifier/ledger"
)

// Phase is where a campaign as a whole stands.
type Phase string

// The phases.
const (
	PhaseEmpty       Phase = "empty"       // nobody is planned
	PhasePlanned     Phase = "planned"     // what is left to send is not approved
	PhaseApproved    Phase = "approved"    // nothing was sent yet
	PhaseSending     Phase = "sending"     // a sender runs now
	PhaseInterrupted Phase = "interrupted" // something is left, and nobody sends
	PhaseAtGate      Phase = "at_gate"     // whoever is left stands behind a closed gate or under a hold
	PhaseHalted      Phase = "halted"      // the breaker or the guard stopped it
	PhaseUnsettled   Phase = "unsettled"   // only unknown is left
	PhaseSent        Phase = "sent"        // every email recipient has a last outcome
	PhaseComplete    Phase = "complete"    // and nobody is left to be told by letter
)

// The states of a wave.
const (
	waveWaiting = "waiting" // waves before it are not done
	waveOpen    = "open"    // it is sent now, or will be next
	waveHeld    = "held"    // the gate before it is closed
	waveDone    = "done"    // nothing is left to send in it
)

// Status is where the campaign stands: the JSON object of DESIGN section 6.
type Status struct {
	Campaign   string            `json:"campaign"`
	Phase      Phase             `json:"phase"`
	Rows       ledger.Rows       `json:"rows"`
	Recipients ledger.Recipients `json:"recipients"`
	Notices    ledger.Notices    `json:"notices"`
	Waves      []WaveStatus      `json:"waves"`
	Holds      Holds             `json:"holds"`
	Approvals  Approvals         `json:"approvals"`
	Halt       *ledger.Halt      `json:"halt"`
	Bounces    BouncesStatus     `json:"bounces"`
	Letters    LettersStatus     `json:"letters"`
	Evidence   EvidenceStatus    `json:"evidence"`
	Balanced   bool              `json:"balanced"`
	Purged     *time.Time        `json:"purged"` // when personal data was removed; then nobody can be sent to any more

	AlsoPostal bool      `json:"-"` // everybody is owed a letter
	Unbalanced error     `json:"-"` // which sum does not hold
	Gate       string    `json:"-"` // the wave behind whose closed gate it stands
	Held       bool      `json:"-"` // everybody left is under a hold
	Unapproved int       `json:"-"` // batches that no approval covers as they are now
	Awaited    Awaited   `json:"-"` // what some have approved, and others have to
	Batches    int       `json:"-"`
	NextDue    time.Time `json:"-"` // of the deferred; zero where there are none
	Purging    bool      `json:"-"` // a purge was begun, and has not ended
	Doubt      error     `json:"-"` // why it is not sent from: ErrOlder, with how to go on
}

// EvidenceStatus is where the evidence stands.
type EvidenceStatus struct {
	Rows  int64  `json:"rows"`
	Head  string `json:"head"`  // the chain value of the last row; empty where there is none
	Epoch int64  `json:"epoch"` // how often sending began
}

func evidenceOf(ctx context.Context, r ledger.Reader) (EvidenceStatus, error) {
	var e EvidenceStatus
	var err error
	if e.Epoch, err = r.Epoch(ctx); err != nil {
		return e, err
	}
	rows, head, err := r.Head(ctx)
	if e.Rows = rows; rows > 0 {
		e.Head = head.String()
	}
	return e, err
}

// WaveStatus is where a wave stands.
type WaveStatus struct {
	Name     string `json:"name"`
	Total    int64  `json:"total"`
	Accepted int64  `json:"accepted"`
	State    string `json:"state"`
}

// Status reads where the campaign stands, also while another process sends.
func (c *Campaign) Status(ctx context.Context) (Status, error) {
	r, err := c.reader(ctx)
	if errors.Is(err, ErrNothingPlanned) {
		holds, _, err := c.holds(ctx, nil)
		return Status{Campaign: c.Config.Campaign, Phase: PhaseEmpty, Waves: []WaveStatus{}, Holds: holds, Balanced: true}, err
	}
	if err != nil {
		return Status{}, err
	}
	defer func() { _ = r.Close() }()
	held, err := c.held()
	if err != nil {
		return Status{}, err
	}
	s, err := c.status(ctx, r, held)
	var d *Doubt
	if errors.As(s.Doubt, &d) && d.Kind == DoubtNoAnchor {
		s.Doubt = nil // whoever looks need not be who sends
	}
	return s, err
}

// status reads where the campaign stands; held is who has it, nil where nobody
// sends.
func (c *Campaign) status(ctx context.Context, r ledger.Reader, held *holder) (Status, error) {
	totals, err := r.Totals(ctx)
	if err != nil {
		return Status{}, err
	}
	sending := held.sends()
	if !sending {
		settleInFlight(&totals)
	}
	s := Status{
		Campaign: c.Config.Campaign, Rows: totals.Rows, Recipients: totals.Recipients, Notices: totals.Notices,
		Waves: make([]WaveStatus, len(totals.Waves)), Unbalanced: totals.Check(),
	}
	s.Balanced, s.Purging = s.Unbalanced == nil, c.purgeLeft()
	if s.Evidence, err = evidenceOf(ctx, r); err != nil {
		return s, err
	}
	if d, err := c.doubt(ctx, r); err == nil && d != nil { // whoever sends is told of an error
		s.Doubt = c.hinted(d)
	}
	if p, err := r.Purged(ctx); err != nil {
		return s, err
	} else if p != nil {
		s.Purged = &p.At
	}
	if s.Halt, err = r.Halted(ctx); err != nil {
		return s, err
	}
	gates, err := c.gates(ctx, r)
	if err != nil {
		return s, err
	}
	s.Gate = s.fillWaves(totals.Waves, gates)
	var back int64
	if s.Holds, back, err = c.holds(ctx, r); err != nil {
		return s, err
	}
	if s.Approvals, err = c.approvals(ctx, r); err != nil {
		return s, err
	}
	if err := c.afterSending(ctx, r, &s); err != nil {
		return s, err
	}
	s.Held = back > 0 && back == s.Notices.Pending+s.Notices.InFlight+s.Notices.Deferred
	next, ok, err := r.NextDue(ctx, "", time.Time{})
	if err != nil {
		return s, err
	}
	if ok {
		s.NextDue = next
	}
	s.Phase, err = c.phase(ctx, r, &s, totals.Begun, sending)
	return s, err
}

// settleInFlight counts what nobody has in hand any more as unknown.
func settleInFlight(t *ledger.Totals) {
	settle := func(n *ledger.Notices) {
		n.Unknown += n.InFlight
		n.InFlight = 0
	}
	settle(&t.Notices)
	for i := range t.Waves {
		settle(&t.Waves[i].Notices)
	}
}

// fillWaves says where each wave stands and returns the name of the gate that
// everything left stands behind, empty where there is none.
func (s *Status) fillWaves(waves []ledger.WaveTotals, closed map[string]bool) string {
	var gate string       // the first closed gate passed
	begun, at := true, "" // everything before is done
	for i, w := range waves {
		n := &w.Notices
		left := n.Pending + n.InFlight
		state := waveOpen
		switch {
		case left+n.Deferred == 0:
			state = waveDone
		case gate != "" && begun:
			state = waveHeld
		case gate != "" || !begun:
			state = waveWaiting
		}
		s.Waves[i] = WaveStatus{Name: w.Name, Total: n.Sum(), Accepted: n.Accepted, State: state}
		if left > 0 && gate != "" && begun {
			at = gate
		}
		if left > 0 {
			begun = false
		}
		if closed[w.Name] && gate == "" {
			gate = w.Name
		}
	}
	return at
}

// gates returns the waves whose gate is closed.
func (c *Campaign) gates(ctx context.Context, r ledger.Reader) (map[string]bool, error) {
	released, err := r.Released(ctx)
	if err != nil {
		return nil, err
	}
	closed := map[string]bool{}
	for _, w := range c.Config.Waves {
		closed[w.Name] = w.Then.Hold && !released[w.Name] && !asked(c.controlPath(w.Name))
	}
	return closed, nil
}

func (c *Campaign) phase(ctx context.Context, r ledger.Reader, s *Status, begun, sending bool) (Phase, error) {
	n := &s.Notices
	if s.Recipients.Total == 0 {
		return PhaseEmpty, nil
	}
	q, ready, err := c.ready(ctx, r, s)
	if err != nil {
		return "", err
	}
	if ready && !sending && s.Gate == "" && len(s.Holds.Standing()) > 0 && !s.Held {
		if s.Gate, err = c.gateAhead(ctx, r, q, s.Waves); err != nil {
			return "", err
		}
	}
	switch {
	case sending:
		return PhaseSending, nil
	case s.Halt != nil:
		return PhaseHalted, nil
	case n.Pending+n.InFlight+n.Deferred > 0:
		return phaseLeft(s, ready, begun), nil
	case n.Unknown > 0:
		return PhaseUnsettled, nil
	case s.Letters.Untold > 0:
		return PhaseSent, nil
	}
	return PhaseComplete, nil
}

// phaseLeft is the phase while something is left to send; ready is whether
// anything of it is approved.
func phaseLeft(s *Status, ready, begun bool) Phase {
	switch {
	case !ready:
		return PhasePlanned
	case s.Gate != "" || s.Held:
		return PhaseAtGate
	case !begun:
		return PhaseApproved
	}
	return PhaseInterrupted
}

// gateAhead returns the closed gate at which a run would stop at once, because
// all who are left before it are under a hold; empty where there is none.
func (c *Campaign) gateAhead(ctx context.Context, r ledger.Reader, q *queue, waves []WaveStatus) (string, error) {
	closed, err := c.gates(ctx, r)
	if err != nil {
		return "", err
	}
	last := len(waves) - 1 // that has somebody left
	for last >= 0 && waves[last].State == waveDone {
		last--
	}
	for i, w := range waves {
		if i >= last || !slices.ContainsFunc(waves[i:last], func(w WaveStatus) bool { return closed[w.Name] }) {
			return "", nil
		}
		if free, err := q.anyFree(ctx, w.Name); free || err != nil {
			return "", err
		}
		if closed[w.Name] {
			return w.Name, nil
		}
	}
	return "", nil
}

// ready reports whether anything that is left to send is approved, and returns
// the queue of it, under the holds that stand.
func (c *Campaign) ready(ctx context.Context, r ledger.Reader, s *Status) (*queue, bool, error) {
	batches, err := r.Batches(ctx)
	if err != nil || len(batches) == 0 {
		return nil, false, err
	}
	approved, err := c.approved(ctx, r, batches)
	var not *notApprovedError
	if errors.As(err, &not) {
		s.Batches, s.Unapproved, s.Awaited = len(batches), len(batches), not.few
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	s.Batches, s.Unapproved = len(batches), len(batches)-len(approved)
	q := newQueue(r, approved, "")
	standing, err := c.standing(ctx, r)
	if err != nil {
		return nil, false, err
	}
	q.hold(standing)
	if s.Unapproved == 0 || s.Notices.Deferred > 0 {
		return q, true, nil
	}
	for _, w := range c.Config.Waves {
		if free, err := q.anyFree(ctx, w.Name); free || err != nil {
			return q, free, err
		}
	}
	return q, false, nil
}
