package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/ledger/sqlite"
)

// BackedUp is a copy of the ledger that was made.
type BackedUp struct {
	Backup
	Bytes int64    `json:"bytes"`
	Keep  []string `json:"keep"` // what has to be kept beside it: without these it is no campaign

	Personal bool `json:"-"` // it holds personal data
}

// Backup copies the ledger, as it is at one moment, to a new file, also while
// another process sends. The copy is complete or absent, marked as a copy, and
// noted in the campaign, so that purge can name it.
func (c *Campaign) Backup(ctx context.Context, file string) (*BackedUp, error) {
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	purged, err := r.Purged(ctx)
	if err != nil {
		return nil, err
	}
	path, err := c.backupPath(file)
	if err != nil {
		return nil, err
	}
	b := Backup{Path: path, At: time.Now().UTC().Truncate(time.Second)}
	// Noted before it is begun: a copy that nobody knows of could not be named
	// when it has to be removed.
	if err := c.noteBackup(b); err != nil {
		return nil, err
	}
	mark, err := sqlite.Backup(ctx, c.path(ledgerFile), path, b.At)
	if ctx.Err() != nil && err != nil {
		return nil, ErrInterrupted
	}
	if err != nil {
		return nil, hint(err, "nothing is left of it; make room, or name a file elsewhere")
	}
	b.Seq, b.Head = mark.Seq, mark.Head.String()
	if err := c.noteBackup(b); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return &BackedUp{Backup: b, Bytes: info.Size(), Keep: c.besideLedger(), Personal: purged == nil}, nil
}

// besideLedger lists what makes a campaign of a ledger.
func (c *Campaign) besideLedger() []string {
	list := []string{ConfigFile, templatesDir, lawFile, secretFile, filepath.ToSlash(filepath.Join(outDir, approvalsDir))}
	if name := c.Config.Approvals.Signers; name != "" {
		list = append(list, name)
	}
	return list
}

// backupPath returns the absolute path of a copy that is to be made. It is an
// error where something stands there, or where the campaign's own files are.
func (c *Campaign) backupPath(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if c.isOwn(path) {
		return "", hint(fmt.Errorf("%w: %s is among the campaign's own files", ErrUsage, file), "name a file elsewhere, best on another disk")
	}
	if _, err := os.Lstat(path); err == nil {
		return "", hint(fmt.Errorf("%s is there already", file), "name a new file: an older copy is not written over")
	}
	half := halfBackup(path)
	if _, err := os.Lstat(half); err == nil {
		known, err := c.backups()
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(known, func(b Backup) bool { return b.Path == path }) {
			return "", hint(fmt.Errorf("%s is there already", half), "the copy is called that until it is complete: move it away, or name another file")
		}
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return "", hint(fmt.Errorf("there is no directory %s", filepath.Dir(path)), "make it, or name a file elsewhere")
	}
	return path, nil
}

// isOwn reports whether a path is one that the campaign has for something else.
func (c *Campaign) isOwn(path string) bool {
	name, ok := c.relative(path)
	if !ok {
		return false
	}
	if name == "." || strings.HasPrefix(name, ledgerFile) {
		return true
	}
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{ConfigFile, templatesDir, lawFile, secretFile, lockFile, controlDir, outDir, backupsFile, purgingFile}, first)
}

// relative returns the name that a path has inside the campaign directory, with
// slashes, and false where it lies elsewhere.
func (c *Campaign) relative(path string) (string, bool) {
	dir, err := filepath.EvalSymlinks(c.Dir)
	if err != nil {
		dir = c.Dir
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		parent = filepath.Dir(path)
	}
	path = filepath.Join(parent, filepath.Base(path))
	if !isBelow(path, dir) {
		return "", false
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	name, err := filepath.Rel(abs, path)
	return filepath.ToSlash(name), err == nil
}
