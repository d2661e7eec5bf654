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
	errNotAddress  = errors.New("not an email address")
	errLocal       = errors.New("the part of the email address before the @ is not valid")
	errDomain      = errors.New("the email address has no valid domain")
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
// error does not quote it.
func CanonicalEmail(s string) (string, error) {
	if s == "" {
		return "", errNoAddress
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", errControl
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return "", errNotAddress
	}
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
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	case r < utf8.RuneSelf:
		return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return unicode.IsPrint(r) && r != utf8.RuneError
}

// canonicalDomain returns a domain's IDNA form in lower case. It has at least
// two labels, and the last is not a number (RFC 3696, section 2).
func canonicalDomain(s string) (string, error) {
	domain := s
	if !isPlainDomain(s) {
		mapped, err := idnaProfile.ToASCII(norm.NFC.String(s))
		if err != nil {
			return "", errDomain
		}
		domain = mapped
	}
	domain = lowerASCII(domain)
	dot := strings.LastIndexByte(domain, '.')
	if dot < 0 || isNumber(domain[dot+1:]) {
		return "", errDomain
	}
	return domain, nil
}

// isPlainDomain reports whether s needs no IDNA: letters, digits and hyphens
// in labels of 1 to 63, 253 in all (RFC 1035, section 2.3.1), none of them
// encoded.
func isPlainDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) < 1 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if len(label) >= 4 && strings.EqualFold(label[:4], "xn--") {
			return false
		}
		for i := range len(label) {
			c := label[i] | 0x20
			if (c < 'a' || c > 'z') && (label[i] < '0' || label[i] > '9') && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

// isNumber reports whether s has nothing but digits; it may be empty.
func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
