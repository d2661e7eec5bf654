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
// How a file is written is found out by looking: its encoding and line ends in
// the first mebibyte (encoding.go, cr.go), what separates fields in its header
// (delimiter.go), and which column is which by the header's names (columns.go).
// [Reader.Info] says what was found.
//
// The framer cuts the file into records itself, because encoding/csv loses the
// rest of a file at a quote that never closes, and because gocsv counts lines
// wrongly after a field with a line break. Each record is then read alone.
//
// Rows that were set aside are written by [RejectWriter] in a form that Open
// takes as an export again once they are corrected (corrections.go). Lists of
// people, which have no accounts, are read by [ListReader].
package export
