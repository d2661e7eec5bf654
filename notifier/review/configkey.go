package review

import (
	"regexp"
	"strings"
)

// keyLines returns the lines of a YAML file on which the value of a key stands,
// counted from 1, the first being that of the key: "incident.contact.phone". It
// is 0 where the file does not have the key.
func keyLines(lines []string, key string) (first, last int) {
	first, last = 1, len(lines)
	indent := -1
	for name := range strings.SplitSeq(key, ".") {
		at, deep := keyIn(lines, name, first, last, indent)
		if at == 0 {
			return flowKey(lines, name, first, last), last
		}
		first, last, indent = at, valueEnd(lines, at, last, deep), deep
	}
	return first, last
}

// keyIn finds a key right below what is indented by that much.
func keyIn(lines []string, name string, first, last, below int) (line, indent int) {
	level := -1
	for n := first; n <= last; n++ {
		text := strings.TrimLeft(lines[n-1], " ")
		deep := len(lines[n-1]) - len(text)
		if isBlank(text) || deep <= below {
			continue
		}
		if level < 0 {
			level = deep
		}
		if deep == level && strings.HasPrefix(text, name+":") {
			return n, deep
		}
	}
	return 0, 0
}

// valueEnd returns the last line of the value of a key. The items of a list may
// be indented as little as their key.
func valueEnd(lines []string, at, last, indent int) int {
	end := at
	for n := at + 1; n <= last; n++ {
		text := strings.TrimLeft(lines[n-1], " ")
		deep := len(lines[n-1]) - len(text)
		switch {
		case isBlank(text):
		case deep > indent, deep == indent && strings.HasPrefix(text, "- "):
			end = n
		default:
			return end
		}
	}
	return end
}

// flowKey finds a key in lines that hold {key: value}.
func flowKey(lines []string, name string, first, last int) int {
	pattern := regexp.MustCompile(`[{,]\s*` + regexp.QuoteMeta(name) + `\s*:`)
	for n := first; n <= last; n++ {
		if pattern.MatchString(lines[n-1]) {
			return n
		}
	}
	return 0
}

func isBlank(text string) bool {
	text = strings.TrimSpace(text)
	return text == "" || text[0] == '#'
}
