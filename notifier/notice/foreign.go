package notice

import (
	"html"
	"slices"
	"strings"
	"unicode"

	"breachmail/notifier"
)

// What may stand in a text and belongs to nobody who should read it.
const (
	foreignAddress = "an email address that is not the recipient's"
	foreignNumber  = "a phone or account number that is not the recipient's"
	rawAction      = "a template action that was not carried out"
)

// rawMarks are what a template action, or what stands for one on the way to a
// message, looks like.
var rawMarks = []string{"{{", "<no value>", "bm7act", markBegin[:4], "cut-text", "cut-html"}

// shortestNumber is how many digits a phone or account number has at least.
const shortestNumber = 7

// isHarmless reports, at little cost, that a value cannot hold anything foreign.
func isHarmless(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '@' || c == '{' || c == '<':
			return false
		}
	}
	return digits < shortestNumber && !strings.Contains(s, "bm7") && !strings.Contains(s, "cut-")
}

// known is what may stand in a recipient's notice.
type known struct {
	approved  *findings
	addresses []string // the recipient's own
	numbers   map[string]bool
}

// findings are the addresses, numbers and marks of the approved text of one
// variant.
type findings struct {
	addresses, numbers, marks map[string]bool
}

// known returns what may stand in this recipient's notice.
func (g *guard) known() *known {
	r := g.recipient
	k := &known{
		approved:  g.notice.approved(r.Variant),
		addresses: []string{r.Address.Reveal(), g.to},
		numbers:   map[string]bool{},
	}
	addNumbers(k.numbers, g.data.Reference, false)
	own := []string{r.Phone.Reveal()}
	for i, a := range r.Accounts {
		own = append(own, a.Number.Reveal(), g.data.Accounts[i].LastFour)
	}
	for _, e := range g.data.extra {
		own = append(own, e.text)
	}
	for _, s := range own {
		addNumbers(k.numbers, s, true)
	}
	return k
}

// approved returns what stands in the approved text of a variant.
func (n *Notice) approved(v notifier.Variant) *findings {
	if known, ok := n.approvals.Load(v); ok {
		return known.(*findings)
	}
	f := &findings{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	r := n.Sample(v)
	if p, d, err := n.prepare(&r, nil); err == nil {
		for _, d := range d.gaps() {
			text, page, err := p.render(&d)
			if err != nil {
				continue // Compile has rendered it
			}
			f.add(string(text))
			f.add(html.UnescapeString(string(page)))
		}
	}
	n.approvals.Store(v, f)
	return f
}

func (f *findings) add(s string) {
	eachAddress(s, func(a string) bool { f.addresses[a] = true; return true })
	addNumbers(f.numbers, s, false)
	for _, m := range rawMarks {
		if strings.Contains(s, m) {
			f.marks[m] = true
		}
	}
}

// foreign returns what of s is not known, and "" where all of it is.
func (k *known) foreign(s string) (found string) {
	for _, m := range rawMarks {
		if strings.Contains(s, m) && !k.approved.marks[m] {
			return rawAction
		}
	}
	eachAddress(s, func(a string) bool {
		if !k.address(a) {
			found = foreignAddress
		}
		return found == ""
	})
	if found == "" {
		eachNumber(s, func(groups []string) bool {
			if !k.covers(groups) {
				found = foreignNumber
			}
			return found == ""
		})
	}
	return found
}

func (k *known) address(a string) bool {
	// What Markdown, quotes and brackets leave around one.
	bare := strings.TrimFunc(a, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
	return k.approved.addresses[a] || k.approved.addresses[bare] ||
		slices.ContainsFunc(k.addresses, func(own string) bool { return strings.EqualFold(own, a) || strings.EqualFold(own, bare) })
}

// covers reports whether groups of digits that stand side by side are known
// numbers, with too few digits between them to be another.
func (k *known) covers(groups []string) bool {
	// unknown[i] is how many digits, at the least, stand before group i since the
	// last known number; none is where even those would be a number.
	const none = shortestNumber
	unknown := make([]int, len(groups)+1)
	for i := range unknown[1:] {
		unknown[i+1] = none
	}
	for i := range groups {
		if unknown[i] >= none {
			continue
		}
		unknown[i+1] = min(unknown[i+1], unknown[i]+len(groups[i]))
		number := ""
		for j, g := range groups[i:min(len(groups), i+longestRun)] {
			if number += g; k.numbers[number] || k.approved.numbers[number] {
				unknown[i+j+1] = 0
			}
		}
	}
	return unknown[len(groups)] < none
}

// longestRun is of how many groups of digits a number may be.
const longestRun = 16

// addNumbers notes the numbers of s: what of its groups of digits, with those
// behind them, is long enough. Where s is one value, such as the last digits of
// an account, all of its digits are one as well.
func addNumbers(numbers map[string]bool, s string, value bool) {
	eachNumber(s, func(groups []string) bool {
		if value {
			numbers[strings.Join(groups, "")] = true
		}
		for i := range groups {
			number := ""
			for _, g := range groups[i:min(len(groups), i+longestRun)] {
				if number += g; len(number) >= shortestNumber {
					numbers[number] = true
				}
			}
		}
		return true
	})
}

// eachNumber calls f with the groups of digits of each number of s, until it
// returns false. Between them stand nothing but spaces and -.(), at most three.
func eachNumber(s string, f func(groups []string) bool) {
	var groups []string
	end := 0 // of the last group
	for i := 0; i < len(s); {
		if !isDigit(s[i]) {
			i++
			continue
		}
		begin := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if len(groups) > 0 && (begin-end > 3 || strings.Trim(s[end:begin], " -.()") != "") {
			if !f(groups) {
				return
			}
			groups = groups[:0]
		}
		groups, end = append(groups, s[begin:i]), i
	}
	if len(groups) > 0 {
		f(groups)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// eachAddress calls f with each email address of s, until it returns false:
// what stands around an at sign, with a dot behind it.
func eachAddress(s string, f func(address string) bool) {
	for from := 0; ; {
		at := strings.IndexByte(s[from:], '@')
		if at < 0 {
			return
		}
		at += from
		begin, end := at, at+1
		for begin > 0 && inLocalPart(s[begin-1]) {
			begin--
		}
		for end < len(s) && inDomain(s[end]) {
			end++
		}
		address := strings.TrimRight(s[begin:end], ".-")
		if begin < at && strings.Contains(s[at:min(end, begin+len(address))], ".") && !f(address) {
			return
		}
		from = at + 1
	}
}

// inLocalPart reports whether c may stand before the at sign (RFC 5322, section
// 3.2.3, and RFC 6532).
func inLocalPart(c byte) bool {
	return inDomain(c) || strings.IndexByte("!#$%&'*+/=?^_`{|}~", c) >= 0
}

func inDomain(c byte) bool {
	return c >= 0x80 || c == '.' || c == '-' || isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z'
}
