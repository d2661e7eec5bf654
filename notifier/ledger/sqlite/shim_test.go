package sqlite_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The shim stands between SQLite and its own file layer. It becomes the default
// file layer of the test program, lets everything pass, and only for files in a
// watched directory tells that directory's disk of each write, truncation, sync,
// creation and deletion, and does what the disk says.
var (
	original uintptr // SQLite's own file layer, a Tsqlite3_vfs

	watched struct {
		sync.Mutex
		disks   map[string]*disk    // by directory
		pragmas map[string][]string // by directory, for every connection
		files   map[uintptr]*shimFile
		methods map[uintptr]uintptr // ours, by the original ones: Tsqlite3_io_methods
	}

	// hasty lets those who wait for a lock wait as often, and no time.
	hasty atomic.Bool
)

// shimFile is a file that SQLite has open in a watched directory.
type shimFile struct {
	disk *disk
	name string
	next *sqlite3.Tsqlite3_io_methods
}

// at is what SQLite has at an address.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// layer is SQLite's own file layer.
func layer() *sqlite3.Tsqlite3_vfs { return at[sqlite3.Tsqlite3_vfs](original) }

// copied copies what SQLite has at an address to another one of its own memory:
// it may not be of Go's. It is never freed.
func copied[T any](tls *libc.TLS, from uintptr) uintptr {
	to := sqlite3.Xsqlite3_malloc(tls, int32(unsafe.Sizeof(*at[T](from))))
	if to == 0 {
		panic("no memory")
	}
	*at[T](to) = *at[T](from)
	return to
}

// function is the function that SQLite has at an address, address the reverse
// for a function of the package.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }
func address[F any](f F) uintptr        { return *(*uintptr)(unsafe.Pointer(&f)) }

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, flush int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	writeFunc    = func(tls *libc.TLS, file, data uintptr, n int32, off int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
	sleepFunc    = func(tls *libc.TLS, vfs uintptr, microseconds int32) int32
)

// install registers the shim, once for the program.
var install = sync.OnceFunc(func() {
	watched.disks = map[string]*disk{}
	watched.pragmas = map[string][]string{}
	watched.files = map[uintptr]*shimFile{}
	watched.methods = map[uintptr]uintptr{}
	tls := libc.NewTLS()
	defer tls.Close()
	name, err := libc.CString("shim")
	if err != nil {
		panic(err)
	}
	original = sqlite3.Xsqlite3_vfs_find(tls, 0)
	ours := copied[sqlite3.Tsqlite3_vfs](tls, original)
	shim := at[sqlite3.Tsqlite3_vfs](ours)
	shim.FzName = name
	shim.FxOpen = address[openFunc](shimOpen)
	shim.FxDelete = address[deleteFunc](shimDelete)
	shim.FxSleep = address[sleepFunc](shimSleep)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, ours, 1); rc != sqlite3.SQLITE_OK {
		panic("the shim cannot be registered")
	}
	sqlite.RegisterConnectionHook(setPragmas)
})

// watch puts the files that SQLite opens in dir on d. All its connections get
// the pragmas.
func watch(t testing.TB, dir string, d *disk, pragmas ...string) {
	t.Helper()
	install()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	watched.Lock()
	defer watched.Unlock()
	if d != nil {
		watched.disks[dir] = d
	}
	watched.pragmas[dir] = pragmas
}

// unwatch leaves the directory alone again; nothing in it may be open.
func unwatch(dir string) {
	dir, _ = filepath.EvalSymlinks(dir)
	watched.Lock()
	defer watched.Unlock()
	delete(watched.disks, dir)
	delete(watched.pragmas, dir)
}

func setPragmas(conn sqlite.ExecQuerierContext, dsn string) error {
	path, _, _ := strings.Cut(strings.TrimPrefix(dsn, "file:"), "?")
	path, err := url.PathUnescape(path)
	if err != nil {
		return nil // another test's
	}
	dir, _ := filepath.EvalSymlinks(filepath.Dir(path))
	watched.Lock()
	pragmas := watched.pragmas[dir]
	watched.Unlock()
	for _, p := range pragmas {
		if _, err := conn.ExecContext(context.Background(), "PRAGMA "+p, nil); err != nil {
			return err
		}
	}
	return nil
}

// diskOf returns the disk that the file with that name is on, or nil.
func diskOf(name uintptr) (d *disk, base, path string) {
	if name == 0 {
		return nil, "", ""
	}
	path = libc.GoString(name)
	watched.Lock()
	defer watched.Unlock()
	return watched.disks[filepath.Dir(path)], filepath.Base(path), path
}

func fileAt(file uintptr) *shimFile {
	watched.Lock()
	defer watched.Unlock()
	return watched.files[file]
}

func shimOpen(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	pass := func() int32 {
		next := function[openFunc](layer().FxOpen)
		return next(tls, original, name, file, flags, out)
	}
	d, base, path := diskOf(name)
	if d == nil {
		return pass()
	}
	var rc int32
	if _, err := os.Stat(path); err != nil && flags&sqlite3.SQLITE_OPEN_CREATE != 0 {
		at[sqlite3.Tsqlite3_file](file).FpMethods = 0
		rc = d.create(base, pass)
	} else {
		rc = pass()
	}
	if rc == sqlite3.SQLITE_OK {
		wrap(tls, d, base, at[sqlite3.Tsqlite3_file](file), file)
	}
	return rc
}

// wrap puts the shim's methods in the place of the original ones.
func wrap(tls *libc.TLS, d *disk, name string, f *sqlite3.Tsqlite3_file, file uintptr) {
	watched.Lock()
	defer watched.Unlock()
	next := f.FpMethods
	ours := watched.methods[next]
	if ours == 0 {
		ours = copied[sqlite3.Tsqlite3_io_methods](tls, next)
		methods := at[sqlite3.Tsqlite3_io_methods](ours)
		methods.FxClose = address[closeFunc](shimClose)
		methods.FxWrite = address[writeFunc](shimWrite)
		methods.FxTruncate = address[truncateFunc](shimTruncate)
		methods.FxSync = address[syncFunc](shimSync)
		watched.methods[next] = ours
	}
	watched.files[file] = &shimFile{disk: d, name: name, next: at[sqlite3.Tsqlite3_io_methods](next)}
	f.FpMethods = ours
}

func shimClose(tls *libc.TLS, file uintptr) int32 {
	watched.Lock()
	f := watched.files[file]
	delete(watched.files, file)
	watched.Unlock()
	return function[closeFunc](f.next.FxClose)(tls, file)
}

func shimWrite(tls *libc.TLS, file, data uintptr, n int32, off int64) int32 {
	f := fileAt(file)
	return f.disk.write(f.name, off, unsafe.Slice(at[byte](data), n), func(n int) int32 {
		return function[writeFunc](f.next.FxWrite)(tls, file, data, int32(n), off)
	})
}

func shimTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	f := fileAt(file)
	return f.disk.truncate(f.name, size, func() int32 {
		return function[truncateFunc](f.next.FxTruncate)(tls, file, size)
	})
}

// shimSync does not trouble the real disk: what has reached the watched one is
// known without it.
func shimSync(_ *libc.TLS, file uintptr, _ int32) int32 {
	f := fileAt(file)
	return f.disk.sync(f.name)
}

func shimDelete(tls *libc.TLS, _, name uintptr, flush int32) int32 {
	pass := func() int32 {
		next := function[deleteFunc](layer().FxDelete)
		return next(tls, original, name, 0)
	}
	d, base, path := diskOf(name)
	if d == nil {
		return function[deleteFunc](layer().FxDelete)(tls, original, name, flush)
	}
	if _, err := os.Stat(path); err != nil {
		return pass()
	}
	return d.remove(base, flush != 0, pass)
}

func shimSleep(tls *libc.TLS, _ uintptr, microseconds int32) int32 {
	if hasty.Load() {
		return microseconds
	}
	next := function[sleepFunc](layer().FxSleep)
	return next(tls, original, microseconds)
}
