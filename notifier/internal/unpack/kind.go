package unpack

import "bytes"

// headSize is how much of a file is looked at to tell what it is: enough for
// the magic of a tar archive, which stands at byte 257.
const headSize = 512

// kind is how a stream is packed, as Reader.Packing says it.
type kind string

const (
	plain   kind = ""
	isZip   kind = "zip"
	isAge   kind = "age"
	armored kind = "age, armoured" // Packing says age
	isGzip  kind = "gzip"
	isZstd  kind = "zstd"
	stub    kind = "stub" // the whole file is the beginning of a magic
)

const (
	ageMagic   = "age-encryption.org/"
	armorMagic = "-----BEGIN AGE ENCRYPTED FILE-----"
	zstdSkip   = "\x2a\x4d\x18" // after 0x50 to 0x5f: a skippable frame, RFC 8878, 3.1.2
)

// magics are the first bytes of what we unpack. A file that ends within a
// magic, sure bytes or more behind its start, is one that was cut off.
var magics = []struct {
	kind  kind
	magic string
	sure  int
}{
	{isGzip, "\x1f\x8b", 1},           // RFC 1952, 2.3.1
	{isZstd, "\x28\xb5\x2f\xfd", 2},   // RFC 8878, 3.1.1
	{isZip, "PK\x03\x04", 3},          // APPNOTE.TXT 4.3.7
	{isZip, "PK\x05\x06", 3},          // 4.3.16: without members
	{isZip, "PK\x07\x08", 3},          // 8.5.4: in several parts
	{isAge, ageMagic, len("age-enc")}, // C2SP age.md, "Header"
	{armored, armorMagic, len("-----BEGIN AGE")},
}

// recognise tells how the stream that begins with head is packed. whole says
// that nothing follows head.
func recognise(head []byte, whole bool) kind {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.kind
		}
		if whole && len(head) >= m.sure && bytes.HasPrefix([]byte(m.magic), head) {
			return stub
		}
	}
	switch {
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && string(head[1:4]) == zstdSkip:
		return isZstd
	case bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte(armorMagic)):
		return armored // white space before it is allowed: C2SP age.md, "ASCII armor"
	}
	return plain
}

// foreigners are kinds of files that hold no text, or hold it where we do not
// look. The texts complete "it is …" and say what to do.
var foreigners = []struct {
	at    int
	magic string
	what  string
	do    string
}{
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (.xls) or another old Office document", asCSV},
	{0, "%PDF-", "a PDF", fromSource},
	{0, "PAR1\x15", "a Parquet file", fromSource},
	{0, "Obj\x01", "an Avro file", fromSource},
	{0, "SQLite format 3\x00", "an SQLite database", fromSource},
	{0, "BZh", "a bzip2 archive", repack}, // and the magic of a block, see isBzip2
	{0, "\xfd7zXZ\x00", "an xz archive", repack},
	{0, "LZIP\x01", "an lzip archive", repack},
	{0, "\x04\x22\x4d\x18", "an lz4 archive", repack},
	{0, "\x1f\x9d", "a compress (.Z) archive", repack},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", unpackIt},
	{0, "Rar!\x1a\x07", "a RAR archive", unpackIt},
	{257, "ustar", "a tar archive", unpackIt},
	{0, "-----BEGIN PGP MESSAGE-----", "encrypted with PGP", "decrypt it first"},
}

const (
	asCSV      = "save it as CSV UTF-8"
	fromSource = "ask for the same as CSV"
	repack     = "pack it again as .gz or .zst"
	unpackIt   = "unpack it first"
)

// foreign says what a stream that begins with head is, when it is nothing that
// can be read; nil otherwise.
func foreign(head []byte) *Error {
	for _, f := range foreigners {
		if len(head) < f.at || !bytes.HasPrefix(head[f.at:], []byte(f.magic)) || f.magic == "BZh" && !isBzip2(head) {
			continue
		}
		return &Error{Kind: ErrFormat, What: "is " + f.what, Do: f.do}
	}
	return nil
}

// isBzip2 looks for what follows "BZh" and a digit: the magic of a block, or
// that of the end of an empty file.
func isBzip2(head []byte) bool {
	return len(head) >= 10 && (string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17rE8P\x90")
}

// offices are members by which an office document that is a zip archive is
// known, the telling ones first.
var offices = []struct{ member, what string }{
	{"xl/workbook.xml", "an Excel workbook"},
	{"xl/workbook.bin", "an Excel workbook (.xlsb)"},
	{"word/document.xml", "a Word document"},
	{"META-INF/manifest.xml", "an OpenDocument file"},
	{"Index/Document.iwa", "a Numbers or Pages document"},
	{contentTypes, "an Office document"},
}

const contentTypes = "[Content_Types].xml" // ECMA-376, part 2: in every one of Microsoft's, mostly as the first

// nestedZip is what to say of a zip archive inside another layer, whose list
// of contents, at its end, cannot be reached.
func nestedZip(head []byte) *Error {
	if bytes.Contains(head, []byte(contentTypes)) {
		return &Error{Kind: ErrFormat, What: "is an Excel workbook or another Office document", Do: asCSV}
	}
	return &Error{Kind: ErrFormat, What: "is a zip archive inside another one or inside an encrypted file, which cannot be read as a stream",
		Do: "pack it as .gz or .zst instead"}
}
