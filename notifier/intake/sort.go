package intake

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"slices"

	"breachmail/notifier"
)

// How rows are sorted: keys are evenly spread, so that the parts of 10 million
// rows have some 7 MB each. sortBuffer times parts is what is held while rows
// come in, sortMemory what one part may take while they go out.
const (
	sortBuffer = 32 << 10
	sortMemory = 16 << 20
)

// sorter puts records into the order of their keys, and those of one key into
// the order in which they came. It shares them out by one byte of the key, and
// sorts one part at a time. A part too large for memory is shared out by the
// next byte, unless it has one key only, and is in order as it is.
type sorter struct {
	spill  spill
	depth  int // which byte of the key shares out
	memory int64
	first  [parts]notifier.Key
	mixed  [parts]bool // the part has more than one key
}

func newSorter(dir string, depth, memory int) *sorter {
	return &sorter{spill: spill{dir: dir, buffer: min(sortBuffer, memory)}, depth: depth, memory: int64(memory)}
}

// add takes in one record of that key, as the record's encode wrote it.
func (s *sorter) add(key *notifier.Key, record []byte) error {
	i := key[s.depth]
	if s.spill.parts[i].bytes == 0 {
		s.first[i] = *key
	} else if !s.mixed[i] && s.first[i] != *key {
		s.mixed[i] = true
	}
	return s.spill.add(i, record)
}

// sorted gives the records in their order, without their lengths. The bytes
// are good until the next.
func (s *sorter) sorted(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if err := s.walk(ctx, func(record []byte) bool { return yield(record, nil) }); err != nil && err != errStopped {
			yield(nil, err)
		}
	}
}

// walk gives the records in their order until yield has enough.
func (s *sorter) walk(ctx context.Context, yield func([]byte) bool) error {
	var room []byte
	var index []indexed
	for i := range parts {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var err error
		part, size := byte(i), s.spill.parts[i].bytes
		switch {
		case size > s.memory && s.mixed[i] && s.depth+1 < len(notifier.Key{}):
			err = s.walkDeeper(ctx, part, yield)
		case size > s.memory:
			err = s.walkOne(ctx, part, yield)
		default:
			if room, err = s.spill.load(part, room[:0]); err != nil {
				return err
			}
			if index, err = indexRecords(index[:0], room); err == nil {
				err = give(ctx, room, index, yield)
			}
		}
		if err != nil {
			return err
		}
		s.spill.drop(part)
	}
	return nil
}

// walkDeeper shares a large part out by the next byte of the key.
func (s *sorter) walkDeeper(ctx context.Context, part byte, yield func([]byte) bool) error {
	deeper := newSorter(s.spill.dir, s.depth+1, int(s.memory))
	defer deeper.spill.close()
	err := s.spill.each(part, func(records []byte) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return eachRecord(records, func(at, start, end int) error {
			key := notifier.Key(records[start : start+len(notifier.Key{})])
			return deeper.add(&key, records[at:end])
		})
	})
	if err != nil {
		return err
	}
	return deeper.walk(ctx, yield)
}

// walkOne gives a large part that has one key.
func (s *sorter) walkOne(ctx context.Context, part byte, yield func([]byte) bool) error {
	return s.spill.each(part, func(records []byte) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return eachRecord(records, func(_, start, end int) error {
			if !yield(records[start:end]) {
				return errStopped
			}
			return nil
		})
	})
}

// indexed is a record in memory, with the beginning of its key to compare by.
type indexed struct {
	prefix     uint64
	start, end uint32
}

// indexRecords returns the records in the order of their keys, those of one key
// as they stand.
func indexRecords(index []indexed, records []byte) ([]indexed, error) {
	err := eachRecord(records, func(_, start, end int) error {
		index = append(index, indexed{binary.BigEndian.Uint64(records[start:]), uint32(start), uint32(end)})
		return nil
	})
	const rest, whole = 8, len(notifier.Key{})
	slices.SortFunc(index, func(a, b indexed) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		if c := bytes.Compare(records[a.start+rest:a.start+uint32(whole)], records[b.start+rest:b.start+uint32(whole)]); c != 0 {
			return c
		}
		return cmp.Compare(a.start, b.start)
	})
	return index, err
}

// give hands out the records of an index, and looks at the context now and
// then.
func give(ctx context.Context, records []byte, index []indexed, yield func([]byte) bool) error {
	for n, r := range index {
		if n%lookRows == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !yield(records[r.start:r.end]) {
			return errStopped
		}
	}
	return nil
}

// lookRows is how many rows pass between two looks at the context.
const lookRows = 256
