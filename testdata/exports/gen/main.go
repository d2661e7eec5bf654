// Gen writes the sample export northwind-aug.csv, the text beside it that says
// how many of each thing are in it, and the folders of dialects: small exports
// as different systems and hands leave them. Everyone in them is made up. Each
// count is of what was put in, never of what breachmail made of it.
//
//	go run ./testdata/exports/gen testdata/exports
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./testdata/exports/gen DIR")
		os.Exit(64)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes all samples below dir.
func write(dir string) error {
	g := &gen{rand: rand.New(rand.NewPCG(20, 8)), count: map[string]int{}}
	g.people()
	g.rand.Shuffle(len(g.lines), func(i, j int) { g.lines[i], g.lines[j] = g.lines[j], g.lines[i] })
	g.broken()
	csv := "BAN,Subscriber Name,MSISDN,Billing ZIP,Email Address,Pre/Post,Language,Notes\n" + strings.Join(g.lines, "\n") + "\n"
	for name, text := range map[string]string{"northwind-aug.csv": csv, "northwind-aug.md": g.text()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, d := range dialects {
		if err := d.make().write(filepath.Join(dir, "dialects", d.name)); err != nil {
			return err
		}
	}
	return nil
}

// gen is the export in the making.
type gen struct {
	rand   *rand.Rand
	lines  []string // rows as they stand in the file
	count  map[string]int
	number int // of the last account
	serial int // of the last person
}

// person is somebody in the export.
type person struct {
	name, email, phone, zip, state, language string
	why                                      string // told by post because of this; empty where email can be used
}

// newPerson makes somebody with an address of their own, and counts nothing.
func (g *gen) newPerson() person {
	g.serial++
	where := places[g.rand.IntN(len(places))]
	given, family := g.pick(first), g.pick(last)
	p := person{name: given + " " + family, zip: where.zip, state: where.state, phone: g.phone(where.area), language: "en"}
	domain := g.pick([]string{"example.com", "example.net", "example.org", "mail.example", "post.example", "inbox.example"})
	p.email = fmt.Sprintf("%s.%s%d@%s", plain(given), plain(family), g.serial, domain)
	if g.serial%7 == 0 {
		p.email = strings.ToUpper(p.email[:1]) + p.email[1:]
	}
	switch g.serial % 40 {
	case 3, 4:
		p.name = family + ", " + given
	case 5:
		p.name += ", Jr."
	case 6:
		p.name = strings.ToUpper(p.name)
	}
	if strings.ContainsAny(family, "áéíóúñ") && g.serial%2 == 0 {
		p.language = g.pick([]string{"es", "Spanish", "es-US", "ES"})
	}
	return p
}

// phone returns one of the numbers that are kept free for fiction.
func (g *gen) phone(area string) string {
	line := fmt.Sprintf("01%02d", g.rand.IntN(100))
	return fmt.Sprintf(g.pick([]string{"(%s) 555-%s", "%s-555-%s", "+1%s555%s", "%s555%s", "%s.555.%s"}), area, line)
}

func (g *gen) pick(from []string) string { return from[g.rand.IntN(len(from))] }

// account returns a new account number, of nine digits or ten.
func (g *gen) account() string {
	g.number++
	n := 900_000_000 + g.number*7919
	if g.number%5 == 0 {
		return fmt.Sprintf("%010d", n/2)
	}
	return fmt.Sprint(n)
}

// kind returns a spelling of an account type.
func (g *gen) kind(prepaid bool) string {
	if prepaid {
		return g.pick([]string{"Prepaid", "Prepaid", "PREPAID", "pre-paid", "Pre"})
	}
	return g.pick([]string{"Postpaid", "Postpaid", "POSTPAID", "post-paid", "Post"})
}

// add writes a row of p and counts it.
func (g *gen) add(p person, number, kind, notes string) string {
	line := strings.Join([]string{
		number, quote(p.name), p.phone, quote(p.zip), quote(p.email), kind, p.language, quote(notes),
	}, ",")
	g.lines = append(g.lines, line)
	g.count[rows]++
	g.count[accounts]++
	return line
}

// recipient counts p as one person to be told.
func (g *gen) recipient(p person, types string) {
	g.count[recipients]++
	g.count[byEmail] += b2i(p.why == "")
	g.count[byPost] += b2i(p.why != "")
	if p.why != "" {
		g.count[p.why]++
	}
	g.count["recipients with "+types]++
	g.count[spanish] += b2i(p.language != "en")
	g.count[nameless] += b2i(p.name == "")
	g.count[comma] += b2i(strings.Contains(p.name, ","))
	g.count[apostrophe] += b2i(strings.Contains(p.name, "'"))
	g.count[accent] += b2i(strings.ContainsFunc(p.name, func(r rune) bool { return r > 127 }))
	switch p.state {
	case "MA", "MD", "NJ", "CA", "TX", "unknown":
		g.count["state "+p.state]++
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// quote writes a cell as RFC 4180 wants it.
func quote(s string) string {
	if strings.ContainsAny(s, ",\"\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
