package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// holder is what stands in the lock file: who has the campaign.
type holder struct {
	Verb  string    `json:"verb"`
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// sends reports whether the holder hands out notices. One that has not written
// yet who it is may do so.
func (h *holder) sends() bool {
	return h != nil && (h.Verb == "send" || h.Verb == "resume" || h.Verb == "")
}

// patience is how long a lock is waited for: status holds it for an instant.
const patience = time.Second

// lock takes the campaign for verb. unlock gives it back; the system does so
// when the process dies.
func (c *Campaign) lock(ctx context.Context, verb string) (unlock func(), err error) {
	path := filepath.Join(c.Dir, lockFile)
	l := flock.New(path, flock.SetPermissions(personal))
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ok, err := l.TryLockContext(wait, 20*time.Millisecond)
	if ctx.Err() != nil {
		_ = l.Unlock() // in case it was taken at the last moment
		return nil, ErrInterrupted
	}
	if err != nil && wait.Err() == nil {
		return nil, err
	}
	if !ok {
		return nil, c.lockedBy(path)
	}
	host, _ := os.Hostname()
	b, err := json.Marshal(holder{Verb: verb, PID: os.Getpid(), Host: host, Since: time.Now().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(path, append(b, '\n'), personal)
	}
	if err != nil {
		_ = l.Unlock()
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}

// alone takes the folder dir for a run that writes into it without having the
// campaign. Where the system cannot lock a folder, nothing is locked.
func alone(dir string) (unlock func(), err error) {
	l := flock.New(dir, flock.SetFlag(os.O_RDONLY))
	if ok, err := l.TryLock(); !ok && err == nil {
		return nil, hint(fmt.Errorf("%w: it writes %s now", ErrLocked, dir), "wait until it has ended")
	}
	return func() { _ = l.Unlock() }, nil
}

func (c *Campaign) lockedBy(path string) error {
	h := readHolder(path)
	if h == nil {
		return hint(ErrLocked, "wait until it has ended")
	}
	return hint(fmt.Errorf("%w: breachmail %s, process %d on %s, since %s", ErrLocked, h.Verb, h.PID, h.Host, h.Since.Local().Format(time.DateTime)),
		"wait until it has ended, or look at it with: %s", c.Command("status"))
}

func readHolder(path string) *holder {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var h holder
	if json.Unmarshal(b, &h) != nil {
		return nil
	}
	return &h
}

// held returns who has the campaign now, or nil.
func (c *Campaign) held() (*holder, error) {
	path := filepath.Join(c.Dir, lockFile)
	if _, err := os.Stat(path); err != nil {
		return nil, nil // never locked
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := l.TryRLock()
	if err != nil {
		return nil, err
	}
	if free {
		return nil, l.Unlock()
	}
	h := readHolder(path)
	if h == nil {
		h = &holder{}
	}
	return h, nil
}
