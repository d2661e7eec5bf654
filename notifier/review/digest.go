// Package review makes what counsel goes by before anything is sent. It says what
// there is to read, each text once and with its origins (Read), what laws ask and
// where that stands (Checklist), how all of it differs from what was approved last
// (CompareItems), and what must not be sent (Lint). It makes the samples, and the
// digests that an approval binds. Package bundle shows all this.
package review

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"breachmail/notifier"
)

// Item is one thing that an approval binds, for example
// "templates/notice.en.md", "campaign.yaml: incident" or
// "sample notice-en-prepaid".
type Item struct {
	Name    string
	Digest  notifier.Digest
	Content []byte // what the digest is of; nil where it is not known any more
}

// NewItem returns the item of that name with that content, which it keeps.
func NewItem(name string, content []byte) Item {
	return Item{Name: name, Digest: sha256.Sum256(content), Content: content}
}

// What the two digests below are made of begins with one of these, so that
// neither can be passed off as the other.
const (
	textDomain = "breachmail text 1\n"
	codeDomain = "breachmail approval 1\n"
)

// TextDigest returns the digest over items, whatever their order.
func TextDigest(items []Item) notifier.Digest {
	b := []byte(textDomain)
	for _, it := range sorted(items) {
		b = binary.AppendUvarint(b, uint64(len(it.Name)))
		b = append(b, it.Name...)
		b = append(b, it.Digest[:]...)
	}
	return sha256.Sum256(b)
}

// Code returns the approval code: the one digest over the text and the lists
// of all batches, in the order of the batches.
func Code(text notifier.Digest, lists []notifier.Digest) notifier.Digest {
	b := append([]byte(codeDomain), text[:]...)
	for _, l := range lists {
		b = append(b, l[:]...)
	}
	return sha256.Sum256(b)
}

func sorted(items []Item) []Item {
	return slices.SortedFunc(slices.Values(items), func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), bytes.Compare(a.Digest[:], b.Digest[:]))
	})
}

// ShortCode is how many digits of the approval code have to be given.
const ShortCode = 12
