package campaign

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// DoubtKind is why a ledger may not be the one that was used last.
type DoubtKind string

// The kinds of doubt.
const (
	DoubtCopy       DoubtKind = "copy"       // it is marked as one
	DoubtOlder      DoubtKind = "older"      // the anchor has seen a later epoch, or more evidence
	DoubtHistory    DoubtKind = "history"    // its evidence is not what the anchor has seen
	DoubtNoAnchor   DoubtKind = "no_anchor"  // it was sent from, and there is no anchor
	DoubtUnreadable DoubtKind = "unreadable" // there is one that cannot be read
)

// Doubt is why a ledger may not be the one that was used last, so that people may
// have been sent to of whom it does not know. It is an error, and ErrOlder.
type Doubt struct {
	Kind   DoubtKind
	Copy   *ledger.Copy // of what it is a copy; nil where it is none
	Anchor *Anchor      // nil where there is none that can be read
	Path   string       // where the anchor is, or would be
	Epoch  int64        // of the ledger
	Rows   int64        // of its evidence
}

// Error says why the ledger is in doubt, and what the anchor knows.
func (d *Doubt) Error() string {
	mine := fmt.Sprintf("epoch %d with %s of evidence", d.Epoch, Many(d.Rows, "row", "rows"))
	switch d.Kind {
	case DoubtCopy:
		return "this ledger is a copy, made on " + stamp(d.Copy.At)
	case DoubtOlder:
		return "this ledger is older than one that was used already: it has " + mine + "; " + d.Anchor.seen()
	case DoubtHistory:
		return fmt.Sprintf("this ledger has another history than the one that was used last: its evidence row %s is not the one that was there; %s", Number(d.Anchor.Seq), d.Anchor.seen())
	case DoubtUnreadable:
		return "nothing says whether this ledger is the one that was used last: " + d.Path + " cannot be read as an anchor"
	}
	return "nothing here says whether this ledger is the one that was used last: it was sent from (it has " + mine + "), and there is no anchor " + d.Path
}

// Is makes every doubt ErrOlder.
func (d *Doubt) Is(target error) bool { return target == ErrOlder }

// seen says what an anchor knows.
func (a *Anchor) seen() string {
	return fmt.Sprintf("epoch %d with %s was seen on %s, on %s in %s", a.Epoch, Many(a.Seq, "row", "rows"), stamp(a.At), a.Host, a.Dir)
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 MST") }

// hinted adds how to go on.
func (c *Campaign) hinted(d *Doubt) error {
	adopt := c.Command("reconcile --adopt LOG…") + " (settles from the relay's log whoever was sent to since, then this ledger is the one that sends)"
	switch d.Kind {
	case DoubtCopy:
		return hint(d, "send from the ledger that it was made of; where that is lost: %s", adopt)
	case DoubtNoAnchor:
		return hint(d, "if the campaign was moved, copy the anchor from the state directory of the machine and user that sent last (there it is %s/%s, below $%s or ~/.local/state) to that path; where it is lost: %s",
			anchorsDir, filepath.Base(d.Path), stateVariable, adopt)
	case DoubtUnreadable:
		return hint(d, "restore that file from your backup; where it is lost: %s", adopt)
	default:
		return hint(d, "go on with the newer ledger; where it is lost: %s", adopt)
	}
}

// certain is ErrOlder where it is in doubt whether this ledger is the one that was
// used last, with how to go on. There is nothing to send from a purged one.
func (c *Campaign) certain(ctx context.Context, r ledger.Reader) error {
	purged, err := r.Purged(ctx)
	if err != nil {
		return err
	}
	if purged != nil {
		return hint(fmt.Errorf("%w on %s", ledger.ErrPurged, stamp(purged.At)), "nobody of this campaign can be sent to any more")
	}
	d, err := c.doubt(ctx, r)
	if err != nil || d == nil {
		return err
	}
	return c.hinted(d)
}

// doubt returns why this ledger may not be the one that was used last, nil where
// nothing says so. It changes nothing. The anchor is read first: a sender that
// runs meanwhile makes the ledger newer, never older.
func (c *Campaign) doubt(ctx context.Context, r ledger.Reader) (*Doubt, error) {
	path, err := c.anchorPath()
	if err != nil {
		return nil, err
	}
	d := &Doubt{Path: path}
	unreadable := false
	if d.Anchor, err = readAnchor(path); errors.Is(err, errNoAnchor) {
		unreadable, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	if d.Copy, err = r.Copied(ctx); err != nil {
		return nil, err
	}
	if d.Epoch, err = r.Epoch(ctx); err != nil {
		return nil, err
	}
	if d.Rows, _, err = r.Head(ctx); err != nil {
		return nil, err
	}
	switch {
	case d.Copy != nil:
		d.Kind = DoubtCopy
	case unreadable:
		d.Kind = DoubtUnreadable
	case d.Anchor != nil:
		d.Kind, err = d.compare(ctx, r)
	case d.Epoch > 0:
		d.Kind = DoubtNoAnchor
	}
	if err != nil || d.Kind == "" {
		return nil, err
	}
	return d, nil
}

// compare holds the ledger against the anchor.
func (d *Doubt) compare(ctx context.Context, r ledger.Reader) (DoubtKind, error) {
	a := d.Anchor
	if a.Epoch > d.Epoch || a.Seq > d.Rows {
		return DoubtOlder, nil
	}
	if a.Seq == 0 {
		return "", nil
	}
	chain, ok, err := r.At(ctx, a.Seq)
	if head, _ := notifier.ParseDigest(a.Head); err == nil && (!ok || chain != head) {
		return DoubtHistory, nil
	}
	return "", err
}

// adopt makes the ledger that store has the one that is sent from: its epoch
// becomes higher than its own and than the one the anchor has seen, and the anchor
// is written anew. The caller holds the lock, and has settled all that was sent
// since, or says in a.Because why that is not so. It returns a as recorded. Killed
// in between, the ledger is still in doubt, and may be adopted once more.
func (c *Campaign) adopt(ctx context.Context, store ledger.Store, a ledger.Adoption) (ledger.Adoption, error) {
	path, err := c.anchorPath()
	if err != nil {
		return a, err
	}
	before, err := readAnchor(path)
	if err != nil && !errors.Is(err, errNoAnchor) {
		return a, err
	}
	if a.Epoch, err = store.Epoch(ctx); err != nil {
		return a, err
	}
	if before != nil {
		a.Epoch = max(a.Epoch, before.Epoch)
	}
	a.Epoch++
	if err := store.Adopt(ctx, a); err != nil {
		return a, err
	}
	return a, c.anchor(ctx, store, path, a.Epoch)
}

// anchor writes the anchor of a ledger as it stands.
func (c *Campaign) anchor(ctx context.Context, r ledger.Reader, path string, epoch int64) error {
	now, err := c.anchorNow(ctx, r, epoch)
	if err != nil {
		return err
	}
	return writeAnchor(path, now)
}
