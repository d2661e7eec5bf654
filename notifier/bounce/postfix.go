package bounce

import (
	"bytes"
	"time"

	"breachmail/notifier"
)

// what is what a line says about a queue id.
type what uint8

const (
	opened   what = iota // smtpd or pickup took the id for a message
	named                // says which message has the id
	active               // proof that the whole message is in the queue
	removed              // qmgr: it left the queue, and the id is free
	sent                 // handed on, or in the mailbox
	deferred             // still tried
	bounced              // given up
	rejected             // refused
	lost                 // its client went away before the dot
)

// event is one line about a queue id.
type event struct {
	what     what
	arrived  bool // qmgr says it of every message that comes in
	at       time.Time
	since    time.Time // of lost ones: when the message was begun
	file     int       // the log's number
	line     int
	who      who // of named ones, and wherever else the line says so
	code     int
	enhanced string
	reply    string
	to       string
}

// queued is a queue id of one machine.
type queued struct {
	machine, id string
}

// queueID splits "4WqX3y1ZzB: text". NOQUEUE counts as one.
func queueID(text []byte) (id, rest []byte, ok bool) {
	i := bytes.IndexByte(text, ':')
	if i < 5 || i > 32 || i+1 >= len(text) || text[i+1] != ' ' {
		return nil, nil, false
	}
	for _, c := range text[:i] {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return nil, nil, false
		}
	}
	return text[:i], text[i+2:], true
}

// naming returns what the rest of a line behind the queue id says about which
// message it is.
func (n *names) naming(daemon, rest []byte) (w who) {
	switch string(daemon) {
	case "cleanup":
		if id, ok := bytes.CutPrefix(rest, []byte("message-id=")); ok {
			return n.messageID(id)
		}
		if _, field, ok := bytes.Cut(rest, []byte(": header ")); ok {
			w = n.header(field)
		}
		return w.with(n.from(rest, "; from=<"))
	case "smtpd":
		return n.from(rest, "; from=<")
	case "pickup":
		return n.from(rest, " from=<")
	case "qmgr", "nqmgr", "oqmgr":
		if bytes.HasPrefix(rest, []byte("from=<")) {
			return n.from(rest, "from=<")
		}
	}
	return who{}
}

// from reads the key out of "from=<bounces+KEY@example.com>" behind the last
// mark: before it may stand what somebody else wrote.
func (n *names) from(rest []byte, mark string) who {
	i := bytes.LastIndex(rest, []byte(mark))
	if i < 0 {
		return who{}
	}
	sender, _, _ := address(rest[i+len(mark):], '>')
	return n.sender(sender)
}

// event reads a line about a queue id. It reports whether it says anything.
func (n *names) event(e *entry, rest []byte) (event, bool) {
	ev := event{at: e.at, line: e.line, who: n.naming(e.daemon, rest)}
	switch string(e.daemon) {
	case "cleanup", "smtpd":
		return ev, ev.incoming(e.daemon, rest)
	case "pickup":
		ev.what = opened
		return ev, bytes.HasPrefix(rest, []byte("uid="))
	case "postsuper":
		return ev, ev.administrator(rest)
	case "qmgr", "nqmgr", "oqmgr":
		if ev.queueManager(rest) {
			return ev, true
		}
	}
	return ev, ev.delivery(rest)
}

// incoming reads lines about a message on its way in.
func (ev *event) incoming(daemon, rest []byte) bool {
	verb, _, _ := bytes.Cut(rest, []byte(": "))
	switch {
	case bytes.HasPrefix(rest, []byte("client=")):
		ev.what = opened
	case string(verb) == "reject" || string(verb) == "milter-reject":
		ev.refusal(daemon, rest)
	case ev.who.known():
		ev.what = named
	default:
		return false
	}
	return true
}

// refusal reads "reject: RCPT from client[1.2.3.4]: 550 5.1.1 …; from=<…>
// to=<…> …", or with the reason at the end, as header_checks give it.
func (ev *event) refusal(daemon, rest []byte) {
	ev.what = rejected
	said := rest
	if i := bytes.LastIndex(rest, []byte(">: ")); i >= 0 && string(daemon) == "cleanup" && !bytes.HasPrefix(rest, []byte("milter-")) {
		said = rest[i+3:]
	} else if _, after, ok := bytes.Cut(rest, []byte("]: ")); ok {
		said, _, _ = bytes.Cut(after, []byte("; from=<"))
	}
	ev.said(said)
	if _, to, ok := bytes.Cut(rest, []byte(" to=<")); ok {
		to, _, _ = address(to, '>')
		ev.to = shortened(to)
	}
}

func (ev *event) said(said []byte) {
	ev.code, ev.enhanced = status(said)
	ev.reply = shortened(said)
}

// queueManager reads qmgr's own lines.
func (ev *event) queueManager(rest []byte) bool {
	switch {
	case string(rest) == "removed":
		ev.what = removed
	case !bytes.HasPrefix(rest, []byte("from=<")):
		return false
	case bytes.Contains(rest, []byte(">, status=expired")), bytes.Contains(rest, []byte(">, status=force-expired")):
		ev.what = bounced
		_, said, _ := bytes.Cut(rest, []byte(", status="))
		ev.reply = shortened(said)
	case bytes.Contains(rest, []byte(", size=")) && bytes.HasSuffix(rest, []byte("(queue active)")):
		ev.what, ev.arrived = active, true
	default:
		return false
	}
	return true
}

// administrator reads what postsuper(1) did to a message in the queue.
func (ev *event) administrator(rest []byte) bool {
	switch string(rest) {
	case "removed": // by hand, with whatever was still to be done
		ev.what = bounced
		ev.reply = "removed from the queue by postsuper"
	case "released from hold", "placed on hold", "requeued", "expired":
		ev.what = active
	default:
		return false
	}
	return true
}

// delivery reads "to=<…>, orig_to=<…>, relay=…, delay=…, delays=…, dsn=2.0.0,
// status=sent (…)", which every delivery agent writes.
func (ev *event) delivery(rest []byte) bool {
	rest, ok := bytes.CutPrefix(rest, []byte("to=<"))
	if !ok {
		return false
	}
	to, rest, ok := address(rest, '>')
	if orig, found := bytes.CutPrefix(rest, []byte(", orig_to=<")); ok && found {
		to, rest, ok = address(orig, '>')
	}
	head, tail, found := bytes.Cut(rest, []byte(", status="))
	word, said, _ := bytes.Cut(tail, []byte(" "))
	if !ok || !found {
		return false
	}
	switch string(word) {
	case "sent":
		ev.what = sent
	case "deferred", "SOFTBOUNCE":
		ev.what = deferred
	case "bounced", "expired":
		ev.what = bounced
	default: // deliverable and undeliverable are about probes, not messages
		return false
	}
	ev.to = shortened(to)
	ev.nextHop(head, said)
	return true
}

// nextHop reads what stands around status=.
func (ev *event) nextHop(head, said []byte) {
	said = bytes.TrimSuffix(bytes.TrimPrefix(said, []byte("(")), []byte(")"))
	reply := said
	if _, after, ok := bytes.Cut(said, []byte(" said: ")); ok {
		reply = after
	}
	ev.said(reply)
	ev.reply = shortened(said)
	if _, dsn, ok := bytes.Cut(head, []byte(", dsn=")); ok && isEnhanced(dsn) {
		ev.enhanced = string(dsn)
	}
}

// fact is what ev says about the message w.
func (ev *event) fact(kind Kind, w who, id, file string) Fact {
	return Fact{
		Key: w.key, MessageID: w.ours(), Kind: kind, Arrived: ev.arrived, At: ev.at, To: notifier.NewAddress(ev.to), RelayID: id,
		Code: ev.code, Enhanced: ev.enhanced, Reply: notifier.NewLine(ev.reply),
		Source: notifier.Source{File: file, Line: ev.line},
	}
}
