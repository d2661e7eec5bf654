package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Anchor is how far a campaign's evidence was when it was last seen. It lies in
// the user's state directory, outside of the campaign, so that a ledger that was
// put back from a backup or a snapshot does not bring its own anchor along. Host
// and Dir are for the person who looks for the newer ledger.
//
// While a run sends, the anchor follows the ledger within a second: what was sent
// in the last second before a snapshot's moment and the next writing of the
// anchor cannot be told from it. An anchor that is behind its ledger is in order.
// Whoever puts back a whole machine puts back the anchor, too: against that there
// is evidence.anchor in campaign.yaml.
type Anchor struct {
	Campaign string    `json:"campaign"`
	Epoch    int64     `json:"epoch"`
	Seq      int64     `json:"seq"`  // the last row of evidence
	Head     string    `json:"head"` // and its chain value
	At       time.Time `json:"at"`
	Host     string    `json:"host"`
	Dir      string    `json:"dir"` // absolute
}

// Where anchors lie below the user's state directory.
const (
	stateVariable = "XDG_STATE_HOME"
	anchorsDir    = "breachmail/anchors"
)

// stateHome returns the user's state directory, empty where there is none: that
// of the XDG Base Directory Specification, which has a relative one ignored; on
// systems with a place of their own for such files, that.
func stateHome() string {
	if dir := os.Getenv(stateVariable); filepath.IsAbs(dir) {
		return dir
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, _ := os.UserConfigDir()
		return dir
	}
	home := os.Getenv("HOME")
	if !filepath.IsAbs(home) {
		u, err := user.Current()
		if err != nil || !filepath.IsAbs(u.HomeDir) {
			return ""
		}
		home = u.HomeDir
	}
	return filepath.Join(home, ".local", "state")
}

// anchorPath returns where the campaign's anchor lies. Its name is made from the
// campaign's secret: a ledger that was deleted and planned anew is recognised, and
// wherever the directory is moved to.
func (c *Campaign) anchorPath() (string, error) {
	if c.State == "" {
		return "", hintState(errors.New("this user has no home directory, so there is no place for the anchor, which tells an older ledger"))
	}
	secret, err := readSecret(c.path(secretFile))
	if err != nil {
		return "", err
	}
	if within(unlinked(c.Dir), unlinked(c.State)) {
		return "", hintState(fmt.Errorf("the state directory %s is inside the campaign: an older ledger would bring its anchor along", c.State))
	}
	return filepath.Join(c.State, filepath.FromSlash(anchorsDir), notifier.CampaignID(secret)+".json"), nil
}

func hintState(err error) error {
	return hint(err, "set %s to a directory of this user's that lasts, and is the same at every run", stateVariable)
}

// unlinked returns the absolute path without links, as far as it exists.
func unlinked(path string) string {
	path = absolute(path)
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	if dir := filepath.Dir(path); dir != path {
		return filepath.Join(unlinked(dir), filepath.Base(path))
	}
	return path
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// errNoAnchor says that a file is there, and is no anchor.
var errNoAnchor = errors.New("it is not an anchor")

// readAnchor returns the anchor at path, nil where there is none.
func readAnchor(path string) (*Anchor, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, hintState(fmt.Errorf("the anchor, which tells an older ledger, cannot be read: %w", err))
	}
	var a Anchor
	if json.Unmarshal(b, &a) != nil {
		return nil, errNoAnchor
	}
	if _, ok := notifier.ParseDigest(a.Head); !ok || a.Epoch < 0 || a.Seq < 0 {
		return nil, errNoAnchor
	}
	return &a, nil
}

// writeAnchor puts an anchor at path, for good once it returns.
func writeAnchor(path string, a *Anchor) error {
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
		err = writeBytes(path, personal, append(b, '\n'))
	}
	if err != nil {
		return hintState(fmt.Errorf("the anchor, which tells an older ledger, cannot be written: %w", err))
	}
	return nil
}

// anchorNow returns the anchor of a ledger as it stands.
func (c *Campaign) anchorNow(ctx context.Context, r ledger.Reader, epoch int64) (*Anchor, error) {
	seq, head, err := r.Head(ctx)
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	return &Anchor{
		Campaign: c.Config.Campaign, Epoch: epoch, Seq: seq, Head: head.String(),
		At: time.Now().UTC().Truncate(time.Second), Host: host, Dir: absolute(c.Dir),
	}, nil
}
