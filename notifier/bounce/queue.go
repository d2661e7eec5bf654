package bounce

import (
	"bytes"
	"time"
)

// process is an smtpd of one machine.
type process struct {
	machine, pid string
}

// held is what an smtpd has in hand, and since when.
type held struct {
	queued
	since time.Time
}

// maxHeld is longer than a message takes to come in. Of what is older, the log
// has not shown the end.
const maxHeld = time.Hour

// syslogLine reads one line of a Postfix log.
func (w *walk) syslogLine(line []byte) error {
	e, ok := syslogEntry(w.clock, line, w.Lines)
	if !ok {
		if !bytes.HasPrefix(line, []byte("-- ")) { // journalctl's own words
			w.unreadable(w.Lines, "does not begin with a time")
		}
		return nil
	}
	return w.entry(&e)
}

// journalObject reads one object of a journal.
func (w *walk) journalObject(object []byte, line int) error {
	e, ok := journalEntry(object, line)
	if !ok {
		w.unreadable(line, "is no entry of the journal")
		return nil
	}
	return w.entry(&e)
}

func (w *walk) entry(e *entry) error {
	if w.pass == 1 {
		w.stamp(e.at)
		return w.tie(e)
	}
	w.follow(e)
	return nil
}

// tie notes which queue ids belong to messages asked for.
func (w *walk) tie(e *entry) error {
	id, rest, ok := queueID(e.text)
	if !ok {
		return nil
	}
	who := w.naming(e.daemon, rest)
	if who.keyed && who.id != "" {
		w.seen(e.at)
	}
	if !w.asked(who) {
		return nil
	}
	if string(id) != "NOQUEUE" {
		if q := (queued{e.machine(), string(id)}); w.queue[q] == nil {
			w.queue[q] = []event{}
			w.ids[q.id] = true
		}
		return nil
	}
	ev, ok := w.event(e, rest)
	if !ok || ev.what != rejected {
		return nil
	}
	return w.give(ev.fact(Rejected, who, "", w.Name))
}

// follow gathers what happened to the queue ids noted.
func (w *walk) follow(e *entry) {
	id, rest, ok := queueID(e.text)
	if !ok {
		w.disconnected(e)
		return
	}
	opens := string(e.daemon) == "smtpd" && bytes.HasPrefix(rest, []byte("client="))
	if opens && len(w.smtpd) > 0 {
		delete(w.smtpd, process{e.machine(), string(e.pid)})
	}
	if !w.ids[string(id)] {
		return
	}
	q := queued{e.machine(), string(id)}
	events, ours := w.queue[q]
	if !ours {
		return
	}
	if opens {
		w.smtpd[process{q.machine, string(e.pid)}] = held{q, e.at}
	}
	if ev, ok := w.event(e, rest); ok {
		ev.file = w.file
		w.queue[q] = append(events, ev)
	}
}

// disconnected reads smtpd's words about a client that is gone. They do not name
// the queue id: it is the last one that this smtpd spoke of.
func (w *walk) disconnected(e *entry) {
	if string(e.daemon) != "smtpd" || len(w.smtpd) == 0 {
		return
	}
	p := process{e.machine(), string(e.pid)}
	h, ok := w.smtpd[p]
	if !ok {
		return
	}
	delete(w.smtpd, p)
	if age := e.at.Sub(h.since); age < 0 || age > maxHeld {
		return
	}
	for _, how := range []string{"lost connection after DATA", "timeout after DATA"} {
		if said, ok := bytes.CutPrefix(e.text, []byte(how)); ok && len(said) > 0 && said[0] == ' ' {
			w.queue[h.queued] = append(w.queue[h.queued], event{what: lost, at: e.at, since: h.since, file: w.file, line: e.line, reply: how})
		}
	}
}
