// Package bundle makes what counsel gets to review a notice: one page that
// opens in any browser, with the messages and texts beside it as files, and one
// archive of all that.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"

	"breachmail/notifier"
)

//go:embed page
var pageFiles embed.FS

// style and script stand in the page itself, which loads nothing.
var (
	style  = mustRead("page/page.css")
	script = mustRead("page/page.js")
)

// scriptHash is how the page's policy knows its one script (CSP Level 3,
// section 2.3.1).
var scriptHash = func() string {
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}()

func mustRead(name string) string {
	b, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(b)
}

// pageTemplate is parsed by the run that writes a page.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.html").Funcs(functions).ParseFS(pageFiles, "page/*.html"))
})

var functions = template.FuncMap{
	"style":      func() template.CSS { return template.CSS(style) }, //nolint:gosec // a file of ours
	"script":     func() template.JS { return template.JS(script) },  //nolint:gosec // a file of ours
	"scriptHash": func() string { return scriptHash },

	"count":  count,
	"people": people,
	"plural": plural,
	"date":   func(t time.Time) string { return t.Format("January 2, 2006") },
	"stamp":  func(t time.Time) string { return t.Format("January 2, 2006, 15:04 MST") },
	"hex":    func(d notifier.Digest) string { return fmt.Sprintf("%x", d[:]) },
	"email":  func(a notifier.Address) string { return a.Reveal() },
	"short":  short,
	"inc":    func(i int) int { return i + 1 },
	"dec":    func(i int) int { return i - 1 },
	"list":   func(v ...any) []any { return v },

	"language": language,
	"accounts": accounts,
	"capital":  capital,
	"are":      are,
	"listed":   listed,
	"brief":    brief,
	"folded":   folded,
	"roundly":  roundly,
	"minutes":  minutes,
	"briefly":  briefly,

	"anchor":      anchor,
	"sampleFile":  func(v notifier.Variant) string { return SampleFile(v.String()) },
	"awkwardFile": awkwardFile,
	"difference":  differenceID,
	"ending":      ending,

	"plain":  plain,
	"srcdoc": srcdoc,
	"head":   head,
	"tall":   tall,

	"others":    others,
	"addresses": addresses,
	"asked":     func(what string) string { return orElse(asked[what], what) },
	"cite":      cite,
	"facts":     facts,
	"factName":  factName,
	"factValue": factValue,
}

// Page writes the preview page: one HTML file that needs nothing outside
// itself. Its one script only helps to find things.
func Page(w io.Writer, p PageData) error { return newView(p).write(w) }

func (v *view) write(w io.Writer) error {
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
