package unpack

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of trouble, for errors.Is.
var (
	ErrTruncated = errors.New("cut off")                 // the end of a packed file is missing
	ErrDamaged   = errors.New("damaged")                 // a checksum or the structure is wrong
	ErrBomb      = errors.New("unpacks to far too much") // see the limits above
	ErrKey       = errors.New("cannot be decrypted")     // encrypted, and no key for it
	ErrFormat    = errors.New("not a file we read")      // another kind of file, or packed in a way we do not read
	ErrPath      = errors.New("not a readable file")     // not there, not a file, not permitted, named twice
	ErrChanged   = errors.New("changed while it was read")
)

// Error is what is wrong with one file. Every error of this package is one.
// It holds nothing of the file's content and nothing of a key.
type Error struct {
	File string // File.Name, or the path or archive that gave no File
	Kind error  // one of the Err above
	What string
	Do   string

	cause error // from the operating system; may be nil
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (%s)", e.File, e.What, e.Do) }

// Unwrap makes errors.Is find the kind, and what the operating system said.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

const getAgain = "get the file again"

func truncated() *Error {
	return &Error{Kind: ErrTruncated, What: "the archive is cut off", Do: getAgain}
}

func damaged() *Error {
	return &Error{Kind: ErrDamaged, What: "the archive is damaged", Do: getAgain}
}

func trailing() *Error {
	return &Error{Kind: ErrDamaged, What: "something else follows the end of the archive", Do: "get the file again, or pack it again"}
}

// of names the file in e.
func (e *Error) of(file string) *Error {
	e.File = file
	return e
}

// systemError turns what the operating system says about the file called name
// into ours.
func systemError(name string, err error) *Error {
	e := &Error{File: name, Kind: ErrPath, cause: err}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.What, e.Do = "there is no such file", "check the path"
	case errors.Is(err, fs.ErrPermission):
		e.What, e.Do = "may not be read", "check its permissions"
	case errors.As(err, &path):
		e.What, e.Do = "cannot be read: "+path.Err.Error(), "check the path and the disk"
	default:
		e.What, e.Do = "cannot be read: "+err.Error(), "check the path and the disk"
	}
	return e
}

// label makes a name safe to print: what is not printable is written as an
// escape, so that different names stay different.
func label(name string) string {
	var b strings.Builder
	for i, w := 0, 0; i < len(name); i += w {
		var r rune
		r, w = utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && w == 1:
			fmt.Fprintf(&b, `\x%02x`, name[i])
		case !unicode.IsPrint(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// amount writes a number of bytes for people.
func amount(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}
