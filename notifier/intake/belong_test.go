package intake

import (
	"fmt"
	"testing"
)

func TestBelonging(t *testing.T) {
	for _, c := range []struct {
		name  string
		agree func(line int) bool
		rows  int
		want  string
	}{
		{"always", func(int) bool { return true }, 9000, ""},
		{"never", func(int) bool { return false }, 9000, ""},
		{"sometimes", func(line int) bool { return line%5 == 0 }, 9000, ""},
		{"no more", func(line int) bool { return line < 4000 && line%2 == 0 }, 9000, "from about line 4000 on names and addresses no longer seem to belong to the same people"},
		{"for a while not", func(line int) bool { return line < 4000 || line > 4800 }, 9000, ""},
		{"no more, but too few to tell", func(line int) bool { return line < 4000 }, 4900, ""},
		{"less", func(line int) bool { return line < 4000 || line%20 == 0 }, 9000, ""},
	} {
		var b belonging
		for line := range c.rows {
			name := "Ann Person"
			if c.agree(line) {
				name = fmt.Sprintf("Maria Lopez%d", line)
			}
			b.see(name, fmt.Sprintf("lopez%d@example.com", line), line)
			b.see("", "lopez@example.com", line) // has only one of both, and does not count
			b.see(name, "", line)
		}
		if got := b.words(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSharesName(t *testing.T) {
	for _, c := range []struct {
		local, name string
		want        bool
	}{
		{"ann.lee", "Ann Lee", true}, {"lee77", "ANN LEE", true}, {"alee", "Ann Lee", true}, {"xlopezx", "Maria de la Lopez", true}, {"mlopez", "Lopez, Maria", true},
		{"maria", "Maria", true}, {"josé", "José Núñez", true}, {"bob", "Ann Lee", false}, {"li.wu", "Li Wu", false}, {"an", "Ann", false}, {"", "Ann", false}, {"ann", "", false},
	} {
		if got := sharesName(c.local, c.name); got != c.want {
			t.Errorf("sharesName(%q, %q) = %v", c.local, c.name, got)
		}
	}
}
