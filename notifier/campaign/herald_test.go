package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// audience is a webhook that keeps what it is given.
type audience struct {
	*httptest.Server
	mu     sync.Mutex
	heard  []headline
	answer func(n int, w http.ResponseWriter, r *http.Request) // nil: 204; n counts from 1
	n      int
}

func listen(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *audience {
	t.Helper()
	a := &audience{answer: answer}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *audience) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	var h headline
	bad := r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || json.Unmarshal(b, &h) != nil
	a.mu.Lock()
	a.n++
	n := a.n
	a.mu.Unlock()
	switch {
	case bad:
		w.WriteHeader(http.StatusBadRequest)
		return
	case a.answer != nil:
		a.answer(n, w, r)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = append(a.heard, h)
	w.WriteHeader(http.StatusNoContent)
}

func (a *audience) tries() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}

// hurried tries as often as is promised, and waits for less.
var hurried = insistence{timeout: 200 * time.Millisecond, waits: []time.Duration{time.Millisecond, 2 * time.Millisecond}}

// heralding is a campaign whose evidence.anchor is to.
func heralding(t *testing.T, to string) *Campaign {
	t.Helper()
	c := newCampaign(t, "")
	c.Config.Evidence.Anchor = to
	return c
}

// carried tells one event and returns what failed.
func carried(ctx, abort context.Context, c *Campaign, how insistence) []string {
	h := c.herald(ctx, abort, how)
	h.tell(eventHalt, EvidenceStatus{Rows: 7, Head: strings.Repeat("ab", 32), Epoch: 2})
	return h.end()
}

// TestHeadIsHeralded has a whole run tell its heads: at a gate that is open, at
// one that is closed, and in the end; each is one that the evidence has.
func TestHeadIsHeralded(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "heads.jsonl")
	hook := listen(t, nil)
	for name, to := range map[string]string{"file": file, "webhook": hook.URL + "/a?token=secret"} {
		c := toBeSent(t, 6, "waves:\n  - {name: pilot, recipients: 2, then: hold}\n  - {name: more, recipients: 2, then: hold}\n  - {name: rest}\n")
		c.Config.Evidence.Anchor = to
		for _, gate := range []string{"pilot", "more"} {
			sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
			if !errors.Is(err, ErrGate) || len(sent.Warnings) > 0 {
				t.Fatalf("%s: %+v, %v", name, sent, err)
			}
			if _, err := c.Release(bg, gate); err != nil {
				t.Fatal(err)
			}
		}
		sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
		if err != nil || len(sent.Warnings) > 0 {
			t.Fatalf("%s: %+v, %v", name, sent, err)
		}
		heard := hook.heard
		if name == "file" {
			heard = headlines(t, file)
		}
		var events []string
		for _, h := range heard {
			events = append(events, h.Event)
			store := openLedger(t, c)
			if head, ok, err := store.At(bg, h.Rows); err != nil || !ok || head.String() != h.Head || h.Campaign != "aug" || time.Since(h.At) > time.Minute {
				t.Errorf("%s: %+v: %v", name, h, err)
			}
			_ = store.Close()
		}
		// The second run passes the first gate, the third both.
		if want := []string{eventGate, eventGate, eventGate, eventGate, eventGate, eventCompletion}; !slices.Equal(events, want) {
			t.Errorf("%s: %v", name, events)
		}
		if last := heard[len(heard)-1]; last.EvidenceStatus != sent.Status.Evidence || last.Epoch != 3 {
			t.Errorf("%s: the last is %+v, and the evidence %+v", name, last, sent.Status.Evidence)
		}
	}
}

func headlines(t *testing.T, file string) (list []headline) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var h headline
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		list = append(list, h)
	}
	return list
}

// TestWebhookFails has webhooks that fail in every way: each is tried three times,
// said in words that do not say its path, and holds up nobody.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	for name, tt := range map[string]struct {
		answer func(n int, w http.ResponseWriter, r *http.Request)
		tries  int
		said   string
	}{
		"refuses":      {func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, 3, "answered 403 Forbidden"},
		"goes on":      {func(n int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader([]int{0, 500, 503, 200}[n]) }, 3, ""},
		"leads astray": {func(_ int, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) }, 3, "answered 302 Found"},
		"hangs":        {func(_ int, _ http.ResponseWriter, r *http.Request) { wait(r, ended) }, 3, "Timeout"},
		"talks forever": {func(_ int, w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
			wait(r, ended)
		}, 1, ""},
	} {
		hook := listen(t, tt.answer)
		failed := carried(bg, bg, heralding(t, hook.URL+"/hooks/secret"), hurried)
		if tt.said == "" && len(failed) > 0 || tt.said != "" && (len(failed) != 1 || !strings.Contains(failed[0], tt.said) || !strings.Contains(failed[0], "halt, row 7")) {
			t.Errorf("%s: %q", name, failed)
		}
		if strings.Contains(strings.Join(failed, ""), "secret") {
			t.Errorf("%s: the path is said: %q", name, failed)
		}
		if n := hook.tries(); n != tt.tries {
			t.Errorf("%s: tried %d times", name, n)
		}
	}
	if failed := carried(bg, bg, heralding(t, closed.URL), hurried); len(failed) != 1 || !strings.Contains(failed[0], "refused") {
		t.Errorf("nobody listens: %q", failed)
	}
}

func wait(r *http.Request, ended <-chan struct{}) {
	select {
	case <-r.Context().Done():
	case <-ended:
	}
}

// TestHeraldIsInNobodysWay tells many heads to a webhook that hangs, without
// waiting, gives up what is left once the first was given up after a try each,
// and at once when the run is aborted; an interrupted one tries once.
func TestHeraldIsInNobodysWay(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	hook := listen(t, func(_ int, _ http.ResponseWriter, r *http.Request) { wait(r, ended) })
	t.Cleanup(func() { close(ended) })
	c := heralding(t, hook.URL)
	c.Config.Waves = make([]WaveConfig, 4)
	h := c.herald(bg, bg, insistence{timeout: 100 * time.Millisecond, waits: []time.Duration{0, 0}})
	for range 10 {
		h.tell(eventGate, EvidenceStatus{Rows: 1})
	}
	if hook.tries() > 1 {
		t.Error("it was waited for")
	}
	failed := h.end()
	if n := len(failed); n < 5 || n > 6 || hook.tries() != 3+n-1 {
		t.Errorf("%d given up after %d tries", n, hook.tries())
	}

	interrupted, cancel := context.WithCancel(bg)
	cancel()
	before := hook.tries()
	if failed := carried(interrupted, bg, c, insistence{timeout: 100 * time.Millisecond, waits: []time.Duration{time.Hour}}); len(failed) != 1 || hook.tries() != before+1 {
		t.Errorf("interrupted: %q after %d tries", failed, hook.tries()-before)
	}
	aborted, abort := context.WithCancel(bg)
	h = c.herald(aborted, aborted, insistence{timeout: time.Hour, waits: []time.Duration{time.Hour}})
	h.tell(eventEnd, EvidenceStatus{})
	abort()
	if failed := h.end(); len(failed) != 1 {
		t.Errorf("aborted: %q", failed)
	}
}

// TestWebhookFailsARun has it fail at the end of a run: that is said, and the run
// ended well.
func TestWebhookFailsARun(t *testing.T) {
	t.Parallel()
	hook := listen(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	c := toBeSent(t, 2, "")
	c.Config.Evidence.Anchor = hook.URL
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
	if err != nil || sent.Status.Phase != PhaseComplete || len(sent.Warnings) != 1 || hook.tries() != 3 {
		t.Errorf("%+v, %v, %d tries", sent, err, hook.tries())
	}
}

// TestHeadsFile appends to a file, also behind a line that a crash cut off, and
// says when it cannot.
func TestHeadsFile(t *testing.T) {
	t.Parallel()
	c := heralding(t, "../heads.jsonl")
	file := c.inDir("../heads.jsonl")
	for range 2 {
		if failed := carried(bg, bg, c, insisting); len(failed) > 0 {
			t.Fatal(failed)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if list := headlines(t, file); len(list) != 2 || list[1].Rows != 7 || list[1].Event != eventHalt {
		t.Errorf("%+v", list)
	}
	write(t, file, `{"campaign":"aug","eve`)
	if failed := carried(bg, bg, c, insisting); len(failed) > 0 {
		t.Fatal(failed)
	}
	b, err := os.ReadFile(file)
	if lines := strings.Split(string(b), "\n"); err != nil || len(lines) != 3 || !json.Valid([]byte(lines[1])) {
		t.Errorf("%v: %s", err, b)
	}
	c.Config.Evidence.Anchor = "no/such/directory"
	if failed := carried(bg, bg, c, insisting); len(failed) != 1 || !strings.Contains(failed[0], "no such file") {
		t.Errorf("%q", failed)
	}
}
