package campaign

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestBackupOnAFullDisk makes a copy on a file system with hardly any room.
func TestBackupOnAFullDisk(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, upTo(1, 500)...))
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	defer func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }()
	b, err := c.Backup(bg, filepath.Join(dir, "copy.db"))
	if err == nil {
		t.Fatalf("it is there: %+v", b)
	}
	t.Log(err)
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
	if v, err := c.Verify(bg, ""); err != nil || v.Recipients != 500 {
		t.Errorf("%+v, %v", v, err)
	}
}
