package campaign

import (
	"regexp"

	"github.com/goccy/go-yaml/ast"
)

// unsupported lists the keys of campaign.yaml that this version knows but
// cannot honour. They are refused: a limit or a hold that is silently ignored
// is worse than none. Delete a line when its key begins to work.
var unsupported = []struct {
	key     string
	what    string                 // which values; "": all of them
	value   func(text string) bool // nil where what is ""
	instead string                 // what to do until then
}{
	{"waves[].then", "a duration", isDuration, "write hold and open the gate with release, or go"},
	{"waves[].match", "", nil, "leave it out"},
	{"waves[].not_before", "", nil, "leave it out, and put then: hold on the wave before"},
}

var indexPattern = regexp.MustCompile(`\[\d+\]`)

// unsupportedNow returns what to do instead of writing n at key, or "" when
// this version can honour it.
func unsupportedNow(key string, n ast.Node) string {
	general := indexPattern.ReplaceAllString(key, "[]")
	for _, u := range unsupported {
		if u.key != general {
			continue
		}
		if text, ok := scalarText(n); u.value == nil && !isEmpty(n) || u.value != nil && ok && u.value(text) {
			return u.instead
		}
	}
	return ""
}

// isEmpty reports whether n is {} or [].
func isEmpty(n ast.Node) bool {
	if seq, ok := n.(*ast.SequenceNode); ok {
		return len(seq.Values) == 0
	}
	pairs, ok := pairsOf(n)
	return ok && len(pairs) == 0
}

func isDuration(text string) bool {
	var d Duration
	return d.UnmarshalText([]byte(text)) == nil
}
