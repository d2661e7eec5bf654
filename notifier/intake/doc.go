// Package intake judges accounts and groups them into recipients.
//
//	Account ──► judge ──► told? ──► key ──► sort on disk ──► group ──► Recipient
//	              │         │
//	              │         └► on the list of those told already: not grouped
//	              └► Reject: damaged or missing account number, unknown type,
//	                 a name with somebody's address or number in it
//
// Only what cannot be told apart from somebody else's data is set aside. A
// person without a usable address is a recipient like any other, told by post.
// Nothing is guessed: what cannot be read is kept as found, and what was put
// right or left out is counted as a Warning.
//
// Rows are shared out by the first byte of their key, in one temporary file,
// and sorted part by part. Memory does not grow with the export but for its
// longest part: some 8 MB while rows come in, and a 256th of all rows while
// recipients go out. The result depends on the rows alone.
//
// Beside the line stands Shift, which watches one export for columns that hold
// each other's values.
package intake
