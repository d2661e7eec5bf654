package campaign

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
)

// The folders in out that another process may be writing without having the
// campaign.
const (
	checkDir       = "check"
	previewDir     = "preview"
	previewRealDir = "preview-real"
)

// personalFiles are what may hold personal data beside the ledger, as patterns
// with slashes: lists of rows and people, pages made of them, what was asked of a
// sender, copies made before the ledger was brought to a newer version, and all
// that a killed run has left half-made.
var personalFiles = []string{
	"out/plan", "out/" + checkDir, "out/" + previewDir, "out/" + previewRealDir, "out/letters", "out/" + bouncesDir,
	"out/" + reportDir + "/" + supportFile, "out/" + reportDir + "/.*.tmp", controlDir + "/*",
	ledgerFile + ".v*", ".*.tmp", "etilqs_*", "out/.*.tmp", "out/" + approvalsDir + "/.*.tmp", templatesDir + "/.*.tmp",
}

// nobodyWrites takes the folders that check and preview write, until release.
func (c *Campaign) nobodyWrites() (release func(), err error) {
	var held []func()
	release = func() {
		for _, unlock := range held {
			unlock()
		}
	}
	for _, name := range []string{checkDir, previewDir, previewRealDir, reportDir} {
		dir := c.path(outDir, name)
		if _, err := os.Stat(dir); err != nil {
			continue // nobody does
		}
		unlock, err := alone(dir)
		if err != nil {
			release()
			return nil, err
		}
		held = append(held, unlock)
	}
	return release, nil
}

// removePersonal removes the files that may hold personal data, and then, with
// secret, the campaign's secret. It returns their names.
func (c *Campaign) removePersonal(secret bool) ([]string, error) {
	removed := []string{}
	patterns := personalFiles
	if secret {
		patterns = append(slices.Clone(patterns), secretFile)
	}
	for _, pattern := range patterns {
		names, err := fs.Glob(os.DirFS(c.Dir), pattern)
		if err != nil {
			return removed, err
		}
		for _, name := range names {
			if _, err := atomicfile.Remove(c.path(filepath.FromSlash(name))); err != nil {
				return removed, err
			}
			removed = append(removed, name)
		}
	}
	return removed, nil
}

// ourFiles are what stays in a campaign directory, as patterns with slashes.
var ourFiles = []string{
	ConfigFile, lawFile, secretFile, lockFile, backupsFile, purgingFile,
	ledgerFile, ledgerFile + "-wal", ledgerFile + "-shm", ledgerFile + "-journal",
	templatesDir + "/*.md", templatesDir + "/*.html", "out/" + approvalsDir + "/approval-*",
	"out/" + reportDir + "/index.html", "out/" + reportDir + "/by-state.csv", "out/" + reportDir + "/" + evidenceFile, "out/" + reportDir + "/regulators/??/*",
}

// others lists the files in the campaign directory that are none of ours, and
// that purge therefore leaves: an export may be among them. Backups are told by
// themselves.
func (c *Campaign) others(backups []KeptBackup) ([]string, error) {
	known := map[string]bool{filepath.ToSlash(filepath.Clean(c.Config.Approvals.Signers)): true}
	for i := range backups {
		if name, ok := c.relative(backups[i].Path); ok {
			known[name] = true
		}
	}
	list := []string{}
	err := fs.WalkDir(os.DirFS(c.Dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone meanwhile
			return nil
		case err != nil:
			return err
		case matches(name, personalFiles):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && !known[name] && !matches(name, ourFiles):
			list = append(list, name)
		}
		return nil
	})
	return list, err
}

func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	})
}

// keptBackups lists the copies of the ledger that hold personal data: those that
// were made before it was purged. Of one that was never completed only what is
// still there is told.
func (c *Campaign) keptBackups(purged *ledger.Purged) ([]KeptBackup, error) {
	list := []KeptBackup{}
	known, err := c.backups()
	if err != nil {
		return list, err
	}
	for _, b := range known {
		if purged != nil && b.At.After(purged.At) {
			continue
		}
		if k := (KeptBackup{Backup: b, Exists: exists(b.Path)}); b.Head != "" || k.Exists {
			list = append(list, k)
		}
		if half := halfBackup(b.Path); b.Head == "" && exists(half) {
			b.Path = half
			list = append(list, KeptBackup{Backup: b, Exists: true})
		}
	}
	return list, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
