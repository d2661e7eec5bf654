package unpack

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// members returns the members of the archive that are files and not hidden.
func members(file File, f *os.File, size int64) ([]File, error) {
	zr, err := openZip(file.Name, f, size)
	if err != nil {
		return nil, err
	}
	shared := &archive{}
	var files []File
	seen := map[string]bool{}
	for _, m := range zr.File {
		if leftOut(m) {
			continue
		}
		member := File{Name: file.Name + "/" + label(m.Name), Path: file.Path, Member: m.Name, archive: shared}
		if err := usable(m); err != nil {
			return nil, err.of(member.Name)
		}
		if seen[member.Name] {
			return nil, &Error{File: member.Name, Kind: ErrFormat, What: "stands in the archive twice", Do: "unpack it and name the right one"}
		}
		seen[member.Name] = true
		files = append(files, member)
	}
	if len(files) == 0 {
		return nil, &Error{File: file.Name, Kind: ErrFormat, What: "there is no file in this archive", Do: "hidden ones do not count; " + getAgain}
	}
	return files, nil
}

// openZip reads the archive's list of contents and judges it as a whole.
func openZip(name string, f *os.File, size int64) (*zip.Reader, error) {
	v := &volume{f: f, name: name, left: maxContents}
	zr, err := zip.NewReader(v, size)
	switch {
	case errors.Is(err, zip.ErrInsecurePath): // names are labels to us
	case v.err != nil:
		return nil, v.err
	case err != nil:
		e := &Error{Kind: ErrTruncated, What: "the archive is cut off, damaged, or one of several parts", Do: "get the whole file again"}
		return nil, e.of(name)
	}
	v.left = -1
	if len(zr.File) > maxMembers {
		return nil, tooMany(name)
	}
	if what := office(zr); what != "" {
		return nil, &Error{File: name, Kind: ErrFormat, What: "is " + what, Do: asCSV}
	}
	return zr, nil
}

// office says what the archive is, when it is an office document.
func office(zr *zip.Reader) string {
	for _, o := range offices {
		if slices.ContainsFunc(zr.File, func(m *zip.File) bool { return m.Name == o.member }) {
			return o.what
		}
	}
	return ""
}

// leftOut reports whether m is no file, or hidden.
func leftOut(m *zip.File) bool {
	name := strings.ReplaceAll(m.Name, `\`, "/")
	if strings.HasSuffix(name, "/") && m.UncompressedSize64 == 0 {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	return false
}

// usable says why the member m cannot be read, or nil. Flag bits: APPNOTE.TXT
// 4.4.4; methods: 4.4.5.
func usable(m *zip.File) *Error {
	switch {
	case len(m.Name) == 0 || len(m.Name) > maxMemberName:
		return &Error{Kind: ErrFormat, What: "is a member without a name, or with a very long one", Do: unpackIt}
	case m.Flags&1 != 0:
		return &Error{Kind: ErrFormat, What: "is protected by a password", Do: unpackIt}
	case !m.Mode().IsRegular():
		return &Error{Kind: ErrFormat, What: "is no file, but a link or the like", Do: unpackIt}
	case m.Method != zip.Store && m.Method != zip.Deflate:
		return &Error{Kind: ErrFormat, What: fmt.Sprintf("is compressed by method %d, which we do not read", m.Method), Do: unpackIt}
	}
	return nil
}

func tooMany(name string) *Error {
	return &Error{File: name, Kind: ErrFormat, What: fmt.Sprintf("has more than %d members, or too long a list of contents", maxMembers), Do: "unpack it and name the folder"}
}

// openMember opens one member of the archive f. The source counts its
// compressed bytes; size is how many there are.
func openMember(file File, f *os.File, archiveSize int64) (l *layer, size int64, err error) {
	zr, err := openZip(file.Name, f, archiveSize)
	if err != nil {
		return nil, 0, err
	}
	m := find(zr, file.Member)
	if m == nil {
		return nil, 0, &Error{File: file.Name, Kind: ErrChanged, What: "is no longer in the archive", Do: "start again"}
	}
	if err := usable(m); err != nil {
		return nil, 0, err.of(file.Name)
	}
	in := &source{}
	zr.RegisterDecompressor(zip.Store, func(r io.Reader) io.ReadCloser { in.r = r; return io.NopCloser(in) })
	zr.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { in.r = r; return flate.NewReader(in) })
	l = &layer{file: file.Name, in: in, judge: judgeZip}
	rc, err := m.Open()
	if err != nil {
		return nil, 0, l.fail(err)
	}
	l.r = rc
	return l, int64(m.CompressedSize64), nil //nolint:gosec // G115: archive/zip converts it likewise
}

func find(zr *zip.Reader, name string) *zip.File {
	for _, m := range zr.File {
		if m.Name == name && !leftOut(m) {
			return m
		}
	}
	return nil
}

// judgeZip tells what err means for a member.
func judgeZip(err error) *Error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return truncated()
	}
	return damaged()
}

// volume is the archive on disk. It keeps what the disk said, and bounds how
// much is read for the list of contents: archive/zip holds all of it in memory.
type volume struct {
	f    *os.File
	name string
	left int64 // bytes that may still be read; -1: any number
	err  *Error
}

// ReadAt implements io.ReaderAt.
func (v *volume) ReadAt(p []byte, off int64) (int, error) {
	n, err := v.f.ReadAt(p, off)
	if err != nil && err != io.EOF {
		v.err = systemError(v.name, err)
		return n, v.err
	}
	if v.left >= 0 {
		if v.left -= int64(n); v.left < 0 {
			v.err = tooMany(v.name)
			return 0, v.err
		}
	}
	return n, err
}
