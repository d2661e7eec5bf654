package unpack

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is one file to read: a file on disk, or a member of a zip archive.
type File struct {
	Name   string // what it is called in messages and accounts: the path, or path/member; safe to print
	Path   string // on disk
	Member string // in the archive at Path, as the archive writes it; "" otherwise

	archive *archive // what the members of one archive share; may be nil
}

// Base is the last element of Name (for a member: of the member's name). It
// is never a name that leads elsewhere.
func (f File) Base() string {
	base := filepath.Base(f.Name)
	if f.Member != "" {
		base = label(f.Member)
		base = base[strings.LastIndexAny(base, `/\`)+1:]
	}
	if base == "" || base == "." || base == ".." || base == string(filepath.Separator) {
		return "unnamed"
	}
	return base
}

// List returns the files that paths stand for, in order: folders are walked
// (names sorted, and what is hidden left out), zip archives give their members
// in the archive's order. Nothing else is left out: what cannot be read is an
// error, and so is a file that is named twice, through a folder or a link too.
func List(paths []string) ([]File, error) {
	l := lister{seen: map[string]bool{}}
	for _, path := range paths {
		if err := l.named(path); err != nil {
			return nil, err
		}
	}
	return l.files, nil
}

type lister struct {
	files []File
	seen  map[string]bool // absolute paths without links
}

// named adds what a path given by the user stands for.
func (l *lister) named(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return statError(path, err)
	case !info.IsDir():
		return l.file(path, info)
	}
	before := len(l.files)
	if err := l.folder(path); err != nil {
		return err
	}
	if len(l.files) == before {
		return &Error{File: label(path), Kind: ErrPath, What: "there is no file in this folder",
			Do: "hidden ones do not count; check the path"}
	}
	return nil
}

// folder adds what is in the folder at path, which os.ReadDir sorts.
func (l *lister) folder(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return systemError(label(path), err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		inside := filepath.Join(path, entry.Name())
		if entry.IsDir() {
			err = l.folder(inside)
		} else {
			err = l.walked(inside)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walked adds a file that was found in a folder.
func (l *lister) walked(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return statError(path, err)
	case info.IsDir(): // only a link can be that here; following it might never end
		return &Error{File: label(path), Kind: ErrPath, What: "is a link to a folder", Do: "name that folder itself, or move the link elsewhere"}
	}
	err = l.file(path, info)
	var e *Error
	if errors.As(err, &e) && (e.Kind == ErrFormat || !info.Mode().IsRegular()) {
		e.Do += ", or move it elsewhere"
	}
	return err
}

// file adds the file at path, or the members it has.
func (l *lister) file(path string, info fs.FileInfo) error {
	name := label(path)
	if !info.Mode().IsRegular() {
		return notAFile(name)
	}
	real, err := filepath.Abs(path)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return systemError(name, err)
	}
	if l.seen[real] {
		return &Error{File: name, Kind: ErrPath, What: "is named twice", Do: "name every file once; folders and links count"}
	}
	l.seen[real] = true
	files, err := look(File{Name: name, Path: path})
	l.files = append(l.files, files...)
	return err
}

// look returns the file itself, or its members when it is a zip archive.
func look(file File) ([]File, error) {
	f, info, err := openFile(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, systemError(file.Name, err)
	}
	if recognise(head[:n], n < headSize) == isZip {
		return members(file, f, info.Size())
	}
	if e := foreign(head[:n]); e != nil {
		return nil, e.of(file.Name)
	}
	return []File{file}, nil
}

// openFile opens what is on the disk. A device or FIFO is not opened at all,
// for that could wait for ever.
func openFile(file File) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(file.Path)
	if err != nil {
		return nil, nil, systemError(file.Name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, notAFile(file.Name)
	}
	f, err := os.Open(file.Path)
	if err != nil {
		return nil, nil, systemError(file.Name, err)
	}
	if info, err = f.Stat(); err != nil {
		_ = f.Close()
		return nil, nil, systemError(file.Name, err)
	}
	return f, info, nil
}

func notAFile(name string) *Error {
	return &Error{File: name, Kind: ErrPath, What: "is not a file", Do: "name a file on disk"}
}

// statError says of a link that leads nowhere that it is one.
func statError(path string, err error) *Error {
	e := systemError(label(path), err)
	if _, linkErr := os.Lstat(path); linkErr == nil && errors.Is(err, fs.ErrNotExist) {
		e.What, e.Do = "is a link that leads nowhere", "correct the link, or take it away"
	}
	return e
}
