package unpack

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"sync"

	"breachmail/notifier"
)

// archive is what the members of one zip archive share, so that its digest is
// computed once and not for every member.
type archive struct {
	mu     sync.Mutex
	info   fs.FileInfo // of the file whose digest it is; nil before
	digest notifier.Digest
}

// Sum is the SHA-256 of the file's bytes as they are on disk. For a member it
// is the SHA-256 over the archive's digest and the member's name, so that it
// is known again.
func (f File) Sum() (notifier.Digest, error) {
	file, info, err := openFile(f)
	if err != nil {
		return notifier.Digest{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	if f.Member == "" {
		return f.read(file)
	}
	digest, err := f.ofArchive(file, info)
	if err != nil {
		return notifier.Digest{}, err
	}
	return sha256.Sum256(append(digest[:], f.Member...)), nil
}

// ofArchive returns the digest of the archive f is a member of. One that was
// computed before holds as long as the file is the same, with the same size
// and time.
func (f File) ofArchive(file *os.File, info fs.FileInfo) (notifier.Digest, error) {
	a := f.archive
	if a == nil {
		return f.read(file)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.info != nil && os.SameFile(a.info, info) && a.info.Size() == info.Size() && a.info.ModTime().Equal(info.ModTime()) {
		return a.digest, nil
	}
	digest, err := f.read(file)
	if err == nil {
		a.info, a.digest = info, digest
	}
	return digest, err
}

func (f File) read(file *os.File) (notifier.Digest, error) {
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return notifier.Digest{}, systemError(f.Name, err)
	}
	return notifier.Digest(h.Sum(nil)), nil
}
