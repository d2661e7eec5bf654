package returned

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"strings"

	"breachmail/notifier"
)

// identity tells this report from another. With a Message-ID it is made from
// that, the class and the first key, so that a report which was read before it
// was complete is another one, and so is a forged one under somebody else's
// Message-ID. Without one it is made from what its writer wrote, which is the
// same in a Maildir, an mbox and over IMAP: not the fields that servers add, nor
// the ends of lines, nor how mbox writes a line that begins with "From ".
func (m *reading) identity(r Report) notifier.Digest {
	h := sha256.New()
	part(h, "message")
	part(h, string(r.Class))
	if len(r.Keys) > 0 {
		part(h, r.Keys[0].Key.String())
	}
	if id := bare(m.head.Get("Message-Id")); id != "" {
		part(h, "id", id)
		return notifier.Digest(h.Sum(nil))
	}
	for _, name := range []string{"From", "To", "Subject", "Date", "Content-Type"} {
		part(h, name, strings.Join(strings.Fields(m.head.Get(name)), " "))
	}
	empty := 0
	for b := m.body; len(b) > 0; {
		var line []byte
		line, b = cutLine(b)
		if line = bytes.TrimRight(line, " \t\r"); len(line) == 0 {
			empty++
			continue
		}
		for ; empty > 0; empty-- {
			_, _ = h.Write([]byte{'\n'})
		}
		if unquoted := bytes.TrimLeft(line, ">"); bytes.HasPrefix(unquoted, []byte("From ")) {
			line = unquoted
		}
		_, _ = h.Write(line)
		_, _ = h.Write([]byte{'\n'})
	}
	return notifier.Digest(h.Sum(nil))
}

// part writes texts so that no two lists of them look alike.
func part(h hash.Hash, texts ...string) {
	for _, s := range texts {
		_, _ = h.Write([]byte{byte(len(s) >> 24), byte(len(s) >> 16), byte(len(s) >> 8), byte(len(s))})
		_, _ = h.Write([]byte(s))
	}
}
