package sqlite_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// crash is one trial of crashes: which moments are tried, and how.
type crash struct {
	seed         uint64
	offset, step int
}

// newCrash draws the moments of a short run, and what is torn in any. The seed
// is logged, and can be given again in BREACHMAIL_TEST_SEED.
func newCrash(t *testing.T, step int) crash {
	t.Helper()
	c := crash{seed: rand.Uint64(), step: 1}
	if text := os.Getenv("BREACHMAIL_TEST_SEED"); text != "" {
		var err error
		if c.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("BREACHMAIL_TEST_SEED=%d", c.seed)
	if testing.Short() {
		c.step = step
		c.offset = int(c.seed % uint64(step))
	}
	return c
}

// takes reports whether the moment before event k is tried.
func (c crash) takes(k int) bool { return k%c.step == c.offset }

// TestCrashAtEveryWrite stops the program before and in the middle of every
// write, truncation, sync, creation and deletion of a file, and opens what the
// disk may then hold.
func TestCrashAtEveryWrite(t *testing.T) {
	c := newCrash(t, 23)
	for _, r := range record(t) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.stopEverywhere(t, c)
		})
	}
}

func (r *recording) stopEverywhere(t *testing.T, c crash) {
	disk := newPlatter(r.base)
	g := progress{handed: maps.Clone(r.before)}
	known := newSurvivors(t)
	k, tried := 0, 0
	try := func(what string, im image, e event) {
		tried++
		if err := known.survives(t, r, im, g); err != nil {
			t.Fatalf("event %d, %s: %s: %s", k, e, what, err)
		}
	}
	for _, e := range append(r.disk.events, event{kind: eventSync}) {
		if e.kind == eventNote {
			e.note(&g)
			continue
		}
		if c.takes(k) {
			random := rand.New(rand.NewPCG(c.seed, uint64(k)))
			try("killed", disk.all(), e)
			try("nothing but what was synced", disk.none(), e)
			try("some of what was not synced", disk.some(e, random), e)
			if e.kind == eventWrite {
				try("torn", disk.torn(e, random), e)
			}
		}
		if e.file != "" {
			disk.apply(e)
		}
		k++
	}
	t.Logf("%d events, %d crashes, %d different ledgers", k-1, tried, len(known.known))
}

// TestFailAtEveryWrite has each of them fail instead, once or from then on, by
// turns with an I/O error and because the disk is full, and the program go on.
func TestFailAtEveryWrite(t *testing.T) {
	c := newCrash(t, 29)
	for _, r := range record(t) {
		for name, f := range map[string]fault{"once": {}, "for good": {stays: true}} {
			t.Run(r.name+" "+name, func(t *testing.T) {
				t.Parallel()
				r.failEverywhere(t, c, f)
			})
		}
	}
}

func (r *recording) failEverywhere(t *testing.T, c crash, f fault) {
	known := newSurvivors(t)
	for k := c.offset; ; k += c.step {
		f.at, f.code = k, 0
		if full := (uint64(k)+c.seed/3)%2 == 0; full {
			f.code = sqlite3.SQLITE_FULL
		}
		again := run(t, r.session, r.base, r.from, r.before, f)
		if err := again.afterFault(t, known); err != nil {
			t.Fatalf("fault at event %d: %s", k, err)
		}
		if !again.disk.failed {
			t.Logf("%d events, %d different ledgers", k, len(known.known))
			return
		}
	}
}

// afterFault checks what a program did that met a fault, and what it left.
func (r *recording) afterFault(t *testing.T, known *survivors) error {
	if r.play != nil && len(r.play.wrong) > 0 {
		return errors.New(strings.Join(r.play.wrong, "; "))
	}
	if !r.disk.failed && (r.opened != nil || r.play.failed != nil) {
		return fmt.Errorf("without a fault: %w", errors.Join(r.opened, r.play.failed))
	}
	disk := newPlatter(r.base)
	g := progress{handed: maps.Clone(r.before)}
	for _, e := range r.disk.events {
		if e.kind == eventNote {
			e.note(&g)
			continue
		}
		disk.apply(e)
	}
	for what, im := range map[string]image{"as it is": disk.all(), "after a power cut": disk.none()} {
		if err := known.survives(t, r, im, g); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
