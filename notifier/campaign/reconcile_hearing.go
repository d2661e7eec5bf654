package campaign

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// hearing is who is listened for in the logs.
type hearing struct {
	want   func(notifier.Key) bool // beside neighbours
	people map[notifier.Key]*heard // what is heard of them
	near   map[notifier.Key]*neighbour
	tests  map[string]*neighbour
}

func hearingOf(cases []*openCase) *hearing {
	h := &hearing{people: map[notifier.Key]*heard{}, near: map[notifier.Key]*neighbour{}, tests: map[string]*neighbour{}}
	h.want = func(k notifier.Key) bool { return h.people[k] != nil }
	for _, o := range cases {
		o.since = o.first
		h.people[o.key] = &o.heard
		h.beside(o.besides())
	}
	return h
}

// beside listens for neighbours.
func (h *hearing) beside(list []*neighbour) {
	for _, n := range list {
		if n.messageID != "" {
			h.tests[n.messageID] = n
		} else {
			h.near[n.key] = n
		}
	}
}

// hear takes in what stands in a log.
func (h *hearing) hear(f *bounce.Fact, file int) {
	if n := h.tests[f.MessageID]; n != nil {
		n.hear(f, file)
	}
	if f.Key == (notifier.Key{}) {
		return
	}
	if n := h.near[f.Key]; n != nil {
		n.hear(f, file)
	}
	if !h.want(f.Key) {
		return
	}
	if h.people[f.Key] == nil {
		h.people[f.Key] = &heard{}
	}
	h.people[f.Key].hear(*f)
}

// read reads all logs.
func (r *reconciling) read(ctx context.Context, h *hearing) error {
	sum, err := bounce.Read(ctx, r.logs.list, bounce.Options{
		Campaign: r.c.Config.Campaign, Location: r.opt.Zone, Now: time.Now(),
		Want:   func(k notifier.Key) bool { return h.want(k) || h.near[k] != nil },
		WantID: func(id string) bool { return h.tests[id] != nil },
	}, func(f bounce.Fact) error {
		h.hear(&f, r.numbers[f.Source.File])
		return nil
	})
	if err != nil {
		return err
	}
	r.Logs, r.book = logsRead(sum), sum.Logs
	return nil
}
