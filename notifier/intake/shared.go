package intake

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
)

// sharedBuffer is how many bytes a part of the pairs may have in memory.
const sharedBuffer = 8 << 10

// pairs are the account numbers and canonical emails that stand in one row,
// each as 64 bits of a hash: one chance in 300,000 to be wrong about one of 10
// million numbers. They lie on disk, shared out by account number.
type pairs struct {
	spill spill
	seed  maphash.Seed
}

func newPairs(dir string) *pairs {
	return &pairs{spill: spill{dir: dir, buffer: sharedBuffer}, seed: maphash.MakeSeed()}
}

func (p *pairs) add(number, email string) error {
	var pair [16]byte
	binary.BigEndian.PutUint64(pair[:8], maphash.String(p.seed, number))
	binary.BigEndian.PutUint64(pair[8:], maphash.String(p.seed, email))
	return p.spill.add(pair[0], pair[:])
}

// shared counts the numbers that stand beside more than one email. It takes
// memory for the different numbers of one part.
func (p *pairs) shared() (n int64, err error) {
	type seen struct {
		email uint64
		more  bool
	}
	emails := make(map[uint64]seen)
	for i := range parts {
		clear(emails)
		err := p.spill.each(byte(i), func(records []byte) error {
			for ; len(records) >= 16; records = records[16:] {
				number, email := binary.BigEndian.Uint64(records), binary.BigEndian.Uint64(records[8:])
				switch before, ok := emails[number]; {
				case !ok:
					emails[number] = seen{email: email}
				case !before.more && before.email != email:
					emails[number] = seen{more: true}
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
