package review

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// allowed is what a notice may say in full, because it is nobody's own.
type allowed struct {
	numbers map[string]bool // digits of telephone numbers and postal codes
	texts   []string        // what they stand in
	emails  map[string]bool // in lower case
	web     map[string]bool // regulators' addresses, as bareWeb gives them
	zips    *regexp.Regexp  // postal codes of nine digits, with what they stand behind
}

// newAllowed takes together what the incident's contact and the law data name.
func newAllowed(m Material) *allowed {
	a := &allowed{numbers: map[string]bool{}, emails: map[string]bool{}, web: map[string]bool{}}
	c := m.Incident.Contact
	a.texts = []string{c.Web, c.Post, c.Phone, c.Hours}
	for _, s := range append(slices.Clone(a.texts), m.Incident.Affected) {
		a.add(s)
	}
	for _, t := range m.Translations {
		a.add(t.Hours)
	}
	i := &m.Incident
	a.addLines(i.WhatHappened, i.WhatWeAreDoing, i.WhatYouCanDo, i.Services)
	for _, t := range m.Translations {
		a.addLines(t.WhatHappened, t.WhatWeAreDoing, t.WhatYouCanDo, t.Services)
	}
	a.zips = zipsOf(m.Law)
	if m.Law == nil {
		return a
	}
	for _, state := range m.Law.States() {
		for _, f := range m.Law.Facts(state) {
			o, ok := m.Law.Office(state, f.Fact)
			if !ok || strings.HasPrefix(f.Fact, jurisdiction.BlockPrefix) {
				continue
			}
			a.add(f.Value)
			a.texts = append(a.texts, o.Address)
			for web := range strings.FieldsFuncSeq(o.Web, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
				a.web[bareWeb(web)] = true
			}
			for _, e := range emailAddress().FindAllString(f.Value, -1) {
				a.emails[strings.ToLower(e)] = true
			}
		}
	}
	return a
}

// addLines takes in the toll-free numbers of texts: the lines of services that
// are offered, never a customer's.
func (a *allowed) addLines(texts ...string) {
	for _, n := range numbersIn(strings.Join(texts, "\n")) {
		if isTollFree(n) {
			a.numbers[n] = true
		}
	}
}

// zipsOf matches postal codes of nine digits behind a state that the law data
// knows, or behind what says that they are one.
func zipsOf(law *jurisdiction.Law) *regexp.Regexp {
	states := []string{`(?i:zip(?: codes?)?|código postal)`}
	if law != nil {
		for _, code := range law.States() {
			if code != "ID" { // an identity as well, unless a comma stands before
				states = append(states, regexp.QuoteMeta(code))
			}
			if name := law.Name(code); name != "" {
				states = append(states, regexp.QuoteMeta(name))
			}
		}
	}
	return re(`(?:, ID|(?:^|[^\p{L}])(?:` + strings.Join(states, "|") + `))[ ,:]{1,2}\d{5}-\d{4}\b`)
}

func (a *allowed) add(s string) {
	for _, n := range numbersIn(s) {
		a.numbers[n] = true
	}
	if d := digits(s); len(d) >= minNumber {
		a.numbers[national(d)] = true
	}
}

// without returns a sentence without what it may say.
func (a *allowed) without(s string) string {
	for _, t := range a.texts {
		if digits(t) != "" {
			s = strings.ReplaceAll(s, t, " … ")
		}
	}
	return a.zips.ReplaceAllString(s, " … ")
}

// minNumber is how many digits an account or telephone number has at least.
const minNumber = 7

var (
	numberPattern = pattern(`\+?\(?\d(?:[ .()/\x{00a0}\x{2010}-\x{2013}-]{0,3}\d){6,}`)
	emailAddress  = pattern(`[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+`)
)

// numbersIn returns the digits of what looks like an account or telephone
// number, without the country's 1.
func numbersIn(s string) []string {
	s = withoutPlain(s)
	var out []string
	for _, m := range numberPattern().FindAllString(s, -1) {
		parts := strings.Split(m, " / ") // two numbers, unless one of them is too short
		if slices.ContainsFunc(parts, func(p string) bool { return len(digits(p)) < minNumber }) {
			parts = []string{m}
		}
		for _, p := range parts {
			out = append(out, national(digits(p)))
		}
	}
	return out
}

// national returns a telephone number's digits without the country's 1.
func national(d string) string {
	if len(d) == 11 && d[0] == '1' {
		return d[1:]
	}
	return d
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// isTollFree reports whether a number costs its caller nothing in the USA.
func isTollFree(number string) bool {
	n := national(digits(number))
	return len(n) == 10 && slices.Contains([]string{"800", "833", "844", "855", "866", "877", "888"}, n[:3])
}

// numberProblems are numbers in full in a sentence that nobody but their owner
// should read.
func numberProblems(l *linter, w *wording, sentence string) []problem {
	s := strings.ReplaceAll(l.allowed.without(sentence), w.recipient.Key.Reference(), " … ")
	var out []problem
	for _, n := range numbersIn(s) {
		if !l.allowed.numbers[n] {
			out = append(out, fullNumber(n, sentence))
		}
	}
	return out
}

// accountProblems are account numbers of the stand-in that the wording shows in
// full, also those without digits.
func accountProblems(w *wording) []problem {
	var out []problem
	for _, a := range w.recipient.Accounts {
		n := a.Number.Reveal()
		for _, s := range w.sentences {
			if strings.Contains(s, n) && !slices.Contains(numbersIn(s), n) {
				out = append(out, fullNumber(n, s))
			}
		}
		if slices.ContainsFunc(destinations(w.doc), func(to string) bool { return strings.Contains(to, n) }) {
			out = append(out, problem{rule: RuleFullNumber, fragments: []string{"account"}, text: "a link holds an account number in full"})
		}
	}
	return out
}

func fullNumber(n, sentence string) problem {
	return problem{rule: RuleFullNumber, fragments: []string{sentence},
		text: fmt.Sprintf("an account or phone number in full, %s (show its last digits only; numbers to call belong into incident.contact)", notifier.NewPhone(n))}
}

// addressProblems are email addresses that are neither the recipient's nor the
// sender's.
func addressProblems(l *linter, w *wording) []problem {
	var found []string
	for _, s := range w.sentences {
		if strings.Contains(s, "@") {
			found = append(found, emailAddress().FindAllString(s, -1)...)
		}
	}
	for _, to := range destinations(w.doc) {
		if u, err := url.PathUnescape(to); err == nil {
			to = u
		}
		if strings.HasPrefix(strings.ToLower(to), "mailto:") {
			found = append(found, emailAddress().FindAllString(to[len("mailto:"):], -1)...)
		}
	}
	var out []problem
	for _, a := range found {
		a = strings.Trim(a, ".'")
		switch {
		case strings.EqualFold(a, w.recipient.Address.Reveal()), strings.EqualFold(a, l.From), strings.EqualFold(a, l.ReplyTo),
			domainOf(a) == domainOf(l.From), l.allowed.emails[strings.ToLower(a)]:
			continue
		}
		out = append(out, problem{rule: RuleForeignAddress, fragments: []string{a},
			text: fmt.Sprintf("the email address %s is neither the recipient's nor the sender's (take it out)", notifier.NewAddress(a))})
	}
	return out
}
