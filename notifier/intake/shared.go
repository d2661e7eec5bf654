package intake

import (
	"encoding/binary"
	"errors"
	"hash/maphash"

	"breachmail/notifier"
)

// sharedBuffer is how many bytes a part of the pairs may have in memory.
const sharedBuffer = 8 << 10

// pairs are things that belong together, such as an account number and the
// canonical email in the same row, each as 64 bits of a hash: one chance in
// 300,000 to be wrong about one of 10 million first things. They lie on disk,
// shared out by the first thing.
type pairs struct {
	spill spill
	seed  maphash.Seed
}

func newPairs(dir string) *pairs {
	return &pairs{spill: spill{dir: dir, buffer: sharedBuffer}, seed: maphash.MakeSeed()}
}

func (p *pairs) add(first, second string) error {
	var pair [16]byte
	binary.BigEndian.PutUint64(pair[:8], maphash.String(p.seed, first))
	binary.BigEndian.PutUint64(pair[8:], maphash.String(p.seed, second))
	return p.spill.add(pair[0], pair[:])
}

// shared counts the first things that are beside more than one second thing.
// It takes memory for the different first things of one part.
func (p *pairs) shared() (n int64, err error) {
	type seen struct {
		second uint64
		more   bool
	}
	beside := make(map[uint64]seen)
	for i := range parts {
		clear(beside)
		err := p.spill.each(byte(i), func(records []byte) error {
			for ; len(records) >= 16; records = records[16:] {
				first, second := binary.BigEndian.Uint64(records), binary.BigEndian.Uint64(records[8:])
				switch before, ok := beside[first]; {
				case !ok:
					beside[first] = seen{second: second}
				case !before.more && before.second != second:
					beside[first] = seen{more: true}
					n++
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// SharedAccounts returns how many account numbers stand beside more than one
// canonical email, in rows that were grouped. It is asked after Recipients and
// before Close.
func (in *Intake) SharedAccounts() (int64, error) {
	if in.closed || !in.done {
		return 0, errors.New("the shared accounts were asked for before the recipients, or after the end")
	}
	return in.pairs.shared()
}

// SharedAddresses returns at how many canonical emails more than one recipient
// is told: several people, or one whose name is spelled in several ways. Each
// of them gets a notice in the same mailbox; who is told by post counts at none.
// It is asked after the last of Recipients and before Close.
func (in *Intake) SharedAddresses() (int64, error) {
	if in.closed || !in.given {
		return 0, errors.New("the shared addresses were asked for before the last recipient, or after the end")
	}
	return in.mailboxes.shared()
}

// noteTold notes where a recipient is told, if by email.
func (in *Intake) noteTold(r *notifier.Recipient) error {
	if r.Channel != notifier.Email {
		return nil
	}
	canonical, err := CanonicalEmail(r.Address.Reveal())
	if err != nil {
		return errRecord // it was one when the row was judged
	}
	return in.mailboxes.add(canonical, string(r.Key[:]))
}
