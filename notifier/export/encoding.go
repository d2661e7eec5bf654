package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// coding is a way in which characters are written as bytes.
type coding struct {
	name   string             // in Options.Encoding
	shown  string             // in Info.Encoding and messages
	also   []string           // other spellings, folded
	mark   string             // its byte order mark
	single *charmap.Charmap   // for one byte a character
	wide   unicode.Endianness // for UTF-16
	isWide bool
}

// codings are the encodings a file can be in, UTF-8 first.
var codings = []coding{
	{name: "utf-8", shown: "UTF-8", mark: "\xef\xbb\xbf"},
	{name: "utf-16le", shown: "UTF-16LE", mark: "\xff\xfe", wide: unicode.LittleEndian, isWide: true},
	{name: "utf-16be", shown: "UTF-16BE", mark: "\xfe\xff", wide: unicode.BigEndian, isWide: true},
	{name: "windows-1252", shown: "Windows-1252", single: charmap.Windows1252, also: []string{"cp1252", "win1252", "1252"}},
	{name: "iso-8859-1", shown: "ISO-8859-1", single: charmap.ISO8859_1, also: []string{"latin1", "88591", "l1"}},
	{name: "iso-8859-15", shown: "ISO-8859-15", single: charmap.ISO8859_15, also: []string{"latin9", "885915", "l9"}},
	{name: "windows-1250", shown: "Windows-1250", single: charmap.Windows1250, also: []string{"cp1250", "win1250", "1250"}},
	{name: "macintosh", shown: "Macintosh", single: charmap.Macintosh, also: []string{"mac", "macroman", "xmacroman"}},
	{name: "cp437", shown: "CP437", single: charmap.CodePage437, also: []string{"437", "ibm437", "dos437"}},
	{name: "cp850", shown: "CP850", single: charmap.CodePage850, also: []string{"850", "ibm850", "dos850"}},
}

// Encodings returns the names that Options.Encoding takes. Case, spaces and
// punctuation in them do not matter, and common other spellings (latin1,
// cp1252) are taken too.
func Encodings() []string {
	names := make([]string, len(codings))
	for i, c := range codings {
		names[i] = c.name
	}
	return names
}

// CheckEncoding returns an error unless Options.Encoding takes name.
func CheckEncoding(name string) error {
	_, err := codingOf(name)
	return err
}

// codingOf returns the coding called name; nil where it is to be decided by
// looking.
func codingOf(name string) (*coding, error) {
	folded := fold(name)
	if folded == "auto" || strings.TrimSpace(name) == "" {
		return nil, nil
	}
	for i, c := range codings {
		if fold(c.name) == folded {
			return &codings[i], nil
		}
		for _, other := range c.also {
			if other == folded {
				return &codings[i], nil
			}
		}
	}
	return nil, fmt.Errorf("there is no encoding %q (--encoding is auto or one of %s)", name, strings.Join(Encodings(), ", "))
}

// seen is what was decided about the encoding of a file.
type seen struct {
	*coding
	marked  bool // it begins with its byte order mark
	guessed bool // nothing but the bytes speaks for it
}

// decide says how a file is encoded that begins with head. cut: it goes on
// after that.
func decide(head []byte, cut bool, opts Options) (seen, error) {
	named, err := codingOf(opts.Encoding)
	if err != nil {
		return seen{}, err
	}
	for i, c := range codings {
		if c.mark == "" || !bytes.HasPrefix(head, []byte(c.mark)) {
			continue
		}
		if named != nil && named != &codings[i] {
			return seen{}, fmt.Errorf("the file begins with a byte order mark of %s, and --encoding says %s (leave --encoding out)", c.shown, named.name)
		}
		return seen{coding: &codings[i], marked: true}, nil
	}
	if named != nil {
		return seen{coding: named}, nil
	}
	if wide := unmarked(head); wide != "" {
		remedy := "name it: --encoding " + wide
		if opts.list {
			remedy = saveList
		}
		return seen{}, fmt.Errorf("looks like UTF-16 without a byte order mark (%s)", remedy)
	}
	if singleByte(head, cut) {
		named, err = codingOf("windows-1252")
		return seen{coding: named, guessed: true}, err
	}
	return seen{coding: &codings[0]}, nil
}

// unmarked returns the name of the UTF-16 that head looks like, or "": every
// other byte of plain English is zero there.
func unmarked(head []byte) string {
	head = head[:min(len(head), 4096)&^1]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	name := "utf-16be"
	if zeros[1] > zeros[0] {
		zeros[0], zeros[1] = zeros[1], zeros[0]
		name = "utf-16le"
	}
	if pairs := len(head) / 2; pairs < 2 || zeros[0] < pairs/2 || zeros[1] > pairs/8 {
		return ""
	}
	return name
}

// singleByte reports whether head has bytes beyond ASCII and not one character
// of UTF-8 among them. A character cut off at the end says nothing.
func singleByte(head []byte, cut bool) bool {
	beyond := false
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		if cut && !utf8.FullRune(head[i:]) {
			break
		}
		if _, size := utf8.DecodeRune(head[i:]); size > 1 {
			return false
		}
		beyond = true
		i++
	}
	return beyond
}

// decoder returns what turns the coding into UTF-8; nil for UTF-8 itself.
func (c *coding) decoder() transform.Transformer {
	switch {
	case c.single != nil:
		return newTableDecoder(c.single)
	case c.isWide:
		return unicode.UTF16(c.wide, unicode.IgnoreBOM).NewDecoder()
	}
	return nil
}
