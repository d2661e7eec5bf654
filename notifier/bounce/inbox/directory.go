package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// directory is a Maildir (https://cr.yp.to/proto/maildir.html), or a directory
// of .eml files.
type directory struct {
	path    string
	parts   []string // the directories in it, in the order in which messages move
	maildir bool
	seen    set
	buffer  []byte
}

// again is how often a Maildir is looked through anew when messages went away
// under our eyes: somebody who reads mail there renames them.
const again = 3

// Each implements Source.
func (d *directory) Each(ctx context.Context, f func(Message) error) error {
	for range again {
		gone := false
		for _, part := range d.parts {
			err := d.names(ctx, part, func(name string) error {
				err := d.one(part, name, f)
				if errors.Is(err, fs.ErrNotExist) {
					gone = true
					return nil
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		if !gone {
			break
		}
	}
	return nil
}

// chunk is how many names are held at a time.
const chunk = 4096

// names gives the names of the messages in a part, in their order as far as they
// were read together: a Maildir's begin with the time.
func (d *directory) names(ctx context.Context, part string, f func(string) error) error {
	dir, err := os.Open(filepath.Join(d.path, part))
	if err != nil {
		return said(err)
	}
	defer func() { _ = dir.Close() }()
	for {
		entries, err := dir.ReadDir(chunk)
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		for _, e := range entries {
			if !d.isMessage(e) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f(e.Name()); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return said(err)
		}
	}
}

func (d *directory) isMessage(e fs.DirEntry) bool {
	if strings.HasPrefix(e.Name(), ".") || e.IsDir() {
		return false
	}
	if d.maildir {
		return e.Type().IsRegular()
	}
	return strings.EqualFold(filepath.Ext(e.Name()), ".eml")
}

// one gives one message, if it was not given.
func (d *directory) one(part, name string, f func(Message) error) error {
	id, _, _ := strings.Cut(name, ":") // what stands behind are the flags
	if d.maildir && d.seen.contains(id) {
		return nil
	}
	message, err := os.Open(filepath.Join(d.path, part, name))
	if errors.Is(err, fs.ErrNotExist) {
		return err
	} else if err != nil {
		return said(err)
	}
	defer func() { _ = message.Close() }()
	if !d.maildir { // where files may be written anew under their name
		info, err := message.Stat()
		if err != nil {
			return said(err)
		}
		if id = fmt.Sprint(name, " ", info.Size(), " ", info.ModTime().UnixNano()); d.seen.contains(id) || !info.Mode().IsRegular() {
			return nil
		}
	}
	if d.buffer, err = readInto(d.buffer, message); err != nil {
		return said(err)
	}
	if err := f(Message{Name: name, Raw: d.buffer}); err != nil {
		return err
	}
	d.seen.add(id)
	return nil
}

// Mark implements Source: a directory keeps no marks.
func (*directory) Mark(context.Context, []Message) error { return nil }

// Close implements Source.
func (*directory) Close() error { return nil }

// readInto reads a message into a buffer that is used again.
func readInto(b []byte, r io.Reader) ([]byte, error) {
	b = b[:0]
	if cap(b) == 0 {
		b = make([]byte, 0, 32<<10)
	}
	for len(b) < maxMessage {
		if len(b) == cap(b) {
			b = slices.Grow(b, cap(b))
		}
		n, err := r.Read(b[len(b):min(cap(b), maxMessage)])
		b = b[:len(b)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return b, err
		}
	}
	return b, nil
}
