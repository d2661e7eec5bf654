package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/lanrat/extsort"
)

// How rows are sorted. At most nine chunks are in memory at once, whose
// strings have some 150 bytes each.
const (
	chunkRows   = 32 << 10
	sortWorkers = 2
	inputBuffer = 512
)

// sorter sorts records outside memory. The temporary file has mode 0600 and,
// where the system allows it, no name.
type sorter struct {
	input  chan string
	output <-chan string
	errs   <-chan error
	cancel context.CancelFunc
	ready  chan struct{} // closed when the input is sorted, or was given up
	ended  bool          // input is closed
	err    error
}

func newSorter(dir string) (*sorter, error) {
	if dir != "" {
		if info, err := os.Stat(dir); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return nil, fmt.Errorf("%s is not a directory (rows are sorted in it)", dir)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &sorter{input: make(chan string, inputBuffer), cancel: cancel, ready: make(chan struct{})}
	sort, output, errs := extsort.Strings(s.input, &extsort.Config{
		ChunkSize: chunkRows, NumWorkers: sortWorkers, SortedChanBuffSize: inputBuffer, TempFilesDir: dir,
	})
	s.output, s.errs = output, errs
	go func() {
		defer close(s.ready)
		sort.Sort(ctx)
	}()
	return s, nil
}

// add hands over one record.
func (s *sorter) add(record string) error {
	select {
	case s.input <- record:
		return nil
	case <-s.ready:
		return s.failure()
	}
}

// failure returns why sorting ended before its input did.
func (s *sorter) failure() error {
	if err := s.result(); err != nil {
		return err
	}
	return errors.New("sorting the rows was given up")
}

// result returns the error of a sorting that has ended.
func (s *sorter) result() error {
	if err, ok := <-s.errs; ok && err != nil {
		s.err = fmt.Errorf("sorting the rows: %w", err)
	}
	return s.err
}

// sorted ends the input and gives the records in their order.
func (s *sorter) sorted(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		defer s.close()
		s.end()
		select {
		case <-s.ready:
		case <-ctx.Done():
			yield("", context.Cause(ctx))
			return
		}
		for {
			select {
			case record, ok := <-s.output:
				if !ok {
					if err := s.result(); err != nil {
						yield("", err)
					}
					return
				}
				if !yield(record, nil) {
					return
				}
			case <-ctx.Done():
				yield("", context.Cause(ctx))
				return
			}
		}
	}
}

// end closes the input.
func (s *sorter) end() {
	if !s.ended {
		s.ended = true
		close(s.input)
	}
}

// close stops the sorting and waits until it has let go of its file.
func (s *sorter) close() {
	s.cancel()
	s.end()
	<-s.ready
	for range s.output {
	}
}
