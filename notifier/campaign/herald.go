package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"breachmail/notifier/ledger"
)

// The events at which evidence.anchor receives the head of the evidence. That of
// a run that was interrupted, or ended with something left to be sent, is one head
// more than is asked for: it does no harm.
const (
	eventGate       = "gate" // or a hold
	eventHalt       = "halt"
	eventCompletion = "completion"
	eventEnd        = "end"
)

// eventOf is the event that a run ended with.
func eventOf(s *Status) string {
	switch s.Phase {
	case PhaseHalted:
		return eventHalt
	case PhaseAtGate:
		return eventGate
	case PhaseSent, PhaseComplete:
		return eventCompletion
	}
	return eventEnd
}

// headline is what evidence.anchor receives. Nothing of it is personal.
type headline struct {
	Campaign string    `json:"campaign"`
	Event    string    `json:"event"`
	At       time.Time `json:"at"`
	EvidenceStatus
}

// insistence is how a webhook is tried: how long an answer may take, and how long
// is waited before each further try.
type insistence struct {
	timeout time.Duration
	waits   []time.Duration
}

var insisting = insistence{timeout: 10 * time.Second, waits: []time.Duration{time.Second, 4 * time.Second}}

// herald carries the head of the evidence to where evidence.anchor says, beside
// the sending and never in its way.
type herald struct {
	campaign string
	write    func(context.Context, []byte) error // one JSON object with its line end
	waits    []time.Duration
	news     chan headline
	work     sync.WaitGroup
	failed   []string
}

// herald returns that of a run, nil where evidence.anchor is not set. It insists
// until ctx ends, and gives up when abort does.
func (c *Campaign) herald(ctx, abort context.Context, how insistence) *herald {
	to := c.Config.Evidence.Anchor
	if to == "" {
		return nil
	}
	h := &herald{campaign: c.Config.Campaign, news: make(chan headline, len(c.Config.Waves)+1)}
	done := func() {}
	if isURL(to) {
		client := webhook(how.timeout)
		h.write, h.waits = func(ctx context.Context, line []byte) error { return post(ctx, client, to, line) }, how.waits
		done = client.CloseIdleConnections
	} else {
		h.write = func(_ context.Context, line []byte) error { return appendLine(c.inDir(to), line) }
	}
	h.work.Go(func() {
		defer done()
		for n := range h.news {
			h.carry(ctx, abort, n)
		}
	})
	return h
}

// tell has the head of the evidence carried, and does not wait for it.
func (h *herald) tell(event string, e EvidenceStatus) {
	if h == nil {
		return
	}
	select {
	case h.news <- headline{h.campaign, event, time.Now().UTC().Truncate(time.Second), e}:
	default: // more than there are gates: the next one says more
	}
}

// passing has the head told when a run passes an open gate. It wraps what asks
// whether one is open.
func (c *Campaign) passing(r ledger.Reader, h *herald, opened func(context.Context, string) (bool, error)) func(context.Context, string) (bool, error) {
	if h == nil {
		return opened
	}
	passed := map[string]bool{}
	return func(ctx context.Context, wave string) (bool, error) {
		open, err := opened(ctx, wave)
		if err != nil || !open || passed[wave] {
			return open, err
		}
		passed[wave] = true
		e, err := evidenceOf(ctx, r)
		if err == nil {
			h.tell(eventGate, e)
		}
		return open, err
	}
}

// end waits until all that was told is carried or given up, and says what was.
func (h *herald) end() []string {
	if h == nil {
		return nil
	}
	close(h.news)
	h.work.Wait()
	return h.failed
}

// carry tries to carry a head. After one was given up the others are tried once.
func (h *herald) carry(ctx, abort context.Context, n headline) {
	line, err := json.Marshal(n)
	if err == nil {
		err = h.write(abort, append(line, '\n'))
	}
	for _, wait := range h.waits {
		if err == nil || len(h.failed) > 0 || !pause(ctx, wait) {
			break
		}
		err = h.write(abort, append(line, '\n'))
	}
	if err != nil {
		h.failed = append(h.failed, fmt.Sprintf("evidence.anchor did not get the head of the evidence (%s, row %d): %v", n.Event, n.Rows, err))
	}
}

// pause waits, and is false when ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func isURL(s string) bool { return strings.Contains(s, "://") }

// webhook is a client that goes nowhere but where it is sent.
func webhook(timeout time.Duration) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	return &http.Client{
		Transport: t, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post hands one JSON object to a webhook. Its errors name the host only: the
// path of many a webhook is a secret.
func post(ctx context.Context, client *http.Client, to string, object []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(object))
	if err != nil {
		return errors.New("its address cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.URL.Host, err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	_ = answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s answered %s", r.URL.Host, answer.Status)
	}
	return nil
}

// appendLine adds a line to a file, for good once it returns. One that a crash
// has cut off before is ended first.
func appendLine(path string, line []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, personal)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	last := []byte{'\n'}
	if n := info.Size(); n > 0 && info.Mode().IsRegular() {
		if _, err := f.ReadAt(last, n-1); err != nil {
			return err
		}
	}
	if last[0] != '\n' {
		line = append([]byte{'\n'}, line...)
	}
	if _, err := f.Write(line); err != nil {
		return err
	}
	return f.Sync()
}
