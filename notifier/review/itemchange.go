package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"znkr.io/diff"
)

// otherProgram is said where nothing changed but what is made of the files.
const otherProgram = "the same files now give other messages: this is another version of breachmail"

// Differences says in words how current differs from approved, by the names of
// the items. Where the contents of both are known it says which keys changed,
// or how many lines. Of samples and texts for everybody it speaks only where
// nothing else differs, since they follow from the rest.
func Differences(approved, current []Item) []string {
	was, is := byName(approved), byName(current)
	var out []string
	rendered := false
	for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
		old, before := was[name]
		now, after := is[name]
		switch {
		case before && after && old.Digest == now.Digest:
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
		return []string{otherProgram}
	}
	return out
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
		keys := changedKeys(old.Content, now.Content)
		for i := range keys {
			keys[i] = now.Name + ": " + keys[i]
		}
		if len(keys) == 0 {
			return []string{now.Name + " was changed"}
		}
		return keys
	}
	n, lines := changedLines(old.Content, now.Content)
	count := fmt.Sprintf("%d lines", n)
	if n == 1 {
		count = "1 line"
	}
	if states := statesIn(lines); now.Name == lawFile && len(states) > 0 {
		count += ": " + strings.Join(states, ", ")
	}
	return []string{now.Name + " was changed (" + count + ")"}
}

// changedLines counts the lines that were added or changed, or else taken out,
// and returns all of them, as they were and as they are.
func changedLines(old, now []byte) (n int, lines []string) {
	split := func(b []byte) []string {
		return strings.Split(strings.TrimSuffix(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), "\n"), "\n")
	}
	was, is := split(old), split(now)
	for _, h := range diff.Hunks(was, is, diff.Context(0)) {
		n += max(h.EndX-h.PosX, h.EndY-h.PosY)
		lines = slices.Concat(lines, was[h.PosX:h.EndX], is[h.PosY:h.EndY])
	}
	return max(n, 1), lines // at least their ends
}

// statesIn returns the states that lines of the law data are about.
func statesIn(lines []string) []string {
	const letters = 2
	var out []string
	for _, l := range lines {
		state, _, _ := strings.Cut(l, ",")
		if len(state) == letters && !slices.Contains(out, state) {
			out = append(out, state)
		}
	}
	slices.Sort(out)
	return out
}

// changedKeys says which keys of a part of campaign.yaml, which is stored as
// JSON, were changed. It says nothing where that is not made of keys.
func changedKeys(old, now []byte) []string {
	var was, is map[string]any
	if json.Unmarshal(old, &was) != nil || json.Unmarshal(now, &is) != nil {
		return nil
	}
	return differingKeys("", was, is)
}

// differingKeys compares what stands below a key.
func differingKeys(path string, was, is map[string]any) []string {
	names := maps.Clone(was)
	if names == nil {
		names = map[string]any{}
	}
	maps.Copy(names, is)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, b := was[name], is[name]
		below, ok := a.(map[string]any)
		belowNow, also := b.(map[string]any)
		key := path + yamlKey(name)
		switch {
		case reflect.DeepEqual(a, b), isNothing(a) && isNothing(b):
		case isNothing(a):
			out = append(out, key+" was added")
		case isNothing(b):
			out = append(out, key+" was removed")
		case ok && also:
			out = append(out, differingKeys(key+".", below, belowNow)...)
		default:
			out = append(out, key+" was changed")
		}
	}
	return out
}

// yamlKey returns the key that campaign.yaml has for a field: what_happened for
// WhatHappened.
func yamlKey(name string) string {
	var b strings.Builder
	for i, r := range name {
		before, _ := utf8.DecodeLastRuneInString(name[:i])
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	if s := b.String(); s != strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return name // a state
}

// isNothing reports whether a value of JSON says nothing.
func isNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, below := range v {
			if !isNothing(below) {
				return false
			}
		}
		return true
	}
	return false
}
