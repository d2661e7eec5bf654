package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

func placeholdersTypos(f *fixture) {
	f.about = `
An export from the shops, where the form insists on an address: the clerks
write what they are used to, and some always their own shop's, which
campaign.yaml lists. A domain that looks mistyped is an address all the same:
it is pointed out, and mail goes there.`
	f.yaml = "exports:\n  placeholders:\n    - store@northwind.example\n    - shop12@northwind.example\n"
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 4)
	for _, email := range []string{"ann@gmial.com", "tom@gmail.con", "kim@hotnail.com", "lee@yaho.com", "ray@outlok.com"} {
		f.put(s, mailed, f.who().with("email", email))
	}
	for _, email := range []string{
		"n/a", "NONE", "-", "declined", "noemail@example.com", "no.email@example.net", "test@test.example", "none@none.example",
		"store@northwind.example", "Store@Northwind.Example", "store@northwind.example", "shop12@northwind.example",
		"maria.lopez", "tom@example", "a@example.com; b@example.com", "kim@@example.com",
	} {
		f.put(s, posted, f.who().with("email", email))
	}
	a := f.who().with("email", "store@northwind.example")
	f.put(s, posted, a)
	f.put(s, repeated, a.with("email", "n/a")) // the same account and name
	f.put(s, posted, f.another(a))             // the same name: who knows
	f.file("shops.csv", s.bytes())
}

func otherScripts(f *fixture) {
	f.about = `
Customers whose names and addresses are written in other scripts. The same
person is one recipient whatever the case, the Unicode form (a Mac takes
accented letters apart) and the form of the domain.`
	s := newSheet(plainColumns, ",", "\n")
	once := [][2]string{ // name, address
		{"Иван Петров", "иван@почта.example"}, {"王伟", "王伟@例子.example"}, {"محمد حداد", "محمد@مثال.example"},
		{"김민준", "minjun@example.com"}, {"さくら 田中", "sakura@例え.example"}, {"प्रिया शर्मा", "priya@example.org"},
		{"Nguyễn Thị Thảo", "thảo@mail.example"}, {"Ελένη Παππά", "eleni@example.net"}, {"דוד כהן", "david@example.com"},
		{"Łukasz Wójcik", "lukasz@post.example"},
	}
	for _, c := range once {
		f.put(s, mailed, f.who().with("name", c[0], "email", c[1]))
	}
	for _, c := range [][4]string{ // and again
		{"Анна Смирнова", "анна@почта.example", "АННА СМИРНОВА", "АННА@ПОЧТА.example"},
		{"Zoë Müller", "zoe@bücher.example", "Zoe\u0308 Mu\u0308ller", "zoe@xn--bcher-kva.example"},
		{"Jürgen Groß", "juergen@example.com", "JÜRGEN GROSS", "Juergen@Example.COM"},
		{"José Muñoz", "josé@mail.example", "Jose\u0301 Mun\u0303oz", "jose\u0301@mail.example"},
	} {
		a := f.who().with("name", c[0], "email", c[1])
		f.put(s, mailed, a)
		f.put(s, repeated, f.another(a).with("name", c[2], "email", c[3]))
	}
	f.put(s, mailed, f.who().with("name", "Jose Munoz", "email", "josé@mail.example")) // another name
	f.put(s, posted, f.who().with("name", "李娜", "email", "没有"))
	f.put(s, posted, f.who().with("name", "Ольга Козлова", "email", "ольга@почта..example"))
	f.fact("encoding", "UTF-8")
	f.file("affected-intl.csv", s.bytes())
}

func twoStates(f *fixture) {
	f.about = `
People with a home in one state and a summer house, a child at college or a
former address in another: one recipient each, told under the state of most of
their accounts, in a tie under that of the row read last. An account that
stands there twice counts where it stood last, and a ZIP code that gives no
state counts only when there is no other.`
	s := newSheet(plainColumns, ",", "\n")
	several := func(state string, zips ...string) {
		a := f.who().at(zips[0], state)
		f.put(s, mailed, a)
		for _, zip := range zips[1:] {
			f.put(s, repeated, f.another(a).at(zip, state))
		}
	}
	several("MA", "02108", "01103", "03101")
	several("MA", "03101", "02108", "01103")
	several("NJ", "21201", "07102")
	several("MD", "07102", "21201")
	several("TX", "75201", "K1A 0B6", "09012")
	several("unknown", "K1A 0B6", "")
	moved := f.who().at("10001", "CT")
	f.put(s, mailed, moved)
	f.put(s, repeated, moved.at("06103", "CT"))
	f.put(s, mailed, f.who().at("94103", "CA"))
	f.put(s, posted, f.who().at("94103", "CA").with("email", ""))
	f.states = []string{"MA", "NJ", "MD", "TX", "CT", "CA", "NH", "NY", "unknown"}
	f.fact("two states", "5") // the first four, and who moved
	f.file("affected.csv", s.bytes())
}

func twoAddresses(f *fixture) {
	f.about = `
Accounts that stand beside two addresses: private and at work, the holder and
the spouse, before and after a typing error was corrected. Each name at each
address is a recipient of its own, and so is the one without an address, who is
told by post.`
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 3)
	a := f.who()
	f.put(s, mailed, a)
	f.put(s, mailed, a.with("email", "front.desk@example.com"))
	f.put(s, repeated, a.with("email", strings.ToUpper(a["email"])))
	b := f.who()
	f.put(s, mailed, b)
	f.put(s, mailed, b.with("name", "Sam "+b["family"], "email", "sam@example.net"))
	f.put(s, mailed, b.with("name", "Alex "+b["family"])) // another name at the same address
	c := f.who()
	f.put(s, mailed, c)
	f.put(s, posted, c.with("email", ""))
	f.put(s, repeated, c.with("email", "n/a"))
	f.put(s, posted, f.another(c).with("email", "")) // the same name, another account
	f.put(s, posted, c.with("email", "", "name", "Pat "+c["family"]))
	f.fact("shared accounts", "2") // those of a and b; c has one address and none
	f.file("affected.csv", s.bytes())
}

func postcodes(f *fixture) {
	f.about = `
ZIP codes in all their forms, and what is none: ZIP+4 with and without the
hyphen, codes of military mail, which say nothing about residence, codes of
other countries, codes nobody has. Whoever has no state is told all the same.`
	s := newSheet(plainColumns, ",", "\n")
	for _, c := range [][2]string{
		{"02108", "MA"}, {"02108-1234", "MA"}, {"021081234", "MA"}, {"2108-1234", "MA"}, {" 02108 ", "MA"},
		{"06390", "NY"}, {"10001-0001", "NY"}, {"00501", "NY"}, {"20598", "VA"}, {"73960", "TX"}, {"83414", "WY"},
		{"00901", "PR"}, {"00802", "VI"}, {"96910", "GU"}, {"20001", "DC"},
		{"09012", "unknown"}, {"96350", "unknown"}, {"34002", "unknown"}, {"09180-1234", "unknown"},
		{"K1A 0B6", "unknown"}, {"SW1A 1AA", "unknown"}, {"44-100", "unknown"}, {"1012 AB", "unknown"}, {"D-10115", "unknown"},
		{"00000", "unknown"}, {"", "unknown"}, {"N/A", "unknown"}, {"123456", "unknown"},
	} {
		f.put(s, mailed, f.who().at(c[0], c[1]))
	}
	f.put(s, posted, f.who().at("K1A 0B6", "unknown").with("email", ""))
	f.states = []string{"MA", "NY", "VA", "TX", "WY", "PR", "VI", "GU", "DC", "unknown"}
	f.file("affected.csv", s.bytes())
}

func correctedRows(f *fixture) {
	f.about = `
An export beside the rejected.csv that came of it, in which a colleague
corrected three of the four rows with a text editor. A corrected row stands in
for the one that was set aside: the rows read do not become more. One of them
turns out to be a second account of somebody who is there, and one row is
still as it was.`
	s := newSheet(plainColumns, ",", "\n")
	fixed := [][]string{{"name", "zip", "phone", "email", "account_number", "account_type", "language", "file", "line", "field", "reason", "original"}}
	correct := func(to fate, a account, field, reason, line, original string) {
		f.tally(to, a["state"])
		s.lines = append(s.lines, line)
		fixed = append(fixed, []string{a["name"], a["zip"], a["phone"], a["email"], a["number"], a["kind"], "",
			"affected.csv", fmt.Sprint(len(s.lines) + 1), field, reason, original})
	}
	f.some(s, 2)
	hale := f.who().named("Robert", "Hale").with("name", "Hale, Robert")
	f.put(s, mailed, hale)
	second := f.another(hale)
	bare := strings.ReplaceAll(s.line(second), `"`, "")
	correct(repeated, second, "", "7 fields where the header has 6 (a separator too many or too few)", bare, bare)
	f.some(s, 1)
	rounded := f.who().with("number", "9.00E+08")
	correct(aside, rounded, "account_number", "account_number is damaged: a spreadsheet turned this into a rounded number", s.line(rounded), s.line(rounded))
	business := f.who().with("kind", "Business")
	correct(mailed, business.with("kind", "Postpaid"), "account_type", "account_type is neither prepaid nor postpaid in any usual spelling", s.line(business), s.line(business))
	f.put(s, mailed, f.who().named("Zoë", "Björklund"))
	f.put(s, mailed, f.who().named("Inés", "Núñez"))
	jose := f.who().named("José", "Muñoz")
	latin := strings.NewReplacer("é", "\xe9", "ñ", "\xf1").Replace(s.line(jose))
	correct(mailed, jose, "name", "not valid UTF-8 (shown as if it were Windows-1252: correct it, or read the file with --encoding windows-1252)", latin, s.line(jose))
	f.some(s, 2)
	f.put(s, posted, f.who().with("email", ""))
	var b bytes.Buffer
	check(csv.NewWriter(&b).WriteAll(fixed))
	f.args = []string{"affected.csv", "rejected.csv"}
	f.file("affected.csv", s.bytes())
	f.file("rejected.csv", b.Bytes())
}

func toldLists(f *fixture) {
	f.about = `
An export, the list of those whom the call centre has told already, and the
list of those who may not be sent email. The lists have one address or account
number a line. A row whose address or number is on the first is already told,
whoever else it names; somebody on the second is told by post, once.`
	s := newSheet(plainColumns, ",", "\n")
	var told, never []string
	put := func(list *[]string, entry string, to fate, as ...account) {
		if entry != "" {
			*list = append(*list, entry)
		}
		for i, a := range as {
			if i > 0 && to == posted {
				to = repeated
			}
			f.put(s, to, a)
		}
	}
	f.some(s, 4)
	a := f.who()
	put(&told, a["email"], known, a, f.another(a))
	b := f.who()
	put(&told, strings.ToUpper(b["email"]), known, b)
	c := f.who()
	put(&told, c["number"], known, c)
	d := f.who()
	put(&told, d["email"], known, d, f.another(d).with("name", "Sam "+d["family"])) // a couple
	e := f.who().with("email", "")
	put(&told, e["number"], known, e)
	g := f.who()
	put(&never, g["email"], posted, g, f.another(g))
	h := f.who()
	put(&never, strings.ToUpper(h["email"]), posted, h)
	both := f.who()
	put(&never, both["email"], known, both)
	told = append(told, both["email"], "", "nobody@example.org")
	f.put(s, posted, f.who().with("email", ""))
	f.put(s, aside, f.who().with("number", "9.00E+08"))
	f.some(s, 2)
	f.args = []string{"--already-told", "told.txt", "--no-email", "no-email.txt", "affected.csv"}
	f.file("affected.csv", s.bytes())
	f.file("told.txt", []byte(strings.Join(told, "\n")+"\n"))
	f.file("no-email.txt", []byte(strings.Join(never, "\r\n")+"\r\n"))
}
