// Package templates holds the built-in templates, of the notices and of the
// texts for the website and the call center. Init copies them into a campaign,
// and a campaign's own templates are compared with them.
package templates

import "embed"

// FS has one Markdown file a text and language, for example notice.en.md or
// website.en.md, and layout.html, the page around every notice.
//
//go:embed *.md *.html
var FS embed.FS
