//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// disk is a file system of its own, in memory.
type disk struct {
	*testing.T
	dir string
}

// newDisk mounts one with room for size bytes. Where that may not be done the
// test is skipped, but under CI=true failed.
func newDisk(t *testing.T, size int64) *disk {
	t.Helper()
	dir, err := os.MkdirTemp("", "breachmail-disk-")
	if err != nil {
		t.Fatal(err)
	}
	atEnd(t, `umount -l "$dir"; rmdir "$dir"`, "dir="+dir)
	d := &disk{T: t, dir: dir}
	out, err := d.mount(fmt.Sprintf("size=%d", size), "-t", "tmpfs", "none")
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no file system can be mounted, and under CI=true every service test must run: %v\n%s", err, out)
	default:
		t.Skipf("no file system can be mounted: %v\n%s", err, out)
	}
	return d
}

func (d *disk) mount(options string, args ...string) (string, error) {
	out, err := exec.Command("mount", append(append(args, "-o", options), d.dir)...).CombinedOutput()
	return string(out), err
}

// remount mounts it with other options.
func (d *disk) remount(options string) {
	d.Helper()
	if out, err := d.mount("remount," + options); err != nil {
		d.Fatalf("mount -o remount,%s: %v\n%s", options, err, out)
	}
}

// leave makes it as large as it has to be for so much to be free.
func (d *disk) leave(free int64) {
	d.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &s); err != nil {
		d.Fatal(err)
	}
	d.remount(fmt.Sprintf("size=%d", int64(s.Blocks-s.Bfree)*s.Bsize+free))
}

// ample is room enough.
const ample = 64 << 20

// How errors call a disk that is full: by the system or by SQLite, and where not
// even the index of the WAL has room. And one that may only be read.
var (
	fullDisk     = regexp.MustCompile(`no space left on device|disk is full`)
	noRoomAtAll  = regexp.MustCompile(`no space left on device|disk is full|disk I/O error`)
	readOnlyDisk = regexp.MustCompile(`read-only`)
)

// fails runs a verb that has to end with 1, in words that match.
func (k *killing) fails(why *regexp.Regexp, verb ...string) {
	k.Helper()
	_, words, code := k.run(append([]string{"-C", k.dir}, verb...)...)
	k.Logf("%s ends with %d: %s", verb[0], code, words)
	if code != 1 || !why.MatchString(words) {
		k.Errorf("%v ends with %d, and not because of %v\n%s", verb, code, why, words)
	}
}

// TestFullDisk sends until the disk is full, again and again with other room.
// Each time the run ends with an error that says so, and nothing went out that
// the ledger does not know of (see killing.check). With room enough it goes on,
// and in the end everybody is accounted for.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d := newDisk(t, ample)
	k := newKilling(t, 1)
	k.dir = filepath.Join(d.dir, "campaign")
	k.ready(1500, 5, "", "")
	for _, free := range []int64{0, 16 << 10} {
		d.leave(free)
		k.fails(noRoomAtAll, "resume")
		if n := k.recorded(); n > 0 {
			t.Errorf("with %d bytes free %d bytes were recorded at the relay", free, n)
		}
	}
	for _, free := range []int64{128 << 10, 1 << 20, 100 << 10} {
		d.leave(free)
		before := k.recorded()
		k.fails(fullDisk, "resume")
		if k.recorded() == before {
			t.Errorf("with %d bytes free nothing was sent before the disk was full", free)
		}
		k.check()
		k.status() // it can be read all the same
	}
	d.leave(ample)
	k.finish(false)
}

// TestPlanOnFullDisk plans until the disk is full, with more and more room. In
// the end everything is as if there had always been room enough.
func TestPlanOnFullDisk(t *testing.T) {
	t.Parallel()
	d := newDisk(t, ample)
	k := newKilling(t, 1)
	k.dir = filepath.Join(d.dir, "campaign")
	k.made(3000, 1, "", "")
	roomy := filepath.Join(t.TempDir(), "campaign")
	copyTree(t, k.dir, roomy)
	k.must("-C", roomy, "plan", k.export())
	for _, free := range []int64{0, 64 << 10, 256 << 10} {
		d.leave(free)
		k.fails(fullDisk, "plan", k.export())
		if n := ledgerContent(t, k.dir)["batches"]; n != "" {
			t.Errorf("with %d bytes free there is a batch: %s", free, n)
		}
	}
	d.leave(ample)
	k.must("-C", k.dir, "plan", k.export())
	differ := append(differences(filesIn(t, roomy), filesIn(t, k.dir)), differences(ledgerContent(t, roomy), ledgerContent(t, k.dir))...)
	if len(differ) > 0 {
		t.Errorf("it is not as if there had always been room:\n%s", strings.Join(differ, "\n"))
	}
}

// TestReadOnly has the campaign on a disk that may only be read, as it was left
// by a verb and as it was left by a kill. What has to write says why it cannot; it
// can be looked at either way.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	d := newDisk(t, ample)
	k := newKilling(t, 1)
	k.dir = filepath.Join(d.dir, "campaign")
	k.ready(300, 2, "", "")
	k.limit("rate: 100/s")
	code := regexp.MustCompile(`[0-9a-f]{64}`).FindString(k.must("-C", k.dir, "preview"))
	writing := func() {
		t.Helper()
		for _, verb := range [][]string{
			{"plan", k.export()}, {"approve", "--by", "Robin Vale, General Counsel", "--digest", code},
			{"test", "--to", "robin.vale@example.com"}, {"send"}, {"resume"}, {"check", k.export()},
		} {
			k.fails(readOnlyDisk, verb...)
		}
	}
	d.remount("ro")
	writing()
	k.status()
	k.must("-C", k.dir, "verify")
	d.remount("rw")
	if killed, exit := k.strike(k.soon(k.sends(), 1), "send"); !killed {
		t.Fatalf("send ended with %d", exit)
	}
	d.remount("ro")
	writing()
	k.status()
	k.must("-C", k.dir, "send", "--dry-run")
	k.fails(readOnlyDisk, "preview")
	d.remount("rw")
	k.check()
	k.finish(false)
}
