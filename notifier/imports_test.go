package notifier_test

import (
	"bufio"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module   = "breachmail/"
	internal = "notifier/internal/"
)

// layout is every package, and what it may import beside the standard library,
// notifier and notifier/internal: other packages of ours, and outside modules.
// A package that is not listed here is refused, so a new one begins with a
// line in this table. internal stands for all packages below it.
var layout = map[string]struct {
	ours    []string
	outside []string
}{
	"cmd/breachmail": {
		ours:    []string{"notifier/campaign", "notifier/demo", "templates"},
		outside: []string{"github.com/spf13/cobra", "github.com/vbauerster/mpb/v8", "golang.org/x/term"},
	},
	"notifier":              {},
	"notifier/export":       {outside: []string{"github.com/gocarina/gocsv", "golang.org/x/text"}},
	"notifier/intake":       {ours: []string{"notifier/jurisdiction"}, outside: []string{"golang.org/x/net", "golang.org/x/text", "github.com/nyaruka/phonenumbers"}},
	"notifier/jurisdiction": {},
	"notifier/ledger":       {},
	"notifier/ledger/ledgertest": {
		ours: []string{"notifier/ledger"},
	},
	"notifier/ledger/sqlite": {ours: []string{"notifier/ledger"}, outside: []string{"modernc.org/sqlite"}},
	"notifier/notice":        {ours: []string{"notifier/jurisdiction"}, outside: []string{"golang.org/x/net/idna", "github.com/jordan-wright/email", "github.com/yuin/goldmark"}},
	"notifier/review":        {ours: []string{"notifier/notice", "notifier/jurisdiction"}, outside: []string{"golang.org/x/net/html", "golang.org/x/net/publicsuffix", "znkr.io/diff"}},
	"notifier/review/bundle": {ours: []string{"notifier/review", "notifier/notice", "notifier/jurisdiction"}, outside: []string{"filippo.io/age"}},
	"notifier/relay":         {},
	"notifier/send":          {outside: []string{"golang.org/x/net/idna", "golang.org/x/net/publicsuffix", "golang.org/x/time", "golang.org/x/sync"}},
	"notifier/bounce":        {},
	"notifier/bounce/returned": {
		ours:    []string{"notifier/bounce"},
		outside: []string{"github.com/emersion/go-message", "golang.org/x/net/html"},
	},
	"notifier/bounce/inbox": {
		ours:    []string{"notifier/bounce"},
		outside: []string{"github.com/emersion/go-mbox", "github.com/emersion/go-imap/v2"},
	},
	"notifier/report": {},
	"notifier/doctor": {},
	"notifier/campaign": {
		ours: []string{
			"notifier/export", "notifier/intake", "notifier/jurisdiction", "notifier/ledger", "notifier/ledger/sqlite",
			"notifier/notice", "notifier/review", "notifier/review/bundle", "notifier/relay", "notifier/send", "notifier/bounce", "notifier/bounce/returned", "notifier/bounce/inbox", "notifier/report",
			"notifier/doctor",
		},
		outside: []string{"github.com/goccy/go-yaml", "github.com/gofrs/flock", "github.com/rogpeppe/go-internal/diff", "golang.org/x/net/publicsuffix", "golang.org/x/sync"},
	},
	"notifier/demo": {
		ours:    []string{"notifier/campaign", "templates"},
		outside: []string{"github.com/emersion/go-smtp", "github.com/emersion/go-maildir"},
	},
	"notifier/internal":           {},
	"notifier/internal/signature": {outside: []string{"github.com/hiddeco/sshsig", "golang.org/x/crypto/ssh"}},
	"notifier/internal/unpack":    {outside: []string{"filippo.io/age", "github.com/klauspost/compress"}},
	"templates":                   {},
}

// topLevel is what may show in the repository's root.
var topLevel = []string{
	"cmd", "notifier", "templates", "testdata", "go.mod", "go.sum", "README.md",
	"LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
}

// judge says why the package pkg may not import imp, or nothing. Both are
// paths without the module's name, except that outside imports are as written.
func judge(pkg, imp string) string {
	allowed, ok := layout[pkg]
	if !ok && strings.HasPrefix(pkg, internal) {
		allowed, ok = layout[strings.TrimSuffix(internal, "/")]
	}
	if !ok {
		return "is not a package of DESIGN.md section 3 (add it to layout in imports_test.go, if it is meant to be one)"
	}
	ours, isOurs := strings.CutPrefix(imp, module)
	switch {
	case isOurs && pkg == "notifier":
		return "may import the standard library only, not " + imp
	case isOurs && (ours == "notifier" || strings.HasPrefix(ours, internal)):
	case isOurs && !slices.Contains(allowed.ours, ours):
		return "may not import " + imp
	case isOurs || !isOutside(imp):
	case !slices.ContainsFunc(allowed.outside, func(m string) bool { return imp == m || strings.HasPrefix(imp, m+"/") }):
		return "may not import the outside package " + imp
	}
	return ""
}

// isOutside reports whether imp is neither ours nor the standard library's,
// whose paths have no dot in their first element.
func isOutside(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}

func TestImports(t *testing.T) {
	root := os.DirFS("..")
	seen := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || name == "out"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		seen++
		imports, err := importsOf(root, name)
		for _, imp := range append(imports, "fmt") { // at least one, for a package without imports
			if why := judge(path.Dir(name), imp); why != "" {
				t.Errorf("%s: %s %s", name, path.Dir(name), why)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Errorf("found only %d files: is this the repository?", seen)
	}
}

func importsOf(root fs.FS, name string) ([]string, error) {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, imp)
	}
	return out, nil
}

// TestJudge proves that the rules can refuse.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		pkg, imp string
		ok       bool
	}{
		{"notifier", "crypto/sha256", true},
		{"notifier", "breachmail/notifier/internal/atomicfile", false},
		{"notifier", "golang.org/x/text/cases", false},
		{"notifier/intake", "breachmail/notifier", true},
		{"notifier/intake", "breachmail/notifier/internal/atomicfile", true},
		{"notifier/intake", "breachmail/notifier/jurisdiction", true},
		{"notifier/jurisdiction", "breachmail/notifier/intake", false},
		{"notifier/export", "breachmail/notifier/intake", false},
		{"notifier/export", "github.com/gocarina/gocsv", true},
		{"notifier/export", "golang.org/x/text/encoding/charmap", true},
		{"notifier/export", "golang.org/x/textual", false},
		{"notifier/relay", "golang.org/x/text/cases", false},
		{"notifier/send", "breachmail/notifier/relay", false},
		{"notifier/review", "breachmail/notifier/notice", true},
		{"notifier/notice", "breachmail/notifier/review", false},
		{"notifier/notice", "breachmail/templates", false},
		{"notifier/campaign", "breachmail/templates", false},
		{"notifier/campaign", "breachmail/notifier/ledger/sqlite", true},
		{"notifier/campaign", "breachmail/notifier/demo", false},
		{"notifier/ledger", "breachmail/notifier/ledger/sqlite", false},
		{"notifier/ledger/sqlite", "breachmail/notifier/ledger", true},
		{"notifier/demo", "breachmail/templates", true},
		{"cmd/breachmail", "breachmail/notifier/campaign", true},
		{"cmd/breachmail", "breachmail/notifier/send", false},
		{"cmd/breachmail", "net/smtp", true},
		{"notifier/internal/atomicfile", "breachmail/notifier", true},
		{"notifier/internal/atomicfile", "breachmail/notifier/send", false},
		{"notifier/util", "fmt", false},
		{"cmd/other", "fmt", false},
	} {
		if why := judge(c.pkg, c.imp); (why == "") != c.ok {
			t.Errorf("%s importing %s: %q", c.pkg, c.imp, why)
		}
	}
}

// TestNoCircle holds the table itself to what it promises.
func TestNoCircle(t *testing.T) {
	var visit func(pkg string, above []string)
	visit = func(pkg string, above []string) {
		if slices.Contains(above, pkg) {
			t.Fatalf("a circle: %v", append(above, pkg))
		}
		for _, to := range layout[pkg].ours {
			if _, ok := layout[to]; !ok {
				t.Errorf("%s may import %s, which is not in the table", pkg, to)
			}
			visit(to, append(slices.Clone(above), pkg))
		}
	}
	for pkg := range layout {
		visit(pkg, nil)
	}
}

// TestTopLevel refuses what is not agreed to show in the root. What .gitignore
// names is somebody's build or campaign, and hidden files are their own.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	ignored := ignoredNames(t)
	for _, e := range entries {
		if !showsRightly(e.Name(), ignored) {
			t.Errorf("%s may not stand at the top level (DESIGN.md section 3)", e.Name())
		}
	}
	if showsRightly("docs", ignored) || showsRightly("main.go", ignored) {
		t.Error("the rule refuses nothing")
	}
}

func showsRightly(name string, ignored []string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains(topLevel, name) ||
		slices.ContainsFunc(ignored, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok })
}

// ignoredNames returns the patterns of .gitignore that are about single names.
func ignoredNames(t *testing.T) []string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", ".gitignore"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var patterns []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if p := strings.Trim(strings.TrimSpace(lines.Text()), "/"); p != "" && !strings.ContainsAny(p, "#!/") {
			patterns = append(patterns, p)
		}
	}
	return patterns
}
