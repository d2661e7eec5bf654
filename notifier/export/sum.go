package export

import (
	"crypto/sha256"
	"io"
	"os"

	"breachmail/notifier"
)

// Sum returns the SHA-256 of the file at path, by which an export is known
// again.
func Sum(path string) (notifier.Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return notifier.Digest{}, err
	}
	defer func() { _ = f.Close() }() // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return notifier.Digest{}, err
	}
	return notifier.Digest(h.Sum(nil)), nil
}
