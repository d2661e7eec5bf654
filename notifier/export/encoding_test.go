package export

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// inUTF16 returns s in UTF-16.
func inUTF16(order binary.AppendByteOrder, s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// in returns s in an encoding of one byte a character.
func in(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	const rows = head + "José,1,2,3,4,5\n\"Zoë\nRené\",1,2,3,4,5\nJosé,1,2,3,4,5\n"
	read := []string{"2 José/1/2/3/4/5", "3 Zoë\nRené/1/2/3/4/5", "5 José/1/2/3/4/5"}
	sample := func(bytes ...byte) []Changed {
		return []Changed{{bytes[0], 'é', 2}, {bytes[1], 'ë', 3}}
	}
	for _, c := range []struct {
		name, content string
		named         string
		want          Info // its first fields
	}{
		{"utf-8", rows, "", Info{Encoding: "UTF-8"}},
		{"utf-8 named", rows, "UTF8", Info{Encoding: "UTF-8"}},
		{"utf-8 with mark", "\ufeff" + rows, "auto", Info{Encoding: "UTF-8 with byte order mark"}},
		{"utf-16le", "\xff\xfe" + inUTF16(binary.LittleEndian, rows), "", Info{Encoding: "UTF-16LE"}},
		{"utf-16be", "\xfe\xff" + inUTF16(binary.BigEndian, rows), "", Info{Encoding: "UTF-16BE"}},
		{"utf-16le named", inUTF16(binary.LittleEndian, rows), "UTF-16LE", Info{Encoding: "UTF-16LE"}},
		{"utf-16be named, with mark", "\xfe\xff" + inUTF16(binary.BigEndian, rows), "utf16be", Info{Encoding: "UTF-16BE"}},
		{"windows-1252 by looking", in(t, charmap.Windows1252, rows), "", Info{Encoding: "Windows-1252", Guessed: true, Changed: sample(0xe9, 0xeb)}},
		{"windows-1252", in(t, charmap.Windows1252, rows), "CP1252", Info{Encoding: "Windows-1252", Changed: sample(0xe9, 0xeb)}},
		{"latin 1", in(t, charmap.ISO8859_1, rows), "Latin1", Info{Encoding: "ISO-8859-1", Changed: sample(0xe9, 0xeb)}},
		{"latin 9", in(t, charmap.ISO8859_15, rows), "ISO 8859-15", Info{Encoding: "ISO-8859-15", Changed: sample(0xe9, 0xeb)}},
		{"windows-1250", in(t, charmap.Windows1250, rows), "windows_1250", Info{Encoding: "Windows-1250", Changed: sample(0xe9, 0xeb)}},
		{"macintosh", in(t, charmap.Macintosh, rows), "MacRoman", Info{Encoding: "Macintosh", Changed: sample(0x8e, 0x91)}},
		{"cp437", in(t, charmap.CodePage437, rows), "cp437", Info{Encoding: "CP437", Changed: sample(0x82, 0x89)}},
		{"cp850", in(t, charmap.CodePage850, rows), "IBM850", Info{Encoding: "CP850", Changed: sample(0x82, 0x89)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, brk := range []struct{ name, brk string }{{"LF", "\n"}, {"CR", "\r"}} {
				if strings.HasPrefix(c.name, "utf-16") && brk.name == "CR" {
					continue // see TestLineBreaks
				}
				r, err := newReader("east.csv", strings.NewReader(strings.ReplaceAll(c.content, "\n", brk.brk)), Options{Encoding: c.named})
				if err != nil {
					t.Fatal(err)
				}
				want := slices.Clone(read)
				want[1] = strings.ReplaceAll(want[1], "\n", brk.brk)
				if got := rest(t, r); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
				i := r.Info()
				if i.Encoding != c.want.Encoding || i.Guessed != c.want.Guessed || !slices.Equal(i.Changed, c.want.Changed) || i.LineBreak != brk.name {
					t.Errorf("got %+v, want %+v", i, c.want)
				}
			}
		})
	}
}

func TestEncodingErrors(t *testing.T) {
	for _, c := range []struct{ content, named, want string }{
		{head, "ebcdic", `there is no encoding "ebcdic" (--encoding is auto or one of utf-8, utf-16le,`},
		{head, "utf-16", `there is no encoding "utf-16"`},
		{"\ufeff" + head, "windows-1252", "east.csv:1: the file begins with a byte order mark of UTF-8, and --encoding says windows-1252 (leave --encoding out)"},
		{"\xff\xfe" + inUTF16(binary.LittleEndian, head), "utf-16be", "a byte order mark of UTF-16LE, and --encoding says utf-16be"},
		{inUTF16(binary.LittleEndian, head), "utf-8", "the header cannot be read: the row contains a NUL byte"},
	} {
		_, err := newReader("east.csv", strings.NewReader(c.content), Options{Encoding: c.named})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	for _, name := range append(Encodings(), "", "auto") {
		if err := CheckEncoding(name); err != nil {
			t.Error(err)
		}
	}
}

// What an encoding has no character for costs its row.
func TestForeignCharacters(t *testing.T) {
	for _, c := range []struct{ content, named, want string }{
		{head + "Jos\xe9\x81,1,2,3,4,5\nJos\xe9,1,2,3,4,5\n", "", "a character that does not exist in Windows-1252 (correct it, or name the file's encoding with --encoding) | José\ufffd,1,2,3,4,5"},
		{head + "Jos\x92,1,2,3,4,5\nJos\xe9,1,2,3,4,5\n", "latin1", "a character that does not exist in ISO-8859-1 (correct it, or name the file's encoding with --encoding) | Jos\ufffd,1,2,3,4,5"},
		{inUTF16(binary.LittleEndian, head) + "A\x00\x00\xd8" + inUTF16(binary.LittleEndian, ",1,2,3,4,5\nJosé,1,2,3,4,5"), "utf-16le", "a character that does not exist in UTF-16LE (correct it, or name the file's encoding with --encoding) | A\ufffd,1,2,3,4,5"},
	} {
		want := []string{"2 reject [name] " + c.want, "3 José/1/2/3/4/5"}
		if got := readAll(t, c.content, Options{Encoding: c.named}); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A rejected.csv is ours in any encoding, and no other than the one it has.
func TestEncodingOfCorrections(t *testing.T) {
	const own = "name,zip,phone,email,account_number,account_type,language,state,email_consent,file,line,field,reason,original\nJosé,1,2,3,4,5,,,,é.csv,7,zip,wrong,Zoë\n"
	for _, c := range []struct{ name, content, encoding string }{
		{"as we write it", own, "UTF-8"},
		{"with a mark", "\ufeff" + own, "UTF-8 with byte order mark"},
		{"by Excel", in(t, charmap.Windows1252, semicolons(own)), "Windows-1252"},
		{"by Excel for Mac", strings.ReplaceAll(own, "\n", "\r"), "UTF-8"},
		{"as Unicode text", "\xff\xfe" + inUTF16(binary.LittleEndian, strings.ReplaceAll(own, ",", "\t")), "UTF-16LE"},
		{"columns moved", strings.ReplaceAll(strings.ReplaceAll(own, "name,", "note,name,"), "José", ",José"), "UTF-8"},
	} {
		for _, named := range []string{"", "utf-8", "windows-1252", "macintosh", "cp850", "utf-16be"} {
			r, err := newReader("rejected.csv", strings.NewReader(c.content), Options{Encoding: named})
			if err != nil {
				t.Fatalf("%s as %q: %v", c.name, named, err)
			}
			acc, rej, err := r.Next()
			if got := told(acc, rej) + " " + origins(acc); err != nil || got != "2 José/1/2/3/4/5 é.csv:7 Zoë" || r.Info().Encoding != c.encoding {
				t.Errorf("%s as %q: %s in %s, %v", c.name, named, got, r.Info().Encoding, err)
			}
		}
	}
	unmarked := inUTF16(binary.LittleEndian, own) // nothing but its name tells
	if got := readAll(t, unmarked, Options{Encoding: "utf-16le"}); !slices.Equal(got, []string{"2 José/1/2/3/4/5"}) {
		t.Error(got)
	}
	for content, want := range map[string]string{
		own + "Jos\xe9,1,2,3,4,5,,,,e.csv,8,zip,wrong,x\n":                                 "not valid UTF-8 (shown as if it were Windows-1252: correct it, and save the file as UTF-8)",
		in(t, charmap.Windows1252, own) + "Jos\xe9\x81,1,2,3,4,5,,,,e.csv,8,zip,wrong,x\n": "a character that does not exist in Windows-1252 (correct it, and save the file as UTF-8)",
	} {
		if got := readAll(t, content, Options{Encoding: "windows-1252"}); len(got) != 2 || !strings.HasPrefix(got[1], "3 reject [name] "+want+" | José") {
			t.Errorf("%q", got)
		}
	}
	if _, err := newReader("rejected.csv", strings.NewReader(own), Options{Encoding: "ebcdic"}); err == nil {
		t.Error("no error for an encoding that does not exist")
	}
}

// The encoding is decided on what stands in the first mebibyte, and a
// character cut off at its end decides nothing.
func TestEncodingOfLongFiles(t *testing.T) {
	row := "Ann,97201,1,a@example.com,9,prepaid\n"
	plain := head + strings.Repeat(row, lookSize/len(row)+1)
	for cut := 1; cut <= 2; cut++ {
		content := plain[:lookSize-cut] + "…" + row[len(row)-1:] + "Jos\xe9,1,2,3,4,5\n"
		r, err := newReader("east.csv", strings.NewReader(content), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := rest(t, r)
		if i := r.Info(); i.Encoding != "UTF-8" || !strings.Contains(got[len(got)-1], notUTF8) {
			t.Errorf("%s, %s", i.Encoding, got[len(got)-1])
		}
	}
	got := readAll(t, plain[:lookSize-1]+"\xe9\n"+row, Options{}) // é in Windows-1252, or a character cut off
	if last := got[len(got)-2]; !strings.Contains(last, "reject") {
		t.Error(last)
	}
}

func TestChangedSample(t *testing.T) {
	for _, brk := range []string{"\n", "\r", "\r\n"} {
		var names strings.Builder
		for b := 0xe0; b <= 0xff; b++ {
			fmt.Fprintf(&names, "%c%c,1,2,3,4,5\n", b, b)
		}
		content := strings.ReplaceAll(in(t, charmap.Windows1252, head+names.String()), "\n", brk)
		r, err := newReader("east.csv", iotest.OneByteReader(strings.NewReader(content)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := rest(t, r); len(got) != 32 {
			t.Fatal(len(got))
		}
		changed := r.Info().Changed
		if len(changed) != maxChanged || changed[7] != (Changed{Byte: 0xe7, Character: 'ç', Line: 9}) {
			t.Errorf("%q: %+v", brk, changed)
		}
	}
}

// upTo returns the numbers from first to last.
func upTo(first, last int) (list []int) {
	for i := first; i <= last; i++ {
		list = append(list, i)
	}
	return list
}

func TestLineBreaks(t *testing.T) {
	const row = "A,1,2,3,4,5"
	at := func(lines ...int) (want []string) {
		for _, l := range lines {
			want = append(want, fmt.Sprintf("%d A/1/2/3/4/5", l))
		}
		return want
	}
	columns := strings.TrimSpace(head)
	for _, c := range []struct {
		name, content, brk string
		want               []string
	}{
		{"none", columns, "", nil},
		{"LF", columns + "\n\n" + row, "LF", at(3)},
		{"CR LF", columns + "\r\n" + row + "\r\n", "CR LF", at(2)},
		{"CR", columns + "\r\r" + row + "\r", "CR", at(3)},
		{"mixed", columns + "\r\n" + row + "\n" + row, "mixed", at(2, 3)},
		{"CR, then others", columns + strings.Repeat("\r"+row, lookSize/len(row)) + "\r\n" + row + "\n" + row, "mixed",
			at(upTo(2, lookSize/len(row)+3)...)},
		{"a field with CR", columns + "\n\"A\rB\",1,2,3,4,5\n", "LF", []string{"2 A\rB/1/2/3/4/5"}},
		{"a field with CR in a file of CR", columns + "\r\"A\rB\",1,2,3,4,5\r" + row, "CR", []string{"2 A\rB/1/2/3/4/5", "4 A/1/2/3/4/5"}},
		{"a field with LF in a file of CR", columns + "\r\"A\nB\",1,2,3,4,5\r" + row + "\r", "CR", []string{"2 A\nB/1/2/3/4/5", "4 A/1/2/3/4/5"}},
		{"a field with all of them", columns + "\n\"A\r\n\r\nB\n\rC\",1,2,3,4,5\n" + row, "LF", []string{"2 A\n\nB\n\rC/1/2/3/4/5", "7 A/1/2/3/4/5"}},
		{"CR behind a quoted field", columns + "\rA,1,2,3,4,\"5\"\r" + row, "CR", at(2, 3)},
		{"rows of LF, then of CR", columns + strings.Repeat("\n"+row, 3) + "\n" + strings.Repeat(row+"\r", 301), "mixed", at(upTo(2, 305)...)},
		{"a header of LF, rows of CR", columns + "\n" + strings.Repeat(row+"\r", 50), "mixed", at(upTo(2, 51)...)},
		{"a header of CR, rows of LF", columns + "\r" + strings.Repeat(row+"\n", 50), "mixed", at(upTo(2, 51)...)},
		{"each in turn", columns + strings.Repeat("\r"+row+"\n"+row+"\r\n"+row, 3), "mixed", at(upTo(2, 10)...)},
		{"CR CR LF", columns + "\r\r\n" + row + "\r\r\n" + row, "mixed", at(3, 5)},
		{"CR in a bare field", columns + "\nA\rB,1,2,3,4,5\n" + row, "mixed", []string{
			"2 reject [] 1 field where the header has 6 (a separator too many or too few) | A", "3 B/1/2/3/4/5", "4 A/1/2/3/4/5",
		}},
		{"CR at the end of what is looked at", columns + strings.Repeat("\n", lookSize-len(columns)-1) + "\r\n" + row, "mixed", at(lookSize - len(columns) + 1)},
		{"a long line, then CR", columns + "\r" + strings.Repeat("x", 2*maxRecord) + "\r" + row, "CR", []string{
			"2 reject [] the line is longer than 256 KiB | " + strings.Repeat("x", maxOriginal) + " … (cut)", "3 A/1/2/3/4/5",
		}},
		{"UTF-16, CR", "\xff\xfe" + inUTF16(binary.LittleEndian, columns+"\r"+row+"\r"), "CR", at(2)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := newReader("east.csv", strings.NewReader(c.content), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := rest(t, r); !slices.Equal(got, c.want) {
				t.Errorf("%d rows, want %d: %.200q", len(got), len(c.want), got)
			}
			if got := r.Info().LineBreak; got != c.brk {
				t.Errorf("got %s, want %s", got, c.brk)
			}
		})
	}
}
