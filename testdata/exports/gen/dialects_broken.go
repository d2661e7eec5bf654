package main

import (
	"fmt"
	"strings"
)

func brokenRows(f *fixture) {
	f.about = `
An export that several hands repaired: quotes that do not close or stand where
they may not, a name with a comma and no quotes, a row that ends early, a NUL
byte, a row in another encoding, and lines of blanks. Each of them is set aside
alone, and the rows before and after it are read.`
	s := newSheet(plainColumns+", notes=note", ",", "\n")
	line := func(pairs ...string) string { return s.line(f.who().with(pairs...)) }
	f.some(s, 3)
	f.raw(s, strings.Replace(line("name", "@@"), "@@", "Hale, Robert", 1))   // one field too many
	f.raw(s, strings.Join(strings.Split(line(), ",")[:5], ","))              // ends early
	f.raw(s, "900199999")                                                    // a number alone
	f.put(s, mailed, f.who().with("name", "Zoë Müller"))                     // UTF-8 as it should be
	f.raw(s, strings.Replace(line("name", "@@"), "@@", `"Hale Roberta`, 1))  // never closes
	f.put(s, mailed, f.who().with("note", `says "later", twice`))            // and here it would seem to
	f.raw(s, strings.Replace(line("name", "@@"), "@@", `Bob "Rob" Hale`, 1)) // stray
	f.raw(s, strings.Replace(line("name", "@@"), "@@", `"Bob" Hale`, 1))     // text after the closing quote
	f.put(s, mailed, f.who().named("Ángel", "Núñez"))
	f.raw(s, line("name", "Ann\x00Reed"))
	s.lines = append(s.lines, "", "   ", "\t")
	f.raw(s, line("name", "Jos\xe9 Mu\xf1oz"))
	f.put(s, mailed, f.who().named("François", "Björklund"))
	f.put(s, mailed, f.who().with("note", "moved\n2017"))
	f.put(s, posted, f.who().with("name", "Siobhán Kelly", "email", "none"))
	f.raw(s, ",,,,,,")
	f.some(s, 2)
	f.raw(s, strings.Replace(line("note", "@@"), "@@", `"`, 1)) // never closes, at the end of the file
	f.fact("encoding", "UTF-8")
	f.fact("delimiter", "comma")
	f.file("affected_repaired.csv", s.bytes())
}

func shiftedColumns(f *fixture) {
	f.about = `
Somebody inserted a cell in the sixteenth row and the spreadsheet moved all
cells below it to the right, while the width of the file stayed the same. More
than twenty rows and more than one in a hundred would be set aside, so the
export is refused as a whole.`
	s := newSheet(plainColumns, ",", "\r\n")
	f.some(s, 15)
	for range 25 {
		a := f.who()
		f.put(s, aside, account{"name": a["number"], "phone": a["name"], "zip": a["phone"], "email": a["zip"], "kind": a["email"]})
	}
	f.fact("refused", "yes")
	f.file("affected.csv", s.bytes())
}

func cutShort(f *fixture) {
	f.about = `
A gzip file whose transfer broke off in the middle. The rows that can still be
unpacked are not the export, so none of them may be taken.`
	f.wrong = "affected.csv.gz; cut off"
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 40)
	packed := gzipped(s.bytes())
	f.file("affected.csv.gz", packed[:len(packed)*3/5])
}

func doubledColumn(f *fixture) {
	f.about = `
Two systems joined side by side: the sheet has two columns that may hold the
address, and nothing says which is right.`
	f.wrong = "two columns; email"
	s := newSheet(plainColumns+", E-Mail=other", ",", "\n")
	for range 6 {
		a := f.who()
		f.put(s, mailed, a.with("other", strings.ToLower(a["family"])+"@example.net"))
	}
	f.file("joined.csv", s.bytes())
}

func firstLineLost(f *fixture) {
	f.about = `
Somebody sorted the sheet or cut its first line off: the file begins with an
account, and no line says what the columns are. The error names nobody.`
	f.wrong = "header"
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 8)
	f.file("affected.csv", []byte(s.rows()))
}

func columnLost(f *fixture) {
	f.about = `
Somebody hid a column before saving, and it is not in the file: nothing says
who is prepaid and who postpaid.`
	f.wrong = "account_type"
	s := newSheet("account_number=number, name=name, phone=phone, zip=zip, email=email", ",", "\n")
	f.some(s, 6)
	f.file("affected.csv", s.bytes())
}

func zeroBytes(f *fixture) {
	f.about = `
What a failed job leaves: a file of the right name with nothing in it.`
	f.wrong = "empty"
	f.file("affected.csv", nil)
}

func renamedXLSX(f *fixture) {
	f.about = `
An Excel workbook that was given the ending .csv in the hope that this would
make it one.`
	f.wrong = "workbook"
	s := newSheet(plainColumns, ",", "\n")
	f.some(s, 5)
	var rows strings.Builder
	for _, line := range append([]string{s.header()}, s.lines...) {
		rows.WriteString("<row>")
		for cell := range strings.SplitSeq(line, ",") {
			fmt.Fprintf(&rows, `<c t="inlineStr"><is><t>%s</t></is></c>`, cell)
		}
		rows.WriteString("</row>")
	}
	const (
		start  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
		sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		links  = "http://schemas.openxmlformats.org/package/2006/relationships"
		types  = "http://schemas.openxmlformats.org/package/2006/content-types"
		kind   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	part := func(name, text string) file { return file{name, []byte(start + text)} }
	f.file("affected.csv", zipped(
		part("[Content_Types].xml", `<Types xmlns="`+types+`"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
			`<Override PartName="/xl/workbook.xml" ContentType="`+kind+`sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="`+kind+`worksheet+xml"/></Types>`),
		part("_rels/.rels", `<Relationships xmlns="`+links+`"><Relationship Id="rId1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		part("xl/workbook.xml", `<workbook xmlns="`+sheets+`" xmlns:r="`+office+`"><sheets><sheet name="Affected" sheetId="1" r:id="rId1"/></sheets></workbook>`),
		part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+links+`"><Relationship Id="rId1" Type="`+office+`/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		part("xl/worksheets/sheet1.xml", `<worksheet xmlns="`+sheets+`"><sheetData>`+rows.String()+`</sheetData></worksheet>`),
	))
}
