//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package inbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// How long a file is waited for that another program has locked.
const (
	lockTries = 100
	lockEvery = 100 * time.Millisecond
)

// settled returns a file's size at a moment when no delivery is going on. Who
// appends to an mbox holds a lock on it (mailbox_delivery_lock of Postfix, the
// -- fcntl -- of Exim and Dovecot), so what stands there while we hold ours ends
// with a whole message. Ours is given back before anything is read: deliveries
// do not wait for us.
func settled(ctx context.Context, f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 1 << 62, err
	}
	ticker := time.NewTicker(lockEvery)
	defer ticker.Stop()
	for range lockTries {
		lock := syscall.Flock_t{Type: syscall.F_RDLCK}
		err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &lock)
		switch {
		case err == nil:
			info, err = f.Stat()
			lock.Type = syscall.F_UNLCK
			return sizeOf(info), errors.Join(err, syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &lock))
		case !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EACCES):
			return info.Size(), nil // a file system without locks
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-ticker.C:
		}
	}
	return 0, fmt.Errorf("another program has kept it locked for %v (try again when it is done)", lockTries*lockEvery)
}

func sizeOf(info os.FileInfo) int64 {
	if info == nil {
		return 0
	}
	return info.Size()
}
