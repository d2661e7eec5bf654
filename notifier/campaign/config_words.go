package campaign

import (
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// maxReturnPathLocal leaves room for "+" and a key in the 64 octets that a
// local part may have (RFC 5321, 4.5.3.1.1).
const maxReturnPathLocal = 64 - 1 - 26

var (
	namePattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	labelPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
)

// isSimpleName reports whether s can be a campaign's, relay's or wave's name:
// safe in a file name, a header and a shell.
func isSimpleName(s string) bool { return namePattern.MatchString(s) }

// isState reports whether s is the two letters of a state that recipients can
// live in.
func isState(s string) bool {
	state, ok := jurisdiction.ParseState(s)
	return ok && state == s
}

// isHost reports whether s is a host name of one label or more (RFC 1123, 2.1).
func isHost(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !labelPattern.MatchString(label) {
			return false
		}
	}
	return true
}

// isDomain reports whether s is a domain name of two labels or more that is
// no IP address.
func isDomain(s string) bool {
	top := s[strings.LastIndexByte(s, '.')+1:]
	return isHost(s) && strings.Contains(s, ".") && strings.ContainsFunc(top, isLetter)
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// isBareAddress reports whether s is an ASCII address without a name, a
// comment or quotes, at a domain name.
func isBareAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || !isASCIILine(s) || strings.Contains(s, `"`) {
		return false
	}
	local, domain, _ := strings.Cut(s, "@")
	return len(local) <= 64 && len(s) <= 254 && isDomain(domain)
}

// isASCIILine reports whether s is printable ASCII without spaces.
func isASCIILine(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// orList writes "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
