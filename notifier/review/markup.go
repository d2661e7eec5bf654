package review

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
)

// What elements that no notice may have do, by name.
var (
	loading = map[string]bool{
		"img": true, "picture": true, "source": true, "video": true, "audio": true, "track": true, "iframe": true, "frame": true,
		"object": true, "embed": true, "applet": true, "image": true, "use": true, "base": true, "link": true, "svg": true,
	}
	asking  = map[string]bool{"form": true, "input": true, "button": true, "select": true, "textarea": true, "datalist": true}
	fetches = map[string]bool{"src": true, "srcset": true, "background": true, "poster": true, "data": true, "xlink:href": true, "lowsrc": true, "dynsrc": true, "ping": true}
)

// markupProblems judges a wording's elements, attributes and style sheets.
func markupProblems(w *wording) []problem {
	var out []problem
	complain := func(rule, fragment, format string, args ...any) {
		out = append(out, problem{rule: rule, fragments: []string{fragment}, text: fmt.Sprintf(format, args...)})
	}
	for _, e := range w.doc.elements {
		switch {
		case loading[e.name]:
			complain(RuleRemoteContent, "<"+e.name, "<%s> is there to load something (a notice loads nothing: mail programs warn of it, and it tells who reads)", e.name)
		case asking[e.name]:
			complain(RuleForm, "<"+e.name, "<%s> asks for input (a notice asks for nothing)", e.name)
		case e.name == "script":
			complain(RuleScript, "<script", "a script (mail programs refuse it, and filters take the mail for an attack)")
		}
		for _, a := range e.attributes {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"):
				complain(RuleScript, a.Key+"=", "the attribute %s runs a script", a.Key)
			case fetches[a.Key] && (strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "cid:")):
				complain(RuleAttachment, a.Key+"=", "%s=%.20q brings something along beside the two bodies", a.Key, a.Val)
			case fetches[a.Key] && !loading[e.name] && value != "":
				complain(RuleRemoteContent, a.Key+"=", "the attribute %s loads something from elsewhere", a.Key)
			case a.Key == "http-equiv" && value == "refresh":
				complain(RuleRemoteContent, "http-equiv", "the page leads elsewhere by itself")
			}
		}
	}
	return append(out, styleProblems(w)...)
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?(\*/|$)`)
	cssURL     = regexp.MustCompile(`(?i)\burl\(\s*["']?\s*([^"')\s]*)`)
	cssImport  = regexp.MustCompile(`(?i)@import\b`)
)

// styleProblems are style sheets that load something.
func styleProblems(w *wording) []problem {
	var out []problem
	for _, css := range w.doc.styles {
		css = cssComment.ReplaceAllString(css, "")
		for _, m := range cssURL.FindAllStringSubmatch(css, -1) {
			p := problem{rule: RuleRemoteContent, fragments: []string{m[0], "url("}, text: "a style loads something from elsewhere"}
			if s := strings.ToLower(m[1]); strings.HasPrefix(s, "data:") || strings.HasPrefix(s, "cid:") {
				p.rule, p.text = RuleAttachment, "a style brings something along beside the two bodies"
			}
			out = append(out, p)
		}
		if cssImport.MatchString(css) {
			out = append(out, problem{rule: RuleRemoteContent, fragments: []string{"@import"}, text: "a style loads another from elsewhere"})
		}
	}
	return out
}

// attachmentProblems are parts of a message beside its two bodies.
func attachmentProblems(message []byte) []problem {
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return []problem{{rule: RuleAttachment, text: "the message cannot be read back: " + err.Error()}}
	}
	var out []problem
	bodies := map[string]int{}
	walkParts(m.Header.Get("Content-Type"), m.Header.Get("Content-Disposition"), m.Body, func(kind, disposition string) {
		bodies[kind]++
		isBody := (kind == "text/plain" || kind == "text/html") && bodies[kind] == 1
		if !isBody || strings.HasPrefix(strings.ToLower(disposition), "attachment") {
			out = append(out, problem{rule: RuleAttachment, text: fmt.Sprintf("the message has a part of type %.60q beside its two bodies (a notice has no attachments)", kind)})
		}
	})
	return out
}

// walkParts calls f for each part of a message that is not made of parts.
func walkParts(contentType, disposition string, body io.Reader, f func(kind, disposition string)) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		f(kind, disposition)
		return
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return
		}
		walkParts(p.Header.Get("Content-Type"), p.Header.Get("Content-Disposition"), p, f)
	}
}

const (
	basePixels  = 16.0          // what em, rem and % are taken of
	smallPixels = 10 * 96 / 72. // 10 points
)

var (
	cssSize   = regexp.MustCompile(`(?i)(?:^|[{;\s])font-size\s*:\s*([^;}!]+)`)
	cssFont   = regexp.MustCompile(`(?i)(?:^|[{;\s])font\s*:\s*([^;}!]+)`)
	cssLength = regexp.MustCompile(`(?i)^(\d*\.?\d+)(px|pt|em|rem|%|pc|in|cm|mm|q|ex|ch)?$`)
)

// pixelsOf is the size of a unit of CSS.
var pixelsOf = map[string]float64{
	"px": 1, "pt": 96 / 72., "em": basePixels, "rem": basePixels, "%": basePixels / 100, "pc": 16,
	"in": 96, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "q": 2.4 / 2.54, "ex": basePixels / 2, "ch": basePixels / 2,
}

// pixelsNamed is the size of the words that CSS has for small sizes.
var pixelsNamed = map[string]float64{"xx-small": 9, "x-small": 10, "small": 13}

// fontPixels is the size of what <font size=…> makes smaller.
var fontPixels = map[string]float64{"1": 10, "2": 13, "-1": 13, "-2": 10}

// sizeProblems are sizes below 10 points.
func sizeProblems(w *wording) []problem {
	var out []problem
	complain := func(size string, pixels float64, fragments ...string) {
		out = append(out, problem{rule: RuleTextSize, fragments: fragments,
			text: fmt.Sprintf("the size %s is %s points, and less than 10 is too small to read (California: Cal. Civ. Code § 1798.82)", size, strconv.FormatFloat(pixels*72/96, 'f', -1, 32))})
	}
	for _, css := range w.doc.styles {
		css = cssComment.ReplaceAllString(css, "")
		for _, m := range append(cssSize.FindAllStringSubmatch(css, -1), cssFont.FindAllStringSubmatch(css, -1)...) {
			if size, pixels, ok := sizeIn(m[1]); ok && pixels < smallPixels-0.01 {
				complain(size, pixels, strings.TrimSpace(strings.TrimLeft(m[0], "{;")), size)
			}
		}
	}
	for _, e := range w.doc.elements {
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
	for _, word := range strings.Fields(strings.ToLower(value)) {
		word, _, _ = strings.Cut(word, "/")
		if pixels, ok := pixelsNamed[word]; ok {
			return word, pixels, true
		}
		m := cssLength.FindStringSubmatch(word)
		if m == nil || m[2] == "" && m[1] != "0" { // 600 is a weight
			continue
		}
		n, err := strconv.ParseFloat(m[1], 64)
		return word, n * pixelsOf[m[2]], err == nil
	}
	return "", 0, false
}
