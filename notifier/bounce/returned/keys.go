package returned

import (
	"bytes"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// keyHeader names the recipient in every notice.
const keyHeader = "X-Breachmail-Key"

const keyLength = 26

// receivedFor are the fields that say for whom a server took the report. To and
// Cc stand last: the sender writes them, and they may say anything.
var receivedFor = []string{
	"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Real-To", "X-Rcpt-To", "X-Forwarded-To",
	"Original-Recipient", "Apparently-To", "Resent-To", "To", "Cc",
}

// maxClues is how many keys are kept of one report. It has one, and a forged one
// is not worth more.
const maxClues = 8

// clueList collects keys, each once.
type clueList []Clue

func (l *clueList) add(by string, key notifier.Key) {
	if len(*l) < maxClues && !slices.ContainsFunc(*l, func(c Clue) bool { return c.Key == key }) {
		*l = append(*l, Clue{key, by})
	}
}

// clues finds the recipient's keys.
func (m *reading) clues() []Clue {
	var found clueList
	for _, name := range receivedFor {
		m.senders(&found, m.head[name])
	}
	m.senders(&found, m.returned["Return-Path"])
	m.senders(&found, m.feedback["Original-Mail-From"])
	about := m.feedback
	if len(m.blocks) > 0 {
		about = m.blocks[0]
		m.senders(&found, about["X-Postfix-Sender"])
	}
	for _, v := range about["Original-Envelope-Id"] {
		found.parsed(ByEnvelopeID, strings.Trim(v, "<>"))
	}
	for _, v := range m.returned[keyHeader] {
		found.parsed(ByHeader, v)
	}
	m.ids(&found, m.returned["Message-Id"])
	m.ids(&found, m.receipt["Original-Message-Id"])
	m.ids(&found, m.head["In-Reply-To"])
	m.ids(&found, m.head["References"])
	if len(found) == 0 {
		m.copied(&found, m.text)
	}
	if len(found) == 0 { // in a part of a kind that is not read
		m.copied(&found, m.body[:min(len(m.body), maxText)])
	}
	return found
}

// parsed adds a key that has to stand alone.
func (l *clueList) parsed(by, s string) {
	if key, err := notifier.ParseKey(strings.TrimSpace(s)); err == nil {
		l.add(by, key)
	}
}

// tagged adds what stands in the place of a key in a return path. Where that is no
// key, and ours is the path, the clue has none: the report names nobody, whatever
// else stands in it.
func (l *clueList) tagged(tag string, ours bool) {
	if key, err := notifier.ParseKey(tag); err == nil && len(tag) == keyLength {
		l.add(ByVERP, key)
	} else if ours && tag != "" && !strings.ContainsAny(tag, " \t<>\"") {
		l.add(ByVERP, notifier.Key{})
	}
}

// senders adds the keys of return paths. The part before the key is compared,
// the domain is not, because servers rewrite it when they forward; what a
// forwarder puts before (SRS0=…=bounces+KEY@…, prvs=…=bounces+KEY@…) may stand
// there.
func (m *reading) senders(found *clueList, values []string) {
	mark := local(m.o.ReturnPath) + "+"
	for _, v := range values {
		v = strings.ToLower(v)
		for {
			i := strings.Index(v, mark)
			if i < 0 {
				break
			}
			begins := i == 0 || len(mark) == 1 || !isAtom(v[i-1])
			v = v[i+len(mark):]
			if tag, _, ok := strings.Cut(v, "@"); begins && ok {
				found.tagged(tag, len(mark) > 1)
			}
		}
	}
}

// isAtom reports whether c would make a local part another one.
func isAtom(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '+'
}

// ids adds the keys of Message-IDs.
func (m *reading) ids(found *clueList, values []string) {
	for _, v := range values {
		for id := range strings.FieldsSeq(v) {
			if key, ok := bounce.KeyOfMessageID(m.o.Campaign, id); ok {
				found.add(ByMessageID, key)
			}
		}
	}
}

// copied looks for the header of the notice where it was copied into a text, as
// those do whose bounces have no parts.
func (m *reading) copied(found *clueList, text []byte) {
	var senders, headers, ids clueList
	for b := text; len(b) > 0; {
		var line []byte
		line, b = cutLine(b)
		name, value := field(bytes.TrimLeft(line, "> \t|"))
		switch name {
		case keyHeader:
			headers.parsed(ByHeader, value)
		case "Message-Id":
			if value == "" { // folded behind its name
				next, _ := cutLine(b)
				value = string(bytes.TrimLeft(next, "> \t|"))
			}
			m.ids(&ids, []string{value})
		case "Return-Path":
			m.senders(&senders, []string{value})
		}
	}
	for _, c := range slices.Concat(senders, headers, ids) {
		found.add(c.By, c.Key)
	}
}
