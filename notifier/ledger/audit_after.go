package ledger

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"breachmail/notifier"
)

// aftermath compares what came back, and the letters, with their evidence.
func (a *auditor) aftermath(ctx context.Context) error {
	if err := a.returns(ctx); err != nil {
		return err
	}
	return a.letters(ctx)
}

// returns compares the bounces that are known by their ID with their rows of
// evidence, as links does: added up, under the seed of this audit.
func (a *auditor) returns(ctx context.Context) error {
	var told, stand links
	told.seed, stand.seed = a.told.seed, a.told.seed
	err := a.Decisions(ctx, KindBounce, func(e Evidence) error {
		var note BounceNote
		id, err := []byte(nil), json.Unmarshal([]byte(e.Note), &note)
		if err == nil {
			id, err = hex.DecodeString(note.ID)
		}
		if err != nil || len(id) != len(notifier.Key{}) {
			return fmt.Errorf("%w: evidence row %d cannot be read", ErrDamaged, e.Seq)
		}
		add(&told.ends, told.hash(notifier.Key(id), notifier.Status(e.Outcome.Cause), e.Seq))
		return nil
	})
	if err != nil {
		return err
	}
	err = a.Returns(ctx, func(id []byte, cause notifier.Cause, seq int64) error {
		if len(id) != len(notifier.Key{}) {
			return fmt.Errorf("%w: a bounce has an ID that is none", ErrDamaged)
		}
		add(&stand.ends, stand.hash(notifier.Key(id), notifier.Status(cause), seq))
		return nil
	})
	if err == nil && told.ends != stand.ends {
		err = fmt.Errorf("%w: the bounces that are known are not those of the evidence", ErrDamaged)
	}
	return err
}

// people are counted, with a digest over their keys.
type people struct {
	n      int64
	digest *notifier.KeysDigest
}

// counting are people counted by number.
type counting map[int64]*people

func (c counting) add(number int64, k notifier.Key) {
	if c[number] == nil {
		c[number] = &people{digest: notifier.NewKeysDigest()}
	}
	c[number].n++
	c[number].digest.Add(k)
}

// take reports whether under that number are so many people with that digest, and
// forgets them.
func (c counting) take(number, n int64, digest string) bool {
	p := c[number]
	delete(c, number)
	return p != nil && p.n == n && p.digest.Sum().String() == digest
}

// letters compares who was listed, and whose letter was sent, with the evidence.
func (a *auditor) letters(ctx context.Context) error {
	lists, mailings := counting{}, counting{}
	err := a.Letters(ctx, func(l Letter) error {
		lists.add(int64(l.List), l.Key)
		if l.Mailed != 0 {
			mailings.add(l.Mailed, l.Key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	listings, err := a.Listings(ctx)
	if err != nil {
		return err
	}
	for _, l := range listings {
		if !lists.take(int64(l.Number), l.People, l.Digest) {
			return fmt.Errorf("%w: list %d of letters does not name whom evidence row %d says", ErrDamaged, l.Number, l.Seq)
		}
	}
	sent, err := a.Mailings(ctx)
	if err != nil {
		return err
	}
	for _, m := range sent {
		if !mailings.take(m.Seq, m.People, m.Digest) {
			return fmt.Errorf("%w: the letters of evidence row %d were not sent to those whom it says", ErrDamaged, m.Seq)
		}
	}
	if len(lists)+len(mailings) > 0 {
		return fmt.Errorf("%w: somebody was listed for a letter, or sent one, and no evidence says so", ErrDamaged)
	}
	return nil
}
