package campaign

import (
	"encoding"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the tables in the README")

// TestKeyTableIsComplete holds the table to the keys that are really read, in
// the order of the file.
func TestKeyTableIsComplete(t *testing.T) {
	var table []string
	for _, k := range KeyTable() {
		table = append(table, k.Name)
		if k.Type == "" || k.Meaning == "" || strings.Contains(k.Meaning, "|") {
			t.Errorf("%s: the row is not complete: %+v", k.Name, k)
		}
	}
	if want := keysOf(reflect.TypeFor[Config](), ""); !slices.Equal(table, want) {
		t.Errorf("the table has\n%s\nthe configuration has\n%s", strings.Join(table, "\n"), strings.Join(want, "\n"))
	}
}

// keysOf lists the keys within t.
func keysOf(t reflect.Type, key string) []string {
	leaf := reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	switch {
	case leaf:
		return []string{key}
	case t.Kind() == reflect.Pointer:
		return keysOf(t.Elem(), key)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return keysOf(t.Elem(), key+"[]")
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct:
		return keysOf(t.Elem(), key+".LANG")
	case t.Kind() != reflect.Struct:
		return []string{key}
	}
	var keys []string
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "-" {
			keys = append(keys, keysOf(t.Field(i).Type, join(key, name))...)
		}
	}
	return keys
}

// TestUnsupportedKeysExist fails when the table of keys that are not supported
// yet names one that is no key.
func TestUnsupportedKeysExist(t *testing.T) {
	for _, u := range unsupported {
		if !slices.ContainsFunc(KeyTable(), func(k Key) bool {
			return strings.HasPrefix(k.Name, u.key) && strings.Contains(k.Meaning, "not supported by this version yet")
		}) {
			t.Errorf("%s is not in the key table", u.key)
		}
	}
}

// TestREADMETables holds the tables in the README to the program's; -update
// rewrites them.
func TestREADMETables(t *testing.T) {
	for name, want := range map[string]string{"keys": KeyTableMarkdown(), "headers": HeaderTableMarkdown()} {
		holdTable(t, name, want)
	}
}

func holdTable(t *testing.T, name, want string) {
	t.Helper()
	path, start, end := "../../README.md", "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), start)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("the README has no table of %s", name)
	}
	switch {
	case old == want:
	case *update:
		if err := os.WriteFile(path, []byte(before+start+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md: the table of %s is not the program's (run go test ./notifier/campaign -run READMETables -update)", name)
	}
}
