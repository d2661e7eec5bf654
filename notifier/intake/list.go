package intake

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"

	"breachmail/notifier"
)

// List is a set of people named by address or account number, or by the keys
// of another campaign. Everything is added before the first row is judged. It
// takes some 20 bytes an entry, and keeps no personal data: an entry is 128
// bits of a hash whose seed nobody knows. It is not safe for concurrent use.
type List struct {
	seeds    [2]maphash.Seed
	named    hashSet
	kinds    [4]bool // which kinds of entries there are, by entryKind
	others   []otherCampaign
	unusable int64
	buf      []byte
	nobody   *placeholders
}

// otherCampaign are keys made under another secret.
type otherCampaign struct {
	secret []byte
	keyer  *notifier.Keyer
	keys   hashSet
}

// Entry is one line of a list. An entry with a usable address names whoever has
// that address, another whoever has the account number.
type Entry struct {
	Email  notifier.Address
	Number notifier.AccountNumber
	Name   notifier.Name
	Named  bool // the list has names: where this line has one, it must be the same as well
}

// entryKind says by what an entry is found.
type entryKind byte

const (
	byEmail entryKind = iota
	byEmailAndName
	byNumber
	byNumberAndName
)

// NewList returns a list of nobody. The placeholders are those of Options, where
// New says what is wrong with one: an entry whose address is one of them names
// whoever has the account number.
func NewList(placeholders ...string) *List {
	nobody, _ := newPlaceholders(placeholders)
	return &List{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, nobody: nobody}
}

// Add takes in one entry.
func (l *List) Add(e Entry) {
	who := ""
	if e.Named {
		_, who = judgeName(e.Name.Reveal())
	}
	kind, id := byEmail, ""
	canonical, err := l.nobody.judgeEmail(trimField(e.Email.Reveal()))
	if err == nil {
		id = canonical
	} else {
		kind = byNumber
		number, reason := judgeNumber(e.Number.Reveal())
		if reason != "" {
			l.unusable++
			return
		}
		id = number
	}
	if who != "" {
		kind++
	}
	l.kinds[kind] = true
	l.named.add(l.hash(kind, id, who))
}

// AddKeys takes in another campaign's recipients, whose keys were made under
// that secret.
func (l *List) AddKeys(secret []byte, keys []notifier.Key) {
	var other *otherCampaign
	for i := range l.others {
		if bytes.Equal(l.others[i].secret, secret) {
			other = &l.others[i]
		}
	}
	if other == nil {
		l.others = append(l.others, otherCampaign{secret: bytes.Clone(secret), keyer: notifier.NewKeyer(secret)})
		other = &l.others[len(l.others)-1]
	}
	for _, key := range keys {
		other.keys.add(hashOf(key))
	}
}

// Len returns how many different entries there are.
func (l *List) Len() int64 { return l.total((*hashSet).len) }

// Found returns how many of them were matched by a row.
func (l *List) Found() int64 { return l.total((*hashSet).marked) }

// Unusable returns how many entries were neither an address nor an account
// number.
func (l *List) Unusable() int64 { return l.unusable }

func (l *List) total(of func(*hashSet) int64) int64 {
	n := of(&l.named)
	for i := range l.others {
		n += of(&l.others[i].keys)
	}
	return n
}

// has reports whether somebody is on the list, and marks every entry that says
// so. email is the canonical one, or empty where there is none that is usable.
func (l *List) has(email, number, who string) bool {
	found := false
	look := func(kind entryKind, id, who string) {
		if l.kinds[kind] && l.named.mark(l.hash(kind, id, who)) {
			found = true
		}
	}
	if email != "" {
		look(byEmail, email, "")
		look(byEmailAndName, email, who)
	}
	look(byNumber, number, "")
	look(byNumberAndName, number, who)
	for i := range l.others {
		other := &l.others[i]
		key := keyOf(other.keyer, email, number, who)
		found = other.keys.mark(hashOf(key)) || found
	}
	return found
}

// keyOf returns the key of whoever has that canonical email, or without one
// that account number.
func keyOf(keyer *notifier.Keyer, email, number, who string) notifier.Key {
	if email != "" {
		return keyer.ByEmail(email, who)
	}
	return keyer.ByAccount(number, who)
}

func (l *List) hash(kind entryKind, id, who string) hash128 {
	l.buf = append(l.buf[:0], byte(kind))
	l.buf = binary.AppendUvarint(l.buf, uint64(len(id)))
	l.buf = append(l.buf, id...)
	l.buf = append(l.buf, who...)
	return hash128{maphash.Bytes(l.seeds[0], l.buf), maphash.Bytes(l.seeds[1], l.buf)}
}

func hashOf(k notifier.Key) hash128 {
	return hash128{binary.BigEndian.Uint64(k[:8]), binary.BigEndian.Uint64(k[8:])}
}
