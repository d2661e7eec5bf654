package export

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// Changed is what decoding made of a byte beyond ASCII.
type Changed struct {
	Byte      byte
	Character rune
	Line      int // physical line on which it was first met
}

// maxChanged is how many bytes are kept as a sample of what decoding did.
const maxChanged = 8

// tableDecoder turns an encoding of one byte a character into UTF-8. A byte
// without a character becomes U+FFFD, and so does a control character beyond
// ASCII: text has none, and what maps to it was never meant as one.
type tableDecoder struct {
	to      [256]rune
	met     [256]bool
	changed []Changed
	line    int
	cr      bool // the byte before was CR
}

func newTableDecoder(c *charmap.Charmap) *tableDecoder {
	d := &tableDecoder{line: 1}
	for i := range d.to {
		r := c.DecodeByte(byte(i))
		if r >= utf8.RuneSelf && unicode.IsControl(r) {
			r = utf8.RuneError
		}
		d.to[i] = r
	}
	return d
}

// Transform implements transform.Transformer.
func (d *tableDecoder) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		b := src[nSrc]
		if nDst+utf8.UTFMax > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		if b < utf8.RuneSelf {
			dst[nDst] = b
			nDst++
			if b == '\r' || b == '\n' && !d.cr {
				d.line++
			}
			d.cr = b == '\r'
			continue
		}
		d.cr = false
		if !d.met[b] {
			d.note(b)
		}
		nDst += utf8.EncodeRune(dst[nDst:], d.to[b])
	}
	return nDst, nSrc, nil
}

// Reset implements transform.Transformer.
func (d *tableDecoder) Reset() {}

// note keeps b for the sample.
func (d *tableDecoder) note(b byte) {
	d.met[b] = true
	if d.to[b] != utf8.RuneError && len(d.changed) < maxChanged {
		d.changed = append(d.changed, Changed{Byte: b, Character: d.to[b], Line: d.line})
	}
}
