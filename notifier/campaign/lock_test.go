package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestLockNamesItsHolder(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	unlock, err := c.lock(bg, "send")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.lock(bg, "plan")
	host, _ := os.Hostname()
	want := fmt.Sprintf("another process has this campaign: breachmail send, process %d on %s, since ", os.Getpid(), host)
	if !errors.Is(err, ErrLocked) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
	var h *Hinted
	if !errors.As(err, &h) || !strings.Contains(h.Hint, c.Command("status")) {
		t.Errorf("the hint is %+v", h)
	}
	if held, err := c.held(); err != nil || held == nil || held.Verb != "send" || !held.sends() {
		t.Errorf("held by %+v, %v", held, err)
	}
	unlock()
	if held, err := c.held(); err != nil || held != nil {
		t.Errorf("given back, and held by %+v, %v", held, err)
	}
	unlock, err = c.lock(bg, "plan")
	if err != nil {
		t.Fatal(err)
	}
	if held, err := c.held(); err != nil || held == nil || held.sends() {
		t.Errorf("held by %+v, %v", held, err)
	}
	unlock()
}

// TestLockWords holds the words for whatever stands in the lock file.
func TestLockWords(t *testing.T) {
	c := newCampaign(t, "")
	for text, want := range map[string]string{
		"":           "another process has this campaign",
		"not JSON\n": "another process has this campaign",
		`{"verb":"plan","pid":7,"host":"ops1","since":"2018-08-20T10:00:00Z"}`: "another process has this campaign: breachmail plan, process 7 on ops1, since " +
			time.Date(2018, 8, 20, 10, 0, 0, 0, time.UTC).Local().Format(time.DateTime),
	} {
		write(t, c.path(lockFile), text)
		err := c.lockedBy(c.path(lockFile))
		if !errors.Is(err, ErrLocked) || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestLockIsWaitedForAMoment(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	unlock, err := c.lock(bg, "status")
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(patience/4, unlock)
	second, err := c.lock(bg, "send")
	if err != nil {
		t.Fatalf("a lock held for an instant was not waited for: %v", err)
	}
	second()
}

func TestLockStopsWithTheContext(t *testing.T) {
	c := newCampaign(t, "")
	unlock, err := c.lock(bg, "send")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(bg)
	time.AfterFunc(20*time.Millisecond, cancel)
	start := time.Now()
	if _, err := c.lock(ctx, "plan"); !errors.Is(err, ErrInterrupted) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > patience/2 {
		t.Errorf("it took %s to stop", took)
	}
}
