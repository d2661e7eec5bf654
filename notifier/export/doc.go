// Package export streams an export of affected accounts, row by row.
//
// A row that cannot be read is set aside as a [notifier.Reject] with its file,
// physical line and reason, and the stream goes on with the next line: a bad
// row costs that row and no other. What is wrong with the file as a whole (no
// header, a column missing or doubled) is an error of [Open], before any row.
//
// How a file becomes accounts:
//
//	bytes ──► framer ──► encoding/csv ──► gocsv ──► Account
//	          one record   its fields      row struct
//	          and its line
//
// The framer cuts the file into records itself, because encoding/csv loses the
// rest of a file at a quote that never closes, and because gocsv counts lines
// wrongly after a field with a line break. Each record is then read alone.
//
// Rows that were set aside are written by [RejectWriter] in a form that Open
// takes as an export again once they are corrected.
package export
