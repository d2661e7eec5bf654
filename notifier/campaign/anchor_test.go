package campaign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// doubtOf returns the kind of doubt about c's ledger, empty where there is none.
func doubtOf(t *testing.T, c *Campaign) DoubtKind {
	t.Helper()
	r, err := c.reader(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	d, err := c.doubt(bg, r)
	if err != nil {
		t.Fatal(err)
	}
	if d == nil {
		return ""
	}
	said := c.hinted(d)
	var how *Hinted
	if !errors.Is(said, ErrOlder) || !errors.As(said, &how) || !strings.Contains(how.Hint, "reconcile --adopt") {
		t.Errorf("%s is said as %v", d.Kind, said)
	}
	return d.Kind
}

// started begins a run on c's ledger by hand, and moors it with anchored.
func started(t *testing.T, c *Campaign, anchored bool) {
	t.Helper()
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	epoch, err := store.Start(bg, ledger.Start{Verb: "send", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if anchored {
		moor(t, c, store, epoch)
	}
}

func moor(t *testing.T, c *Campaign, r ledger.Reader, epoch int64) {
	t.Helper()
	path, err := c.anchorPath()
	if err == nil {
		err = c.anchor(bg, r, path, epoch)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ledgerFiles keeps a campaign's ledger as it is now, to be put back later.
func ledgerFiles(t *testing.T, c *Campaign) (putBack func()) {
	t.Helper()
	kept := map[string][]byte{}
	for _, end := range []string{"", "-wal", "-shm"} {
		if b, err := os.ReadFile(c.path(ledgerFile + end)); err == nil {
			kept[end] = b
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return func() {
		t.Helper()
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(c.path(ledgerFile + end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if b, ok := kept[end]; ok {
				write(t, c.path(ledgerFile+end), string(b))
			}
		}
	}
}

// TestDoubt has every kind of ledger that is not, or may not be, the one that
// was used last, and ends each by adopting it.
func TestDoubt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, c *Campaign)
		want  DoubtKind
	}{
		"in order": {func(*testing.T, *Campaign) {}, ""},
		"anchor behind": {func(t *testing.T, c *Campaign) {
			started(t, c, false)
		}, ""},
		"restored": {func(t *testing.T, c *Campaign) {
			putBack := ledgerFiles(t, c)
			started(t, c, true)
			putBack()
		}, DoubtOlder},
		"same epoch, less evidence": {func(t *testing.T, c *Campaign) {
			putBack := ledgerFiles(t, c)
			store := openLedger(t, c)
			if err := store.ClearHalt(bg, time.Now()); err != nil {
				t.Fatal(err)
			}
			moor(t, c, store, 1)
			_ = store.Close()
			putBack()
		}, DoubtOlder},
		"same epoch, other evidence": {func(t *testing.T, c *Campaign) {
			putBack := ledgerFiles(t, c)
			store := openLedger(t, c)
			if err := store.ClearHalt(bg, time.Now()); err != nil {
				t.Fatal(err)
			}
			moor(t, c, store, 1)
			_ = store.Close()
			putBack()
			store = openLedger(t, c)
			for range 3 {
				if err := store.Release(bg, "rest", time.Now()); err != nil {
					t.Fatal(err)
				}
			}
			_ = store.Close()
		}, DoubtHistory},
		"planned anew": {func(t *testing.T, c *Campaign) {
			for _, end := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(c.path(ledgerFile + end))
			}
			plan(t, c, accounts(t, 1, 2, 3))
		}, DoubtOlder},
		"copy": {func(t *testing.T, c *Campaign) {
			if _, err := sqlite.Backup(bg, c.path(ledgerFile), c.path("copy"), time.Now()); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(c.path(ledgerFile + "-wal"))
			if err := os.Rename(c.path("copy"), c.path(ledgerFile)); err != nil {
				t.Fatal(err)
			}
		}, DoubtCopy},
		"elsewhere": {func(_ *testing.T, c *Campaign) { c.State += "-other" }, DoubtNoAnchor},
		"no anchor": {func(t *testing.T, c *Campaign) {
			if path, err := c.anchorPath(); err != nil || os.WriteFile(path, []byte("{}"), 0o600) != nil {
				t.Fatal(err)
			}
		}, DoubtUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCampaign(t, "")
			plan(t, c, accounts(t, 1, 2, 3))
			started(t, c, true)
			tt.spoil(t, c)
			if got := doubtOf(t, c); got != tt.want {
				t.Fatalf("the doubt is %q, not %q", got, tt.want)
			}
			store := openLedger(t, c)
			a, err := c.adopt(bg, store, ledger.Adoption{Because: "a test", At: time.Now()})
			if err != nil || a.Epoch < 2 {
				t.Fatalf("%+v, %v", a, err)
			}
			if got, err := store.Epoch(bg); err != nil || got != a.Epoch {
				t.Errorf("epoch %d, %v", got, err)
			}
			if got := doubtOf(t, c); got != "" {
				t.Errorf("adopted, and there is still the doubt %q", got)
			}
			if err := ledger.Audit(bg, store); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAdoptedOverTheOther adopts an older ledger: then the one that was newer is
// the older one.
func TestAdoptedOverTheOther(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1))
	old := ledgerFiles(t, c)
	started(t, c, true)
	newer := ledgerFiles(t, c)
	old()
	store := openLedger(t, c)
	if _, err := c.adopt(bg, store, ledger.Adoption{At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	newer()
	if got := doubtOf(t, c); got != DoubtOlder {
		t.Errorf("the other one is in doubt as %q", got)
	}
}

// TestAnchorFile holds the file to what is promised of it: nobody else's to read,
// nothing personal, and a name that stays.
func TestAnchorFile(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1))
	started(t, c, true)
	path, err := c.anchorPath()
	if err != nil {
		t.Fatal(err)
	}
	if dir := filepath.Join(c.State, "breachmail", "anchors"); filepath.Dir(path) != dir || len(filepath.Base(path)) != 32+len(".json") {
		t.Errorf("it is %s", path)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	above, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && (info.Mode().Perm() != 0o600 || above.Mode().Perm() != 0o700) {
		t.Errorf("modes %v and %v", info.Mode(), above.Mode())
	}
	a, err := readAnchor(path)
	if err != nil || a.Campaign != "aug" || a.Epoch != 1 || a.Seq != 1 || a.Dir != c.Dir || a.Host == "" || time.Since(a.At) > time.Minute {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestNoPlaceForTheAnchor says what to do where there is no state directory, or
// one that the campaign would bring along.
func TestNoPlaceForTheAnchor(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(c.Dir, link); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"", c.path("state"), filepath.Join(link, "state", "more")} {
		c.State = state
		var how *Hinted
		if path, err := c.anchorPath(); !errors.As(err, &how) || !strings.Contains(how.Hint, "XDG_STATE_HOME") {
			t.Errorf("%q: %s, %v", state, path, err)
		}
	}
}

func TestStateHome(t *testing.T) {
	for _, tt := range []struct{ xdg, home, want string }{
		{"/var/lib/x", "/home/ops", "/var/lib/x"},
		{"", "/home/ops", "/home/ops/.local/state"},
		{"not/absolute", "/home/ops", "/home/ops/.local/state"},
	} {
		t.Setenv("XDG_STATE_HOME", tt.xdg)
		t.Setenv("HOME", tt.home)
		if got := stateHome(); runtime.GOOS == "linux" && got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	t.Setenv("HOME", "")
	if got := stateHome(); got != "" && !filepath.IsAbs(got) {
		t.Errorf("without HOME it is %q", got)
	}
}
