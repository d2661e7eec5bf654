package review

import (
	"slices"
	"strings"
)

// Among the words of a template and of a sentence: where a block begins, and
// what is not the template's own.
const (
	blockBegin = "¶"
	notOwn     = "…"
)

var (
	templateAction = pattern(`(?s)\{\{.*?\}\}`)
	beginsBlock    = pattern(`^(?:[-*+#]|\d+[.)]) ?`)
)

// ownWords returns the words that readers see of a template or of the page
// around it, with their lines.
func ownWords(f *sourceFile) []lineWord {
	text := templateAction().ReplaceAllStringFunc(strings.Join(f.lines, "\n"), func(action string) string {
		return notOwn + strings.Repeat("\n", strings.Count(action, "\n"))
	})
	var out []lineWord
	add := func(word string, line int) {
		if n := len(out); word != notOwn || n > 0 && out[n-1].word != notOwn {
			out = append(out, lineWord{word, line})
		}
	}
	begins := true
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.Trim(line, notOwn+" ") == "" { // nothing, or what stands between blocks
			begins = true
			continue
		}
		if begins || beginsBlock().MatchString(line) {
			add(blockBegin, i+1)
		}
		begins = false
		for j, piece := range strings.Split(line, notOwn) {
			if j > 0 {
				add(notOwn, i+1)
			}
			for w := range strings.FieldsSeq(plainWords(piece)) {
				add(w, i+1)
			}
		}
	}
	for i, w := range slices.Backward(out) {
		if i+1 < len(out) && (w.word == blockBegin || w.word == notOwn) {
			out[i].line = out[i+1].line // that of the words behind
		}
	}
	return out
}

// clause is a sentence's words while their origins are looked for.
type clause struct {
	raw   string // as it reads
	words []string
	known []bool // whose origin was found
	first bool   // it begins its block
}

func newClause(sentence string, first bool) *clause {
	words := strings.Fields(plainWords(sentence))
	return &clause{sentence, words, make([]bool, len(words)), first}
}

// take notes wherever the words of s stand, and reports whether they do.
func (c *clause) take(s string) bool {
	words := strings.Fields(plainWords(s))
	found := false
	for i := 0; len(words) > 0 && i+len(words) <= len(c.words); i++ {
		if slices.Equal(c.words[i:i+len(words)], words) {
			found = true
			for j := range words {
				c.known[i+j] = true
			}
		}
	}
	return found
}

// has reports whether the words of s stand in the sentence, and not all of them
// known already.
func (c *clause) has(s string) bool {
	words := strings.Fields(plainWords(s))
	for i := 0; len(words) > 0 && i+len(words) <= len(c.words); i++ {
		if slices.Equal(c.words[i:i+len(words)], words) && slices.Contains(c.known[i:i+len(words)], false) {
			return true
		}
	}
	return false
}

// left returns how many words have no origin yet.
func (c *clause) left() int {
	n := 0
	for _, known := range c.known {
		if !known {
			n++
		}
	}
	return n
}

// own returns the sentence with notOwn for all whose origin is known.
func (c *clause) own() []string {
	var out []string
	if c.first {
		out = append(out, blockBegin)
	}
	for i, w := range c.words {
		switch {
		case !c.known[i]:
			out = append(out, w)
		case i == 0 || !c.known[i-1]:
			out = append(out, notOwn)
		}
	}
	return out
}
