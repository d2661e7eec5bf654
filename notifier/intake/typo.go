package intake

import (
	"slices"
	"strings"
)

// largeDomains are the domains at which most people in the United States have
// their mailboxes: the large free ones, and those of the large access
// providers. A domain one slip away from one of them was probably meant to be
// it. It is only ever reported, never changed.
var largeDomains = strings.Fields(`gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com msn.com live.com
	protonmail.com rocketmail.com
	comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net
	frontier.com windstream.net centurylink.net roadrunner.com suddenlink.net juno.com netzero.net`)

// realDomains are one slip away from a large one and known to be somebody
// else's mailbox domains.
var realDomains = words(`mail.com email.com ymail.com`)

// wrongEndings are top-level domains that do not exist and that fingers make of
// those that do.
var wrongEndings = map[string]string{
	"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "cpm": "com", "comm": "com", "coom": "com",
	"nte": "net", "ent": "net", "nett": "net",
}

// shortLabel is the length below which a domain's name is too short for a slip
// in it to say much: too many names are one letter from aol or live.
const shortLabel = 5

// typoOf returns the domain that was probably meant, or "" where there is
// nothing to doubt. It takes a domain in canonical form.
func typoOf(domain string) string {
	if realDomains[domain] {
		return ""
	}
	dot := strings.LastIndexByte(domain, '.')
	if end, ok := wrongEndings[domain[dot+1:]]; ok {
		mended := domain[:dot+1] + end
		if meant := typoOf(mended); meant != "" {
			return meant
		}
		return mended
	}
	return nearLarge(domain)
}

// nearLarge returns the large domain that is one slip away from another.
func nearLarge(domain string) string {
	if slices.Contains(largeDomains, domain) {
		return ""
	}
	for _, large := range largeDomains {
		if oneSlip(domain, large) && (strings.IndexByte(large, '.') >= shortLabel || slipInEnding(domain, large)) {
			return large
		}
	}
	return ""
}

// typoIn is typoOf for the domain of a usable address as written.
func typoIn(address string) string {
	domain := lowerASCII(address[strings.LastIndexByte(address, '@')+1:])
	if domain == "" || !isASCII(domain) {
		return ""
	}
	return typoOf(domain)
}

// slipInEnding reports whether everything before the last dot is the same, or
// has only two letters in the other order.
func slipInEnding(domain, large string) bool {
	name, _, _ := strings.Cut(large, ".")
	written, _, _ := strings.Cut(domain, ".")
	return written == name || len(written) == len(name) && oneSwap(written, name)
}

// oneSlip reports whether a becomes b by one letter added, left out or
// replaced, or by two neighbours in the other order (a Damerau-Levenshtein
// distance of 1).
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i < len(a) && (a[i+1:] == b[i+1:] || oneSwap(a, b))
}

// oneSwap reports whether a, as long as b, is b with two neighbours in the
// other order.
func oneSwap(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
