package main

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// accented writes everyone in western once.
func (f *fixture) accented(s *sheet) {
	for _, name := range western {
		f.put(s, mailed, f.who().named(name[0], name[1]))
	}
}

func excelGerman(f *fixture) {
	f.about = `
The billing export, opened in Excel on a German Windows and saved as CSV:
semicolons, Windows-1252, CR LF. Names with a comma need no quotes there, and
long numbers are rounded with a decimal comma. The ZIP codes have lost their
zeros.`
	s := newSheet("Kunde=name, Account Number=number, Phone=phone, ZIP=zip, E-Mail=email, Pre/Post=kind, Bemerkung=note", ";", "\r\n")
	f.yaml = "exports:\n  columns:\n    name: Kunde\n"
	f.accented(s)
	f.put(s, mailed, f.who().named("Robert", "Hale").with("name", "Hale, Robert"))
	f.put(s, mailed, f.who().at("2108", "MA").with("note", "Rückruf; dringend"))
	f.put(s, mailed, f.who().at("7102", "NJ").with("note", `sagt "später"`))
	f.put(s, posted, f.who().at("1103", "MA").with("email", "keine"))
	jose := f.who().named("José", "Ibáñez").at("10001", "NY")
	f.put(s, mailed, jose)
	f.put(s, repeated, f.another(jose).with("name", "JOSÉ IBÁÑEZ", "note", "2 Verträge à 10 €"))
	f.put(s, aside, f.who().with("number", "9,00E+08"))
	f.put(s, aside, f.who().with("number", "9,01E+08"))
	f.put(s, aside, f.who().with("number", "#NV"))
	f.fact("encoding", "Windows-1252")
	f.fact("delimiter", "semicolon")
	f.fact("line break", "CR LF")
	f.file("Betroffene Kunden.csv", encode(charmap.Windows1252, s.text()))
}

func excelFrench(f *fixture) {
	f.about = `
The list of a team in Montréal, saved by Excel on a French Windows, with the
line sep=; on top that makes other people's Excel open it rightly. The headers
are French, so campaign.yaml names them; it is in UTF-8 and the file in
Windows-1252.`
	f.yaml = `exports:
  columns:
    name: Nom
    zip: Code postal
    phone: Téléphone
    email: Courriel
    account_number: Numéro de compte
    account_type: Forfait
`
	s := newSheet("Numéro de compte=number, Nom=name, Téléphone=phone, Code postal=zip, Courriel=email, Forfait=kind", ";", "\r\n")
	f.accented(s)
	f.put(s, mailed, f.who().at("H2Y 1C6", "unknown"))
	f.put(s, posted, f.who().at("5401", "VT").with("email", "s. o."))
	f.put(s, posted, f.who().at("05401", "VT").with("email", ""))
	f.put(s, aside, f.who().with("number", "9,00E+08"))
	f.states = []string{"unknown"}
	f.fact("encoding", "Windows-1252")
	f.fact("delimiter", "semicolon")
	f.file("clients touches.csv", encode(charmap.Windows1252, "sep=;\r\n"+s.text()))
}

func excelUnicodeText(f *fixture) {
	f.about = `
Saved by Excel as "Unicode Text", because the CSV had lost the names that are
not western: UTF-16, little-endian, with a byte order mark, tabs, CR LF, and
quotes around what has a comma in it.`
	s := newSheet("Name=name, Phone=phone, Email=email, ZIP=zip, Account No.=number, Type=kind", "\t", "\r\n")
	for _, name := range []string{"Иван Петров", "王伟", "Nguyễn Thảo", "محمد حداد", "김민준", "Dvořák Łukasz", "José Muñoz"} {
		f.put(s, mailed, f.who().with("name", name))
	}
	f.some(s, 5)
	anna := f.who().with("name", "Анна Смирнова")
	f.put(s, mailed, anna)
	f.put(s, repeated, f.another(anna).with("name", "АННА СМИРНОВА"))
	f.put(s, posted, f.who().with("email", "нет"))
	f.put(s, aside, f.who().with("number", "9.00E+08"))
	comma := f.who().named("Robert", "Hale").with("name", "Hale, Robert")
	f.put(s, mailed, comma)
	s.lines[len(s.lines)-1] = strings.Replace(s.line(comma), "Hale, Robert", `"Hale, Robert"`, 1)
	f.fact("encoding", "UTF-16LE")
	f.fact("delimiter", "tab")
	f.file("affected unicode.txt", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), s.text()))
}

func excelMac(f *fixture) {
	f.about = `
Saved as "CSV (Macintosh)" by Excel for Mac: every line ends in a lone CR, and
the letters beyond ASCII are in the old Macintosh encoding. That cannot be told
from Windows-1252 by looking, so whoever reads it has to say --encoding.`
	s := newSheet("Account=number, Name=name, Telephone=phone, Zip=zip, Email=email, Type=kind, Comment=note", ",", "\r")
	f.accented(s)
	f.some(s, 4)
	f.put(s, mailed, f.who().with("name", "Lefèvre, François", "note", "“VIP”, café on Main St"))
	ines := f.who().named("Inés", "Núñez")
	f.put(s, mailed, ines)
	f.put(s, repeated, f.another(ines).with("name", "INÉS  NÚÑEZ"))
	f.put(s, posted, f.who().with("email", "n/a"))
	f.put(s, aside, f.who().with("kind", "Café"))
	f.fact("encoding", "Macintosh")
	f.fact("line break", "CR")
	f.fact("delimiter", "comma")
	f.args = []string{"--encoding", "macintosh", "affected (Mac).csv"}
	f.file("affected (Mac).csv", encode(charmap.Macintosh, s.text()))
}

func excelDroppedTail(f *fixture) {
	f.about = `
A CSV out of Excel, which looks at sixteen lines at a time and leaves out the
separators of the last columns where these are empty in all sixteen. Nobody has
a note in the second sixteen lines, so the rows there are one field short and
are set aside.`
	s := newSheet(plainColumns+", notes=note", ",", "\r\n")
	for i := range 15 { // and the header
		f.put(s, mailed, f.who().with("note", []string{"", "", "", "moved"}[i%4]))
	}
	for range 16 {
		f.raw(s, strings.TrimSuffix(s.line(f.who()), ","))
	}
	f.put(s, mailed, f.who().with("note", "deceased?"))
	f.some(s, 3)
	f.file("affected.csv", s.bytes())
}

func eatenZeros(f *fixture) {
	f.about = `
A list that went through a spreadsheet which took ZIP codes, phone numbers and
account numbers for numbers: the zeros at the beginning are gone, and the longer
account numbers are rounded, so that several people now have the same one. One
zero is put back. Puerto Rico and the Virgin Islands lost two, and what is left
could as well be the beginning of another code: their state is unknown. Where a
lookup found nothing it left #N/A.`
	s := newSheet("Name=name, ZIP Code=zip, Mobile=phone, Email Address=email, Acct #=number, Pre-/Postpaid=kind", ",", "\r\n")
	for _, c := range [][2]string{
		{"2108", "MA"}, {"1103", "MA"}, {"2108-1234", "MA"}, {"7102", "NJ"}, {"8608", "NJ"}, {"6103", "CT"}, {"3101", "NH"},
		{"4101", "ME"}, {"2903", "RI"}, {"5401", "VT"}, {"901", "unknown"}, {"802", "unknown"}, {"10001", "NY"}, {"75201", "TX"},
	} {
		f.put(s, mailed, f.who().at(c[0], c[1]))
	}
	f.put(s, mailed, f.who().at("97201", "OR").with("phone", "5.03556E+09"))
	f.put(s, posted, f.who().at("97201", "OR").with("email", "#N/A"))
	for _, number := range []string{"9.00E+08", "9.00E+08", "9.01E+08", "9E+08", "#N/A", "#REF!"} {
		f.put(s, aside, f.who().with("number", number))
	}
	f.states = []string{"MA", "NJ", "CT", "NH", "ME", "RI", "VT", "PR", "NY", "TX", "OR", "unknown"}
	f.file("affected_final_v2 (1).csv", s.bytes())
}

func scriptFloats(f *fixture) {
	f.about = `
Written by somebody's script with a table library that makes a column of whole
numbers into fractions as soon as one cell is empty: ZIP codes end in .0 and
have lost their zeros, and what is empty is nan. In the last part, appended
later, account numbers end in .0 as well, and those rows are set aside.`
	s := newSheet("=row, account_number=number, name=name, phone=phone, zip=zip, email=email, account_type=kind", ",", "\n")
	for _, c := range [][2]string{
		{"10001.0", "NY"}, {"14202.0", "NY"}, {"2108.0", "MA"}, {"1103.0", "MA"}, {"7102.0", "NJ"}, {"94103.0", "CA"},
		{"90012.0", "CA"}, {"75201.0", "TX"}, {"98104.0", "WA"}, {"nan", "unknown"}, {"", "unknown"}, {"20850.0", "MD"},
	} {
		f.put(s, mailed, f.who().at(c[0], c[1]))
	}
	f.put(s, posted, f.who().at("10001.0", "NY").with("email", "nan"))
	f.put(s, posted, f.who().at("10001.0", "NY").with("email", "None"))
	f.put(s, aside, f.who().with("number", "nan"))
	for range 6 {
		a := f.who()
		f.put(s, aside, a.with("number", a["number"]+".0", "phone", strings.ReplaceAll(a["phone"], "-", "")+".0"))
	}
	f.states = []string{"NY", "MA", "NJ", "CA", "TX", "WA", "MD", "unknown"}
	f.file("out.csv", s.bytes())
}

func pastedCells(f *fixture) {
	f.about = `
Cells pasted from a web page and from chat: spaces that do not break, spaces
without a width, tabs and line ends at the end of a cell, an apostrophe that
keeps a spreadsheet from calculating. None of it shows on the screen. The same
person with and without them is one.`
	s := newSheet("Account Number\u00a0=number,  Name =name, Phone=phone, ZIP=zip, \ufeffE-mail=email, Account Type=kind", ",", "\n")
	f.some(s, 4)
	a := f.who()
	f.put(s, mailed, a)
	f.put(s, repeated, f.another(a).with("email", "\u00a0"+a["email"]+"\u200b"))
	f.put(s, repeated, f.another(a).with("name", strings.ReplaceAll(a["name"], " ", "\u00a0")+" \t"))
	f.put(s, repeated, a.with("number", a["number"]+"\u00a0", "phone", "'+1"+strings.ReplaceAll(a["phone"], "-", "")))
	f.put(s, mailed, f.who().at("\u00a094103 ", "CA").with("email", "pat.hill@example.com\r\n"))
	f.put(s, mailed, f.who().at("94103\u200b", "CA").with("kind", " Postpaid\u00a0"))
	f.put(s, posted, f.who().with("email", "\u00a0"))
	f.put(s, aside, f.who().with("number", "\u200b \u00a0"))
	f.fact("encoding", "UTF-8")
	f.file("from the wiki.csv", s.bytes())
}

func quotedBreaks(f *fixture) {
	f.about = `
A reporting tool that puts everything in quotes, the header too, where somebody
broke a line within a cell. Cells hold line breaks, commas, semicolons and
quotes; the rows end in CR LF and the lines within cells in LF. A row of the
file is not a line of it.`
	s := newSheet("Account\nNumber=number, Customer Name=name, Phone\nNumber=phone, Billing\nZIP=zip, Email=email, Account Type=kind, Address=street", ",", "\r\n")
	s.all = true
	f.some(s, 3)
	f.put(s, mailed, f.who().with("street", "12 Main St, Apt \"B\"\nSpringfield"))
	f.put(s, mailed, f.who().with("name", "Hale,\nRobert", "street", "\n\n\nno street\n"))
	f.put(s, mailed, f.who().with("name", `Robert "Bob" Hale`, "street", `"`))
	f.put(s, mailed, f.who().with("street", "900000001,Ann Reed,555-0100\n900000002,Tom Reed,555-0101"))
	f.put(s, mailed, f.who().with("street", "5 Elm; rear; \t|"))
	a := f.who().with("street", "1 Oak\r\nReno")
	f.put(s, mailed, a)
	f.put(s, repeated, f.another(a).with("name", strings.ReplaceAll(a["name"], " ", "\n")))
	f.put(s, posted, f.who().with("email", "\n", "street", ","))
	f.put(s, aside, f.who().with("number", "\n", "street", "7 Lake,\nFlint"))
	f.some(s, 2)
	f.fact("delimiter", "comma")
	f.file("Affected Customers.csv", s.bytes())
}
