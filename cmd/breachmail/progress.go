package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"breachmail/notifier/campaign"
)

// logEvery is how often a line is written where there is no terminal.
const logEvery = 5 * time.Second

// reading tells on stderr how far the exports are read and grouped.
type reading struct {
	a        *app
	terminal bool
	last     time.Time
	shown    bool
}

func newReading(a *app) *reading {
	return &reading{a: a, terminal: a.terminal(), last: time.Now()}
}

func (r *reading) step(s campaign.Step) { r.say(func() string { return stepWords(s) }) }

// say tells it, unless something was said a moment ago.
func (r *reading) say(words func() string) {
	every := logEvery
	if r.terminal {
		every = time.Second / 5
	}
	if time.Since(r.last) < every {
		return
	}
	r.last, r.shown = time.Now(), true
	if r.terminal {
		fmt.Fprintf(r.a.err, "\r\x1b[K%s", words())
		return
	}
	fmt.Fprintln(r.a.err, words())
}

// stepWords says how far reading or loading is.
func stepWords(s campaign.Step) string {
	if s.File == "" {
		return "grouping: " + many(s.Recipients, "recipient", "recipients")
	}
	text := s.File + ": " + many(s.Rows, "row", "rows")
	if s.Size > 0 {
		text += fmt.Sprintf(", %d%%", min(s.Done*100/s.Size, 100))
	}
	return text
}

func (r *reading) end() {
	if r.shown && r.terminal {
		fmt.Fprint(r.a.err, "\r\x1b[K")
	}
}

// sending tells on stderr how far a run of send is: a bar on a terminal, a
// line every few seconds elsewhere.
type sending struct {
	a        *app
	c        *campaign.Campaign
	progress *campaign.Progress
	start    time.Time // zero until begin
	total    int64     // what is left to send
	stop     chan struct{}
	done     sync.WaitGroup

	mu    sync.Mutex
	above io.Writer // where words go that are no part of the bar
}

func newSending(a *app, c *campaign.Campaign, p *campaign.Progress) *sending {
	return &sending{a: a, c: c, progress: p, stop: make(chan struct{}), above: a.err}
}

// reloaded tells what reading campaign.yaml again came to.
func (s *sending) reloaded(r campaign.Reloaded) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Err != nil {
		fmt.Fprintf(s.above, "%s was not taken over, and the values from before go on:\n%s", campaign.ConfigFile, explain(r.Err))
		return
	}
	for _, change := range r.Changed {
		fmt.Fprintf(s.above, "%s: from now on %s\n", campaign.ConfigFile, change)
	}
	if len(r.Changed) == 0 {
		fmt.Fprintf(s.above, "%s was read again: nothing of the pace is otherwise\n", campaign.ConfigFile)
	}
	if r.Later {
		fmt.Fprintf(s.above, "%s: what else was changed counts from the next run on\n", campaign.ConfigFile)
	}
}

// begin starts to tell; s is where the campaign stands before the first notice.
func (s *sending) begin(at campaign.Status) {
	s.start = time.Now()
	s.total = at.Notices.Pending + at.Notices.Deferred
	s.progress.Begin(at.Notices.Deferred)
	if s.total == 0 {
		return
	}
	if s.a.terminal() {
		s.done.Go(s.bar)
		return
	}
	fmt.Fprintf(s.a.err, "%s left to send, at up to %s\n", many(s.total, "notice is", "notices are"), s.c.Config.Limits.Rate)
	s.done.Go(s.lines)
}

func (s *sending) end() {
	close(s.stop)
	s.done.Wait()
}

// run says what this run did, or nothing where it did not get to sending.
func (s *sending) run(commits int64) string {
	if s.start.IsZero() {
		return ""
	}
	n := s.progress.Counts()
	if n.Attempts == 0 {
		return "nothing was sent in this run"
	}
	return fmt.Sprintf("in this run (%s): %s taken by the relay, %s refused, %s unknown, %s deferred now; %s to the ledger",
		time.Since(s.start).Round(time.Second/10), number(n.Accepted), number(n.Refused), number(n.Unknown), number(n.Deferred),
		many(commits, "commit", "commits"))
}

// settled is how many of this run's notices have a last outcome.
func settled(n campaign.Counts) int64 { return n.Accepted + n.Refused + n.Unknown }

// taken says how many notices the relay has of how many.
func (s *sending) taken() string {
	return fmt.Sprintf("%s of %s taken", number(s.progress.Counts().Accepted), number(s.total))
}

// pace says how fast it goes and what does not.
func (s *sending) pace() string {
	n := s.progress.Counts()
	took := time.Since(s.start)
	rate := float64(settled(n)) / max(took.Seconds(), 0.001)
	text := fmt.Sprintf("%.1f/s", rate)
	if left := s.total - settled(n); rate > 0 && left > 0 && n.Next.IsZero() {
		text += ", " + about(time.Duration(float64(left)/rate*float64(time.Second))) + " left"
	}
	text += fmt.Sprintf(", deferred %s, refused %s, unknown %s", number(n.Deferred), number(n.Refused), number(n.Unknown))
	if !n.Next.IsZero() && n.Deferred > 0 {
		text += ", next due " + n.Next.Local().Format(time.TimeOnly)
	}
	if n.Trouble != "" && n.Next.IsZero() && (n.Connections == 0 || time.Since(n.TroubleAt) < 3*logEvery) {
		text += "; " + n.Trouble
	}
	return text
}

func (s *sending) lines() {
	t := time.NewTicker(logEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			fmt.Fprintf(s.a.err, "%s %s\n", time.Now().Format(time.TimeOnly), s.taken()+", "+s.pace())
		case <-s.stop:
			return
		}
	}
}

// write has words go to w from now on.
func (s *sending) write(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.above = w
}

func (s *sending) bar() {
	p := mpb.New(mpb.WithOutput(s.a.err), mpb.WithWidth(30), mpb.WithAutoRefresh())
	s.write(p)
	defer s.write(s.a.err)
	bar := p.AddBar(s.total,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return s.progress.Counts().Wave + " " })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + s.taken() })),
		mpb.BarExtender(mpb.BarFillerFunc(func(w io.Writer, st decor.Statistics) error {
			_, err := fmt.Fprintln(w, cut(s.pace(), st.AvailableWidth))
			return err
		}), false))
	t := time.NewTicker(time.Second / 5)
	defer t.Stop()
	for {
		bar.SetCurrent(min(settled(s.progress.Counts()), s.total-1))
		select {
		case <-t.C:
			continue
		case <-s.stop:
		}
		bar.SetCurrent(settled(s.progress.Counts()))
		bar.Abort(false)
		p.Wait()
		return
	}
}
