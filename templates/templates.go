// Package templates holds the built-in notice templates, which init copies
// into a campaign and a campaign's own templates are compared with.
package templates

import "embed"

// FS has one Markdown file a notice and language, for example notice.en.md,
// and layout.html, the page around every notice.
//
//go:embed *.md *.html
var FS embed.FS
