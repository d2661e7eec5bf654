package campaign

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// configReader fills a Config from YAML nodes. The library's own decoder stops
// at the first error; this one goes on, so that a person sees all of them at
// once, and remembers the line of every key for the checks that follow.
type configReader struct {
	file   string
	lines  map[string]int  // dotted key → the line it stands on
	wrong  map[string]bool // dotted keys with an error of their own
	broken bool            // not YAML at all: there is nothing to check
	errors ConfigErrors
}

// add notes that something is wrong with key, which stands on line.
func (r *configReader) add(key string, line int, format string, args ...any) {
	r.wrong[key] = true
	r.errors = append(r.errors, ConfigError{File: r.file, Line: max(line, 1), Msg: fmt.Sprintf(format, args...)})
}

// isWrong reports whether key, or what it stands in, has an error already.
func (r *configReader) isWrong(key string) bool {
	for ; key != ""; key = around(key) {
		if r.wrong[key] {
			return true
		}
	}
	return false
}

// given reports whether the file has key.
func (r *configReader) given(key string) bool { _, ok := r.lines[key]; return ok }

// line returns the line of key or, where the file does not have it, of the
// nearest key around it.
func (r *configReader) line(key string) int {
	for ; key != ""; key = around(key) {
		if n, ok := r.lines[key]; ok {
			return n
		}
	}
	return 1
}

// around returns the key that key stands in, "" at the top.
func around(key string) string { return key[:max(strings.LastIndexAny(key, ".["), 0)] }

// parse returns the mapping at the root of data, or nil after adding an error.
func (r *configReader) parse(data []byte) ast.Node {
	refuse := func(line int, format string, args ...any) ast.Node {
		r.broken = true
		r.add("", line, format, args...)
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for i, l := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(l) {
			return refuse(i+1, "is not UTF-8 (save the file as UTF-8)")
		}
	}
	file, err := parseYAML(data)
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return refuse(at.GetToken().Position.Line, "is not YAML: %s (look at indentation, quotes and colons here and on the line above)", oneLine(at.GetMessage()))
	} else if err != nil {
		return refuse(1, "is not YAML: %s (look at indentation, quotes and colons)", oneLine(err.Error()))
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	switch {
	case len(docs) == 0:
		return refuse(1, "has no keys (breachmail init writes a file to start from)")
	case len(docs) > 1:
		return refuse(lineOf(docs[1].Body), "begins a second document (take out the line ---)")
	}
	if _, ok := pairsOf(docs[0].Body); !ok {
		return refuse(lineOf(docs[0].Body), "does not begin with a key (breachmail init writes a file to start from)")
	}
	return docs[0].Body
}

// parseYAML calls the library, and takes a panic in it for a syntax error.
func parseYAML(data []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("it cannot be read")
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// read fills the struct that into points to from a mapping.
func (r *configReader) read(n ast.Node, into any) { r.value("", n, reflect.ValueOf(into).Elem()) }

// value fills v from n, which stands at key.
func (r *configReader) value(key string, n ast.Node, v reflect.Value) {
	if isNull(n) {
		return
	}
	if why := unsupportedNow(key, n); why != "" {
		r.add(key, lineOf(n), "%s is not supported by this version yet (%s)", key, why)
		return
	}
	text, isScalar := scalarText(n)
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && (isScalar || len(fieldsOf(v.Type())) == 0) {
		if !isScalar {
			r.add(key, lineOf(n), "%s is %s (write one value)", key, kindOf(n))
		} else if err := u.UnmarshalText([]byte(text)); err != nil {
			r.add(key, lineOf(n), "%s: %s %v", key, quoted(text), err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(key, n, v.Elem())
	case reflect.Struct:
		r.mapping(key, n, v)
	case reflect.Map:
		r.table(key, n, v)
	case reflect.Slice:
		r.list(key, n, v)
	default:
		if !isScalar {
			r.add(key, lineOf(n), "%s is %s (write one value)", key, kindOf(n))
		} else if want := setScalar(v, n, text); want != "" {
			r.add(key, lineOf(n), "%s: %s is not %s", key, quoted(text), want)
		}
	}
}

// mapping fills the struct v.
func (r *configReader) mapping(key string, n ast.Node, v reflect.Value) {
	if d, ok := v.Addr().Interface().(interface{ setDefaults() }); ok {
		d.setDefaults()
	}
	fields := fieldsOf(v.Type())
	r.pairs(key, n, func(name string, p *ast.MappingValueNode) {
		i, ok := fields[name]
		if !ok {
			r.add(join(key, name), lineOf(p.Key), "%s is not a key (%s)", join(key, name), keysHint(name, fields))
			return
		}
		r.value(join(key, name), p.Value, v.Field(i))
	})
}

// table fills the map v, whose keys are free.
func (r *configReader) table(key string, n ast.Node, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	r.pairs(key, n, func(name string, p *ast.MappingValueNode) {
		e := reflect.New(v.Type().Elem()).Elem()
		r.value(join(key, name), p.Value, e)
		v.SetMapIndex(reflect.ValueOf(name), e)
	})
}

// pairs calls f for each pair of the mapping n, after noting its line; doubled
// keys are refused.
func (r *configReader) pairs(key string, n ast.Node, f func(name string, p *ast.MappingValueNode)) {
	pairs, ok := pairsOf(n)
	if !ok {
		r.add(key, lineOf(n), "%s is %s (write keys under it)", key, kindOf(n))
		return
	}
	first := map[string]int{}
	for _, p := range pairs {
		name, ok := scalarText(p.Key)
		if _, merge := p.Key.(*ast.MergeKeyNode); merge || !ok {
			r.add(key, lineOf(p.Key), "%s is not a key (write the keys out one by one)", quoted(p.Key.String()))
			continue
		}
		if line, twice := first[name]; twice {
			r.add(join(key, name), lineOf(p.Key), "%s stands here a second time (take out this one or the one on line %d)", join(key, name), line)
			continue
		}
		first[name] = lineOf(p.Key)
		if !isNull(p.Value) {
			r.lines[join(key, name)] = lineOf(p.Key)
		}
		f(name, p)
	}
}

// list fills the slice v.
func (r *configReader) list(key string, n ast.Node, v reflect.Value) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.add(key, lineOf(n), "%s is %s (write a list)", key, kindOf(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
	for i, e := range seq.Values {
		at := fmt.Sprintf("%s[%d]", key, i)
		if isNull(e) {
			r.add(at, lineOf(e), "%s is empty (write a value, or take the entry out)", at)
			continue
		}
		r.lines[at] = lineOf(e)
		r.value(at, e, v.Index(i))
	}
}

// fieldsOf returns the fields of t by their name in YAML; none unless t is a
// struct.
func fieldsOf(t reflect.Type) map[string]int {
	fields := map[string]int{}
	if t.Kind() != reflect.Struct {
		return fields
	}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			fields[name] = i
		}
	}
	return fields
}

// keysHint names the key that was probably meant, else all there are.
func keysHint(name string, fields map[string]int) string {
	names := slices.Sorted(maps.Keys(fields))
	near, best := "", 3
	for _, n := range names {
		if d := distance(strings.ToLower(name), n); d < best {
			near, best = n, d
		}
	}
	if near != "" {
		return "did you mean " + near + "?"
	}
	return "the keys here are " + strings.Join(names, ", ")
}

// join returns the dotted key of name within key.
func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}
