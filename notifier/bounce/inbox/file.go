package inbox

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/emersion/go-mbox"

	"breachmail/notifier/bounce"
)

// file is a file, or standard input.
type file struct {
	name  string // as named by the user
	o     Options
	stdin io.Reader // read once, and nil from then on

	last   os.FileInfo // of the file as it was last read to its end; nil: never
	size   int64       // its size then
	read   int64       // how much of an mbox that was
	number int         // how many messages that were
	buffer []byte
}

// openFile looks whether a file is one of those that can be read.
func openFile(where string, o Options) (Source, error) {
	f := &file{name: where, o: o}
	in, err := os.Open(where)
	if err != nil {
		return nil, said(err)
	}
	defer func() { _ = in.Close() }()
	if _, _, _, err := f.recognise(in); err != nil {
		return nil, err
	}
	return f, nil
}

// kind is what a file is.
type kind int

const (
	empty kind = iota
	single
	mailboxFile
	events
)

// lookAt is how much of a file decides what it is.
const lookAt = 64 << 10

// recognise tells what a file is by its beginning, and takes gzip off.
func (f *file) recognise(in io.Reader) (r *bufio.Reader, k kind, packed bool, err error) {
	r = bufio.NewReaderSize(in, lookAt)
	if head, _ := r.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, empty, true, f.own(err)
		}
		r, packed = bufio.NewReaderSize(unpacked, lookAt), true
	}
	head, err := r.Peek(lookAt)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, empty, packed, f.own(err)
	}
	isJSON, isEvents := bounce.IsEvents(head)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), "\r\n")
	switch {
	case isEvents:
		k = events
	case isJSON:
		return nil, empty, packed, fmt.Errorf("%s: this is JSON, but no events of SES or SendGrid are in it (a journal is read by breachmail reconcile)", f.name)
	case len(bytes.TrimSpace(head)) == 0:
		k = empty
	case bytes.HasPrefix(head, []byte("From ")):
		k = mailboxFile
	case isHeader(head):
		k = single
	default:
		return nil, empty, packed, fmt.Errorf("%s: this is neither mail nor events (%s; a relay's log is read by breachmail reconcile)", f.name, understood)
	}
	return r, k, packed, nil
}

// mailFields are fields of which every message has one or two at its beginning.
var mailFields = []string{
	"return-path", "received", "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "delivered-to", "x-original-to",
	"envelope-to", "reply-to", "dkim-signature", "authentication-results", "arc-seal", "x-failed-recipients",
}

// isHeader reports whether a file begins with fields, and one of mail's is among
// the first.
func isHeader(head []byte) bool {
	n, known := 0, false
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 || n == 50 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, _, ok := strings.Cut(string(line[:min(len(line), 80)]), ":")
		if !ok || strings.ContainsAny(strings.TrimRight(name, " "), " \t\"',;") {
			if n == 0 {
				return false
			}
			continue
		}
		n++
		for _, f := range mailFields {
			known = known || strings.EqualFold(strings.TrimSpace(name), f)
		}
	}
	return known
}

// own is an error of reading that names the file.
func (f *file) own(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the gzip file is cut off (get it again, or wait until it is complete)", f.name)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return fmt.Errorf("%s: the gzip file is damaged (get it again)", f.name)
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return said(err)
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

// Each implements Source.
func (f *file) Each(ctx context.Context, give func(Message) error) error {
	if f.stdin != nil {
		in := f.stdin
		f.stdin = nil
		return f.all(ctx, in, give)
	}
	if f.name == "standard input" && f.o.Stdin != nil {
		return nil
	}
	in, err := os.Open(f.name)
	if err != nil {
		return said(err)
	}
	defer func() { _ = in.Close() }()
	size, err := settled(ctx, in)
	if err != nil {
		return f.own(err)
	}
	info, err := in.Stat()
	if err != nil {
		return said(err)
	}
	if f.last != nil && os.SameFile(f.last, info) && f.size == size && f.last.ModTime().Equal(info.ModTime()) {
		return nil
	}
	if err := f.onward(in, info, size); err != nil {
		return f.own(err)
	}
	if err := f.all(ctx, io.LimitReader(in, size-f.read), give); err != nil {
		return err
	}
	f.last, f.size = info, size
	return nil
}

// onward goes to where an mbox has grown since it was read; everything else is
// read from its beginning.
func (f *file) onward(in *os.File, info os.FileInfo, size int64) error {
	if f.last != nil && f.read > 0 && os.SameFile(f.last, info) && size > f.read {
		head := make([]byte, 8)
		n, err := in.ReadAt(head, f.read)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if bytes.HasPrefix(bytes.TrimLeft(head[:n], "\r\n"), []byte("From ")) {
			_, err := in.Seek(f.read, io.SeekStart)
			return err
		}
	}
	f.read, f.number = 0, 0
	return nil
}

// all gives everything in a stream.
func (f *file) all(ctx context.Context, in io.Reader, give func(Message) error) error {
	counted := &counter{r: in}
	r, k, packed, err := f.recognise(counted)
	if err != nil {
		return err
	}
	switch k {
	case single:
		if f.buffer, err = readInto(f.buffer, r); err != nil {
			return f.own(err)
		}
		return give(Message{Name: filepath.Base(f.name), Raw: f.buffer})
	case mailboxFile:
		if err := f.mbox(ctx, r, give); err != nil || packed {
			return err
		}
		f.read += counted.n
	case events:
		unreadable, err := bounce.EachObject(ctx, f.name, r, func(object []byte, line int) error {
			return give(Message{Name: fmt.Sprintf("%s:%d", f.name, line), Raw: object, Event: true})
		})
		if unreadable > 0 {
			f.o.warn("%s: %d pieces are no whole JSON object and were passed over", f.name, unreadable)
		}
		return err
	}
	return nil
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// mbox gives the messages of an mbox (RFC 4155). A last one that is not
// complete is given as far as it goes.
func (f *file) mbox(ctx context.Context, r io.Reader, give func(Message) error) error {
	messages := mbox.NewReader(r)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		message, err := messages.NextMessage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return f.own(err)
		}
		f.number++
		if f.buffer, err = readInto(f.buffer, message); err != nil {
			return f.own(err)
		}
		if err := give(Message{Name: fmt.Sprintf("%s:%d", f.name, f.number), Raw: f.buffer}); err != nil {
			return err
		}
	}
}

// Mark implements Source: a file keeps no marks.
func (*file) Mark(context.Context, []Message) error { return nil }

// Close implements Source.
func (*file) Close() error { return nil }
