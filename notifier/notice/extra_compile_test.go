package notice

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestExtraCompileErrors(t *testing.T) {
	const whole = ".Extra cannot be used as a whole (write .Extra.NAME"
	for _, tt := range []struct{ name, markdown, want string }{
		{"not configured", "# N\n\n{{.Extra.shop}}\n", "templates/notice.en.md:3: there is no column .Extra.shop (name shop under exports.extra in campaign.yaml"},
		{"on a path not taken", "{{if eq .State `WY`}}\n\n{{.Extra.shop}}{{end}}", "templates/notice.en.md:3: there is no column .Extra.shop"},
		{"in a condition", "\n{{if .Extra.shop}}x{{end}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"in an else if", "{{if .Name}}\n{{else if eq .Extra.shop `x`}}x{{end}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"as an argument", "\n{{printf `%s` .Extra.shop}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"by variable", "{{range .Accounts}}\n{{$.Extra.shop}}{{end}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"by another variable", "{{$d := .}}\n{{$d.Extra.shop}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"of a dot of unknown type", "{{with and . .}}{{if eq .State `WY`}}\n{{.Extra.shop}}{{end}}{{end}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"behind brackets", "\n{{(and . .).Extra.shop}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"in a template of its own", "{{define `x`}}\n{{.Extra.shop}}{{end}}{{template `x` .}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"handed to a template", "{{define `x`}}{{end}}\n{{template `x` (print .Extra.shop)}}", "templates/notice.en.md:2: there is no column .Extra.shop"},
		{"in capitals", "{{.Extra.Store}}", "templates/notice.en.md:1: there is no column .Extra.Store"},
		{"of another field", "\n{{.Contact.Extra.store}}", "templates/notice.en.md:2: there is no field .Extra"},
		{"behind a column", "\n{{.Extra.store.x}}", "templates/notice.en.md:2: there is no field .x"},
		{"printed as a whole", "\n{{.Extra}}", "templates/notice.en.md:2: " + whole},
		{"ranged over", "\n{{range $k, $v := .Extra}}{{$k}}{{end}}", "templates/notice.en.md:2: " + whole},
		{"in a variable", "\n{{$e := .Extra}}{{$e.shop}}", "templates/notice.en.md:2: " + whole},
		{"indexed", "\n{{index .Extra `store`}}", "templates/notice.en.md:2: " + whole},
		{"in brackets", "\n{{(.Extra).store}}", "templates/notice.en.md:2: " + whole},
		{"with", "\n{{with .Extra}}{{.store}}{{end}}", "templates/notice.en.md:2: " + whole},
		{"tested as a whole", "\n{{if .Extra}}x{{end}}", "templates/notice.en.md:2: " + whole},
		{"fails where it is empty", "\n{{if not .Extra.store}}{{index .Accounts 9}}{{end}}", "templates/notice.en.md:2: <index .Accounts 9>: error calling index"},
		{"handed on as a whole", "{{define `x`}}{{end}}\n{{template `x` .Extra}}", "templates/notice.en.md:2: " + whole},
	} {
		t.Run(tt.name, func(t *testing.T) { wantError(t, withColumns(t, tt.markdown), tt.want) })
	}
	wantError(t, withTemplate(t, "\n{{.Extra.store}}"), "templates/notice.en.md:2: there is no column .Extra.store")

	o := withColumns(t, "{{.Extra.store}}")
	files := o.Templates.(fstest.MapFS)
	files["notice.es.md"] = &fstest.MapFile{Data: []byte("# Aviso\n\n\n{{.Extra.tienda}}")}
	wantError(t, o, "templates/notice.es.md:4: there is no column .Extra.tienda")
	files["notice.es.md"] = files["notice.en.md"]
	files[layoutFile] = &fstest.MapFile{Data: []byte("<html>\n{{.Extra.shop}}\n{{template \"notice\" .}}")}
	wantError(t, o, "templates/layout.html:2: there is no column .Extra.shop")
}

// Whatever way a template reaches a column that there is, it gets its text.
func TestExtraWays(t *testing.T) {
	for markdown, want := range map[string]string{
		ifThere(".Extra.store"):                                                          "S",
		"{{if .Extra.store}}{{ .Extra.store -}}{{end}}":                                  "S",
		ifThere("$.Extra.store"):                                                         "S",
		"{{range .Accounts}}" + ifThere("$.Extra.store") + "{{end}}":                     "S",
		"{{with .Extra.store}}{{.}}{{end}}":                                              "S",
		"{{$d := .}}" + ifThere("$d.Extra.store"):                                        "S",
		"{{with and . .}}" + ifThere(".Extra.store") + "{{end}}":                         "S",
		ifThere("(and . .).Extra.store"):                                                 "S",
		"{{printf `%s-%s` .Extra.store .Extra.plan}}":                                    "S-P",
		"{{if eq .Extra.plan `P`}}yes{{end}}":                                            "yes",
		"{{if and .Extra.plan .Extra.store}}yes{{end}}":                                  "yes",
		"{{define `x`}}" + ifThere(".Extra.store") + "{{end}}{{template `x` .}}":         "S",
		"{{define `x`}}" + ifThere(".") + "{{end}}{{template `x` .Extra.store}}":         "S",
		"{{define `x`}}" + ifThere(".") + "{{end}}{{template `x` (print .Extra.store)}}": "S",
	} {
		n, err := Compile(withColumns(t, markdown))
		if err != nil {
			t.Errorf("%s: %v", markdown, err)
			continue
		}
		r := sample(variant("prepaid"))
		setExtra(&r, "P", "S")
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Errorf("%s: %v", markdown, err)
			continue
		}
		text, html := read(t, m)
		if text != want+"\n" || !strings.Contains(html, "<p>"+want+"</p>") {
			t.Errorf("%s: got %q, want %q", markdown, text, want)
		}
	}
}

// Words of the template language are good names of columns, too; and a page
// around the notice may use columns.
func TestExtraNames(t *testing.T) {
	names := []string{"if", "end", "range", "len", "nil", "x_1", "a" + repeat("b", 39)}
	var src strings.Builder
	for _, name := range names {
		src.WriteString(ifThere(".Extra."+name) + " ")
	}
	o := withTemplate(t, src.String())
	files := o.Templates.(fstest.MapFS)
	files[layoutFile] = &fstest.MapFile{Data: []byte("<title>" + ifThere(".Extra.page") + "</title>\n{{template \"notice\" .}}")}
	o.Extra = append([]string{"page"}, names...)
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := n.Sample(variant("both"))
	m, err := n.Compose(&r, sent)
	if err != nil {
		t.Fatal(err)
	}
	text, html := read(t, m)
	want := "[" + strings.Join(names, "] [") + "]"
	if text != want+"\n" || !strings.Contains(html, "<p>"+want+"</p>") || !strings.Contains(html, "<title>[page]</title>") {
		t.Errorf("got %q and\n%s", text, html)
	}
}
