package returned

import (
	"bytes"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// fromDaemon reports whether the message says that it comes from a mail system.
// An answer to a bounce does not.
func (m *reading) fromDaemon() bool {
	if m.head.Get("X-Failed-Recipients") != "" || m.head.Get("X-Ms-Exchange-Message-Is-Ndr") != "" {
		return true
	}
	from := m.head.Get("From")
	name := local(bare(from))
	if name == "" {
		name = strings.ToLower(strings.TrimSpace(from)) // "Mailer-Daemon", and no more
	}
	if slices.ContainsFunc(daemons, func(d string) bool { return strings.HasPrefix(name, d) }) {
		return true
	}
	return m.head.Get("Return-Path") == "<>" && m.bounceSubject()
}

func (m *reading) bounceSubject() bool {
	subject := strings.ToLower(decoded(m.head.Get("Subject")))
	return !strings.HasPrefix(subject, "re:") && slices.ContainsFunc(bounceSubjects, func(s string) bool { return strings.Contains(subject, s) })
}

// byText judges by what is written for people. It is not ok where neither a rule
// fits nor a code stands there, and the subject is none of a bounce.
func (m *reading) byText() (r Report, ok bool) {
	said := uncopied(m.text)
	plain := spaced(said)
	class, matched := ruled(plain)
	r = m.details(said)
	switch {
	case matched:
		r.Class = class
	case r.Enhanced != "" || r.Code != 0:
		r.Class = classOf("", r.Enhanced, r.Code)
	case m.bounceSubject():
		r.Class = Soft
	default:
		return Report{}, false
	}
	return r, true
}

// ruled asks the rules.
func ruled(plain string) (Class, bool) {
	for _, rule := range rules {
		if !slices.ContainsFunc(rule.phrases, func(p string) bool { return !strings.Contains(plain, p) }) {
			return rule.class, true
		}
	}
	return "", false
}

// spaced is text in lower case, with one space for all that is white, and the
// apostrophes of typesetters as plain ones.
func spaced(text []byte) string {
	s := strings.Join(strings.Fields(strings.ToLower(string(text))), " ")
	return strings.ReplaceAll(s, "\u2019", "'")
}

// uncopied is text up to where the copy of the notice begins: what stands in
// that is ours, and says nothing about what became of it.
func uncopied(text []byte) []byte {
	for b := text; len(b) > 0; {
		line, rest := cutLine(b)
		lower := strings.ToLower(strings.TrimSpace(string(line[:min(len(line), 100)])))
		if slices.ContainsFunc(copies, func(c string) bool { return strings.HasPrefix(lower, c) }) {
			return text[:len(text)-len(b)]
		}
		b = rest
	}
	return text
}

// details finds the recipient, what was said about him, and the codes in it.
func (m *reading) details(said []byte) Report {
	r := Report{Reporter: domain(bare(m.head.Get("From")))}
	r.Address = addressIn(strings.Split(m.head.Get("X-Failed-Recipients"), ",")[0])
	own := local(m.o.ReturnPath)
	var text []string
	for b := said; len(b) > 0; {
		var line []byte
		line, b = cutLine(b)
		s := strings.TrimSpace(string(line))
		if r.Address.IsZero() {
			r.Address = recipientIn(s, own)
		}
		if code, enhanced := codesIn(s); r.Code == 0 && r.Enhanced == "" && (code != 0 || enhanced != "") {
			r.Code, r.Enhanced = code, enhanced
			text = []string{s}
			for len(b) > 0 && len(bytes.TrimSpace(line)) > 0 && len(text) < 8 {
				line, b = cutLine(b)
				text = append(text, strings.TrimSpace(string(line)))
			}
		}
	}
	r.Text = bounce.Said(strings.TrimSpace(strings.Join(text, " ")))
	return r
}

// recipientIn finds an address in a line of text that is neither the mail
// system's nor the one that notices come from.
func recipientIn(line, own string) notifier.Address {
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(" \t<>()[]\"',;:", r) }) {
		if !strings.Contains(word, "@") {
			continue
		}
		a := addressIn(strings.TrimRight(word, "."))
		name := local(a.Reveal())
		if a.IsZero() || own != "" && (name == own || strings.HasPrefix(name, own+"+")) ||
			slices.ContainsFunc(daemons, func(d string) bool { return strings.HasPrefix(name, d) }) {
			continue
		}
		return a
	}
	return notifier.Address{}
}

// codesIn finds a reply code and an enhanced status within a line: "550 5.1.1"
// and "550-5.1.1" anywhere, "(#5.1.1)" and "#5.1.1" as qmail and Exchange write
// them, and a reply code alone where it begins the line or stands behind a colon.
func codesIn(s string) (code int, enhanced string) {
	begins := true
	for i := 0; i < len(s); i++ {
		if s[i] != '4' && s[i] != '5' || i > 0 && (isDigit(s[i-1]) || s[i-1] == '.') {
			begins = begins && (s[i] == ' ' || s[i] == '<') || s[i] == ':' || s[i] == ';'
			continue
		}
		end := i
		for end < len(s) && end-i < 9 && (isDigit(s[end]) || s[end] == '.') {
			end++
		}
		word := strings.TrimRight(s[i:end], ".")
		if bounce.IsEnhanced(word) && (i == 0 || strings.IndexByte(" (#:[<", s[i-1]) >= 0) {
			return 0, word
		}
		if len(word) != 3 || strings.Contains(word, ".") || end < len(s) && strings.IndexByte(" -:#", s[end]) < 0 {
			begins = false
			continue
		}
		rest := s[end:]
		rest = strings.TrimLeft(rest, " -:#")
		_, enhanced = bounce.Status(rest)
		if begins || enhanced != "" {
			n, _ := bounce.Status(word)
			return n, enhanced
		}
	}
	return 0, ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
