package notice

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/internal/foreign"
)

// What may stand in a text and belongs to nobody who should read it.
const (
	foreignAddress = "an email address that is not the recipient's"
	foreignLink    = "a web address"
	foreignNumber  = "a phone or account number that is not the recipient's"
	rawAction      = "a template action that was not carried out"
)

// marks are what a template action, or what stands for one on the way to a
// message, looks like. Somebody may be called as the last ones are.
var marks = slices.Concat(foreign.Leftovers, []string{"bm7act", markBegin[:4], "cut-text", "cut-html"})

// isHarmless reports, at little cost, that a value cannot hold anything foreign.
func isHarmless(s string) bool { return foreign.In(s) == foreign.Nothing }

// known is what may stand in a recipient's notice.
type known struct {
	approved  *findings
	addresses []string // the recipient's own
	numbers   map[string]bool
	harmless  []string // the recipient's own values that hold nothing foreign
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
	own, shown := []string{r.Phone.Reveal()}, []string{g.data.Name}
	for i, a := range r.Accounts {
		own = append(own, a.Number.Reveal(), g.data.Accounts[i].LastFour)
	}
	for _, e := range g.data.extra {
		own, shown = append(own, e.text), append(shown, e.text)
	}
	for _, s := range shown {
		if isHarmless(s) {
			k.harmless = append(k.harmless, s)
		}
	}
	for _, s := range append(own, k.harmless...) {
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
	for a := range foreign.Addresses(s) {
		f.addresses[a] = true
	}
	addNumbers(f.numbers, s, false)
	for _, m := range marks {
		if strings.Contains(s, m) {
			f.marks[m] = true
		}
	}
}

// foreign returns what of s is not known, and "" where all of it is.
func (k *known) foreign(s string) string {
	if k.holdsMark(s) {
		return rawAction
	}
	for a := range foreign.Addresses(s) {
		if !k.address(a) {
			return foreignAddress
		}
	}
	for groups := range foreign.Numbers(s) {
		if !k.covers(groups) {
			return foreignNumber
		}
	}
	return ""
}

// holdsMark reports whether s holds one of marks that is neither approved nor
// part of a value.
func (k *known) holdsMark(s string) bool {
	for _, m := range marks {
		if strings.Contains(s, m) && !k.approved.marks[m] && !k.says(m) {
			return true
		}
	}
	return false
}

// says reports whether a harmless value of the recipient's holds s.
func (k *known) says(s string) bool {
	return slices.ContainsFunc(k.harmless, func(value string) bool { return strings.Contains(value, s) })
}

// address reports whether an address is known, or is a value such as @example.com
// with the quotes or asterisks that a template puts before it.
func (k *known) address(a string) bool {
	// What Markdown, quotes and brackets leave around one.
	bare := strings.TrimFunc(a, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
	return k.approved.addresses[a] || k.approved.addresses[bare] ||
		!strings.Contains(bare, "@") && k.says(a[strings.IndexByte(a, '@'):]) ||
		slices.ContainsFunc(k.addresses, func(own string) bool { return strings.EqualFold(own, a) || strings.EqualFold(own, bare) })
}

// covers reports whether groups of digits that stand side by side are known
// numbers, with too few digits between them to be another.
func (k *known) covers(groups []string) bool {
	// unknown[i] is how many digits, at the least, stand before group i since the
	// last known number; none is where even those would be a number.
	const none = foreign.ShortestNumber
	unknown := make([]int, len(groups)+1)
	for i := range unknown[1:] {
		unknown[i+1] = none
	}
	for i := range groups {
		if unknown[i] >= none {
			continue
		}
		unknown[i+1] = min(unknown[i+1], unknown[i]+utf8.RuneCountInString(groups[i]))
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
	for groups := range foreign.Numbers(s) {
		if value {
			numbers[strings.Join(groups, "")] = true
		}
		for i := range groups {
			number := ""
			for _, g := range groups[i:min(len(groups), i+longestRun)] {
				if number += g; utf8.RuneCountInString(number) >= foreign.ShortestNumber {
					numbers[number] = true
				}
			}
		}
	}
}
