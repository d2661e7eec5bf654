package notice

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

var (
	dataType     = reflect.TypeFor[*Data]()
	accountType  = reflect.TypeFor[Account]()
	accountsType = reflect.TypeFor[[]Account]()
)

// ownFields are the fields of Data that hold the recipient's own values.
var ownFields = []string{"Name", "Reference", "Accounts", "Extra"}

// checkFields reports the first field of a template that does not exist, also
// on paths that no stand-in takes. It also tells whether the template is plain:
// whether the recipient's own values are only printed as they are, tested for
// being there, and counted, so that one rendering can serve all recipients whose
// notices have the same shape; where it first computes with them so that samples
// do not show all that anybody can get; and which of the configured further
// columns it uses, sorted by name.
func checkFields(trees []*parse.Tree, configured []string) (plain bool, computed string, used []string, err error) {
	c := &fieldCheck{root: dataType, configured: configured, used: map[string]bool{}, plain: true}
	if err := c.check(trees); err != nil {
		return false, "", nil, err
	}
	return c.plain, c.computed, slices.Sorted(maps.Keys(c.used)), nil
}

func (c *fieldCheck) check(trees []*parse.Tree) error {
	for _, t := range trees {
		c.tree, c.vars = t, []variable{{"$", c.root}}
		if c.list(t.Root, c.root); c.err != nil {
			return c.err
		}
	}
	return nil
}

type variable struct {
	name string
	typ  reflect.Type // nil where that is not known
}

// fieldCheck walks templates, one after the other. Dot is always the type of
// ".", nil where that is not known.
type fieldCheck struct {
	root       reflect.Type // of what a template is executed with
	configured []string     // the names of further columns
	tree       *parse.Tree
	vars       []variable

	used     map[string]bool // the further columns that were found
	computed string          // the first place that computes with the recipient's own values
	plain    bool            // nothing but the number of accounts is computed with
	err      error
}

func (c *fieldCheck) list(l *parse.ListNode, dot reflect.Type) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		c.node(n, dot)
	}
}

func (c *fieldCheck) node(n parse.Node, dot reflect.Type) {
	switch n := n.(type) {
	case *parse.ActionNode:
		if arg := single(n.Pipe); arg != nil && len(n.Pipe.Decl) == 0 && c.isOwn(arg, dot) {
			c.arg(arg, dot, c.isText(arg, dot))
			return
		}
		c.declare(n.Pipe, c.pipe(n.Pipe, dot))
	case *parse.IfNode:
		c.branch(&n.BranchNode, dot, dot)
	case *parse.WithNode:
		c.with(n, dot)
	case *parse.RangeNode:
		c.rangeOver(n, dot)
	case *parse.TemplateNode:
		// A template that gets all of the data is checked on its own.
		if arg := single(n.Pipe); arg != nil && c.typeOf(arg, dot) == c.root {
			return
		}
		c.computes(n)
		if n.Pipe != nil {
			c.pipe(n.Pipe, dot)
		}
	}
}

// ownText is what dot is inside a with on one of the recipient's own texts.
type ownText string

var ownTextType = reflect.TypeFor[ownText]()

// with checks a with. On one of the recipient's own texts it is an if, inside
// which the text is the dot.
func (c *fieldCheck) with(n *parse.WithNode, dot reflect.Type) {
	var t reflect.Type
	if arg := single(n.Pipe); arg != nil && len(n.Pipe.Decl) == 0 && c.isOwn(arg, dot) && c.isText(arg, dot) {
		c.arg(arg, dot, true)
		t = ownTextType
	} else {
		t = c.pipe(n.Pipe, dot)
	}
	c.scoped(func() { c.declare(n.Pipe, t); c.list(n.List, t) })
	c.scoped(func() { c.list(n.ElseList, dot) })
}

// branch checks an if, whose condition may be one of the recipient's own
// values: whether it is there belongs to the notice's shape.
func (c *fieldCheck) branch(n *parse.BranchNode, dot, inner reflect.Type) {
	c.scoped(func() {
		if arg := single(n.Pipe); arg != nil && len(n.Pipe.Decl) == 0 && c.isOwn(arg, dot) {
			c.arg(arg, dot, true)
		} else {
			c.declare(n.Pipe, c.pipe(n.Pipe, dot))
		}
		c.list(n.List, inner)
	})
	c.scoped(func() { c.list(n.ElseList, dot) })
}

func (c *fieldCheck) rangeOver(n *parse.RangeNode, dot reflect.Type) {
	var over, key, elem reflect.Type
	if arg := single(n.Pipe); arg != nil && c.isOwn(arg, dot) {
		over = c.arg(arg, dot, true)
	} else {
		over = c.pipe(n.Pipe, dot)
	}
	if over != nil && (over.Kind() == reflect.Slice || over.Kind() == reflect.Array) {
		key, elem = reflect.TypeFor[int](), over.Elem()
	}
	c.scoped(func() {
		types := []reflect.Type{elem}
		if len(n.Pipe.Decl) == 2 {
			types = []reflect.Type{key, elem}
		}
		for i, v := range n.Pipe.Decl {
			c.vars = append(c.vars, variable{v.Ident[0], types[i]})
		}
		c.list(n.List, elem)
	})
	c.scoped(func() { c.list(n.ElseList, dot) })
}

func (c *fieldCheck) scoped(f func()) {
	n := len(c.vars)
	f()
	c.vars = c.vars[:n]
}

func (c *fieldCheck) declare(p *parse.PipeNode, t reflect.Type) {
	for _, v := range p.Decl {
		c.vars = append(c.vars, variable{v.Ident[0], t})
	}
}

// pipe checks a pipeline in which the recipient's own values may only be
// counted, and tested for not being there, and returns its type.
func (c *fieldCheck) pipe(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	var last reflect.Type
	for _, cmd := range p.Cmds {
		last = nil
		counts := c.counts(cmd, dot)
		if c.counted(cmd, dot); counts && len(p.Decl) > 0 && c.computed == "" {
			c.computed = place(c.tree, cmd)
		}
		tests := len(cmd.Args) == 2 && cmd.Args[0].String() == "not"
		for i, arg := range cmd.Args {
			t := c.arg(arg, dot, counts || tests && c.isText(arg, dot))
			if i == 0 {
				last = t
			}
		}
	}
	if len(p.Cmds) > 1 {
		return nil
	}
	return last
}

// arg checks one argument and returns its type. The recipient's own values
// are computed with there, unless the place allows them.
func (c *fieldCheck) arg(n parse.Node, dot reflect.Type, allowed bool) reflect.Type {
	if p, ok := n.(*parse.PipeNode); ok {
		return c.pipe(p, dot)
	}
	if ch, ok := n.(*parse.ChainNode); ok {
		return c.resolve(c.arg(ch.Node, dot, false), ch.Field, n)
	}
	if c.isOwn(n, dot) && !allowed {
		c.computes(n)
	}
	return c.typeOf(n, dot)
}

// computes notes the first place that computes with the recipient's own values.
func (c *fieldCheck) computes(n parse.Node) {
	c.plain = false
	if c.computed == "" {
		c.computed = place(c.tree, n)
	}
}

// isText reports whether n is text that can be printed as it is.
func (c *fieldCheck) isText(n parse.Node, dot reflect.Type) bool {
	t := c.typeOf(n, dot)
	return t != nil && t.Kind() == reflect.String
}

// isOwn reports whether n is one of the recipient's own values, or holds one.
func (c *fieldCheck) isOwn(n parse.Node, dot reflect.Type) bool {
	base, fields := c.base(n, dot)
	switch {
	case base == dataType:
		return len(fields) == 0 || slices.Contains(ownFields, fields[0])
	case base == ownTextType:
		return true
	case base == accountType:
		return len(fields) == 0 || fields[0] == "LastFour"
	default:
		return base == accountsType
	}
}

func (c *fieldCheck) typeOf(n parse.Node, dot reflect.Type) reflect.Type {
	base, fields := c.base(n, dot)
	return c.resolve(base, fields, n)
}

// base returns what a node's fields are looked up in.
func (c *fieldCheck) base(n parse.Node, dot reflect.Type) (reflect.Type, []string) {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot, nil
	case *parse.FieldNode:
		return dot, n.Ident
	case *parse.VariableNode:
		for i := len(c.vars) - 1; i >= 0; i-- {
			if c.vars[i].name == n.Ident[0] {
				return c.vars[i].typ, n.Ident[1:]
			}
		}
	}
	return nil, nil
}

func (c *fieldCheck) resolve(t reflect.Type, fields []string, n parse.Node) reflect.Type {
	for i, f := range fields {
		if f == "Extra" && c.root == dataType && (t == nil || t == dataType) {
			c.column(fields[i+1:], n)
		}
		if t == nil {
			continue
		}
		if m, ok := t.MethodByName(f); ok {
			t = m.Type.Out(0)
			continue
		}
		if t.Kind() == reflect.Map { // the columns, checked above
			t = t.Elem()
			continue
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct {
			if sf, ok := t.FieldByName(f); ok && sf.IsExported() {
				t = sf.Type
				continue
			}
		}
		c.lacks(t, f, n)
		return nil
	}
	return t
}

// lacks reports that t, a type without its pointer, has no field f.
func (c *fieldCheck) lacks(t reflect.Type, f string, n parse.Node) {
	switch {
	case t != publicType.Elem() || !isPersonal(f):
		c.fail(n, "there is no field .%s (in %s)", f, n)
	case f == "Law":
		c.fail(n, "a text for everybody cannot use .%s (write .Laws, which is those of all states; in %s)", f, n)
	default:
		c.fail(n, "a text for everybody cannot use .%s (it is the recipient's own; in %s)", f, n)
	}
}

// fail keeps the first thing that is wrong, with file and line.
func (c *fieldCheck) fail(n parse.Node, format string, args ...any) {
	if c.err != nil {
		return
	}
	c.err = fmt.Errorf("%s: %s", place(c.tree, n), fmt.Sprintf(format, args...))
}

// place returns the file and line of a node.
func place(t *parse.Tree, n parse.Node) string {
	s, _ := t.ErrorContext(n)
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[:i] // the column
	}
	return s
}

// single returns the one argument of a pipeline that is nothing else.
func single(p *parse.PipeNode) parse.Node {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return nil
	}
	return p.Cmds[0].Args[0]
}

// manyApart are the comparisons that tell one account from several, which samples
// show both.
var manyApart = []string{"eq 1", "ne 1", "gt 1", "le 1", "ge 2", "lt 2"}

// counted notes a comparison of the number of accounts that tells more than one
// from several: between the numbers that samples have, nobody sees what is said.
func (c *fieldCheck) counted(cmd *parse.CommandNode, dot reflect.Type) {
	if len(cmd.Args) != 3 || !c.isCount(cmd.Args[1], dot) && !c.isCount(cmd.Args[2], dot) {
		return
	}
	if !slices.Contains(manyApart, cmd.Args[0].String()+" "+cmd.Args[2].String()) && c.computed == "" {
		c.computed = place(c.tree, cmd.Args[0])
	}
}

// isCount reports whether n is (len .Accounts).
func (c *fieldCheck) isCount(n parse.Node, dot reflect.Type) bool {
	p, ok := n.(*parse.PipeNode)
	return ok && len(p.Cmds) == 1 && c.counts(p.Cmds[0], dot)
}

// counts reports whether a command is len .Accounts.
func (c *fieldCheck) counts(cmd *parse.CommandNode, dot reflect.Type) bool {
	return len(cmd.Args) == 2 && cmd.Args[0].String() == "len" && c.typeOf(cmd.Args[1], dot) == accountsType
}
