package notice

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"breachmail/notifier"
)

// tryOut renders every variant with stand-ins, so that nothing fails, or is
// empty where it must not be, once notices leave. Templates that no variant
// uses must only be such that they can be executed.
func (n *Notice) tryOut() error {
	used := map[pageName]bool{}
	for _, v := range n.Variants() {
		name := pageName{v.Template, v.Language}
		used[name] = true
		if err := n.tryVariant(n.pages[name], v); err != nil {
			return err
		}
	}
	for _, name := range slices.SortedFunc(maps.Keys(n.pages), pageName.compare) {
		p := n.pages[name]
		if !used[name] {
			p.trial.Funcs(template.FuncMap{printed: func(_ string, v any) any { return v }})
			for _, types := range allTypes {
				v := notifier.Variant{Template: name.template, Language: name.language, Types: types}
				if err := n.tryVariant(p, v); err != nil {
					return err
				}
			}
		}
		p.trial = nil
	}
	return nil
}

// tryVariant renders a variant. The two bodies have the actions of the source:
// what may be missing is tried with that alone, which is cheaper.
func (n *Notice) tryVariant(p *page, v notifier.Variant) error {
	r := n.Sample(v)
	d, err := n.newData(p, &r, nil)
	if err != nil {
		return err
	}
	gaps := d.gaps()
	if v.State == "" || v.Template != Name { // what a law asks for has no part in it
		gaps = append(gaps, d.rare()...)
	}
	for i := range gaps {
		if err := p.trial.Execute(io.Discard, &gaps[i]); err != nil {
			return templateError(err)
		}
	}
	if _, _, err := p.render(&d); err != nil {
		return fmt.Errorf("%s: %w", p.file, err)
	}
	return nil
}

// manyAccounts is more accounts than anybody would think of in a template.
const manyAccounts = 12

// rare returns d with many accounts of its types, and with a short name.
func (d *Data) rare() []Data {
	var out []Data
	for _, n := range []int{3, manyAccounts} {
		many := *d
		many.Accounts = nil
		for i := range n {
			many.Accounts = append(many.Accounts, d.Accounts[i%len(d.Accounts)])
		}
		out = append(out, many)
	}
	short := *d
	short.Name = "Ø"
	return append(out, short)
}

// gaps returns d, then d without what a recipient may lack: a name, all last
// digits, each and all of the columns' texts, with and without a name.
func (d *Data) gaps() []Data {
	numberless := *d
	numberless.Accounts = slices.Clone(d.Accounts)
	for i := range numberless.Accounts {
		numberless.Accounts[i].LastFour = ""
	}
	out := []Data{*d, numberless}
	blank := *d
	blank.extra = slices.Clone(d.extra)
	for i := range d.extra {
		one := *d
		one.extra = slices.Clone(d.extra)
		one.extra[i].text, blank.extra[i].text = "", ""
		out = append(out, one)
	}
	if len(d.extra) > 1 {
		out = append(out, blank)
	}
	for _, nameless := range slices.Clone(out) {
		nameless.Name = ""
		out = append(out, nameless)
	}
	return out
}

// printed is the function that a trial prints single values with. Templates
// cannot call it: it is not there when they are parsed.
const printed = "breachmailPrinted"

// newTrial makes one template of a notice's source and the page around it, in
// which it is an error to print a single value that is empty. It changes the
// trees of both.
func newTrial(t, layout *template.Template) (*template.Template, error) {
	for _, tt := range append(t.Templates(), layout.Templates()...) {
		if tt.Tree != nil {
			demandValues(tt.Tree, tt.Root)
		}
	}
	layout.Funcs(template.FuncMap{printed: printValue})
	for _, tt := range t.Templates() {
		name := tt.Name()
		if tt == t {
			name = Name
		}
		if tt.Tree == nil {
			continue
		}
		if _, err := layout.AddParseTree(name, tt.Tree); err != nil {
			return nil, templateError(err)
		}
	}
	return layout, nil
}

// printValue returns v, of which place says where and as what it is printed.
func printValue(place string, v any) (any, error) {
	if s := reflect.ValueOf(v); s.Kind() == reflect.String && s.Len() == 0 {
		return nil, &emptyError{place}
	}
	return v, nil
}

// emptyError is a value that is printed and empty.
type emptyError struct{ place string }

func (e *emptyError) Error() string {
	at := strings.LastIndex(e.place, ": ") + 2
	field := e.place[at:]
	advice := "write it inside {{if " + field + "}}"
	if key := fieldKeys[strings.Replace(strings.TrimPrefix(field, "$"), ".Incident.Contact.", ".Contact.", 1)]; key != "" {
		advice += ", or fill in " + key
	}
	return fmt.Sprintf("%s is empty here (%s)", e.place, advice)
}

// fieldKeys are the keys of campaign.yaml that fields which may be empty come
// from.
var fieldKeys = map[string]string{
	".Contact.Phone":                "incident.contact.phone",
	".Contact.Hours":                "incident.contact.hours",
	".Contact.Web":                  "incident.contact.web",
	".Contact.Post":                 "incident.contact.post",
	".Incident.Affected":            "incident.affected",
	".Incident.LawEnforcementDelay": "incident.law_enforcement_delay",
	".Incident.Parent":              "incident.parent_company",
	".Incident.Services":            "incident.services",
	".Incident.SignedBy.Title":      "incident.signed_by.title",
	".Sender.ReplyTo":               "sender.reply_to",
}

// demandValues makes each action under n that prints a single value call
// printed.
func demandValues(t *parse.Tree, n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			demandValues(t, c)
		}
	case *parse.ActionNode:
		if arg := single(n.Pipe); arg != nil && len(n.Pipe.Decl) == 0 && isValue(arg) {
			where := place(t, arg) + ": " + arg.String()
			call := parse.NewIdentifier(printed).SetPos(arg.Position()).SetTree(t)
			n.Pipe.Cmds[0].Args = []parse.Node{call, &parse.StringNode{NodeType: parse.NodeString, Pos: arg.Position(), Text: where}, arg}
		}
	case *parse.IfNode:
		demandBranches(t, &n.BranchNode)
	case *parse.WithNode:
		demandBranches(t, &n.BranchNode)
	case *parse.RangeNode:
		demandBranches(t, &n.BranchNode)
	}
}

func demandBranches(t *parse.Tree, n *parse.BranchNode) {
	demandValues(t, n.List)
	demandValues(t, n.ElseList)
}

func isValue(n parse.Node) bool {
	switch n.Type() {
	case parse.NodeDot, parse.NodeField, parse.NodeVariable, parse.NodeChain:
		return true
	}
	return false
}
