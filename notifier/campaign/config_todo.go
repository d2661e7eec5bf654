package campaign

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// TODO is a value in campaign.yaml that somebody still has to fill in.
type TODO struct {
	File string
	Line int
	Key  string // dotted, for example incident.signed_by.name
}

// String returns "campaign.yaml:12: incident.company".
func (t TODO) String() string { return fmt.Sprintf("%s:%d: %s", t.File, t.Line, t.Key) }

// todoPattern finds the word, not a part of one: METODO is none.
var todoPattern = regexp.MustCompile(`(?:^|\PL)TODO(?:\PL|$)`)

// TODOs returns the values in data that contain TODO, in the order of their
// lines; name is what they call the file. Comments do not count, and there are
// none in data that is not YAML, which ParseConfig reports.
func TODOs(name string, data []byte) []TODO {
	file, err := parseYAML(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		return nil
	}
	var found []TODO
	scalars := func(key, text string, line int) {
		if todoPattern.MatchString(text) {
			found = append(found, TODO{File: name, Line: line, Key: key})
		}
	}
	for _, d := range file.Docs {
		if d.Body != nil {
			eachScalar("", d.Body, lineOf(d.Body), scalars)
		}
	}
	slices.SortStableFunc(found, func(a, b TODO) int { return cmp.Compare(a.Line, b.Line) })
	return found
}

// eachScalar calls f for every scalar within n, with its dotted key and the
// line it begins on; a block of text counts from the line of its key, which is
// line.
func eachScalar(key string, n ast.Node, line int, f func(key, text string, line int)) {
	if pairs, ok := pairsOf(n); ok {
		for _, p := range pairs {
			if name, ok := scalarText(p.Key); ok && !isNull(p.Value) {
				eachScalar(join(key, name), p.Value, lineOf(p.Key), f)
			}
		}
		return
	}
	switch n := n.(type) {
	case *ast.SequenceNode:
		for i, e := range n.Values {
			if !isNull(e) {
				eachScalar(fmt.Sprintf("%s[%d]", key, i), e, lineOf(e), f)
			}
		}
	case *ast.AnchorNode:
		eachScalar(key, n.Value, line, f)
	case *ast.TagNode:
		if n.Value != nil {
			eachScalar(key, n.Value, line, f)
		}
	case *ast.LiteralNode:
		f(key, n.Value.Value, line)
	default:
		if text, ok := scalarText(n); ok {
			f(key, text, lineOf(n))
		}
	}
}
