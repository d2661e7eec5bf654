package export

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func pickFrom(t *testing.T, text string) (values []string, lines []int, flaws int, column string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sent.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := List([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	r, err := OpenPick(files[0], "key", "reference")
	if err != nil {
		return nil, nil, 0, "", err
	}
	defer func() { _ = r.Close() }()
	for {
		value, from, flaw, err := r.Next()
		if errors.Is(err, io.EOF) {
			return values, lines, flaws, r.Column, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, from.Line)
		if flaw != "" {
			flaws++
			continue
		}
		values = append(values, value)
	}
}

func TestPick(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		values []string
		lines  []int
		flaws  int
		column string
	}{
		"ours":            {"key,reference,name\nk1,R-1,\"A\nB\"\nk2,R-2,C\n", []string{"k1", "k2"}, []int{2, 4}, 0, "key"},
		"a mail house's":  {"\ufeffNr;Reference\r\n1; R-1 \r\n\r\n2;R-2\r\n", []string{"R-1", "R-2"}, []int{2, 4}, 0, "reference"},
		"tabs, capitals":  {"NAME\tKEY\nx\tk1\n", []string{"k1"}, []int{2}, 0, "key"},
		"one column":      {"key\nk1\n", []string{"k1"}, []int{2}, 0, "key"},
		"a ragged row":    {"key,name\nk1,a\nk2\nk3,c\n", []string{"k1", "k3"}, []int{2, 3, 4}, 1, "key"},
		"an empty cell":   {"key,name\n,a\n,\nk2,b\n", []string{"", "k2"}, []int{2, 4}, 0, "key"},
		"only the header": {"key\n", nil, nil, 0, "key"},
	} {
		t.Run(name, func(t *testing.T) {
			values, lines, flaws, column, err := pickFrom(t, c.text)
			if err != nil || !slices.Equal(values, c.values) || !slices.Equal(lines, c.lines) || flaws != c.flaws || column != c.column {
				t.Errorf("%q on %v of %q, %d flaws, %v", values, lines, column, flaws, err)
			}
		})
	}
	for text, want := range map[string]string{
		"":                      "sent.csv:1: the file is empty",
		"name,zip\na,1\n":       "sent.csv:1: no column has the header key or reference",
		"key,key,name\na,b,c\n": "sent.csv:1: two columns have the header key",
	} {
		if _, _, _, _, err := pickFrom(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
