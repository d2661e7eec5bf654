package intake

import (
	"fmt"
	"os"
)

// parts is how many parts records are shared out among.
const parts = 256

// spill holds records that are too many for memory, shared out among parts.
// Each part collects in a buffer and goes from there to a temporary file of
// mode 0600 which, where the system allows it, has no name. Records of one part
// keep their order. Without more than the buffers hold there is no file.
type spill struct {
	dir    string
	buffer int // bytes a part may have in memory
	parts  [parts]part
	file   *os.File
	size   int64
}

// part is what is in the file, and what is not yet.
type part struct {
	blocks []block
	buf    []byte
	bytes  int64 // in both
}

// block is a run of whole records in the file.
type block struct {
	at int64
	n  int
}

// add puts a record into a part.
func (s *spill) add(i byte, record []byte) error {
	p := &s.parts[i]
	if len(p.buf) > 0 && len(p.buf)+len(record) > s.buffer {
		if err := s.write(p); err != nil {
			return err
		}
	}
	p.buf = append(p.buf, record...)
	p.bytes += int64(len(record))
	return nil
}

// write empties a part's buffer into the file.
func (s *spill) write(p *part) error {
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, ".rows-*.tmp")
		if err != nil {
			return fmt.Errorf("sorting the rows: %w", err)
		}
		_ = os.Remove(f.Name()) // where an open file cannot be removed, close does it
		s.file = f
	}
	n, err := s.file.WriteAt(p.buf, s.size)
	if err != nil {
		return fmt.Errorf("sorting the rows (is the disk full?): %w", err)
	}
	p.blocks = append(p.blocks, block{s.size, n})
	s.size += int64(n)
	if cap(p.buf) > 2*s.buffer {
		p.buf = nil // it was made for one very long record
	}
	p.buf = p.buf[:0]
	return nil
}

// load appends all records of a part to b.
func (s *spill) load(i byte, b []byte) ([]byte, error) {
	err := s.each(i, func(records []byte) error {
		b = append(b, records...)
		return nil
	})
	return b, err
}

// each gives the records of a part in their order, many at a time. The bytes
// are good until the next call.
func (s *spill) each(i byte, do func(records []byte) error) error {
	p := &s.parts[i]
	var room []byte
	for _, block := range p.blocks {
		if cap(room) < block.n {
			room = make([]byte, block.n)
		}
		room = room[:block.n]
		if _, err := s.file.ReadAt(room, block.at); err != nil {
			return fmt.Errorf("reading sorted rows: %w", err)
		}
		if err := do(room); err != nil {
			return err
		}
	}
	if len(p.buf) > 0 {
		return do(p.buf)
	}
	return nil
}

// drop lets go of a part.
func (s *spill) drop(i byte) { s.parts[i] = part{} }

// close removes the file.
func (s *spill) close() {
	for i := range s.parts {
		s.parts[i] = part{}
	}
	if s.file != nil {
		_ = s.file.Close() // nothing in it is needed any more
		_ = os.Remove(s.file.Name())
		s.file = nil
	}
}
