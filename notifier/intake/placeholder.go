package intake

import "strings"

// placeholderTexts are what people and systems write where there is no
// address. They are compared in lower case.
var placeholderTexts = words(`n/a na none null nil unknown no x xx xxx - -- . .. 0 ? refused declined tbd
	"no email" "none given" "not provided" "not available" noemail no-email no_email`)

// placeholderLocals are local parts that nobody has, at any domain. They are
// compared without dots, hyphens and underscores.
var placeholderLocals = words(`noemail nomail noemailaddress noaddress none null notprovided notavailable
	nothanks donotemail donotcontact unknown declined refused n/a`)

// placeholderPairs are words that stand for no address when the domain begins
// with them as well, as in test@test.com.
var placeholderPairs = words(`na no test abc asdf email fake invalid dummy a aa aaa x xx xxx`)

// isPlaceholder reports whether s is written where there is no address.
func isPlaceholder(s string) bool {
	s = lowerASCII(s)
	if placeholderTexts[s] {
		return true
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok {
		return false
	}
	if placeholderLocals[letters.Replace(local)] {
		return true
	}
	label, _, _ := strings.Cut(domain, ".")
	return local == label && placeholderPairs[local]
}

var letters = strings.NewReplacer(".", "", "-", "", "_", "")

// words makes a set of the words in list; a word with spaces stands in quotes.
func words(list string) map[string]bool {
	set := make(map[string]bool)
	for i, part := range strings.Split(list, `"`) {
		if i%2 == 1 {
			set[part] = true
			continue
		}
		for _, w := range strings.Fields(part) {
			set[w] = true
		}
	}
	return set
}
