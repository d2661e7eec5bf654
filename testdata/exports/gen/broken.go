package main

import (
	"slices"
	"strings"
)

// broken puts rows that have to be set aside between the others, far enough
// from each other that each stands alone. They stay below one in a hundred,
// since a file with more is refused as a whole (exports.max_rejected).
func (g *gen) broken() {
	good := len(g.lines)
	bad := g.badRows()
	for i, line := range bad {
		g.lines = slices.Insert(g.lines, (i+1)*good/(len(bad)+1)+i, line)
		g.count[rows]++
		g.count[setAside]++
	}
}

func (g *gen) badRows() []string {
	var bad []string
	put := func(what string, change func(cells []string) string) {
		p := g.newPerson()
		g.count[what]++
		bad = append(bad, change([]string{g.account(), strings.ReplaceAll(p.name, ",", ""), p.phone, p.zip, p.email, g.kind(true), "en", ""}))
	}
	with := func(cell int, value string) func([]string) string {
		return func(cells []string) string {
			cells[cell] = value
			return strings.Join(cells, ",")
		}
	}
	put(ragged, with(1, "Hale, Robert")) // the quotes were lost
	put(ragged, func(cells []string) string { return strings.Join(cells[:6], ",") })
	put(openQuote, with(1, `"Hale, Roberta`))
	put(strayQuote, with(1, `Robert "Bob" Hale`))
	put(latin1, with(1, "Jos\xe9 Mu\xf1oz"))
	for range 2 { // two people whose numbers became the same
		put(damaged, with(0, "9.00E+08"))
	}
	put(noNumber, with(0, ""))
	for _, kind := range []string{"Business", "Prepaid/Postpaid", ""} {
		put(noType, with(5, kind))
	}
	return bad
}
