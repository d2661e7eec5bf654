package campaign

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync"

	"breachmail/notifier"
	"breachmail/notifier/export"
)

// readRow is a row of an export: an account, or why it could not be read.
type readRow struct {
	account notifier.Account
	reject  *notifier.Reject
	line    notifier.Line // of the account
}

// rowBatch is some consecutive rows.
type rowBatch struct {
	rows   []readRow
	offset int64 // bytes of the file read so far
	err    error
}

// batchRows is how many rows pass between two looks at progress and context.
const batchRows = 256

// rows reads an export on a goroutine of its own, so that reading and judging
// share two processors. A batch is valid until the next one. After an error
// nothing follows.
func rows(ctx context.Context, reader *export.Reader) iter.Seq2[*rowBatch, error] {
	return func(yield func(*rowBatch, error) bool) {
		full, empty := make(chan *rowBatch, 4), make(chan *rowBatch, 4)
		stop := make(chan struct{})
		var reading sync.WaitGroup
		defer reading.Wait()
		defer close(stop)
		reading.Go(func() {
			defer close(full)
			fillBatches(reader, full, empty, stop)
		})
		for {
			var b *rowBatch
			select {
			case <-ctx.Done():
				yield(nil, ErrInterrupted)
				return
			case b = <-full:
			}
			switch {
			case b == nil:
				return
			case ctx.Err() != nil:
				yield(nil, ErrInterrupted)
				return
			case !yield(b, b.err) || b.err != nil:
				return
			}
			select {
			case empty <- b:
			default:
			}
		}
	}
}

// fillBatches fills batches until the export or its error ends.
func fillBatches(reader *export.Reader, full chan<- *rowBatch, empty <-chan *rowBatch, stop <-chan struct{}) {
	for more := true; more; {
		var b *rowBatch
		select {
		case b = <-empty:
			b.rows = b.rows[:0]
		default:
			b = &rowBatch{rows: make([]readRow, 0, batchRows)}
		}
		more = b.fill(reader)
		select {
		case full <- b:
		case <-stop:
			return
		}
	}
}

// fill reads rows into b and reports whether there may be more.
func (b *rowBatch) fill(reader *export.Reader) bool {
	defer func() { b.offset = reader.Offset() }()
	for len(b.rows) < batchRows {
		account, reject, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			b.err = err
			return false
		}
		row := readRow{account: account, reject: reject}
		if reject == nil {
			row.line = reader.Line()
		}
		b.rows = append(b.rows, row)
	}
	return true
}
