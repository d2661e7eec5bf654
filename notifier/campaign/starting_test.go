package campaign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// toBeSent is an approved campaign of n people before a relay that takes
// everything.
func toBeSent(t *testing.T, n int, more string) *Campaign {
	t.Helper()
	c := newCampaign(t, more)
	addr := smtptest.Serve(t, takeAll)
	write(t, c.path(ConfigFile), strings.Replace(facts, "127.0.0.1:1", addr, 1)+more)
	c = reopen(t, c)
	plan(t, c, accounts(t, upTo(1, n)...))
	approve(t, c)
	return c
}

// refusedAsOlder tries to send and checks that it is refused and changes nothing.
func refusedAsOlder(t *testing.T, c *Campaign, kind DoubtKind) {
	t.Helper()
	before := content(t, c)
	anchors := anchorText(t, c)
	for _, o := range []SendOptions{{Verb: "send"}, {Verb: "resume", Resend: true, ClearHalt: true}} {
		sent, err := c.Send(bg, bg, o)
		var d *Doubt
		if !errors.As(err, &d) || !errors.Is(err, ErrOlder) || d.Kind != kind {
			t.Fatalf("%s ends with %v, not in doubt as %s", o.Verb, err, kind)
		}
		if sent.Recovered > 0 || !errors.Is(sent.Status.Doubt, ErrOlder) {
			t.Errorf("%s: %+v", o.Verb, sent)
		}
	}
	if after := content(t, c); !slices.Equal(before, after) {
		t.Errorf("a refused run changed the ledger")
	}
	if got := anchorText(t, c); got != anchors {
		t.Errorf("a refused run made the anchor\n%s", got)
	}
}

// anchorText is the anchor as it stands, empty where there is none.
func anchorText(t *testing.T, c *Campaign) string {
	t.Helper()
	path, err := c.anchorPath()
	if err != nil {
		return ""
	}
	b, _ := os.ReadFile(path)
	return string(b)
}

func anchorOf(t *testing.T, c *Campaign) *Anchor {
	t.Helper()
	path, err := c.anchorPath()
	if err != nil {
		t.Fatal(err)
	}
	a, err := readAnchor(path)
	if err != nil || a == nil {
		t.Fatalf("%s: %+v, %v", path, a, err)
	}
	return a
}

// TestSnapshotPutBack sends to a gate, keeps the ledger, sends on, and puts it
// back: nothing leaves a second time.
func TestSnapshotPutBack(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 5, gated)
	if _, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrGate) {
		t.Fatal(err)
	}
	putBack := ledgerFiles(t, c)
	if _, err := c.Release(bg, "pilot"); err != nil {
		t.Fatal(err)
	}
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send"}); err != nil || sent.Status.Notices.Accepted != 5 {
		t.Fatalf("%+v, %v", sent, err)
	}
	putBack()
	refusedAsOlder(t, c, DoubtOlder)
}

// TestSnapshotDuringARun copies the ledger's files while a run writes them.
func TestSnapshotDuringARun(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 12, "")
	var putBack func()
	var work sync.WaitGroup
	progress := new(Progress)
	begun, done := make(chan struct{}), make(chan struct{})
	work.Go(func() {
		<-begun
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for progress.Counts().Accepted < 3 {
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
		putBack = ledgerFiles(t, c)
	})
	slow := c.Config.Limits.Rate
	c.Config.Limits.Rate = 20
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Progress: progress, Begin: func(Status) { close(begun) }})
	c.Config.Limits.Rate = slow
	close(done)
	work.Wait()
	if err != nil || sent.Status.Phase != PhaseComplete || putBack == nil {
		t.Fatalf("%+v, %v, copied: %v", sent, err, putBack != nil)
	}
	putBack()
	refusedAsOlder(t, c, DoubtOlder)
}

// TestPlannedAnew deletes the ledger of a campaign that was sent, and plans the
// same people again.
func TestPlannedAnew(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 3, "")
	if _, err := c.Send(bg, bg, SendOptions{Verb: "send"}); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(c.path(ledgerFile + end))
	}
	plan(t, c, accounts(t, 1, 2, 3))
	approve(t, c)
	refusedAsOlder(t, c, DoubtOlder)
}

// TestBackupIsNotSentFrom puts a backup in the ledger's place, one that has all
// that the ledger had.
func TestBackupIsNotSentFrom(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 3, "")
	if _, err := sqlite.Backup(bg, c.path(ledgerFile), c.path("copy.db"), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(c.path("copy.db"), c.path(ledgerFile)); err != nil {
		t.Fatal(err)
	}
	refusedAsOlder(t, c, DoubtCopy)
	if a := anchorText(t, c); a != "" {
		t.Errorf("it made the anchor %s", a)
	}
}

// TestMovedElsewhere goes on with another state directory: refused, until the
// anchor is copied over.
func TestMovedElsewhere(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 5, gated)
	if _, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrGate) {
		t.Fatal(err)
	}
	if _, err := c.Release(bg, "pilot"); err != nil {
		t.Fatal(err)
	}
	home := c.State
	c.State = filepath.Join(t.TempDir(), "elsewhere")
	refusedAsOlder(t, c, DoubtNoAnchor)
	if err := os.CopyFS(c.State, os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send"}); err != nil || sent.Status.Phase != PhaseComplete {
		t.Errorf("%+v, %v", sent, err)
	}
}

// TestAnchorCannotBeWritten has no place for the anchor: nothing is sent and
// nothing changes, also not what the operator decided.
func TestAnchorCannotBeWritten(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 3, "")
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	before := content(t, c)
	for _, state := range []string{file, "", c.path("state")} {
		c.State = state
		sent, err := c.Send(bg, bg, SendOptions{Verb: "resume", Resend: true})
		var how *Hinted
		if !errors.As(err, &how) || !strings.Contains(how.Hint, "XDG_STATE_HOME") || errors.Is(err, ErrOlder) {
			t.Errorf("%q: %v", state, err)
		}
		if sent.Status.Notices.Pending != 3 {
			t.Errorf("%q: %+v", state, sent.Status.Notices)
		}
	}
	if after := content(t, c); !slices.Equal(before, after) {
		t.Errorf("the ledger was changed:\n%s", strings.Join(after, "\n"))
	}
}

// TestPurgedIsNotSentFrom says so before anything else.
func TestPurgedIsNotSentFrom(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 2, "")
	store := openLedger(t, c)
	if _, err := store.Purge(bg, ledger.Purge{At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	before := content(t, c)
	var how *Hinted
	if _, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ledger.ErrPurged) || !errors.As(err, &how) || anchorText(t, c) != "" {
		t.Errorf("%v", err)
	}
	if !slices.Equal(before, content(t, c)) {
		t.Error("the ledger was changed")
	}
}

// failing is a store that fails once a run has begun.
type failing struct {
	*sqlite.Store
	begun bool
	seen  func()
}

var errFailing = errors.New("failing")

func (f *failing) Start(ctx context.Context, s ledger.Start) (int64, error) {
	f.seen()
	f.begun = true
	return f.Store.Start(ctx, s)
}

func (f *failing) Head(ctx context.Context) (int64, notifier.Digest, error) {
	if f.begun {
		return 0, notifier.Digest{}, errFailing
	}
	return f.Store.Head(ctx)
}

// TestKilledWhileItBegins ends a run between each two of its first steps: the
// next one goes on, and each person gets one notice.
func TestKilledWhileItBegins(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 3, "")
	for range 2 { // the first run of a campaign, and a later one
		store := openLedger(t, c)
		// Before the ledger has its epoch there is an anchor: a kill right after
		// would leave one that was sent from, and no anchor.
		f := &failing{Store: store, seen: func() { anchorOf(t, c) }}
		if _, err := c.start(bg, f, SendOptions{Verb: "send"}); !errors.Is(err, errFailing) {
			t.Fatal(err)
		}
		_ = store.Close()
		if got := doubtOf(t, c); got != "" {
			t.Fatalf("killed before the anchor was written: %s", got)
		}
		store = openLedger(t, c)
		if _, err := c.start(bg, store, SendOptions{Verb: "send"}); err != nil {
			t.Fatal(err)
		}
		_ = store.Close()
		if got := doubtOf(t, c); got != "" {
			t.Fatalf("killed before the first notice: %s", got)
		}
	}
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Program: "breachmail test"})
	if err != nil || sent.Status.Notices.Accepted != 3 || sent.Status.Evidence.Epoch != 5 {
		t.Fatalf("%+v, %v", sent, err)
	}
	if a := anchorOf(t, c); a.Epoch != 5 || a.Seq != sent.Status.Evidence.Rows || a.Head != sent.Status.Evidence.Head {
		t.Errorf("the anchor is %+v, the evidence %+v", a, sent.Status.Evidence)
	}
}

// TestFailedRunKeepsTheEpoch has a run that may not send: it does not count.
func TestFailedRunKeepsTheEpoch(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2))
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
	if !errors.Is(err, ErrNotApproved) || sent.Status.Evidence != (EvidenceStatus{}) || anchorText(t, c) != "" {
		t.Errorf("%+v, %v", sent, err)
	}
	if _, err := c.DryRun(bg, "", nil); err != nil || anchorText(t, c) != "" {
		t.Errorf("a dry run: %v", err)
	}
}

// TestTwoCampaigns share a state directory.
func TestTwoCampaigns(t *testing.T) {
	t.Parallel()
	a, b := toBeSent(t, 2, ""), toBeSent(t, 3, "")
	write(t, b.path(secretFile), strings.Repeat("01", 32)+"\n")
	_ = os.Remove(b.path(ledgerFile))
	b = reopen(t, b)
	b.State = a.State
	plan(t, b, accounts(t, 1, 2, 3))
	approve(t, b)
	for _, c := range []*Campaign{a, b, b, a} {
		if sent, err := c.Send(bg, bg, SendOptions{Verb: "send"}); err != nil || sent.Status.Phase != PhaseComplete {
			t.Errorf("%+v, %v", sent, err)
		}
	}
	if x, y := anchorOf(t, a), anchorOf(t, b); x.Epoch != 2 || y.Epoch != 2 || x.Head == y.Head || x.Dir != a.Dir || y.Dir != b.Dir {
		t.Errorf("%+v, %+v", x, y)
	}
}

// TestAnchorFollows has it follow each tick, be written a last time at the end,
// and stay behind where it cannot be written.
func TestAnchorFollows(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 2, "")
	store := openLedger(t, c)
	m, err := c.start(bg, store, SendOptions{Verb: "send"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(bg)
	ticks := make(chan time.Time)
	stop := m.follow(ctx, store, ticks)
	cancel()
	rows := func() int64 {
		n, _, err := store.Head(bg)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := rows()
	for range 3 {
		if err := store.Release(bg, "rest", time.Now()); err != nil {
			t.Fatal(err)
		}
		want := rows()
		ticks <- time.Time{}
		ticks <- time.Time{} // taken when the first has been done
		if a := anchorOf(t, c); a.Seq != want || a.Epoch != 1 {
			t.Errorf("%d rows, and the anchor is %+v", want, a)
		}
	}
	if err := store.Release(bg, "rest", time.Now()); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(m.path)
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "")
	ticks <- time.Time{}
	ticks <- time.Time{}
	if err := stop(); err == nil {
		t.Error("it could not be written, and nothing is said")
	}
	if _ = os.Remove(dir); os.Rename(dir+"-away", dir) != nil || anchorOf(t, c).Seq != before+3 {
		t.Errorf("it is %+v", anchorOf(t, c))
	}
	if err := m.follow(bg, store, nil)(); err != nil || anchorOf(t, c).Seq != before+4 {
		t.Errorf("in the end: %+v, %v", anchorOf(t, c), err)
	}
}

// TestHeadIsTheOneVerified compares what is printed with what is recomputed.
func TestHeadIsTheOneVerified(t *testing.T) {
	t.Parallel()
	c := toBeSent(t, 3, "")
	verified := func() string {
		r, err := c.reader(bg)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		a, err := ledger.Verify(bg, r, "")
		if err != nil {
			t.Fatal(err)
		}
		return a.Head.String()
	}
	p, err := c.Preview(bg, PreviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Approve(bg, ApproveOptions{By: "Ana Ruiz, General Counsel", Code: p.Code})
	if err != nil || got.Head != verified() {
		t.Errorf("approve gives %s, %v", got.Head, err)
	}
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
	if err != nil || sent.Status.Evidence.Head != verified() {
		t.Errorf("send: %+v, %v", sent.Status.Evidence, err)
	}
	s, err := c.Status(bg)
	if err != nil || s.Evidence != sent.Status.Evidence || s.Evidence.Epoch != 1 || s.Doubt != nil {
		t.Errorf("status: %+v, %v", s, err)
	}
}
