// Package export streams an export of affected accounts, row by row.
//
// A row that cannot be read is set aside as a [notifier.Reject] with its file,
// physical line and reason, and the stream goes on with the next line: a bad
// row costs that row and no other. What is wrong with the file as a whole (no
// header, a column missing or doubled) is an error of [Open], before any row.
//
// How a file becomes accounts:
//
//	unpack ──► decode ──► framer ──► encoding/csv ──► gocsv ──► Account
//	plain      UTF-8      one record   its fields      row struct
//	bytes                 and its line
//
// How a file is written is found out by looking: its encoding in the first
// mebibyte (encoding.go), what separates fields in its header (delimiter.go),
// and which column is which by the header's names (columns.go). [Reader.Info]
// says what was found.
//
// The framer cuts the file into records itself, because encoding/csv loses the
// rest of a file at a quote that never closes, and because gocsv counts lines
// wrongly after a field with a line break. Each record is then read alone. LF,
// CR LF and CR each end a record and count as a line, mixed as they may be;
// within quotes they belong to the field (framer_lines.go). A quoted field in
// which another row seems to stand is taken for one that was never closed
// (framer_swallow.go).
//
// Rows that were set aside are written by [RejectWriter] in a form that Open
// takes as an export again once they are corrected, whatever the exports beside
// it are like (corrections.go). Lists of people, which have no accounts, are
// read by [ListReader].
package export
