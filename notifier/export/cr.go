package export

import (
	"bytes"
	"io"
)

// endsInCR reports whether the lines of a file end in a lone CR, by how it
// begins: there is CR, and no LF.
func endsInCR(head []byte) bool {
	return bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0
}

// crReader turns every CR into LF, and CR LF into one LF.
type crReader struct {
	r     io.Reader
	after bool // the byte before was CR
	lf    bool // there was an LF
}

// Read implements io.Reader.
func (c *crReader) Read(p []byte) (int, error) {
	for {
		n, err := c.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			second := c.after && b == '\n'
			c.after = b == '\r'
			c.lf = c.lf || b == '\n'
			if second {
				continue
			}
			if b == '\r' {
				b = '\n'
			}
			p[kept] = b
			kept++
		}
		if kept > 0 || n == 0 || err != nil {
			return kept, err
		}
	}
}
