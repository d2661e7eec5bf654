package bounce

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine bounds a line, and a JSON object.
const maxLine = 1 << 20

// lineReader cuts a stream into lines and counts them.
type lineReader struct {
	r    *bufio.Reader
	long []byte // a line that is longer than r's buffer
	n    int    // the number of the line last returned
}

// next returns the next line without its LF or CR LF; it is valid until the
// next call. long says that the line was longer than maxLine and is left out.
// The error is io.EOF after the last line, or the stream's.
func (l *lineReader) next() (line []byte, long bool, err error) {
	line, err = l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, long, err = l.rest(line)
	}
	switch {
	case err == nil:
		line = line[:max(len(line)-1, 0)]
	case !errors.Is(err, io.EOF):
		return nil, false, err
	case len(line) == 0 && !long:
		return nil, false, io.EOF
	}
	l.n++
	return bytes.TrimSuffix(line, []byte("\r")), long, nil
}

// rest reads on behind the beginning of a line.
func (l *lineReader) rest(begin []byte) (line []byte, long bool, err error) {
	l.long = append(l.long[:0], begin...)
	for {
		more, err := l.r.ReadSlice('\n')
		if long = long || len(l.long)+len(more) > maxLine+2; !long { // CR and LF do not count
			l.long = append(l.long, more...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if long {
				return nil, true, err
			}
			return l.long, false, err
		}
	}
}
