package bounce

import (
	"bytes"

	"breachmail/notifier"
)

const (
	keyLength = 26
	keyHeader = "X-Breachmail-Key"
	maxID     = 998 // of a Message-ID that is remembered: a line of RFC 5322
)

// who is what a log says about which message it means: a key, a Message-ID, or
// both.
type who struct {
	key   notifier.Key
	keyed bool
	id    string
	given bool // we gave the message that Message-ID
}

// ours is the Message-ID, where it is one that we gave.
func (w who) ours() string {
	if w.given {
		return w.id
	}
	return ""
}

func (w who) known() bool { return w.keyed || w.id != "" }

// differs reports whether w and v cannot be the same message.
func (w who) differs(v who) bool {
	return w.keyed && v.keyed && w.key != v.key || w.id != "" && v.id != "" && w.id != v.id
}

// with returns w with what v adds.
func (w who) with(v who) who {
	if !w.keyed {
		w.key, w.keyed = v.key, v.keyed
	}
	if w.id == "" {
		w.id, w.given = v.id, v.given
	}
	return w
}

// names recognises the names of the campaign's messages.
type names struct {
	prefix []byte // "CAMPAIGN."
	want   func(notifier.Key) bool
	wantID func(string) bool
}

func newNames(o Options) *names {
	n := &names{prefix: []byte(o.Campaign + "."), want: o.Want, wantID: o.WantID}
	if n.want == nil {
		n.want = func(notifier.Key) bool { return false }
	}
	if n.wantID == nil {
		n.wantID = func(string) bool { return false }
	}
	return n
}

// asked reports whether w is a message asked about.
func (n *names) asked(w who) bool {
	return w.keyed && n.want(w.key) || w.id != "" && n.wantID(w.id)
}

// messageID reads a Message-ID, with or without <>. Those that are not of a
// notice of this campaign have no key.
func (n *names) messageID(b []byte) who {
	b = bytes.TrimSpace(b)
	b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte("<")), []byte(">"))
	if len(b) == 0 || len(b) > maxID {
		return who{}
	}
	w := who{id: string(b)}
	if rest, ok := bytes.CutPrefix(b, n.prefix); ok && len(rest) > keyLength && rest[keyLength] == '@' {
		w.key, w.keyed = parseKey(rest[:keyLength])
	}
	w.given = (w.keyed || n.wantID(w.id)) && notifier.CleanLine(w.id)
	return w
}

// sender reads the key out of a return path, bounces+KEY@HOST.
func (n *names) sender(address []byte) who {
	at := bytes.LastIndexByte(address, '@')
	if at <= keyLength || address[at-keyLength-1] != '+' {
		return who{}
	}
	key, ok := parseKey(address[at-keyLength : at])
	return who{key: key, keyed: ok}
}

// KeyOfMessageID reads the key out of a Message-ID of that campaign's notices,
// with or without <>.
func KeyOfMessageID(campaign, id string) (notifier.Key, bool) {
	w := newNames(Options{Campaign: campaign}).messageID([]byte(id))
	return w.key, w.keyed
}

// header reads a header field as it stands in a log: our key, or a Message-ID.
func (n *names) header(field []byte) who {
	name, value, ok := bytes.Cut(field, []byte(":"))
	value = bytes.TrimSpace(value)
	if !ok {
		return who{}
	}
	if end := bytes.IndexAny(value, " \t;"); end >= 0 {
		value = value[:end]
	}
	switch {
	case bytes.EqualFold(name, []byte(keyHeader)):
		key, ok := parseKey(value)
		return who{key: key, keyed: ok}
	case bytes.EqualFold(name, []byte("Message-ID")):
		return n.messageID(value)
	}
	return who{}
}

func parseKey(b []byte) (notifier.Key, bool) {
	if len(b) != keyLength {
		return notifier.Key{}, false
	}
	key, err := notifier.ParseKey(string(b))
	return key, err == nil
}
