// Package intake judges accounts and groups them into recipients.
//
//	Account ──► judge ──► key ──► sort on disk ──► group ──► Recipient
//	              │
//	              └► Reject: damaged or missing account number, unknown type
//
// Only what cannot be told apart from somebody else's data is set aside. A
// person without a usable address is a recipient like any other, told by post.
//
// Rows are sorted by key and then by the order in which they were added, in
// files of a few megabytes, so that memory does not grow with the export and
// the result depends on the rows alone.
package intake
