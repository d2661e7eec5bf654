package review

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// changedKeys says which keys of a part of campaign.yaml, which is stored as
// JSON, were changed, and what of it is short from what to what. Each begins with
// name. It says nothing where nothing can be read.
func changedKeys(name string, old, now []byte) []string {
	var was, is any
	if json.Unmarshal(old, &was) != nil || json.Unmarshal(now, &is) != nil {
		return nil
	}
	if before, after := parted(was), parted(is); before != nil && after != nil {
		return differingKeys(name, before, after)
	}
	return differing(strings.TrimSuffix(name, ": "), was, is)
}

// differing compares two values of a key.
func differing(key string, was, is any) []string {
	if reflect.DeepEqual(was, is) || isNothing(was) && isNothing(is) {
		return nil
	}
	before, after := parted(was), parted(is)
	if before != nil && after != nil && (flat(before) && flat(after) || !isNothing(was) && !isNothing(is)) {
		return differingKeys(key+".", before, after)
	}
	from, short := shortly(was)
	to, both := shortly(is)
	switch {
	case isNothing(was) && both:
		return []string{key + ": nothing before, now " + to}
	case isNothing(is) && short:
		return []string{key + ": " + from + " before, now nothing"}
	case isNothing(was):
		return []string{key + " was added"}
	case isNothing(is):
		return []string{key + " was removed"}
	case short && both:
		return []string{key + ": " + from + " is now " + to}
	}
	return []string{key + " was changed"}
}

// differingKeys compares what stands below a key.
func differingKeys(path string, was, is map[string]any) []string {
	names := maps.Clone(was)
	maps.Copy(names, is)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, differing(path+name, was[name], is[name])...)
	}
	return out
}

// parted returns the values of an object by their keys in campaign.yaml, those
// of a list by their names, and nil where a value has neither. Nothing is taken
// for an object without keys.
func parted(v any) map[string]any {
	out := map[string]any{}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for key, value := range v {
			out[yamlKey(key)] = value
		}
	case []any:
		for _, each := range v {
			object, _ := each.(map[string]any)
			name, _ := object["Name"].(string)
			if name == "" || out[name] != nil {
				return nil
			}
			out[name] = object
		}
	default:
		return nil
	}
	return out
}

// flat reports whether all values are short enough to be told one by one, and
// none is a name.
func flat(values map[string]any) bool {
	for key, v := range values {
		if _, short := shortly(v); !short || key == "name" {
			return false
		}
	}
	return true
}

// shortly writes a value as it may stand in a sentence, and reports whether it
// is short enough.
func shortly(v any) (string, bool) {
	const most = 60
	s := ""
	switch v := v.(type) {
	case string:
		s = quoted(v)
	case float64:
		s = strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		s = strconv.FormatBool(v)
	case []any:
		var list []string
		for _, each := range v {
			_, inner := each.([]any)
			one, ok := shortly(each)
			if !ok || inner {
				return "", false
			}
			list = append(list, one)
		}
		s = strings.Join(list, ", ")
	default:
		return "", false
	}
	return s, utf8.RuneCountInString(s) <= most && !strings.Contains(s, `\n`)
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
