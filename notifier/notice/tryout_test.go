package notice

import (
	"testing"
	"testing/fstest"
)

// A value that is printed where it can be empty is refused before anything
// leaves, with what to do about it.
func TestEmptyValues(t *testing.T) {
	for _, tt := range []struct{ markdown, want string }{
		{"# N\n\nCall {{.Contact.Phone}}", "templates/notice.en.md:3: .Contact.Phone is empty here (write it inside {{if .Contact.Phone}}, or fill in incident.contact.phone)"},
		{"\n{{$.Incident.Services}}", "templates/notice.en.md:2: $.Incident.Services is empty here (write it inside {{if $.Incident.Services}}, or fill in incident.services)"},
		{"\n{{.Incident.Contact.Phone}}", "templates/notice.en.md:2: .Incident.Contact.Phone is empty here (write it inside {{if .Incident.Contact.Phone}}, or fill in incident.contact.phone)"},
		{"\n{{.Incident.Parent}}", "or fill in incident.parent_company)"},
		{"\n{{.Incident.Affected}}", "or fill in incident.affected)"},
		{"\n{{.Incident.LawEnforcementDelay}}", "or fill in incident.law_enforcement_delay)"},
		{"\n{{.Sender.ReplyTo}}", "or fill in sender.reply_to)"},
		{"\n{{.Name}}", "templates/notice.en.md:2: .Name is empty here (write it inside {{if .Name}})"},
		{"{{if .Name}}\n{{else}}\n{{.Name}}{{end}}", "templates/notice.en.md:3: .Name is empty here"},
		{"\n{{.Extra.store}}", "templates/notice.en.md:2: .Extra.store is empty here (write it inside {{if .Extra.store}})"},
		{"{{if .Extra.store}}\n{{.Extra.plan}}{{end}}", "templates/notice.en.md:2: .Extra.plan is empty here"},
		{"{{if .Extra.plan}}\n{{.Extra.store}}{{end}}", "templates/notice.en.md:2: .Extra.store is empty here"},
		{"{{if .Extra.plan}}{{else}}{{if .Extra.store}}\n{{.Name}}{{end}}{{end}}", "templates/notice.en.md:2: .Name is empty here"},
		{"{{range .Accounts}}\n- {{.LastFour}}\n{{end}}", "templates/notice.en.md:2: .LastFour is empty here (write it inside {{if .LastFour}})"},
		{"{{range $a := .Accounts}}\n- {{$a.LastFour}}\n{{end}}", "templates/notice.en.md:2: $a.LastFour is empty here (write it inside {{if $a.LastFour}})"},
		{"\n{{(index .Accounts 0).LastFour}}", "templates/notice.en.md:2: (index .Accounts 0).LastFour is empty here"},
		{"{{with .Incident}}\n{{.Services}}{{end}}", "templates/notice.en.md:2: .Services is empty here (write it inside {{if .Services}})"},
		{"\n{{.State}}", "templates/notice.en.md:2: .State is empty here"},
		{"{{define `x`}}\n{{.}}{{end}}{{template `x` .Name}}", "templates/notice.en.md:2: . is empty here"},
	} {
		o := withColumns(t, tt.markdown)
		o.Incident.Contact.Phone, o.Sender.ReplyTo = "", ""
		t.Run(tt.markdown, func(t *testing.T) { wantError(t, o, tt.want) })
	}
}

func TestEmptyValuesInLayout(t *testing.T) {
	o := withTemplate(t, "# N\n")
	o.Templates.(fstest.MapFS)[layoutFile] = &fstest.MapFile{Data: []byte("<html>\n{{.Incident.Services}}\n{{template \"notice\" .}}")}
	wantError(t, o, "templates/layout.html:2: .Incident.Services is empty here")
}

// What is there whenever it is printed is no error, and neither is a template
// that nobody gets.
func TestValuesThatAreThere(t *testing.T) {
	for _, markdown := range []string{
		"{{if .Name}}{{.Name}}{{end}} {{.Reference}} {{.Types}} {{.Language}} {{.Incident.Company}}",
		"{{with .Name}}{{.}}{{end}}",
		"{{range .Incident.Involved}}{{.}}{{end}} {{range .Incident.NotInvolved}}{{.}}{{end}}",
		"{{if .Incident.Occurred.Known}}{{date .Incident.Occurred.From}}{{end}}",
		"{{if and .Name .Extra.store}}{{.Name}} {{.Extra.store}}{{end}}",
		"{{if or .Name .Extra.store}}{{if .Name}}{{.Name}}{{else}}{{.Extra.store}}{{end}}{{end}}",
		"{{if .Law.State}}{{.Law.State}}{{end}} {{range .Law.Offices}}{{.Name}}{{end}}",
	} {
		wantNothing(t, withColumns(t, markdown))
	}
	o := withTemplate(t, "# N\n")
	o.Templates.(fstest.MapFS)["massachusetts.en.md"] = &fstest.MapFile{Data: []byte("{{.Law.State}}")}
	wantNothing(t, o)
	o.Law = lawFrom(t, "MA,name,Massachusetts", "MA,template,massachusetts")
	wantNothing(t, o)
}
