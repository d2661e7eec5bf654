// Package unpack opens the files people hand us, packed or not, as plain
// streams of bytes.
//
// # What is read
//
// List finds the files: it walks folders and looks into zip archives. Open
// gives the bytes of one of them with everything around them taken off, from
// outside in:
//
//	disk ──► zip member ──► age ──► gzip ──► zstd ──► plain bytes
//	         each of them may be there or not, in any order; zip only first
//
// What a file is, is told by its first bytes (kind.go) and never by its name.
// Nothing is ever written, encrypted files included: they are decrypted as
// they are read. What is no text at all, such as a workbook, is refused by its
// name. Whether the plain bytes are an export is for the reader above to say.
//
// # What is noticed
//
// A packed file that is cut off or damaged ends with an error from Read, and
// what was read before it must not be used. Where that cannot be noticed: in a
// plain file; in a zstd frame that was written without a checksum; where a
// file of several gzip members or zstd frames is cut between two of them; and
// where the very first bytes are damaged, so that the file is not recognised
// and comes through as it is.
//
// # Limits
//
// They bound memory and time, whatever the bytes:
//
//   - four layers one inside the other
//   - one compressed layer may give 200 times what it was fed, once it gave
//     more than 64 MiB (ErrBomb)
//   - a zstd window of 32 MiB, half of that for each further zstd layer inside
//     it: 60 MiB in all
//   - a zip archive has at most 1,000 members, and a list of contents of at
//     most 4 MiB
package unpack

const (
	maxLayers = 4

	bombFrom  = 64 << 20 // bytes out of one layer
	bombRatio = 200      // bytes out for one byte in

	maxWindow = 32 << 20 // bytes, of the outermost zstd layer

	maxMembers    = 1000
	maxContents   = 4 << 20 // bytes of a zip archive's list of contents
	maxMemberName = 1 << 10 // bytes
)
