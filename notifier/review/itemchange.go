package review

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"znkr.io/diff"
)

// otherProgram is said where nothing changed but what is made of the files.
const otherProgram = "the same files now give other messages: this is another version of breachmail"

// Differences says in words how current differs from approved, by the names of
// the items. Where the contents of both are known it says which keys and which
// facts changed and how, or how many lines. Of samples and texts for everybody it
// speaks only where nothing else differs, since they follow from the rest.
func Differences(approved, current []Item) []string {
	was, is := byName(approved), byName(current)
	older := !slices.ContainsFunc(approved, func(it Item) bool { return it.Content != nil })
	var out, newer []string
	rendered := false
	for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
		old, before := was[name]
		now, after := is[name]
		switch {
		case before && after && old.Digest == now.Digest:
		case older && !before && boundLater(name):
			newer = append(newer, name)
		case strings.HasPrefix(name, samplePrefix), isPublication(name):
			rendered = true
		case !before:
			out = append(out, name+" was added")
		case !after:
			out = append(out, name+" was removed")
		default:
			out = append(out, howChanged(old, now)...)
		}
	}
	if rendered && len(out) == 0 {
		out = append(out, otherProgram)
	}
	if len(newer) > 0 {
		out = append(out, "this version of breachmail binds more than the one that recorded the approval ("+strings.Join(newer, ", ")+")")
	}
	return out
}

// boundLater reports whether approvals of versions that kept no contents did not
// bind an item.
func boundLater(item string) bool {
	return isPublication(item) || item == configFile+": approvals" || item == configFile+": exports.extra"
}

func union(a, b map[string]Item) map[string]Item {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func byName(items []Item) map[string]Item {
	m := make(map[string]Item, len(items))
	for _, it := range items {
		m[it.Name] = it
	}
	return m
}

// howChanged says what of an item changed, as far as its contents are known.
func howChanged(old, now Item) []string {
	if old.Content == nil || now.Content == nil {
		return []string{now.Name + " was changed"}
	}
	if strings.HasPrefix(now.Name, configFile) {
		if keys := changedKeys(now.Name+": ", old.Content, now.Content); len(keys) > 0 {
			return keys
		}
		return []string{now.Name + " was changed"}
	}
	if now.Name == lawFile {
		if facts, known := changedFacts(old.Content, now.Content); known {
			return facts
		}
	}
	n := changedLines(old.Content, now.Content)
	if n == 1 {
		return []string{now.Name + " was changed (1 line)"}
	}
	return []string{fmt.Sprintf("%s was changed (%d lines)", now.Name, n)}
}

// changedLines counts the lines that were added or changed, or else taken out.
func changedLines(old, now []byte) int {
	split := func(b []byte) []string {
		return strings.Split(strings.TrimSuffix(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), "\n"), "\n")
	}
	n := 0
	for _, h := range diff.Hunks(split(old), split(now), diff.Context(0)) {
		n += max(h.EndX-h.PosX, h.EndY-h.PosY)
	}
	return max(n, 1) // at least their ends
}
