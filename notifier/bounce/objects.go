package bounce

import (
	"errors"
	"io"
)

// objects gives each JSON object of a log and the line it begins on: one a line,
// one after the other, spread over lines, or in an array.
//
// An object that never closes does not take the next ones with it: a { that
// begins a line begins an event, unless it may be an item of a list within one.
func (w *walk) objects(t *text, each func(object []byte, line int) error) error {
	s := splitter{walk: w, each: each, line: 1, blank: true}
	for {
		chunk, err := t.r.Peek(1)
		if err == nil {
			chunk, err = t.r.Peek(t.r.Buffered())
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return t.own(err)
			}
			return s.end()
		}
		for _, c := range chunk {
			if err := s.feed(c); err != nil {
				return err
			}
		}
		if _, err := t.r.Discard(len(chunk)); err != nil {
			return t.own(err)
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
	}
}

// maxNested is how deep an event may be nested.
const maxNested = 100

// splitter finds the ends of objects.
type splitter struct {
	*walk
	each func([]byte, int) error

	line    int
	blank   bool // nothing stands in this line yet
	strayed bool // this line was counted as unreadable for what stands between objects

	object  []byte
	begin   int    // the line the object begins on
	within  []byte // the { and [ that are open
	quoted  bool
	escaped bool
	long    bool
	before  byte // the last byte of the object that is no space
}

func (s *splitter) feed(c byte) error {
	if c == '\n' {
		if s.quoted {
			s.abandon("is not complete")
		}
		s.line++
		s.blank, s.strayed = true, false
	}
	if c == '{' && s.blank && !s.inList() {
		s.abandon("is not complete")
	}
	if c != '\n' {
		s.blank = false
	}
	if len(s.within) == 0 {
		s.between(c)
		return nil
	}
	s.keep(c)
	switch {
	case s.escaped:
		s.escaped = false
	case s.quoted:
		s.escaped = c == '\\'
		s.quoted = c != '"'
	default:
		return s.structure(c)
	}
	s.before = c
	return nil
}

// structure looks at a byte outside of texts.
func (s *splitter) structure(c byte) error {
	switch c {
	case ' ', '\t', '\r', '\n':
		return nil
	case '"':
		s.quoted = true
	case '{', '[':
		if s.within = append(s.within, c); len(s.within) > maxNested {
			s.abandon("is nested too deeply")
		}
	case '}', ']':
		if open := s.within[len(s.within)-1]; open != c-2 { // as they stand in ASCII
			s.abandon("is no JSON object")
			return nil
		}
		if s.within = s.within[:len(s.within)-1]; len(s.within) == 0 {
			return s.done()
		}
	}
	s.before = c
	return nil
}

// inList reports whether an object may stand here as an item of a list, or as
// an event.
func (s *splitter) inList() bool {
	return len(s.within) == 0 || s.within[len(s.within)-1] == '[' && (s.before == '[' || s.before == ',')
}

// between looks at what stands between two objects.
func (s *splitter) between(c byte) {
	switch c {
	case '{':
		s.within, s.begin, s.before, s.long = append(s.within[:0], c), s.line, c, false
		s.object = append(s.object[:0], c)
	case ' ', '\t', '\r', '\n', ',', '[', ']', 0x1e: // the last one: RFC 7464
	case 0xef, 0xbb, 0xbf: // a byte order mark
	default:
		if !s.strayed {
			s.unreadable(s.line, "is no JSON object")
		}
		s.strayed = true
	}
}

func (s *splitter) keep(c byte) {
	if s.long = s.long || len(s.object) >= maxLine; !s.long {
		s.object = append(s.object, c)
	}
}

func (s *splitter) done() error {
	if s.long {
		s.unreadable(s.begin, "is longer than 1 MiB")
		return nil
	}
	return s.each(s.object, s.begin)
}

// abandon gives up an object that does not close.
func (s *splitter) abandon(why string) {
	s.unreadable(s.begin, why)
	s.within, s.quoted, s.escaped = s.within[:0], false, false
}

func (s *splitter) end() error {
	if len(s.within) > 0 {
		s.abandon("is not complete")
	}
	s.Lines = s.line
	if s.blank {
		s.Lines--
	}
	return nil
}
