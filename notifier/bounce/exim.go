package bounce

import (
	"bytes"
	"time"

	"breachmail/notifier"
)

// eximLine reads one line of an Exim main log: time, with milliseconds and zone
// where log_selector says so, the writer's pid where it says so, then mostly a
// message id and a flag.
func (w *walk) eximLine(line []byte) error {
	at, rest, ok := w.clock.dated(line, ' ')
	if !ok {
		if line[0] != ' ' { // the rest of a warning of several lines
			w.unreadable(w.Lines, "does not begin with a time")
		}
		return nil
	}
	if w.pass == 1 {
		w.stamp(at)
	}
	rest = bytes.TrimPrefix(rest, []byte(" "))
	if pid, after, ok := bytes.Cut(rest, []byte("] ")); ok && len(pid) > 1 && pid[0] == '[' {
		if _, isPID := number(pid[1:]); isPID {
			rest = after
		}
	}
	id, said, _ := bytes.Cut(rest, []byte(" "))
	if !isEximID(id) {
		id, said = nil, rest
	}
	if w.pass == 1 {
		return w.eximArrival(at, id, said)
	}
	return w.eximDelivery(at, id, said)
}

// isEximID reports whether b is an id of six, six and two digits of base 62, or
// of six, eleven and four as from Exim 4.97 on.
func isEximID(b []byte) bool {
	switch len(b) {
	case 16:
		return b[6] == '-' && b[13] == '-' && alphanumeric(b[:6]) && alphanumeric(b[7:13]) && alphanumeric(b[14:])
	case 23:
		return b[6] == '-' && b[18] == '-' && alphanumeric(b[:6]) && alphanumeric(b[7:18]) && alphanumeric(b[19:])
	}
	return false
}

func alphanumeric(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// eximArrival reads what says which message an id belongs to, and refusals,
// which need no id.
func (w *walk) eximArrival(at time.Time, id, said []byte) error {
	arrival, ok := bytes.CutPrefix(said, []byte("<= "))
	if !ok || id == nil {
		return w.eximRefusal(at, id, said)
	}
	sender, fields, _ := address(arrival, ' ')
	var who who
	if _, value, ok := bytes.Cut(fields, []byte(" id=")); ok {
		value, _, _ = bytes.Cut(value, []byte(" "))
		who = w.messageID(value)
	}
	who = who.with(w.sender(sender))
	if who.keyed && who.id != "" {
		w.seen(at)
	}
	if !w.asked(who) {
		return nil
	}
	w.exim[string(id)] = who
	return w.giveExim(Fact{Kind: Taken, Arrived: true}, at, who, id)
}

// eximRefusal reads "H=… F=<bounces+KEY@example.com> rejected after DATA: …".
func (w *walk) eximRefusal(at time.Time, id, said []byte) error {
	before, reason, ok := bytes.Cut(said, []byte("> rejected "))
	if !ok {
		before, reason, ok = bytes.Cut(said, []byte("> temporarily rejected "))
	}
	i := bytes.LastIndex(before, []byte(" F=<"))
	if !ok || i < 0 {
		return nil
	}
	who := w.sender(before[i+len(" F=<"):])
	if !w.asked(who) {
		return nil
	}
	var fact Fact
	fact.Kind = Rejected
	if _, text, ok := bytes.Cut(reason, []byte(": ")); ok {
		fact.Code, fact.Enhanced = status(text)
	}
	fact.Reply = notifier.NewLine(shortened(reason))
	return w.giveExim(fact, at, who, id)
}

// eximDelivery reads what became of a message asked for.
func (w *walk) eximDelivery(at time.Time, id, said []byte) error {
	who, ok := w.exim[string(id)]
	if !ok {
		return nil
	}
	flag, rest, _ := bytes.Cut(said, []byte(" "))
	var kind Kind
	switch string(flag) {
	case "=>", "->", ">>", "*>":
		kind = Taken
	case "==":
		kind = Deferred
	case "**":
		kind = Bounced
	default:
		if bytes.HasPrefix(said, []byte("removed by ")) || bytes.HasPrefix(said, []byte("cancelled by ")) { // exim -Mrm, -Mg
			return w.giveExim(Fact{Kind: Bounced, Reply: notifier.NewLine("removed from the queue by hand")}, at, who, id)
		}
		return nil
	}
	fact := eximFact(rest)
	fact.Kind = kind
	return w.giveExim(fact, at, who, id)
}

// eximFact reads "addr <original> R=… T=… H=… C=\"250 …\"", or, where something
// went wrong, "addr R=… T=… H=…: SMTP error from remote mail server after RCPT
// TO:<addr>: 550 …", or "addr: retry timeout exceeded".
func eximFact(rest []byte) (f Fact) {
	to, fields, ok := address(rest, ' ')
	if !ok {
		to, fields = rest, nil
	}
	if original, found := bytes.CutPrefix(fields, []byte("<")); found {
		if a, after, ok := address(original, '>'); ok {
			to, fields = a, after
		}
	}
	to, bare := bytes.CutSuffix(to, []byte(":"))
	f.To = notifier.NewAddress(shortened(to))
	if _, c, ok := bytes.Cut(fields, []byte(` C="`)); ok {
		said := c[:max(bytes.LastIndexByte(c, '"'), 0)]
		f.Code, f.Enhanced = status(said)
		f.Reply = notifier.NewLine(shortened(said))
		return f
	}
	said := fields
	if !bare {
		_, said, _ = bytes.Cut(fields, []byte(": "))
	}
	f.Reply = notifier.NewLine(shortened(said))
	for after := said; f.Code == 0 && len(after) > 0; _, after, _ = bytes.Cut(after, []byte(": ")) {
		f.Code, f.Enhanced = status(after)
	}
	return f
}

func (w *walk) giveExim(f Fact, at time.Time, who who, id []byte) error {
	f.At, f.RelayID = at, string(id)
	return w.fact(f, who, w.Lines)
}
