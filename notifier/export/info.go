package export

import (
	"slices"
	"strings"
)

// Info says how a file was read. It is complete when the last row was read.
type Info struct {
	Packing   []string  // what was taken off, from outside in: zip, age, gzip …
	Encoding  string    // for example "UTF-8 with byte order mark", "Windows-1252"
	Guessed   bool      // nothing but the bytes speaks for Encoding
	Changed   []Changed // a sample of what decoding made of bytes, for encodings of one byte a character
	Delimiter rune
	LineBreak string   // "LF", "CR LF", "CR", "mixed"; empty where there is none
	Columns   []Column // in the order of the file
}

// Column is a column of a file and what is read from it.
type Column struct {
	Header string // empty where it does not look like one and might be personal
	Field  string // what is read from it; "extra: NAME" for a template; empty where nothing is
}

// Info says how the file is read.
func (t *table) Info() Info {
	info := Info{
		Encoding:  t.seen.shown,
		Guessed:   t.seen.guessed,
		Delimiter: rune(t.framer.sep),
		LineBreak: t.lineBreak(),
		Columns:   t.columns,
	}
	if t.packed != nil {
		info.Packing = t.packed.Packing()
	}
	if t.seen.marked && t.decoder == nil {
		info.Encoding += " with byte order mark"
	}
	if d, ok := t.decoder.(*tableDecoder); ok {
		info.Changed = d.changed
	}
	return info
}

func (t *table) lineBreak() string {
	name := ""
	for brk, met := range t.framer.ends {
		switch {
		case !met || lineBreak(brk) == noBreak:
		case name != "":
			return "mixed"
		default:
			name = lineBreakNames[brk]
		}
	}
	return name
}

// columnsRead says for Info what is read from each column.
func (b *binding) columnsRead(headers []string) []Column {
	columns := make([]Column, len(headers))
	for i, h := range headers {
		if h, ok := printable(h); ok {
			columns[i].Header = h
		}
		var read []string
		if b.fields[i] != "" {
			read = append(read, b.fields[i])
		}
		for _, e := range b.extras {
			if e.column == i {
				read = append(read, "extra: "+e.name)
			}
		}
		switch at := slices.Index(b.origin, i); at {
		case originFile, originLine, originText:
			read = append(read, originColumns[at])
		}
		columns[i].Field = strings.Join(read, ", ")
	}
	return columns
}
