package unpack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// source is where a layer takes its bytes from.
type source struct {
	r     io.Reader
	n     atomic.Int64 // bytes taken
	ended bool         // r has no more
	err   error        // what else r answered
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n.Add(int64(n))
	switch {
	case err == io.EOF:
		s.ended = true
	case err != nil:
		s.err = err
	}
	return n, err
}

// layer takes one packing off. It turns the words of the library that does it
// into ours, and stops a decompression bomb.
type layer struct {
	file  string
	r     io.Reader // reads from in
	in    *source
	out   int64              // bytes given
	judge func(error) *Error // what an error of r means
	err   error              // how it ended
}

// Read implements io.Reader. It ends with io.EOF or an *Error.
func (l *layer) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.r.Read(p)
	l.out += int64(n)
	switch {
	case err == io.EOF && l.in.err == nil:
		l.err = io.EOF
	case err != nil:
		l.err = l.fail(err)
	case l.out > bombFrom && l.out > bombRatio*l.in.n.Load():
		l.err = l.bomb()
	}
	return n, l.err
}

// fail says what went wrong; trouble below this layer comes first.
func (l *layer) fail(err error) error {
	if l.in.err != nil {
		err = l.in.err
	}
	own := (*Error)(nil)
	if !errors.As(err, &own) {
		own = l.judge(err)
	}
	if own.File == "" {
		own.File = l.file
	}
	return own
}

func (l *layer) bomb() *Error {
	e := &Error{Kind: ErrBomb, Do: "if that is right, unpack it yourself and name the result"}
	e.What = fmt.Sprintf("stopped unpacking: %s came out of %s, more than %d times as much", amount(l.out), amount(l.in.n.Load()), bombRatio)
	return e.of(l.file)
}

// disk reads a file from its start to its end, which must be where it was when
// the file was opened.
type disk struct {
	f    *os.File
	name string
	size int64
	n    int64
}

// Read implements io.Reader. It ends with io.EOF or an *Error.
func (d *disk) Read(p []byte) (int, error) {
	n, err := d.f.Read(p)
	d.n += int64(n)
	switch {
	case d.n > d.size:
		return n, &Error{File: d.name, Kind: ErrChanged, What: "grew while it was read", Do: "wait until it is written completely"}
	case err == io.EOF && d.n < d.size:
		return n, &Error{File: d.name, Kind: ErrChanged, What: "became shorter while it was read", Do: getAgain}
	case err != nil && err != io.EOF:
		return n, systemError(d.name, err)
	}
	return n, err
}
