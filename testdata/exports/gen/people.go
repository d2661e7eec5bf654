package main

import (
	"fmt"
	"strings"
)

// types are the account types of a recipient, as the counts name them.
const (
	prepaid  = "prepaid accounts only"
	postpaid = "postpaid accounts only"
	both     = "both prepaid and postpaid accounts"
)

// people writes all rows that are accounts.
func (g *gen) people() {
	for i := range 780 {
		g.single(i)
	}
	for i := range 40 {
		g.family(i)
	}
	for i := range 60 {
		g.lineHolder(i)
	}
	g.withoutAddress()
	g.wrongZIPs()
	for range 5 { // no name
		p := g.newPerson()
		p.name = ""
		g.one(p, "")
	}
	for i, email := range []string{"correo%d@correo-méxico.example", "info%d@bücher.example", "ana%d@CAFÉ.example", "josé%d@mail.example", "nguyễn%d@mail.example"} {
		p := g.newPerson()
		p.email = fmt.Sprintf(email, i)
		g.count[international]++
		g.one(p, "")
	}
}

// one writes somebody with one account.
func (g *gen) one(p person, notes string) string {
	pre := g.rand.IntN(5) < 2
	if pre {
		g.recipient(p, prepaid)
	} else {
		g.recipient(p, postpaid)
	}
	return g.add(p, g.account(), g.kind(pre), notes)
}

// single writes somebody with one account; of some the row is there again, or
// the ZIP code was changed by a spreadsheet, or the notes run over a line.
func (g *gen) single(i int) {
	p := g.newPerson()
	switch {
	case p.zip[0] == '0' && g.count[lostZero] < 31:
		p.zip = p.zip[1:]
		g.count[lostZero]++
	case i%13 == 0:
		p.zip += fmt.Sprintf("-%04d", 1000+i)
		g.count[plusFour]++
	}
	notes := ""
	if i%130 == 7 {
		notes = "moved 2017\nformer address on file"
		g.count[lineBreak]++
	} else if i%50 == 9 {
		notes = `says "call after 6", twice`
	}
	line := g.one(p, notes)
	if i%36 == 5 {
		g.lines = append(g.lines, line)
		g.count[rows]++
		g.count[accounts]++
		g.count[duplicate]++
	}
}

// family writes two to four people who share an address.
func (g *gen) family(i int) {
	shared := g.newPerson()
	_, family, _ := strings.Cut(strings.ReplaceAll(shared.name, ",", ""), " ")
	g.count[sharedAddress]++
	for member := range 2 + i%3 {
		p := shared
		p.name = first[(i*5+member*11)%len(first)] + " " + family
		p.phone = g.phone(g.pick([]string{"212", "415", "503"}))
		g.count[atShared]++
		g.one(p, "")
	}
}

// lineHolder writes one person with two or three accounts.
func (g *gen) lineHolder(i int) {
	p := g.newPerson()
	kinds := []bool{i%2 == 0, i%2 == 0}
	types := map[bool]string{true: prepaid, false: postpaid}[i%2 == 0]
	switch {
	case i >= 45:
		kinds, types = []bool{false, true, false}, both
	case i >= 25:
		kinds, types = []bool{true, false}, both
	}
	g.count[several]++
	final := p
	for n, pre := range kinds {
		q := p
		if n == 1 && i%10 == 0 { // the same person, spelled another way
			q.name = strings.ToUpper(strings.ReplaceAll(p.name, " ", "  "))
			q.email = strings.ToUpper(p.email)
			g.count[otherSpelling]++
		}
		g.add(q, g.account(), g.kind(pre), "")
	}
	g.recipient(final, types)
}

// withoutAddress writes people who cannot be told by email.
func (g *gen) withoutAddress() {
	post := func(email, why string) {
		p := g.newPerson()
		p.email, p.why = email, why
		g.one(p, "")
	}
	for range 30 {
		post("", noAddress)
	}
	for range 3 { // two people of one name: two accounts, two letters
		p := g.newPerson()
		p.email, p.why = "", noAddress
		g.count[sameName]++
		g.one(p, "")
		p.phone = g.phone("212")
		g.one(p, "")
	}
	for _, email := range []string{
		"n/a", "N/A", "none", "NONE", "-", "null", "noemail@example.com", "NoEmail@example.net", "no.email@example.org",
		"none@none.example", "test@test.example", "na@na.example", "no email", "not_provided@example.com",
	} {
		post(email, placeholder)
	}
	for _, email := range []string{
		"maria.lopez", "j.smith@", "tom@example", "anna lee@example.com", "kim@@example.com", "a@example.com; b@example.com",
		"pat@example..com", "503-555-0144", ".ray@example.com", "lee@example.com.",
	} {
		post(email, notAddress)
	}
}

// wrongZIPs writes people whose ZIP code gives no state.
func (g *gen) wrongZIPs() {
	for _, zip := range []string{"", "", "", "", "", "", "K1A 0B6", "SW1A 1AA", "44-100", "00001", "21301", "09012", "96350", "34002", "09180"} {
		p := g.newPerson()
		p.zip, p.state = zip, "unknown"
		g.one(p, "")
	}
}
