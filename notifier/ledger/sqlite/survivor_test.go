package sqlite_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// survivor is what a crash left, as it was found.
type survivor struct {
	changes int           // how many the ledger holds, in the order they were asked for
	room    map[int64]int // how often each recipient's notice may have been handed over before
}

// reopen opens an image, with a disk that does as it is told, and checks the
// ledger in it. It may go on to the campaign's end from where that stands.
func (r *recording) reopen(t testing.TB, dir string, im image, g progress, goOn bool) (survivor, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return survivor{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := im.put(dir); err != nil {
		return survivor{}, err
	}
	watch(t, dir, idleDisk())
	defer unwatch(dir)
	store, err := sqlite.Open(ctx, filepath.Join(dir, "ledger.db"))
	if err != nil {
		return survivor{}, fmt.Errorf("open: %w", err)
	}
	s, err := r.look(store, g, goOn)
	return s, errors.Join(err, store.Close())
}

func (r *recording) look(store ledger.Store, g progress, goOn bool) (survivor, error) {
	if err := ledger.Audit(ctx, store); err != nil {
		return survivor{}, fmt.Errorf("audit: %w", err)
	}
	text, err := textOf(ctx, store)
	if err != nil {
		return survivor{}, err
	}
	n, err := r.find(text, g)
	if err != nil {
		return survivor{}, err
	}
	p := newPlay(store, nil, r.after(n), map[int64]int{})
	recoverOpen(p)
	s := survivor{changes: n, room: p.want.room()}
	if goOn {
		p.settled()
	}
	if p.failed != nil || len(p.wrong) > 0 {
		return s, fmt.Errorf("going on: %w, %q", p.failed, p.wrong)
	}
	if goOn {
		err = ended(store, p.want)
	}
	return s, err
}

// find returns how many changes the ledger holds that says text: at least those
// that were said to be durable, and none that was not asked for.
func (r *recording) find(text string, g progress) (int, error) {
	for n := g.acked; n <= g.asked; n++ {
		if r.text(n) == text {
			return n, nil
		}
	}
	for n := range len(r.changes()) + 1 {
		if r.text(n) == text {
			return n, fmt.Errorf("the ledger holds %d changes, %d were durable and %d asked for", n, g.acked, g.asked)
		}
	}
	return 0, compare(text, r.text(g.acked))
}

// compare says where two texts differ first.
func compare(got, want string) error {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Errorf("the ledger says\n%s\nwant, or what follows from more,\n%s", g[i], w[i])
		}
	}
	if len(g) != len(w) {
		return fmt.Errorf("the ledger says %d lines, want %d", len(g), len(w))
	}
	return nil
}

// ended checks the account of a campaign that was sent to its end.
func ended(store ledger.Store, want *expected) error {
	text, err := textOf(ctx, store)
	if err != nil {
		return err
	}
	if err := errors.Join(compare(text, want.text()), ledger.Audit(ctx, store)); err != nil {
		return err
	}
	totals, err := store.Totals(ctx)
	n := totals.Notices
	if err == nil && (n.Pending+n.InFlight+n.Deferred != 0 || n.Accepted == 0) {
		err = fmt.Errorf("somebody is left: %+v", n)
	}
	return err
}

// check is what must hold after a crash at a moment with that progress.
func (s survivor) check(g progress) error {
	if s.changes < g.acked || s.changes > g.asked {
		return fmt.Errorf("the ledger holds %d changes, %d were durable and %d asked for", s.changes, g.acked, g.asked)
	}
	for id, n := range g.handed {
		if n > s.room[id] {
			return fmt.Errorf("recipient %d was sent to %d times, where the evidence allows %d", id, n, s.room[id])
		}
	}
	return nil
}

// survivors are those that were looked at already, by what their files hold.
type survivors struct {
	dir   string // where they are looked at
	known map[[sha256.Size]byte]survivor
}

func newSurvivors(t testing.TB) *survivors {
	return &survivors{filepath.Join(t.TempDir(), "crashed"), map[[sha256.Size]byte]survivor{}}
}

// survives checks an image that a crash left at a moment with that progress. Of
// those it has not seen before it goes on from one in four.
func (c *survivors) survives(t testing.TB, r *recording, im image, g progress) error {
	h := im.hash()
	s, seen := c.known[h]
	if !seen {
		var err error
		if s, err = r.reopen(t, c.dir, im, g, len(c.known)%4 == 0); err != nil {
			return err
		}
		c.known[h] = s
	}
	return s.check(g)
}

func (im image) hash() [sha256.Size]byte {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(im)) {
		fmt.Fprintf(h, "%s %d ", name, len(im[name]))
		h.Write(im[name])
	}
	return [sha256.Size]byte(h.Sum(nil))
}
