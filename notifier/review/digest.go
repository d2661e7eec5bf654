// Package review makes the page that counsel reads before anything is sent,
// looks in every wording for what must not be sent (Lint), and makes the digests
// that an approval binds.
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
	Name   string
	Digest notifier.Digest
}

// NewItem returns the item of that name with that content.
func NewItem(name string, content []byte) Item {
	return Item{Name: name, Digest: sha256.Sum256(content)}
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

// Differences says in words how current differs from approved, one sentence
// an item, sorted by name.
func Differences(approved, current []Item) []string {
	was, is := byName(approved), byName(current)
	var out []string
	for _, it := range sorted(slices.Concat(approved, current)) {
		old, before := was[it.Name]
		now, after := is[it.Name]
		var what string
		switch {
		case !before:
			what = it.Name + " was added"
		case !after:
			what = it.Name + " was removed"
		case old != now:
			what = it.Name + " was changed"
		}
		if what != "" && !slices.Contains(out, what) {
			out = append(out, what)
		}
	}
	return out
}

func sorted(items []Item) []Item {
	return slices.SortedFunc(slices.Values(items), func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), bytes.Compare(a.Digest[:], b.Digest[:]))
	})
}

func byName(items []Item) map[string]notifier.Digest {
	m := make(map[string]notifier.Digest, len(items))
	for _, it := range items {
		m[it.Name] = it.Digest
	}
	return m
}

// ShortCode is how many digits of the approval code have to be given.
const ShortCode = 12
