package bounce

import (
	"context"
	"errors"
	"io"
	"slices"

	"breachmail/notifier"
)

// Read gives f every fact that the logs hold about the messages asked for, in
// no order, and more than once where a log says it more than once. It ends with
// the first error of f, of ctx, or of a log that cannot be read or is none;
// what f was given until then must not be used. The Summary is complete when
// there is no error.
func Read(ctx context.Context, logs []Log, o Options, f func(Fact) error) (Summary, error) {
	r := &reader{
		names: newNames(o), clock: newClock(o), give: f, sums: make([]LogSummary, len(logs)),
		queue: map[queued][]event{}, ids: map[string]bool{}, exim: map[string]who{}, smtpd: map[process]held{},
	}
	for i, log := range logs {
		r.sums[i].Name = log.Name
		if err := r.pass(ctx, i, log, 1); err != nil {
			return Summary{Logs: r.sums}, err
		}
	}
	for _, i := range r.byTime() {
		if !r.again(r.sums[i].Format) {
			continue
		}
		if err := r.pass(ctx, i, logs[i], 2); err != nil {
			return Summary{Logs: r.sums}, err
		}
	}
	return Summary{Logs: r.sums}, r.settle()
}

// reader is one call of Read.
type reader struct {
	*names
	clock *clock
	give  func(Fact) error
	sums  []LogSummary

	queue map[queued][]event // Postfix's queue ids that a message asked for had
	ids   map[string]bool    // the same, of whatever machine
	exim  map[string]who     // Exim's ids of messages asked for
	smtpd map[process]held   // the one among queue that an smtpd has in hand
}

// walk is one log in one pass.
type walk struct {
	*reader
	*LogSummary
	ctx  context.Context
	file int
	pass int // 1: names; 2: what became of them
}

// again reports whether a log of that format has to be read twice.
func (r *reader) again(f Format) bool {
	switch f {
	case Postfix, Journal:
		return len(r.queue) > 0
	case Exim:
		return len(r.exim) > 0
	}
	return false
}

func (r *reader) pass(ctx context.Context, file int, log Log, pass int) error {
	t, err := log.open()
	if err != nil {
		return err
	}
	defer func() { _ = t.file.Close() }()
	format, err := t.recognise(r.clock)
	if err != nil {
		return err
	}
	sum := &r.sums[file]
	sum.Format = format
	if pass == 2 {
		sum = &LogSummary{Name: log.Name} // it was counted before
	}
	w := &walk{reader: r, LogSummary: sum, ctx: ctx, file: file, pass: pass}
	switch format {
	case Postfix:
		err = w.lines(t, w.syslogLine)
	case Exim:
		err = w.lines(t, w.eximLine)
	case Table:
		err = w.table(t)
	case Journal:
		err = w.objects(t, w.journalObject)
	case SES:
		err = w.objects(t, w.sesObject)
	case SendGrid:
		err = w.objects(t, w.sendGridObject)
	}
	return err
}

// fact gives what stands in a line about the message who.
func (w *walk) fact(f Fact, who who, line int) error {
	f.Key, f.MessageID, f.RelayID = who.key, who.ours(), shortened([]byte(f.RelayID))
	f.Source = notifier.Source{File: w.Name, Line: line}
	return w.give(f)
}

// settle gives the facts about queue ids, when all of them are known.
func (r *reader) settle() error {
	rank := make([]int, len(r.sums))
	for i, file := range r.byTime() {
		rank[file] = i
	}
	for q, events := range r.queue {
		for _, l := range livesOf(events, rank) {
			if !r.asked(l.who) {
				continue
			}
			if err := l.facts(q.id, r.sums, r.give); err != nil {
				return err
			}
		}
	}
	return nil
}

// byTime gives the numbers of the logs in the order of their times.
func (r *reader) byTime() []int {
	order := make([]int, len(r.sums))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := r.sums[a].First.Compare(r.sums[b].First); c != 0 {
			return c
		}
		return r.sums[a].Last.Compare(r.sums[b].Last)
	})
	return order
}

// checkEvery is how many lines are read between looks at the context.
const checkEvery = 1 << 10

// lines gives each line of a log, with its number in w.Lines.
func (w *walk) lines(t *text, each func(line []byte) error) error {
	l := lineReader{r: t.r}
	for {
		line, long, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return t.own(err)
		}
		w.Lines = l.n
		if l.n%checkEvery == 0 && w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		if long {
			w.unreadable(l.n, "is longer than 1 MiB")
			continue
		}
		if len(line) == 0 {
			continue
		}
		if err := each(line); err != nil {
			return err
		}
	}
}
