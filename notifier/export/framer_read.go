package export

import (
	"io"
	"slices"
)

// compact makes room at the end of buf. Places in buf found before it are
// void, so it is called between records only.
func (f *framer) compact() {
	if f.pos < readSize {
		return
	}
	f.buf = f.buf[:copy(f.buf, f.buf[f.pos:])]
	f.pos = 0
}

// fill reads more behind what is in buf. It reports false at the end of the
// file.
func (f *framer) fill() (bool, error) {
	f.buf = slices.Grow(f.buf, readSize)
	for tries := 0; !f.eof; tries++ {
		n, err := f.r.Read(f.buf[len(f.buf) : len(f.buf)+readSize])
		f.buf = f.buf[:len(f.buf)+n]
		f.eof = err == io.EOF
		if err != nil && err != io.EOF {
			return false, err
		}
		if n > 0 {
			return true, nil
		}
		if tries == 100 {
			return false, io.ErrNoProgress
		}
	}
	return false, nil
}

// byteAt returns the byte at place at, or false at the end of the file.
func (f *framer) byteAt(at int) (byte, bool, error) {
	for at >= len(f.buf) {
		if more, err := f.fill(); err != nil || !more {
			return 0, false, err
		}
	}
	return f.buf[at], true, nil
}
