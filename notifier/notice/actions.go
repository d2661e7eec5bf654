package notice

import (
	"fmt"
	"regexp"
	"strings"
)

// actions are the template actions of one Markdown source. While Markdown is
// read, a token of letters and digits, which mean nothing in Markdown, stands
// for each.
type actions []string

// tokenPattern matches what token gives and nothing longer.
var tokenPattern = regexp.MustCompile(`bm7act([0-9]+)zz`)

func (a actions) token(i int) string { return fmt.Sprintf("bm7act%dzz", i) }

// restore puts the actions back into what was made from the Markdown. What
// else looks like the beginning of an action is text and stays text.
func (a actions) restore(s string) string {
	s = strings.ReplaceAll(s, "{{", `{{"{{"}}`)
	return tokenPattern.ReplaceAllStringFunc(s, func(t string) string {
		var i int
		if _, err := fmt.Sscanf(t, "bm7act%dzz", &i); err != nil || i >= len(a) {
			return t
		}
		return a[i]
	})
}

// takeActions replaces each action of src by its token, and by value(action)
// where that gives something: Markdown of the incident. A line of nothing but
// control actions becomes a paragraph of its own. Src must have parsed as a
// template before.
func takeActions(src string, value func(action string) (string, bool)) (string, actions, error) {
	var (
		out  strings.Builder
		acts actions
	)
	if tokenPattern.MatchString(src) {
		return "", nil, fmt.Errorf("%q may not stand in a template", tokenPattern.FindString(src))
	}
	for {
		begin := strings.Index(src, "{{")
		if begin < 0 {
			out.WriteString(src)
			break
		}
		out.WriteString(src[:begin])
		end := begin + actionEnd(src[begin:])
		action := src[begin:end]
		src = src[end:]
		if isComment(action) {
			continue
		}
		if v, ok := value(inner(action)); ok {
			out.WriteString(v)
			continue
		}
		out.WriteString(acts.token(len(acts)))
		acts = append(acts, action)
	}
	return acts.isolate(out.String()), acts, nil
}

// isolate puts blank lines around each line that holds only control actions,
// so that Markdown takes it for a paragraph of its own.
func (a actions) isolate(src string) string {
	lines := strings.Split(src, "\n")
	var out []string
	for _, l := range lines {
		if _, ok := a.control(l); ok {
			out = append(out, "", strings.TrimSpace(l), "")
			continue
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// control reports whether s is nothing but tokens of control actions, and
// returns their numbers.
func (a actions) control(s string) ([]int, bool) {
	var found []int
	rest := tokenPattern.ReplaceAllStringFunc(s, func(t string) string {
		var i int
		if _, err := fmt.Sscanf(t, "bm7act%dzz", &i); err != nil || i >= len(a) || !isControl(inner(a[i])) {
			return t
		}
		found = append(found, i)
		return ""
	})
	return found, len(found) > 0 && strings.TrimSpace(rest) == ""
}

// block returns action i as it stands between blocks: without trim markers,
// which would eat the lines that part the blocks.
func (a actions) block(i int) string { return "{{" + inner(a[i]) + "}}" }

var controlPattern = regexp.MustCompile(`^(if|else|end|range|with|define|block|template|break|continue)\b|^\$\w* *:?= `)

func isControl(inner string) bool { return controlPattern.MatchString(inner) }

func isComment(action string) bool { return strings.HasPrefix(inner(action), "/*") }

// inner returns an action without its braces and trim markers.
func inner(action string) string {
	s := strings.TrimSuffix(strings.TrimPrefix(action, "{{"), "}}")
	if strings.HasPrefix(s, "- ") {
		s = s[1:]
	}
	if strings.HasSuffix(s, " -") {
		s = s[:len(s)-1]
	}
	return strings.TrimSpace(s)
}

// actionEnd returns where the action that s begins with ends. Braces within
// quotes and comments do not end it.
func actionEnd(s string) int {
	if i := strings.Index(s, "/*"); i >= 0 && strings.Trim(s[2:i], " -\t\r\n") == "" {
		if e := strings.Index(s[i:], "*/"); e >= 0 {
			from := i + e
			return from + strings.Index(s[from:], "}}") + 2
		}
	}
	var quote byte
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && quote != '`' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '`' || c == '\'':
			quote = c
		case strings.HasPrefix(s[i:], "}}"):
			return i + 2
		}
	}
	return len(s)
}
