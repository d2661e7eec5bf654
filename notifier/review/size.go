package review

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	basePixels  = 16.0          // what em, rem and % are taken of
	smallPixels = 10 * 96 / 72. // 10 points
)

var (
	cssSize   = pattern(`(?i)(?:^|[{;\s])font-size\s*:\s*([^;}!]+)`)
	cssFont   = pattern(`(?i)(?:^|[{;\s])font\s*:\s*([^;}!]+)`)
	cssLength = pattern(`(?i)^(\d*\.?\d+)(px|pt|em|rem|%|pc|in|cm|mm|q|ex|ch)?$`)
)

// pixelsOf is the size of a unit of CSS.
var pixelsOf = map[string]float64{
	"px": 1, "pt": 96 / 72., "em": basePixels, "rem": basePixels, "%": basePixels / 100, "pc": 16,
	"in": 96, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "q": 2.4 / 2.54, "ex": basePixels / 2, "ch": basePixels / 2,
}

// pixelsNamed is the size of the words that CSS has for small sizes.
var pixelsNamed = map[string]float64{"xx-small": 9, "x-small": 10, "small": 13, "smaller": 13}

// fontPixels is the size of what <font size=…> makes smaller.
var fontPixels = map[string]float64{"1": 10, "2": 13, "-1": 13, "-2": 10}

// smaller are the elements that browsers make smaller by themselves, with what
// Markdown writes for them.
var smaller = map[string]struct {
	pixels   float64
	markdown string
}{
	"h5": {0.83 * basePixels, "#####"}, "h6": {0.67 * basePixels, "######"},
	"small": {pixels: 13}, "sub": {pixels: 13}, "sup": {pixels: 13},
}

// sizes reports whether a style gives an element a size, which is judged there.
func (d *document) sizes(e element) bool {
	own := func(css string) bool { return cssSize().MatchString(css) || cssFont().MatchString(css) }
	rule := regexp.MustCompile(`(?i)(?:^|[\s,{}>])` + e.name + `\s*(?:,[^{}]*)?\{([^{}]*)\}`)
	return own(e.style) || slices.ContainsFunc(d.styles, func(css string) bool {
		return slices.ContainsFunc(rule.FindAllStringSubmatch(styleText(css), -1), func(m []string) bool { return own(m[1]) })
	})
}

// sizeProblems are sizes below 10 points.
func sizeProblems(w *wording) []problem {
	var out []problem
	complain := func(size string, pixels float64, fragments ...string) {
		out = append(out, problem{rule: RuleTextSize, fragments: fragments,
			text: fmt.Sprintf("the size %s is %s points, and less than 10 is too small to read (California: Cal. Civ. Code § 1798.82)", size, strconv.FormatFloat(pixels*72/96, 'f', -1, 32))})
	}
	for _, css := range w.doc.styles {
		css = styleText(css)
		for _, m := range append(cssSize().FindAllStringSubmatch(css, -1), cssFont().FindAllStringSubmatch(css, -1)...) {
			if size, pixels, ok := sizeIn(m[1]); ok && pixels < smallPixels-0.01 {
				complain(size, pixels, strings.TrimSpace(strings.TrimLeft(m[0], "{;")), size)
			}
		}
	}
	for _, e := range w.doc.elements {
		if s, ok := smaller[e.name]; ok && !w.doc.sizes(e) {
			complain("of <"+e.name+">", s.pixels, "<"+e.name, s.markdown)
		}
		for _, a := range e.attributes {
			if e.name == "font" && a.Key == "size" && fontPixels[a.Val] > 0 {
				complain(`"`+a.Val+`" of <font>`, fontPixels[a.Val], "<font")
			}
		}
	}
	return out
}

// sizeIn returns the first size in the value of font-size or font, in pixels.
func sizeIn(value string) (string, float64, bool) {
	if m := cssFunction().FindStringSubmatch(value); m != nil {
		pixels, ok := computed(strings.ToLower(m[1]), strings.ToLower(m[2]))
		return m[0], pixels, ok
	}
	for _, word := range strings.Fields(strings.ToLower(value)) {
		word, _, _ = strings.Cut(word, "/")
		if pixels, ok := pixelsNamed[word]; ok {
			return word, pixels, true
		}
		m := cssLength().FindStringSubmatch(word)
		if m == nil || m[2] == "" && m[1] != "0" { // 600 is a weight
			continue
		}
		n, err := strconv.ParseFloat(m[1], 64)
		return word, n * pixelsOf[m[2]], err == nil
	}
	return "", 0, false
}

var cssFunction = pattern(`(?i)\b(calc|min|max|clamp)\(([^()]*)\)`)

// computed returns what a function of CSS gives, in pixels. Of min and clamp it
// is the smallest size, of calc what stands there from left to right.
func computed(name, arguments string) (float64, bool) {
	if name != "calc" {
		var list []float64
		for a := range strings.SplitSeq(arguments, ",") {
			if pixels, ok := computed("calc", a); ok {
				list = append(list, pixels)
			}
		}
		switch {
		case len(list) == 0:
			return 0, false
		case name == "max":
			return slices.Max(list), true
		}
		return slices.Min(list), true
	}
	words := strings.Fields(strings.NewReplacer("*", " * ", "/", " / ").Replace(arguments))
	var sum float64
	for i := 0; i < len(words); i += 2 {
		m := cssLength().FindStringSubmatch(words[i])
		if m == nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if m[2] != "" {
			n *= pixelsOf[m[2]]
		}
		if err != nil {
			return 0, false
		}
		switch {
		case i == 0:
			sum = n
		case words[i-1] == "+":
			sum += n
		case words[i-1] == "-":
			sum -= n
		case words[i-1] == "*":
			sum *= n
		case words[i-1] == "/" && n != 0:
			sum /= n
		}
	}
	return sum, len(words) > 0
}
