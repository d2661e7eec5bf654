package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"breachmail/notifier"
)

// What email.unknown_state says of recipients whose ZIP codes give no state,
// beside the two letters of a state.
const (
	UnknownBase   = "base"   // they get the base notice
	UnknownPostal = "postal" // they are told by post
)

// Options says how accounts are judged and grouped.
type Options struct {
	Secret       []byte   // the campaign's, under which keys are made
	TempDir      string   // where rows are sorted; it exists. Empty: the system's
	UnknownState string   // UnknownBase (also when empty), UnknownPostal, or a state
	Languages    []string // there are templates for these; the first is the default. Empty: en
}

// Intake takes in accounts and gives back recipients. Its methods are not safe
// for concurrent use.
type Intake struct {
	opts  Options
	sort  *sorter
	taken int64 // accounts that were not set aside
	buf   []byte
	done  bool // Recipients or Close was called
}

// New returns an intake without accounts. It is closed with Close.
func New(opts Options) (*Intake, error) {
	if len(opts.Secret) == 0 {
		return nil, errors.New("the campaign has no secret")
	}
	switch opts.UnknownState {
	case "", UnknownBase, UnknownPostal:
	default:
		if !twoCapitals(opts.UnknownState) {
			return nil, fmt.Errorf("unknown_state is %q (it is base, postal, or a state's two letters)", opts.UnknownState)
		}
	}
	sort, err := newSorter(opts.TempDir)
	if err != nil {
		return nil, err
	}
	return &Intake{opts: opts, sort: sort}, nil
}

// Add judges one account and keeps it for grouping, or returns the reject when
// it is set aside. The reject's Line is left to the caller, who has the row.
// An error is real trouble, such as a full disk, and ends the intake.
func (in *Intake) Add(a notifier.Account) (*notifier.Reject, error) {
	if in.done {
		return nil, errors.New("an account came after the last")
	}
	j, field, reason := judge(in.opts.Secret, &a)
	if reason != "" {
		return &notifier.Reject{Source: a.Source, Field: field, Reason: reason, Row: a}, nil
	}
	j.ordinal = in.taken
	in.taken++
	in.buf = j.encode(in.buf[:0])
	return nil, in.sort.add(string(in.buf))
}

// Recipients gives the recipients of all accounts added, in the order of their
// keys. It can be called once, after the last Add. After an error, which is
// also the context's when that ends, nothing follows.
func (in *Intake) Recipients(ctx context.Context) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		if in.done {
			yield(Group{}, errors.New("the recipients were asked for twice"))
			return
		}
		in.done = true
		var g *gathering
		for row, err := range in.sort.sorted(ctx) {
			var j judged
			if err == nil {
				j, err = decode(row)
			}
			if err != nil {
				yield(Group{}, err)
				return
			}
			switch {
			case g == nil:
				g = newGathering(j)
			case g.first.key == j.key:
				g.add(j)
			case !yield(g.group(&in.opts), nil):
				return
			default:
				g = newGathering(j)
			}
		}
		if g != nil {
			yield(g.group(&in.opts), nil)
		}
	}
}

// Close ends the intake and removes its temporary files.
func (in *Intake) Close() error {
	in.done = true
	in.sort.close()
	return nil
}

func twoCapitals(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
