package ledger

import (
	"context"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"breachmail/notifier"
)

// evidence recomputes the chain.
func (a *auditor) evidence(ctx context.Context) error {
	var seq int64
	var chain notifier.Digest
	err := a.Evidence(ctx, func(e Evidence) error {
		seq++
		chain = e.Next(chain)
		if e.Seq != seq || e.Chain != chain {
			return fmt.Errorf("%w: evidence row %d is not what was written", ErrDamaged, e.Seq)
		}
		if a.head != "" && strings.HasPrefix(chain.String(), a.head) {
			a.found.Known = seq
		}
		if seq == 1 {
			a.found.First = e.Outcome.At
		}
		a.found.Last = e.Outcome.At
		if e.Outcome.Claim.Key != (notifier.Key{}) {
			a.told.evidence(&e)
		}
		if e.Kind == KindAttempt {
			a.claimed(&e.Outcome.Claim)
		}
		return nil
	})
	if err != nil {
		return err
	}
	last, head, err := a.Head(ctx)
	if err == nil && (last != seq || head != chain) {
		err = fmt.Errorf("%w: the head of the evidence is not its last row", ErrDamaged)
	}
	a.found.Rows, a.found.Head = seq, chain
	return err
}

// claimed counts a claim in the minute that it was made in.
func (a *auditor) claimed(c *notifier.Claim) {
	m := Minute{Start: c.At.UTC().Truncate(time.Minute), Relay: c.Relay}
	if _, counted := a.made[m]; counted {
		a.made[m]++
	}
}

// counted reads how many claims were made in each minute that is still known.
func (a *auditor) minutes(ctx context.Context) error {
	minutes, err := a.Sent(ctx, time.Time{})
	a.made = map[Minute]int64{}
	for _, m := range minutes {
		a.made[Minute{Start: m.Start, Relay: m.Relay}] = 0
	}
	return err
}

// noneGone compares them with the claims that have an outcome, or none yet. A claim
// without outcome is no evidence; one that was taken away would have its recipient
// sent to again.
func (a *auditor) noneGone(ctx context.Context) error {
	err := a.Open(ctx, func(c notifier.Claim) error {
		a.claimed(&c)
		return nil
	})
	if err != nil {
		return err
	}
	minutes, err := a.Sent(ctx, time.Time{})
	for _, m := range minutes {
		if n, known := a.made[Minute{Start: m.Start, Relay: m.Relay}]; known && n < m.Claims {
			return fmt.Errorf("%w: %d claims were made in the minute of %s through relay %s, and %d of them are gone",
				ErrDamaged, m.Claims, m.Start.Format("2006-01-02 15:04 MST"), m.Relay, m.Claims-n)
		}
	}
	return err
}

// superseded notes which rows of evidence another one about the same recipient
// came after.
func (a *auditor) superseded(ctx context.Context) error {
	last, _, err := a.Head(ctx)
	if err != nil {
		return err
	}
	a.told.over = make([]uint64, last/64+1)
	a.linked, err = a.Superseded(ctx, func(seq int64) error {
		if seq > 0 && seq <= last { // else no row has that number, and the sums will tell
			a.told.over[seq/64] |= 1 << (seq % 64)
		}
		return nil
	})
	return err
}

// links compares recipients with evidence without holding either: every row is
// hashed, under a seed of this audit alone, and added up. The sums over the
// evidence have to be those over the recipients.
//
//	chains  +(key, row) for each row, -(key, row before) for each that names one:
//	        what is left is each recipient's last row
//	ends    (key, row, status, attempt) of the rows that none came after
type links struct {
	seed         maphash.Seed
	over         []uint64 // a bit for each row that another one came after
	chains, ends [2]uint64
	buf          []byte
}

// hash is 128 bits over what is given.
func (l *links) hash(key notifier.Key, status notifier.Status, numbers ...int64) [2]uint64 {
	l.buf = append(l.buf[:0], key[:]...)
	for _, n := range numbers {
		for range 8 {
			l.buf = append(l.buf, byte(n))
			n >>= 8
		}
	}
	l.buf = append(l.buf, status...)
	first := maphash.Bytes(l.seed, l.buf)
	l.buf = append(l.buf, '+')
	return [2]uint64{first, maphash.Bytes(l.seed, l.buf)}
}

func add(to *[2]uint64, h [2]uint64) { to[0] += h[0]; to[1] += h[1] }
func sub(to *[2]uint64, h [2]uint64) { to[0] -= h[0]; to[1] -= h[1] }

// evidence takes a row in that is about somebody.
func (l *links) evidence(e *Evidence) {
	key := e.Outcome.Claim.Key
	add(&l.chains, l.hash(key, "", e.Seq))
	if e.Prev != 0 {
		sub(&l.chains, l.hash(key, "", e.Prev))
	}
	if word := e.Seq / 64; word >= int64(len(l.over)) || l.over[word]&(1<<(e.Seq%64)) == 0 {
		add(&l.ends, l.hash(key, e.Outcome.Status, e.Seq, int64(e.Outcome.Claim.Attempt)))
	}
}

// recipient takes in what the evidence has to say of that recipient. Of somebody
// who was never claimed it says nothing.
func (l *links) recipient(row *Row) {
	key := row.Recipient.Key
	if row.Last != 0 {
		add(&l.chains, l.hash(key, "", row.Last))
	}
	if row.Last != 0 || row.Attempts != 0 || row.Status != notifier.Pending && row.Recipient.Channel == notifier.Email {
		add(&l.ends, l.hash(key, row.Status, row.Last, int64(row.Attempts)))
	}
}

func (l *links) same(other *links) bool { return l.chains == other.chains && l.ends == other.ends }
