package campaign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBackupIsNotedFirst(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	file := filepath.Join(t.TempDir(), "copy.db")
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := c.Backup(ctx, file); !errors.Is(err, ErrInterrupted) && !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	// What a killed one has left is named, also where it is only half there.
	if err := c.noteBackup(Backup{Path: file}); err != nil {
		t.Fatal(err)
	}
	write(t, halfBackup(file), "half")
	write(t, c.path(backupsFile), readText(t, c.path(backupsFile))+"\n\n{\"path\":\"/torn")
	kept, err := c.keptBackups(nil)
	if err != nil || len(kept) != 1 || kept[0].Path != halfBackup(file) || !kept[0].Exists {
		t.Errorf("%+v, %v", kept, err)
	}
	// It may be made again, and is one copy.
	b, err := c.Backup(bg, file)
	if err != nil || b.Path != file || b.Bytes == 0 || !b.Personal || len(b.Keep) != 5 {
		t.Fatalf("%+v, %v", b, err)
	}
	if kept, err = c.keptBackups(nil); err != nil || len(kept) != 1 || kept[0].Head != b.Head || !kept[0].Exists {
		t.Errorf("%+v, %v", kept, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if kept, err = c.keptBackups(nil); err != nil || len(kept) != 1 || kept[0].Exists {
		t.Errorf("removed: %+v, %v", kept, err)
	}
	info, err := os.Stat(c.path(backupsFile))
	if err != nil || info.Mode().Perm() != personal {
		t.Errorf("%v, %v", info, err)
	}
}

func TestBackupRefuses(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(c.Dir, link); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		c.Dir, c.path(ledgerFile), c.path("ledger.db.v9.bak"), c.path(backupsFile), c.path(purgingFile), c.path(controlDir, "x"),
		c.path(outDir, "plan", "x"), filepath.Join(link, ledgerFile+"-wal"), filepath.Join(link, "out", "..", secretFile),
	} {
		if _, err := c.Backup(bg, file); !errors.Is(err, ErrUsage) {
			t.Errorf("%s: %v", file, err)
		}
	}
	there := filepath.Join(t.TempDir(), "there")
	write(t, there, "x")
	for _, file := range []string{there, filepath.Dir(there), filepath.Join(filepath.Dir(there), "no", "copy.db"), filepath.Join(there, "copy.db")} {
		if _, err := c.Backup(bg, file); err == nil {
			t.Errorf("%s is written", file)
		}
	}
	if text := readText(t, there); text != "x" {
		t.Errorf("it is written over: %s", text)
	}
	if b, err := c.Backup(bg, c.path("copy.db")); err != nil { // in the directory, under a name that is nobody's
		t.Errorf("%+v, %v", b, err)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(b), "\n")
}
