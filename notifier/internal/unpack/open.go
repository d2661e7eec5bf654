package unpack

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// bufferSize is read at once from each layer.
const bufferSize = 64 << 10

// Options are what Open has to know beside the file.
type Options struct {
	Identity []byte // content of an age identity file; nil: none
}

// Reader gives the plain bytes of one file. Except for Offset it is for one
// goroutine at a time.
type Reader struct {
	name    string
	file    *os.File
	bottom  *source // bytes on disk, or of a member's compressed data
	size    int64
	packing []string
	top     *bufio.Reader // the innermost layer
	closers []func()
}

// Open opens f and takes off what it is packed in. Trouble that shows at the
// start is answered here, the rest by Read; both are an *Error.
func Open(f File, opts Options) (*Reader, error) {
	r := &Reader{name: f.Name}
	err := r.start(f)
	if err == nil {
		err = r.unpack(opts)
	}
	if err != nil {
		_ = r.Close() // it was only read
		return nil, err
	}
	return r, nil
}

// start opens what is on the disk.
func (r *Reader) start(f File) error {
	file, info, err := openFile(f)
	if err != nil {
		return err
	}
	r.file, r.size = file, info.Size()
	if f.Member == "" {
		r.bottom = &source{r: &disk{f: file, name: f.Name, size: r.size}}
		r.top = bufio.NewReaderSize(r.bottom, bufferSize)
		return nil
	}
	l, size, err := openMember(f, file, r.size)
	if err != nil {
		return err
	}
	r.bottom, r.size = l.in, size
	r.add(l, isZip)
	return nil
}

// add puts l on top.
func (r *Reader) add(l *layer, k kind) {
	if k == armored {
		k = isAge
	}
	r.packing = append(r.packing, string(k))
	r.top = bufio.NewReaderSize(l, bufferSize)
}

// unpack takes off one layer after the other, until what is left is plain.
func (r *Reader) unpack(opts Options) error {
	for {
		head, err := r.top.Peek(headSize)
		if err != nil && err != io.EOF {
			return r.own(err)
		}
		k := recognise(head, err == io.EOF)
		switch {
		case k == plain:
			if e := foreign(head); e != nil {
				return e.of(r.name)
			}
			return nil
		case k == stub:
			return truncated().of(r.name)
		case k == isZip && len(r.packing) > 0:
			return nestedZip(head).of(r.name)
		case k == isZip:
			return (&Error{Kind: ErrFormat, What: "is a zip archive, not one file", Do: "start again if it was replaced"}).of(r.name)
		case len(r.packing) == maxLayers:
			return (&Error{Kind: ErrFormat, What: fmt.Sprintf("is packed more than %d times over", maxLayers), Do: unpackIt}).of(r.name)
		}
		if err := r.takeOff(k, opts); err != nil {
			return err
		}
	}
}

// takeOff puts the layer that undoes k on top.
func (r *Reader) takeOff(k kind, opts Options) (err error) {
	l := &layer{file: r.name, in: &source{r: r.top}}
	switch k {
	case isGzip:
		l.judge = judgeGzip
		if l.r, err = gzip.NewReader(l.in); err != nil && !isEnd(err) {
			return l.fail(errDamagedHeader)
		}
	case isZstd:
		l.judge = judgeZstd
		l.r, err = r.zstd(l.in)
	default:
		l.judge = func(err error) *Error { return judgeAge(err, l.in) }
		l.r, err = decrypt(l.in, k == armored, opts.Identity)
	}
	if err != nil {
		return l.fail(err)
	}
	r.add(l, k)
	return nil
}

// zstd opens a decoder without goroutines. Each further one has half the
// window, so that together they stay below twice the first.
func (r *Reader) zstd(in io.Reader) (io.Reader, error) {
	window := uint64(maxWindow)
	for _, p := range r.packing {
		if p == string(isZstd) {
			window /= 2
		}
	}
	d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window))
	if err != nil {
		return nil, err
	}
	r.closers = append(r.closers, d.Close)
	return d, nil
}

// errDamagedHeader tells the first gzip header from a later one, which is
// where something else may follow.
var errDamagedHeader = errors.New("the first header is damaged")

func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func judgeGzip(err error) *Error {
	switch {
	case isEnd(err):
		return truncated()
	case errors.Is(err, gzip.ErrHeader):
		return trailing()
	}
	return damaged()
}

func judgeZstd(err error) *Error {
	switch {
	case isEnd(err):
		return truncated()
	case errors.Is(err, zstd.ErrMagicMismatch):
		return trailing()
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return &Error{Kind: ErrFormat, What: "needs too much memory to be unpacked", Do: "packed with --long or --ultra: pack it again without"}
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return &Error{Kind: ErrFormat, What: "is packed with a dictionary", Do: "pack it again without"}
	}
	return damaged()
}

// Read implements io.Reader. It ends with io.EOF or an *Error.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.top.Read(p)
	if err != nil && err != io.EOF {
		err = r.own(err)
	}
	return n, err
}

// own makes an *Error of what is none: bufio may give up by itself, and a file
// may be read after Close.
func (r *Reader) own(err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	return damaged().of(r.name)
}

// Close ends reading. It may be called more than once.
func (r *Reader) Close() error {
	for _, c := range r.closers {
		c()
	}
	r.closers = nil
	if r.file == nil {
		return nil
	}
	if err := r.file.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return systemError(r.name, err)
	}
	return nil
}

// Packing says what the file is packed in, from outside in: "zip", "age",
// "gzip", "zstd".
func (r *Reader) Packing() []string { return slices.Clone(r.packing) }

// Offset is how many bytes of the file on disk (for a member: of its
// compressed data) are consumed so far. Any goroutine may call it.
func (r *Reader) Offset() int64 { return r.bottom.n.Load() }

// Size is how many bytes Offset counts to; 0 when that is not known.
func (r *Reader) Size() int64 { return r.size }
