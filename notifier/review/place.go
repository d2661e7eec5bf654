package review

import (
	"bytes"
	"strings"
)

// places finds the lines that findings are about.
type places struct {
	files []*sourceFile
	known map[string]place // by what was looked for
}

type place struct {
	file string
	line int
}

// sourceFile is a file as text to look in.
type sourceFile struct {
	name  string
	lines []string
	words []lineWord
}

// lineWord is a word and the line that it stands on.
type lineWord struct {
	word string
	line int
}

const (
	configFile = "campaign.yaml"
	layoutFile = "templates/layout.html"
)

// templateComment reaches no reader; nothing is to be found in it.
var templateComment = pattern(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}`)

func newPlaces(sources []Source) *places {
	p := &places{known: map[string]place{}}
	for _, s := range sources {
		p.files = append(p.files, newSourceFile(s))
	}
	return p
}

func newSourceFile(s Source) *sourceFile {
	text := templateComment().ReplaceAllFunc(s.Text, func(c []byte) []byte { return bytes.Repeat([]byte("\n"), bytes.Count(c, []byte("\n"))) })
	f := &sourceFile{name: s.File}
	for i, line := range strings.Split(string(text), "\n") {
		f.lines = append(f.lines, line)
		for w := range strings.FieldsSeq(plainWords(line)) {
			f.words = append(f.words, lineWord{w, i + 1})
		}
	}
	return f
}

// find returns where the first of fragments stands that can be found: in the
// template, in the page around it, or in campaign.yaml. Where none can, it is
// the template's first line.
func (p *places) find(template string, fragments []string) (string, int) {
	key := template + "\n" + strings.Join(fragments, "\n")
	at, ok := p.known[key]
	if !ok {
		at = p.search(p.about(template), fragments)
		if at.file == "" {
			at = place{template, 1}
		}
		p.known[key] = at
	}
	return at.file, at.line
}

// about returns the files that a template's notice is made of, in that order.
func (p *places) about(template string) []*sourceFile {
	var out []*sourceFile
	for _, name := range []string{template, layoutFile, configFile} {
		for _, f := range p.files {
			if f.name == name {
				out = append(out, f)
			}
		}
	}
	return out
}

// line returns the line of a file that holds the first of texts that is in it,
// or 0.
func (p *places) line(name string, texts ...string) int {
	for _, f := range p.files {
		for _, s := range texts {
			if n := f.line(s, true); f.name == name && n > 0 {
				return n
			}
		}
	}
	return 0
}

func (p *places) search(files []*sourceFile, fragments []string) place {
	for _, exact := range []bool{true, false} {
		for _, fragment := range fragments {
			for _, f := range files {
				if n := f.line(fragment, exact); n > 0 {
					return place{f.name, n}
				}
			}
		}
	}
	var best place
	longest := 0
	for _, fragment := range fragments {
		words := strings.Fields(plainWords(fragment))
		for _, f := range files {
			if n, line := longestRun(words, f.words); n > longest && n >= min(len(words), 3) {
				best, longest = place{f.name, line}, n
			}
		}
	}
	return best
}

// line returns the first line that holds s as it stands, or 0. Unless exact,
// capitals do not matter.
func (f *sourceFile) line(s string, exact bool) int {
	if s = strings.TrimSpace(s); s == "" {
		return 0
	}
	if !exact {
		s = strings.ToLower(s)
	}
	for i, l := range f.lines {
		if strings.Contains(l, s) || !exact && strings.Contains(strings.ToLower(l), s) {
			return i + 1
		}
	}
	return 0
}

// longestRun returns the length of the longest run of words that stand one after
// the other in a file, and the line on which it begins.
func longestRun(words []string, in []lineWord) (longest, line int) {
	before, now := make([]int, len(words)+1), make([]int, len(words)+1) // run lengths that end at the word before, and here
	for i, w := range in {
		for j := range words {
			now[j+1] = 0
			if words[j] != w.word {
				continue
			}
			if now[j+1] = before[j] + 1; now[j+1] > longest {
				longest = now[j+1]
				line = in[i+1-longest].line
			}
		}
		before, now = now, before
	}
	return longest, line
}
