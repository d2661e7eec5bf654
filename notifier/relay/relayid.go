package relay

import (
	"strings"
)

// maxRelayID bounds what is taken for an id.
const maxRelayID = 128

// relayID finds the relay's own id in the text of its reply to the final dot,
// already redacted. It knows these forms, and returns "" for any other:
//
//	Ok: queued as 4WqX3y1Zz             Postfix, SendGrid
//	Message queued as 4WqX3y1Zz         amavis and others in front of Postfix
//	OK id=1sFooB-000000-2k              Exim
//	<m@h> [InternalId=8, Hostname=h] 9 bytes in 0.1, Queued mail for delivery   Exchange
//	w7K9f2ab012345 Message accepted for delivery                      Sendmail, OpenSMTPD
//	OK  1534791234 x12si123.4 - gsmtp   Gmail
//	Ok 0100018f2c-4c1e-000000           SES, SparkPost
func relayID(text string) string {
	for _, form := range relayIDForms {
		id := strings.Trim(form(text), "<>()[],;.")
		if id != "" && len(id) <= maxRelayID && !strings.Contains(id, strings.Trim(placeholder, "<>")) {
			return id
		}
	}
	return ""
}

// relayIDForms are tried in this order.
var relayIDForms = []func(string) string{
	func(s string) string { return wordAfter(s, "queued as ") },
	func(s string) string { return wordAfter(s, "internalid=") },
	func(s string) string { return wordAfter(s, "ok id=") },
	func(s string) string { return wordBefore(s, " message accepted for delivery") },
	func(s string) string { return wordBefore(s, " - gsmtp") },
	lastWordAfterOK,
}

// wordAfter returns the word behind the first mark, which is in lower case.
func wordAfter(s, mark string) string {
	i := indexFold(s, mark)
	if i < 0 {
		return ""
	}
	word, _, _ := strings.Cut(s[i+len(mark):], " ")
	return word
}

// wordBefore returns the word in front of mark, which is in lower case.
func wordBefore(s, mark string) string {
	i := indexFold(s, mark)
	if i < 0 {
		return ""
	}
	return s[strings.LastIndexByte(s[:i], ' ')+1 : i]
}

// lastWordAfterOK returns X of "Ok X", when X is the only word there, and has a
// digit, so that "Ok thanks" is none.
func lastWordAfterOK(s string) string {
	if len(s) < 4 || !strings.EqualFold(s[:3], "ok ") {
		return ""
	}
	word := strings.TrimSpace(s[3:])
	if strings.ContainsRune(word, ' ') || !strings.ContainsAny(word, "0123456789") {
		return ""
	}
	return word
}

// indexFold is strings.Index without regard to the case of ASCII letters in s;
// mark is in lower case.
func indexFold(s, mark string) int {
	for i := 0; i+len(mark) <= len(s); i++ {
		if equalFold(s[i:i+len(mark)], mark) {
			return i
		}
	}
	return -1
}

func equalFold(s, lower string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
