package intake

import (
	"encoding/binary"
	"errors"

	"breachmail/notifier"
)

// A record is one judged account as it is sorted: its length, the key, and
// what the recipient is made of. Lengths and numbers are uvarints; each text
// stands behind its length.
//
//	length │ key 16 │ flags 1 │ reason 1 │ ordinal │ file │ line │ number … email … name … phone … zip … state … language … extra …

var (
	errRecord  = errors.New("a sorted row cannot be read back: its temporary file is damaged")
	errStopped = errors.New("no more rows are wanted")
)

// The bits of a record's flags. The two above them are the consent.
const (
	flagPrepaid = 1 << iota
	flagNoEmail
	consentShift = iota
)

const (
	flagsAt   = len(notifier.Key{})
	reasonAt  = flagsAt + 1
	numbersAt = reasonAt + 1
	maxLength = binary.MaxVarintLen32
)

// texts is how many texts a record has before the extra columns.
const texts = 7

func (j *judged) texts() [texts]*string {
	return [...]*string{&j.number, &j.email, &j.name, &j.phone, &j.zip, &j.state, &j.language}
}

// encode writes the record of a row to b, which it may overwrite, and returns
// it with the buffer it is part of.
func (j *judged) encode(b []byte) (record, buf []byte) {
	var room [maxLength]byte
	b = append(b[:0], room[:]...)
	b = append(b, j.key[:]...)
	b = append(b, j.flags(), j.reason)
	b = binary.AppendUvarint(b, uint64(j.ordinal))
	b = binary.AppendUvarint(b, uint64(j.file))
	b = binary.AppendUvarint(b, uint64(j.line))
	for _, s := range [texts]string{j.number, j.email, j.name, j.phone, j.zip, j.state, j.language} {
		b = appendText(b, s)
	}
	for _, s := range j.extra {
		b = appendText(b, s)
	}
	// The length goes right before the key.
	n := binary.PutUvarint(room[:], uint64(len(b)-maxLength))
	start := maxLength - n
	copy(b[start:], room[:n])
	return b[start:], b
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func (j *judged) flags() byte {
	b := byte(j.consent) << consentShift
	if j.kind == notifier.Prepaid {
		b |= flagPrepaid
	}
	if j.noEmail {
		b |= flagNoEmail
	}
	return b
}

// decode reads a record without its length into j, with that many extra
// columns.
func (j *judged) decode(b []byte, extra int) error {
	if len(b) < numbersAt {
		return errRecord
	}
	flags := b[flagsAt]
	*j = judged{
		key: notifier.Key(b[:flagsAt]), kind: notifier.Postpaid, reason: b[reasonAt],
		consent: consent(flags >> consentShift), noEmail: flags&flagNoEmail != 0,
	}
	if flags&flagPrepaid != 0 {
		j.kind = notifier.Prepaid
	}
	b = b[numbersAt:]
	var numbers [3]uint64
	for i := range numbers {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errRecord
		}
		numbers[i], b = v, b[n:]
	}
	j.ordinal, j.file, j.line = int64(numbers[0]), int(numbers[1]), int(numbers[2])
	return j.decodeTexts(b, extra)
}

// decodeTexts reads the texts of a record. They share one copy of its bytes.
func (j *judged) decodeTexts(b []byte, extra int) error {
	all, at, ok := string(b), 0, true
	next := func() (s string) {
		n, size := binary.Uvarint(b[at:])
		if ok = ok && size > 0 && n <= uint64(len(b)-at-size); !ok {
			return ""
		}
		start := at + size
		at = start + int(n)
		return all[start:at]
	}
	for _, s := range j.texts() {
		*s = next()
	}
	if extra > 0 {
		j.extra = make([]string, extra)
		for i := range j.extra {
			j.extra[i] = next()
		}
	}
	if !ok || at != len(b) {
		return errRecord
	}
	return nil
}

// eachRecord gives where each record begins, with its length and without, and
// where it ends.
func eachRecord(records []byte, do func(at, start, end int) error) error {
	for at := 0; at < len(records); {
		n, size := binary.Uvarint(records[at:])
		start := at + size
		if size <= 0 || n < uint64(numbersAt) || n > uint64(len(records)-start) {
			return errRecord
		}
		end := start + int(n)
		if err := do(at, start, end); err != nil {
			return err
		}
		at = end
	}
	return nil
}
