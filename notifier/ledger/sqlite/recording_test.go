package sqlite_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger/sqlite"
)

// recording is a session as it was run on a disk of its own.
type recording struct {
	session
	base    image // what it found, with what that held
	from    *expected
	before  map[int64]int // who was handed over before it
	disk    *disk
	play    *play
	opened  error
	closing int            // the first event of Close
	texts   map[int]string // of the ledger after so many changes
}

// small makes a checkpoint after so many pages, and lets a plan write pages of
// its transaction before it ends.
var small = []string{"wal_autocheckpoint = 25", "cache_size = 9"}

// run runs a session, which may meet a fault, and closes the ledger.
func run(t testing.TB, s session, base image, from *expected, handed map[int64]int, f fault) *recording {
	t.Helper()
	r := &recording{session: s, base: base, from: from, before: handed, disk: newDisk(base, f), texts: map[int]string{}}
	dir := t.TempDir()
	defer func() { _ = os.RemoveAll(dir) }()
	if err := base.put(dir); err != nil {
		t.Fatal(err)
	}
	watch(t, dir, r.disk, small...)
	defer unwatch(dir)
	store, err := sqlite.Open(ctx, filepath.Join(dir, "ledger.db"))
	if err != nil {
		r.opened = err
		return r
	}
	r.play = newPlay(store, r.disk, from, handed)
	for _, step := range s.steps {
		if r.play.failure() == nil {
			step(r.play)
		}
	}
	r.play.waiting.Wait()
	if r.play.failure() != nil {
		probe(r.play)
	}
	r.closing = len(r.disk.events)
	closed := make(chan error, 1)
	go func() { closed <- store.Close() }()
	select {
	case err = <-closed:
	case <-time.After(time.Minute):
		t.Fatal("closing the ledger takes forever")
	}
	if err != nil && !r.disk.failed {
		t.Fatal(err)
	}
	return r
}

// probe asks a ledger that failed for more; it must not be had.
func probe(p *play) {
	clearHalt(p)
	if ids := p.with("", notifier.Pending); len(ids) > 0 && len(p.want.approvals) > 0 {
		p.claim(ids[0])
		p.waiting.Wait()
	}
}

// record runs the whole script on a disk that does not fail.
func record(t testing.TB) []*recording {
	t.Helper()
	var list []*recording
	base, from, handed := image{}, newExpected(), map[int64]int{}
	for _, s := range script {
		r := run(t, s, base, from, handed, fault{at: -1})
		if r.opened != nil || r.play.failed != nil || len(r.play.wrong) > 0 {
			t.Fatal(r.name, r.opened, r.play.failed, r.play.wrong)
		}
		if !r.checkpointed() {
			t.Fatalf("%s: no checkpoint in the middle", r.name)
		}
		list = append(list, r)
		end := len(r.disk.events)
		if r.killed {
			end = r.closing
		}
		disk := newPlatter(base)
		for _, e := range r.disk.events[:end] {
			disk.apply(e)
		}
		base, from, handed = disk.all(), r.play.want, r.play.handed
	}
	return list
}

// checkpointed reports whether a checkpoint was made before Close made one.
func (r *recording) checkpointed() bool {
	return slices.ContainsFunc(r.disk.events[:r.closing], func(e event) bool {
		return e.kind == eventSync && e.file == "ledger.db"
	})
}

// text is what the ledger says once it holds the first n changes.
func (r *recording) text(n int) string {
	if s, ok := r.texts[n]; ok {
		return s
	}
	r.texts[n] = r.after(n).text()
	return r.texts[n]
}

// changes are those that were asked for: none where the ledger was not opened.
func (r *recording) changes() []func(*expected) {
	if r.play == nil {
		return nil
	}
	return r.play.changes
}

func (r *recording) after(n int) *expected {
	e := r.from.clone()
	for _, change := range r.changes()[:n] {
		change(e)
	}
	return e
}
