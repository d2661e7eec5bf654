package intake

import (
	"encoding/binary"
	"errors"

	"breachmail/notifier"
)

// A record is one judged account as it is sorted: the key, the row's ordinal
// in eight bytes, big-endian, and the fields, each behind its length. Compared
// byte by byte, records are in the order of key and row.
//
//	key 16 │ ordinal 8 │ type 1 │ number … email … name … phone … zip … state … language … reason …

const (
	ordinalAt = len(notifier.Key{})
	typeAt    = ordinalAt + 8
	fieldsAt  = typeAt + 1
)

var errRecord = errors.New("a sorted row cannot be read back: its temporary file is damaged")

// encode returns the record of a row.
func (j *judged) encode(b []byte) []byte {
	b = append(b, j.key[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(j.ordinal))
	b = append(b, typeByte(j.kind))
	for _, f := range j.fields() {
		b = binary.AppendUvarint(b, uint64(len(*f)))
		b = append(b, *f...)
	}
	return b
}

// fields returns the texts of a record in their order.
func (j *judged) fields() [8]*string {
	return [...]*string{&j.number, &j.email, &j.name, &j.phone, &j.zip, &j.state, &j.language, &j.reason}
}

// decode reads the record s.
func decode(s string) (judged, error) {
	if len(s) < fieldsAt {
		return judged{}, errRecord
	}
	j := judged{
		key:     notifier.Key([]byte(s[:ordinalAt])),
		ordinal: int64(binary.BigEndian.Uint64([]byte(s[ordinalAt:typeAt]))),
		kind:    typeOf(s[typeAt]),
	}
	rest := s[fieldsAt:]
	for _, f := range j.fields() {
		n, size := uvarint(rest)
		if size <= 0 || uint64(len(rest)-size) < n {
			return judged{}, errRecord
		}
		*f = rest[size : size+int(n)]
		rest = rest[size+int(n):]
	}
	return j, nil
}

// uvarint is binary.Uvarint for a string.
func uvarint(s string) (v uint64, size int) {
	return binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}

func typeByte(t notifier.AccountType) byte {
	if t == notifier.Prepaid {
		return 'r'
	}
	return 'o'
}

func typeOf(b byte) notifier.AccountType {
	if b == 'r' {
		return notifier.Prepaid
	}
	return notifier.Postpaid
}
