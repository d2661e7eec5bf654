// Package foreign finds in a text what could be somebody else's, or was never
// meant to be read: email and web addresses, telephone and account numbers, and
// what a template leaves behind.
//
// Intake sets aside a row whose name holds such a thing, and the guard stops a
// run before a message leaves that has one in it. Both ask here, so that a name
// that is taken in never stops a run later.
package foreign

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what was found.
type Kind int

// The kinds.
const (
	Nothing Kind = iota
	Address
	Number
	Action // of a template, not carried out, or what stands for a value that was missing
	Link   // a web address
)

// ShortestNumber is how many digits a telephone or account number has at least.
const ShortestNumber = 7

// Leftovers are what template actions look like that were not carried out, or
// had nothing to write.
var Leftovers = []string{"{{", "<no value>"}

// In returns what the text holds, the first of the kinds where there are
// several. It costs little for a text that holds nothing.
func In(s string) Kind {
	if isHarmless(s) {
		return Nothing
	}
	for range Addresses(s) {
		return Address
	}
	for groups := range Numbers(s) {
		if digitsOf(groups) >= ShortestNumber {
			return Number
		}
	}
	if HasAction(s) {
		return Action
	}
	if HasLink(s) {
		return Link
	}
	return Nothing
}

// HasLink reports whether a web address is in the text: mail programs make a link
// of it, wherever it leads.
func HasLink(s string) bool {
	return strings.Contains(s, "://") || strings.Contains(strings.ToLower(s), "www.")
}

// HasAction reports whether one of Leftovers is in the text.
func HasAction(s string) bool {
	for _, l := range Leftovers {
		if strings.Contains(s, l) {
			return true
		}
	}
	return false
}

// isHarmless reports that a text cannot hold anything, without looking closely.
func isHarmless(s string) bool {
	digits := 0
	for _, c := range s {
		switch {
		case c == '@' || c == '{' || c == '<' || c == ':' || c == '.':
			return false
		case isDigit(c):
			digits++
		}
	}
	return digits < ShortestNumber
}

// digitsOf returns how many digits there are in groups of them.
func digitsOf(groups []string) (n int) {
	for _, g := range groups {
		n += utf8.RuneCountInString(g)
	}
	return n
}

// Numbers returns the groups of digits, of any script, that stand side by side
// and may be one number: with nothing between them but spaces and -.(), at most
// three. Each is one that may be too short to be a number; the groups hold until
// the next.
func Numbers(s string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var groups []string
		end := 0 // of the last group
		for i := 0; i < len(s); {
			n := digitsAt(s[i:])
			if n == 0 {
				i++
				continue
			}
			if len(groups) > 0 && (i-end > 3 || strings.Trim(s[end:i], " -.()") != "") {
				if !yield(groups) {
					return
				}
				groups = groups[:0]
			}
			groups, end = append(groups, s[i:i+n]), i+n
			i += n
		}
		if len(groups) > 0 {
			yield(groups)
		}
	}
}

// digitsAt returns how many bytes of digits the text begins with.
func digitsAt(s string) int {
	for i, c := range s {
		if !isDigit(c) {
			return i
		}
	}
	return len(s)
}

func isDigit(c rune) bool {
	return c >= '0' && c <= '9' || c >= utf8.RuneSelf && unicode.IsDigit(c)
}

// Addresses returns the email addresses: what stands around an at sign, with a
// dot behind it.
func Addresses(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for from := 0; ; {
			at := strings.IndexByte(s[from:], '@')
			if at < 0 {
				return
			}
			at += from
			if a := addressAt(s, at); a != "" && !yield(a) {
				return
			}
			from = at + 1
		}
	}
}

// addressAt returns the address around an at sign, or "". What stands before it
// need not be one that could be written without quotes or brackets.
func addressAt(s string, at int) string {
	begin, end := at, at+1
	for begin > 0 && inLocalPart(s[begin-1]) {
		begin--
	}
	if begin == at && begin > 0 && s[at-1] > ' ' && s[at-1] != '@' {
		begin--
	}
	for end < len(s) && inDomain(s[end]) {
		end++
	}
	domain := strings.TrimRight(s[at+1:end], ".-")
	if begin == at || strings.IndexByte(domain, '.') < 1 {
		return ""
	}
	return s[begin : at+1+len(domain)]
}

// inLocalPart reports whether c may stand before the at sign (RFC 5322, section
// 3.2.3, and RFC 6532).
func inLocalPart(c byte) bool {
	return inDomain(c) || strings.IndexByte("!#$%&'*+/=?^_`{|}~", c) >= 0
}

func inDomain(c byte) bool {
	return c >= utf8.RuneSelf || c == '.' || c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
