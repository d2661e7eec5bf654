package review

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
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
	cssComment  = pattern(`(?s)/\*.*?(\*/|$)`)
	cssURL      = pattern(`(?i)\burl\(\s*["']?\s*([^"')\s]*)`)
	cssImport   = pattern(`(?i)@import\b`)
	cssImageSet = pattern(`(?i)image-set\(\s*["']`)
	cssEscape   = pattern(`\\(?:[0-9A-Fa-f]{1,6}\s?|[^0-9A-Fa-f\n])`)
)

// styleText returns CSS without comments and escapes, which hide words.
func styleText(css string) string {
	css = cssComment().ReplaceAllString(css, "")
	return cssEscape().ReplaceAllStringFunc(css, func(e string) string {
		n, err := strconv.ParseUint(strings.TrimSpace(e[1:]), 16, 32)
		if err != nil {
			return e[1:]
		}
		return string(rune(n))
	})
}

// styleProblems are style sheets that load something.
func styleProblems(w *wording) []problem {
	var out []problem
	for _, raw := range w.doc.styles {
		css := styleText(raw)
		spelled := cssEscape().FindString(raw) // in the file where the rest cannot be found
		for _, m := range cssURL().FindAllStringSubmatch(css, -1) {
			p := problem{rule: RuleRemoteContent, fragments: []string{m[0], "url(", spelled}, text: "a style loads something from elsewhere"}
			if s := strings.ToLower(m[1]); strings.HasPrefix(s, "data:") || strings.HasPrefix(s, "cid:") {
				p.rule, p.text = RuleAttachment, "a style brings something along beside the two bodies"
			}
			out = append(out, p)
		}
		if cssImageSet().MatchString(css) {
			out = append(out, problem{rule: RuleRemoteContent, fragments: []string{"image-set(", spelled}, text: "a style loads one of several pictures from elsewhere"})
		}
		if cssImport().MatchString(css) {
			out = append(out, problem{rule: RuleRemoteContent, fragments: []string{"@import", spelled}, text: "a style loads another from elsewhere"})
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
