package intake

import (
	"fmt"
	"strings"
)

// belonging watches how often a part of the name is in the address of the same
// row. Many people choose such an address; when from some line on next to
// nobody does, names and addresses of different people stand side by side, as
// after a column was sorted without the others. Notices sent then would each
// tell somebody about somebody else.
type belonging struct {
	usual, usualAgree int64 // rows before the window, and how many of them agree
	window            belongWindow
	low               int // windows of late in which next to nobody agreed
	first             int // line of the first of them
	since             int // line from which on they do not belong together, once that is sure
}

type belongWindow struct {
	rows, agree, first int
}

// A part of the rows is usual when 30 % agree; 1,000 rows below 3 % after that
// are a break. Rows are looked at in windows.
const (
	belongRows    = 500
	belongUsual   = 30
	belongBroken  = 3
	belongWindows = 2
)

// see looks at a row that has both.
func (b *belonging) see(name, address string, line int) {
	at := strings.IndexByte(address, '@')
	if b.since > 0 || at < 1 || name == "" {
		return
	}
	if b.window.rows == 0 {
		b.window.first = line
	}
	b.window.rows++
	if sharesName(address[:at], name) {
		b.window.agree++
	}
	if b.window.rows == belongRows {
		b.judge()
		b.window = belongWindow{}
	}
}

// judge takes in a full window.
func (b *belonging) judge() {
	usual := b.usual >= belongRows && b.usualAgree*100 >= belongUsual*b.usual
	if !usual || b.window.agree*100 >= belongBroken*b.window.rows {
		b.usual += int64(b.window.rows)
		b.usualAgree += int64(b.window.agree)
		b.low = 0
		return
	}
	if b.low++; b.low == 1 {
		b.first = b.window.first
	}
	if b.low == belongWindows {
		b.since = b.first
	}
}

// words says from where on names and addresses do not belong together, or "".
func (b *belonging) words() string {
	if b.since == 0 {
		return ""
	}
	return fmt.Sprintf("from about line %d on names and addresses no longer seem to belong to the same people", b.since)
}

// shortName is the length below which a word of a name is in too many
// addresses by chance.
const shortName = 3

// sharesName reports whether the first or the last word of a name is in a local
// part, whatever the case.
func sharesName(local, name string) bool {
	first, last := name, name
	if i := strings.IndexByte(name, ' '); i >= 0 {
		first = strings.TrimSuffix(name[:i], ",")
		last = name[strings.LastIndexByte(name, ' ')+1:]
	}
	return containsFold(local, first) || containsFold(local, last)
}

// containsFold reports whether word, of three bytes or more, is in s, whatever
// the case of ASCII letters.
func containsFold(s, word string) bool {
	if len(word) < shortName {
		return false
	}
	for at := 0; at+len(word) <= len(s); at++ {
		i := 0
		for i < len(word) && s[at+i]|0x20 == word[i]|0x20 {
			i++
		}
		if i == len(word) {
			return true
		}
	}
	return false
}
