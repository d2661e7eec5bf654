package review

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentences parts text at line ends and at the ends of sentences.
func sentences(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		for {
			line = strings.TrimLeft(strings.TrimSpace(line), "-=* ")
			n := sentenceEnd(line)
			if s := strings.TrimSpace(line[:n]); s != "" {
				out = append(out, s)
			}
			if line = line[n:]; line == "" {
				break
			}
		}
	}
	return out
}

// sentenceEnd returns where the first sentence of a line ends: behind a full
// stop or its like before a space and a capital, unless an abbreviation stands
// before it.
func sentenceEnd(line string) int {
	for i := 0; i < len(line); i++ {
		if !strings.ContainsRune(".!?", rune(line[i])) || i+1 >= len(line) || line[i+1] != ' ' {
			continue
		}
		next := strings.TrimLeft(line[i+1:], ` "'“‘¿¡(`)
		r, _ := utf8.DecodeRuneInString(next)
		word := line[strings.LastIndexByte(line[:i], ' ')+1 : i]
		if unicode.IsLower(r) || line[i] == '.' && isAbbreviation(word) {
			continue
		}
		return i + 1
	}
	return len(line)
}

// isAbbreviation reports whether a word before a full stop is one that seldom
// ends a sentence.
func isAbbreviation(word string) bool {
	switch strings.ToLower(strings.Trim(word, `"'(“`)) {
	case "mr", "mrs", "ms", "dr", "st", "ave", "blvd", "no", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "sr", "sra", "núm":
		return true
	}
	return strings.Contains(word, ".") && len(word) <= 4 // a.m, U.S
}

var unaccented = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "é", "e", "è", "e", "ê", "e", "í", "i", "ï", "i", "ó", "o", "ô", "o", "ö", "o",
	"ú", "u", "ü", "u", "ñ", "n", "ç", "c", "º", "", "ª", "",
	"’", "'", "‘", "'", "“", `"`, "”", `"`, "\u00a0", " ", "\u202f", " ", "\u2011", "-", "\u00ad", "", "\u200b", "",
)

// folded returns s in lower case, without accents, with plain quotes and single
// spaces: the form in which words are looked for.
func folded(s string) string {
	return strings.Join(strings.Fields(unaccented.Replace(strings.ToLower(s))), " ")
}

// plainWords returns the words of s, folded, with single spaces between and
// nothing else, so that Markdown and the text made of it give the same.
func plainWords(s string) string {
	s = unaccented.Replace(strings.ToLower(html.UnescapeString(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// plainMemo keeps what plainWords gave for texts that many wordings have.
type plainMemo map[string]string

func (m plainMemo) words(s string) string {
	return recall(m, s, func() string { return plainWords(s) })
}

// sentencesIn returns the sentences of a text. Wordings have most of their lines
// in common, so each is parted once.
func (l *linter) sentencesIn(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, recall(l.parted, line, func() []string { return sentences(line) })...)
	}
	return out
}
