package bundle

import (
	"html/template"
	"strings"
)

// plain is a plain text as it stands between tags, every character of it. What
// its lines are is marked, so that paper can show headings as such, leave the
// strokes below them out, and make less of empty lines.
func plain(text []byte) template.HTML {
	lines := strings.Split(between.Replace(string(text)), "\n")
	end := func(i int) string { return map[bool]string{true: "\n"}[i+1 < len(lines)] }
	var b strings.Builder
	for i := 0; i < len(lines); i++ {
		switch {
		case i+1 < len(lines) && lines[i] != "" && isStroke(lines[i+1]):
			b.WriteString("<b>" + lines[i] + "</b><span class=\"stroke\">\n" + lines[i+1] + end(i+1) + "</span>")
			i++
		case lines[i] == "" && end(i) != "":
			b.WriteString("<span>" + end(i) + "</span>")
		default:
			b.WriteString(lines[i] + end(i))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // escaped for text
}

var between = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "\uFFFD")

// isStroke tells the line under a heading.
func isStroke(line string) bool {
	return len(line) > 2 && (strings.Trim(line, "=") == "" || strings.Trim(line, "-") == "")
}
