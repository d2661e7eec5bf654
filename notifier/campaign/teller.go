package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// teller tells about single people.
type teller struct {
	c      *Campaign
	r      ledger.Reader
	reveal bool
	purged *ledger.Purged

	approvals []endorsement // read once, when they are needed; so are the next two
	listings  []ledger.Listing
	mailings  []ledger.Mailing
	names     map[int64]naming
}

// record is all that the ledger has about somebody.
type record struct {
	ledger.Row
	open    *notifier.Claim // without outcome
	history []ledger.Evidence
	late    []ledger.Late
}

// person tells about the recipient with that key.
func (t *teller) person(ctx context.Context, k notifier.Key) (*Person, error) {
	rec, err := t.read(ctx, k)
	if err != nil {
		return nil, err
	}
	p := t.describe(rec)
	for i := range rec.history {
		e := &rec.history[i]
		if e.Kind == ledger.KindAttempt {
			p.Attempts = append(p.Attempts, attemptOf(e))
			continue
		}
		d, err := decisionOf(e)
		if err != nil {
			return nil, err
		}
		p.Decisions = append(p.Decisions, d)
	}
	p.Cause = causeOf(rec)
	if err := t.letter(ctx, p, k); err != nil {
		return nil, err
	}
	if err := t.underway(rec, p); err != nil {
		return nil, err
	}
	if err := t.waits(ctx, p); err != nil {
		return nil, err
	}
	return p, t.approved(ctx, p)
}

// causeOf is what lies behind somebody's status: a bounce that changed nothing does
// not.
func causeOf(rec *record) notifier.Cause {
	for _, e := range slices.Backward(rec.history) {
		if e.Kind != ledger.KindBounce || rec.Status == notifier.Bounced && e.Outcome.Cause == notifier.CauseHard {
			return e.Outcome.Cause
		}
	}
	return notifier.CauseNone
}

// letter tells of somebody's letter.
func (t *teller) letter(ctx context.Context, p *Person, k notifier.Key) error {
	l, err := t.r.LetterOf(ctx, k)
	if err != nil || l == nil {
		return err
	}
	p.Letter = &LetterShown{List: l.List, Row: l.Mailed}
	if t.listings == nil {
		if t.listings, err = t.r.Listings(ctx); err != nil {
			return err
		}
		if t.mailings, err = t.r.Mailings(ctx); err != nil {
			return err
		}
	}
	for _, listing := range t.listings {
		if listing.Number == l.List {
			p.Letter.Listed = listing.At.UTC()
		}
	}
	for _, m := range t.mailings {
		if m.Seq == l.Mailed {
			p.Letter.Sent = m.On
		}
	}
	return nil
}

// read reads what the ledger has about somebody. A sender may be at work: it is
// read again while row and evidence are not of one moment.
func (t *teller) read(ctx context.Context, k notifier.Key) (*record, error) {
	for {
		var rec record
		var err error
		if rec.open, err = t.r.Claimed(ctx, k); err != nil {
			return nil, err
		}
		if rec.history, err = t.r.History(ctx, k); err != nil {
			return nil, err
		}
		if rec.late, err = t.r.LateOf(ctx, k); err != nil {
			return nil, err
		}
		rows, err := t.r.Between(ctx, k, k, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return nil, fmt.Errorf("%w: recipient %s was there, and is not any more", ErrDamaged, k)
		}
		rec.Row = rows[0]
		if rec.open != nil && rec.open.Attempt <= rec.Attempts {
			rec.open = nil // its outcome is there by now
		}
		last := int64(0)
		if n := len(rec.history); n > 0 {
			last = rec.history[n-1].Seq
		}
		if rec.Last == 0 || last >= rec.Last { // 0 also in ledgers of older versions
			return &rec, ctx.Err()
		}
	}
}

// describe tells who somebody is and what was planned.
func (t *teller) describe(rec *record) *Person {
	r := &rec.Recipient
	p := &Person{
		Reference: r.Key.Reference(), Key: r.Key.String(),
		Name: t.shown(r.Name), Address: t.shown(r.Address), Phone: t.shown(r.Phone),
		Accounts: []HeldShown{}, Late: []LateShown{}, State: r.State, Language: r.Language,
		Batch: rec.Batch, Wave: rec.Wave, Channel: string(r.Channel), Reason: r.Reason, Wording: r.Variant.String(),
		Status: rec.Status, Approvals: []ApprovedBy{}, HeldBy: []string{}, Attempts: []Attempt{}, Decisions: []Decision{},
	}
	if rec.Status == notifier.Deferred {
		due := rec.Due.UTC()
		p.Due = &due
	}
	for _, h := range r.Accounts {
		p.Accounts = append(p.Accounts, t.account(h))
	}
	for _, l := range rec.late {
		for _, h := range l.Accounts {
			p.Late = append(p.Late, LateShown{t.account(h), l.Export})
		}
		if len(l.Accounts) == 0 { // purged
			p.Late = append(p.Late, LateShown{Export: l.Export})
		}
	}
	return p
}

func (t *teller) account(h notifier.Held) HeldShown {
	return HeldShown{Number: t.shown(h.Number), Type: h.Type}
}

// masked is a personal value.
type masked interface {
	Reveal() string
	String() string
}

// shown is a personal value as it may be shown.
func (t *teller) shown(v masked) string {
	if t.reveal {
		return v.Reveal()
	}
	return v.String()
}

// underway tells of a claim without outcome: in flight while its sender runs, and
// unknown without one, as the next run will record it.
func (t *teller) underway(rec *record, p *Person) error {
	if rec.open == nil {
		return nil
	}
	holder, err := t.c.held()
	if err != nil {
		return err
	}
	a := claimed(rec.open)
	a.Outcome, a.Wording = notifier.InFlight, rec.Recipient.Variant.String()
	p.Cause = notifier.CauseNone
	if !holder.sends() {
		a.Outcome, a.Cause, p.Cause = notifier.Unknown, notifier.CauseInterrupted, notifier.CauseInterrupted
	}
	p.Status, p.Due = a.Outcome, nil
	p.Attempts = append(p.Attempts, a)
	return nil
}

// waits tells what somebody waits for who is still to be sent to.
func (t *teller) waits(ctx context.Context, p *Person) error {
	if p.Status != notifier.Pending && p.Status != notifier.Deferred {
		return nil
	}
	released, err := t.r.ReleasedHolds(ctx)
	if err != nil {
		return err
	}
	for i := range t.c.Config.Holds {
		if h := &t.c.Config.Holds[i]; h.Match.keeps(p.State) && t.c.holdState(h, released) == holdHeld {
			p.HeldBy = append(p.HeldBy, h.Name)
		}
	}
	closed, err := t.c.gates(ctx, t.r)
	if err != nil {
		return err
	}
	waves := t.c.Config.Waves
	at := slices.IndexFunc(waves, func(w WaveConfig) bool { return w.Name == p.Wave })
	for i := 0; i < at && p.Gate == ""; i++ {
		if closed[waves[i].Name] {
			p.Gate = waves[i].Name
		}
	}
	halt, err := t.r.Halted(ctx)
	p.Halted = halt != nil
	return err
}

// decisionOf reads a decision about somebody from its row of evidence.
func decisionOf(e *ledger.Evidence) (Decision, error) {
	o := &e.Outcome
	d := Decision{
		Row: e.Seq, Kind: string(e.Kind), At: o.At.UTC(), Status: o.Status, Cause: o.Cause,
		Code: o.Code, Enhanced: o.Enhanced, Reply: o.Reply, RelayID: o.RelayID,
	}
	if e.Note == "" {
		return d, nil
	}
	var note struct {
		By   string    `json:"by"`
		At   time.Time `json:"at"`
		Came time.Time `json:"came"`
	}
	if err := json.Unmarshal([]byte(e.Note), &note); err != nil {
		return d, fmt.Errorf("%w: the note of evidence row %d cannot be read", ErrDamaged, e.Seq)
	}
	d.By = note.By
	if at := cmp.Or(note.At, note.Came).UTC(); !at.IsZero() {
		d.Happened = &at
	}
	return d, nil
}
