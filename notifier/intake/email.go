package intake

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Lengths in octets by RFC 5321, section 4.5.3.1. A path is the address in
// angle brackets.
const (
	maxLocal  = 64
	maxDomain = 255
	maxPath   = 256
)

// What may be wrong with an address. The texts are reasons for the channel
// postal: they name no part of the address.
var (
	errNoAddress   = errors.New("no email address")
	errPlaceholder = errors.New("a placeholder stands where the email address should")
	errControl     = errors.New("the email address contains control characters")
	errTwo         = errors.New("two email addresses stand in one field")
	errWrapped     = errors.New("the email address stands in angle brackets, or has mailto: before it")
	errTrailing    = errors.New("the email address ends with a dot, comma or semicolon")
	errApostrophe  = errors.New("the email address begins with an apostrophe")
	errInvisible   = errors.New("the email address contains an invisible character")
	errNotAddress  = errors.New("not an email address")
	errLocal       = errors.New("the part of the email address before the @ is not valid")
	errDomain      = errors.New("the email address has no valid domain")
	errReserved    = errors.New("the email address is at a domain that no mail can reach, such as .invalid or .local")
	errLength      = errors.New("the email address is too long")
)

// idnaProfile maps a domain as a mail client would and checks it strictly
// (UTS #46, non-transitional; RFC 5891).
var idnaProfile = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true),
	idna.BidiRule(), idna.VerifyDNSLength(true),
)

// CanonicalEmail returns the form of an email address by which two addresses
// are the same: the domain in lower case and IDNA form, the local part
// case-folded. It is an error when s is not an address that mail can go to; the
// error does not quote it. Nothing is mended: whoever wrote more than one
// address may have meant another.
func CanonicalEmail(s string) (string, error) {
	if canonical, ok := plainEmail(s); ok {
		return canonical, nil
	}
	return anyEmail(s)
}

// anyEmail is CanonicalEmail for whatever s is, the long way.
func anyEmail(s string) (string, error) {
	if err := shapeError(s); err != nil {
		return "", err
	}
	at := strings.LastIndexByte(s, '@')
	local, err := canonicalLocal(s[:at])
	if err != nil {
		return "", err
	}
	domain, err := canonicalDomain(s[at+1:])
	if err != nil {
		return "", err
	}
	// The address as written is what goes to the relay, so both must fit.
	if tooLong(s[:at], s[at+1:]) || tooLong(local, domain) {
		return "", errLength
	}
	return local + "@" + domain, nil
}

// shapeError says why s as a whole is not one address and nothing else.
func shapeError(s string) error {
	switch {
	case s == "":
		return errNoAddress
	case !utf8.ValidString(s):
		return errControl
	case holdsTwo(s):
		return errTwo
	case strings.ContainsFunc(s, unicode.IsControl):
		return errControl
	case !strings.Contains(s, "@"):
		return errNotAddress
	case strings.HasSuffix(s, ">") && strings.Contains(s, "<"), len(s) > 7 && strings.EqualFold(s[:7], "mailto:"):
		return errWrapped
	case strings.ContainsRune(".,;", rune(s[len(s)-1])):
		return errTrailing
	case s[0] == '\'', strings.HasPrefix(s, "\u2018"), strings.HasPrefix(s, "\u2019"):
		return errApostrophe // a spreadsheet's mark for text, or a quotation mark
	}
	return nil
}

// holdsTwo reports whether s is two addresses or more, with commas, semicolons,
// slashes, bars, spaces or line breaks between them.
func holdsTwo(s string) bool {
	if strings.IndexByte(s, '@') == strings.LastIndexByte(s, '@') {
		return false
	}
	addresses := 0
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",;/|&\t\r\n ", r) }) {
		switch strings.Count(part, "@") {
		case 0:
			if !strings.EqualFold(part, "and") && !strings.EqualFold(part, "or") {
				return false
			}
		case 1:
			addresses++
		default:
			return false
		}
	}
	return addresses > 1
}

func tooLong(local, domain string) bool {
	return len(local) > maxLocal || len(domain) > maxDomain || len(local)+len(domain)+len("<@>") > maxPath
}

// canonicalLocal checks and folds a local part: a dot-string of RFC 5321,
// section 4.1.2, with the characters RFC 6531, section 3.3, adds. Quoted
// strings are not taken.
func canonicalLocal(s string) (string, error) {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return "", errLocal
	}
	for _, r := range s {
		if !isAtext(r) && r != '.' {
			return "", errLocal
		}
	}
	return foldText(s), nil
}

// isAtext reports whether r may stand in a local part (RFC 5322, section
// 3.2.3, and any visible character beyond ASCII).
func isAtext(r rune) bool {
	if r < utf8.RuneSelf {
		return mailBytes[r]&inLocal != 0
	}
	return unicode.IsPrint(r) && r != utf8.RuneError
}

// canonicalDomain returns a domain's IDNA form in lower case. It has at least
// two labels, and the last is one that a top-level domain may have: two
// letters or more (RFC 3696, section 2), or an encoded label.
func canonicalDomain(s string) (string, error) {
	if hasFormat(s) { // IDNA would take most of them out
		return "", errDomain
	}
	domain := s
	if _, ok := plainDomain(s); !ok { // IDNA refuses names such as r3---sn-x, which exist
		mapped, err := idnaProfile.ToASCII(norm.NFC.String(s))
		if err != nil {
			return "", errDomain
		}
		domain = mapped
	}
	domain = lowerASCII(domain)
	dot := strings.LastIndexByte(domain, '.')
	if dot < 0 {
		return "", errDomain
	}
	last := domain[dot+1:]
	if !strings.HasPrefix(last, "xn--") && (len(last) < 2 || !isLetters(last)) {
		return "", errDomain
	}
	if isReserved(last) {
		return "", errReserved
	}
	return domain, nil
}

// isReserved reports whether a top-level domain, in lower case, is set apart
// for uses without mail (RFC 6761, 6762, 7686, 9476, and .internal by ICANN).
// The domains for examples stay usable, since samples and tests have them.
func isReserved(tld string) bool {
	switch tld {
	case "invalid", "localhost", "local", "test", "onion", "alt", "internal", "localdomain":
		return true
	}
	return false
}

func isLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
