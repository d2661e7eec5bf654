package notice

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestTemplateErrors(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		{"unknown field", "# N\n\nDear {{.Nmae}}\n", "templates/notice.en.md:3: there is no field .Nmae"},
		{"unknown field on a path not taken", "{{if eq .State \"WY\"}}\n{{.Incident.Fone}}\n{{end}}\n", "templates/notice.en.md:2: there is no field .Fone"},
		{"unknown field in a range", "{{range .Accounts}}\n- {{.Number}}\n{{end}}\n", "templates/notice.en.md:2: there is no field .Number"},
		{"unknown field of a variable", "\n\n{{range $i, $a := .Accounts}}{{$a.Name}}{{end}}", "templates/notice.en.md:3: there is no field .Name"},
		{"syntax", "# N\n\n{{if .Name}}\n", "templates/notice.en.md:4: unexpected EOF"},
		{"function", "# N\n{{upper .Name}}\n", `templates/notice.en.md:2: function "upper" not defined`},
		{"fails when executed", "\n{{index .Accounts 9}}\n", "templates/notice.en.md:2: <index .Accounts 9>: error calling index"},
		{"html", "# N\n\nSome <b>bold</b> text\n", `templates/notice.en.md: HTML is not allowed: "<b>" (write plain Markdown)`},
		{"html block", "# N\n\n<div>\nx\n</div>\n", `templates/notice.en.md: HTML is not allowed`},
		{"picture", "![x](https://example.com/x.png)\n", `templates/notice.en.md: a picture is not allowed: "https://example.com/x.png"`},
		{"token", "bm7act0zz\n", "may not stand in a template"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantError(t, withTemplate(t, tt.markdown), tt.want) })
	}
}

func TestFileErrors(t *testing.T) {
	o := testOptions()
	o.Templates = fstest.MapFS{}
	wantError(t, o, "templates/notice.en.md is missing")
	o.Templates = fstest.MapFS{"notice.en.md": {Data: []byte("# N")}}
	wantError(t, o, "templates/layout.html is missing")
	o.Templates = fstest.MapFS{"notice.en.md": {Data: []byte("# N")}, layoutFile: {Data: []byte("<html>\n{{.Nope}}")}}
	wantError(t, o, `templates/layout.html: {{template "notice" .}} is missing`)
	o.Templates = fstest.MapFS{"notice.en.md": {Data: []byte("# N")}, layoutFile: {Data: []byte("<html>\n{{.Nope}}{{template \"notice\" .}}")}}
	wantError(t, o, `templates/layout.html:2: there is no field .Nope`)
}

func TestOptionErrors(t *testing.T) {
	for _, tt := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Incident.Company = " " }, "campaign.yaml: incident.company is empty"},
		{func(o *Options) { o.Incident.Involved = nil }, "campaign.yaml: incident.data_involved is empty"},
		{func(o *Options) { o.Incident.NoticeDate = time.Time{} }, "campaign.yaml: incident.notice_date is empty"},
		{func(o *Options) { o.Incident.Contact = Contact{Hours: "always"} }, "campaign.yaml: incident.contact is empty"},
		{func(o *Options) { o.Incident.WhatHappened = "x <script>" }, "campaign.yaml: incident.what_happened: HTML is not allowed"},
		{func(o *Options) { o.Incident.Occurred.To = noticeDay.AddDate(-1, 0, 0) }, "campaign.yaml: incident.occurred ends before it begins"},
		{func(o *Options) { o.Incident.LawEnforcementDelay = "maybe" }, "campaign.yaml: incident.law_enforcement_delay is neither yes nor no"},
		{func(o *Options) { o.Sender.From = "a@example.com\r\nBcc: b@example.com" }, "campaign.yaml: sender.from holds control characters"},
		{func(o *Options) { o.Sender.Subject = "a\nb" }, "campaign.yaml: sender.subject holds control characters"},
		{func(o *Options) { o.Sender.Subject = repeat("x", 1200) }, "too long for a mail header"},
		{func(o *Options) { o.Sender.ReplyTo = "Privacy <privacy@example.com>" }, "campaign.yaml: sender.reply_to is not a plain address"},
		{func(o *Options) { o.Sender.ReplyTo = "zoë@example.com" }, "campaign.yaml: sender.reply_to is not a plain address"},
		{func(o *Options) { o.Sender.ReturnPath = "bounces" }, "campaign.yaml: sender.return_path is not a plain address"},
		{func(o *Options) { o.Sender.From = "TODO" }, "campaign.yaml: sender.from is not of the form"},
		{func(o *Options) { o.Sender.Hostname = "mail example" }, "campaign.yaml: sender.hostname is not a host name"},
		{func(o *Options) { o.Campaign = "a>b" }, "campaign.yaml: campaign may have"},
	} {
		o := testOptions()
		tt.change(&o)
		wantError(t, o, tt.want)
	}
}

func wantError(t *testing.T, o Options, want string) {
	t.Helper()
	if _, err := Compile(o); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Which templates can be rendered once for a whole shape, and which cannot.
func TestPlain(t *testing.T) {
	for markdown, want := range map[string]bool{
		"{{if .Name}}{{.Name}}{{end}} {{$.Reference}}":                                        true,
		"{{if .Name}}{{.Name}}{{else if eq .Types `both`}}x{{end}}":                           true,
		"{{if not .Name}}x{{end}}":                                                            true,
		"{{if gt (len .Accounts) 1}}s{{end}}":                                                 true,
		"{{range $i, $a := .Accounts}}{{$i}} {{if $a.LastFour}}{{$a.LastFour}}{{end}}{{end}}": true,
		"{{range .Accounts}}{{if .LastFour}}{{.LastFour}}{{end}}{{end}}":                      true,
		"{{range .Incident.Involved}}{{.}}{{end}}":                                            true,
		"{{define `x`}}{{if .Name}}{{.Name}}{{end}}{{end}}{{template `x` .}}":                 true,
		"{{define `x`}}{{if .}}{{.}}{{end}}{{end}}{{template `x` .Name}}":                     false,
		"{{printf `%5s` .Name}}":                                                              false,
		"{{len .Name}}":                                                                       false,
		"{{if eq .Name `Bob`}}x{{end}}":                                                       false,
		"{{with .Name}}{{.}}{{end}}":                                                          true,
		"{{with .Name}}{{if .}}{{.}}{{end}}{{else}}Hello{{end}}":                              true,
		"{{with .Name}}{{len .}}{{end}}":                                                      false,
		"{{with .Name}}{{printf `%5s` .}}{{end}}":                                             false,
		"{{with $n := .Name}}{{$n}}{{end}}":                                                   false,
		"{{$n := .Name}}{{if $n}}{{$n}}{{end}}":                                               false,
		"{{if (index .Accounts 0).LastFour}}{{(index .Accounts 0).LastFour}}{{end}}":          false,
		"{{.Accounts}}":                   false,
		"{{.}}":                           false,
		"{{range .Accounts}}{{.}}{{end}}": false,
		"{{.Name | html}}":                false,
		"{{if .Extra.store}}{{.Extra.store}}{{end}} {{if .Extra.plan}}{{$.Extra.plan}}{{end}}": true,
		"{{if .Extra.store}}{{if .Extra.plan}}{{.Extra.plan}}{{end}}{{end}}":                   true,
		"{{range .Accounts}}{{if $.Extra.store}}{{$.Extra.store}}{{end}}{{end}}":               true,
		"{{if not .Extra.store}}x{{end}}":                                                      true,
		"{{if eq .Extra.store `x`}}x{{end}}":                                                   false,
		"{{with .Extra.store}}{{.}}{{end}}":                                                    true,
		"{{printf `%5s` .Extra.store}}":                                                        false,
		"{{with and . .}}{{if .Extra.store}}{{.Extra.store}}{{end}}{{end}}":                    false,
	} {
		n, err := Compile(withColumns(t, markdown))
		if err != nil {
			t.Errorf("%s: %v", markdown, err)
			continue
		}
		if got := n.pages[pageName{Name, "en"}].plain; got != want {
			t.Errorf("%s: plain is %v, want %v", markdown, got, want)
		}
	}
}

// An action may stand wherever Markdown allows text.
func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ markdown, text, html string }{
		{"{{- if .Name -}}\nDear {{.Name}}\n{{- else -}}\nHello\n{{- end -}}\n\nBye", "Dear Maria Sample\n\nBye\n", "<p>Dear Maria Sample</p>\n<p>Bye</p>"},
		{"{{range .Accounts}}\n1. {{if .LastFour}}{{.LastFour}}{{end}}\n{{end}}\nx", "1. 4821\n\nx\n", "<ol>\n<li>4821</li>\n</ol>\n<p>x</p>"},
		{"a **b {{.Types}}** [c](https://example.com/{{.Types}})", "a b prepaid c (https://example.com/prepaid)\n", `<p>a <strong>b prepaid</strong> <a href="https://example.com/prepaid">c</a></p>`},
		{"a\\\nb  \nc\nd &amp; \\*e\\*", "a\nb\nc d & *e*\n", "<p>a<br>\nb<br>\nc\nd &amp; *e*</p>"},
		{"{{/* no }} reader */}}x {{\"}}{{\"}}", "x }}{{\n", "<p>x }}{{</p>"},
		{"&#123;{ {\\{.Name}}", "{{ {{.Name}}\n", "<p>{{ {{.Name}}</p>"},
		{"---\n\n- a\n  - b\n- c\n", "* * *\n\n- a\n  - b\n- c\n", "<hr>\n<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"},
	} {
		n, err := Compile(withTemplate(t, tt.markdown))
		if err != nil {
			t.Errorf("%q: %v", tt.markdown, err)
			continue
		}
		r := sample(variant("prepaid"))
		text, html, err := n.Render(&r)
		if err != nil {
			t.Errorf("%q: %v", tt.markdown, err)
		}
		if string(text) != tt.text {
			t.Errorf("%q\n got %q\nwant %q", tt.markdown, text, tt.text)
		}
		if !strings.Contains(string(html), tt.html) {
			t.Errorf("%q\n got %s\nwant %s", tt.markdown, html, tt.html)
		}
	}
}

// What a template computes with somebody's own values stands on no sample: the
// place is named.
func TestComputed(t *testing.T) {
	for template, want := range map[string]string{
		"{{if .Name}}Dear {{.Name}},{{end}}\n\n{{if not .Name}}a{{else}}b{{end}}{{if gt (len .Accounts) 1}}c{{end}}{{len .Accounts}}\n": "",
		"Hello\n\n{{if eq (len .Accounts) 4}}c{{end}}\n":                         "templates/notice.en.md:3",
		"Hello\n\n{{$n := len .Accounts}}{{if eq $n 4}}c{{end}}\n":               "templates/notice.en.md:3",
		"Hello,\n\n{{if eq .Name \"Maria Sample\"}}\n\nto one only\n\n{{end}}\n": "templates/notice.en.md:3",
		"Hello\n\n{{printf \"%.1s\" .Name}}\n\n{{slice .Reference 0 5}}\n":       "templates/notice.en.md:3",
	} {
		n, err := Compile(withTemplate(t, template))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(n.Computed(), " "); got != want {
			t.Errorf("%q: %q, not %q", template, got, want)
		}
	}
}
