package notice

import "bytes"

const (
	qpLine   = 75 // characters before a soft line break
	upperHex = "0123456789ABCDEF"
)

// appendQP appends s in quoted-printable (RFC 2045, section 6.7), exactly as
// mime/quotedprintable writes it. Lines of s end with LF; it has no CR.
func appendQP(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '\n')
		if i < 0 {
			return appendQPLine(dst, s)
		}
		dst = append(appendQPLine(dst, s[:i]), '\r', '\n')
		s = s[i+1:]
	}
}

// appendQPLine appends one line without its end.
func appendQPLine(dst, line []byte) []byte {
	blank := byte(0) // white space at the end must be encoded
	if n := len(line); n > 0 && (line[n-1] == ' ' || line[n-1] == '\t') {
		blank, line = line[n-1], line[:n-1]
	}
	column := 0
	for len(line) > 0 {
		n := 0
		for n < len(line) && n < qpLine-column && asIs[line[n]] {
			n++
		}
		dst = append(dst, line[:n]...)
		column, line = column+n, line[n:]
		switch {
		case len(line) == 0:
		case asIs[line[0]]:
			dst, column = append(dst, "=\r\n"...), 0
		default:
			dst, column = appendQPByte(dst, line[0], column)
			line = line[1:]
		}
	}
	if blank == 0 {
		return dst
	}
	if column == qpLine { // it would have been written, then taken back
		dst, column = append(dst, "=\r\n"...), 0
	}
	dst, _ = appendQPByte(dst, blank, column)
	return dst
}

func appendQPByte(dst []byte, c byte, column int) ([]byte, int) {
	if qpLine-column < 3 {
		dst, column = append(dst, "=\r\n"...), 0
	}
	return append(dst, '=', upperHex[c>>4], upperHex[c&15]), column + 3
}

// asIs tells which bytes stand for themselves.
var asIs = func() (t [256]bool) {
	for c := '!'; c <= '~'; c++ {
		t[c] = c != '='
	}
	t[' '], t['\t'] = true, true
	return t
}()
