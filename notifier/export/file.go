package export

import "breachmail/notifier/internal/unpack"

// File is an export or a list: a file on disk, or a member of a zip archive.
type File = unpack.File

// List returns the files that paths stand for: files, the files in folders and
// below, the members of zip archives. Nothing else is left out than hidden
// files.
func List(paths []string) ([]File, error) { return unpack.List(paths) }
