package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"

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
	Placeholders []string // stand where there is no address: whole addresses, "local@", "@domain", or a word
	Extra        []string // names of the extra columns, sorted; Account.Extra is in this order
	Told         *List    // people who were told already; nil: nobody
	NoEmail      *List    // people who are not told by email; nil: nobody
	Statute      *Statute // the law by which people are told by email; nil: everyone with an address

	// Variant says which notice somebody gets; state is empty where it is not
	// known. Nil: the notice for everybody, in that language.
	Variant func(state, language, types string) notifier.Variant
}

// Intake takes in accounts and gives back recipients. Its methods are not safe
// for concurrent use.
type Intake struct {
	opts      Options
	nobody    *placeholders
	keyer     *notifier.Keyer
	sort      *sorter
	pairs     *pairs            // account numbers, and the canonical emails in their rows
	mailboxes *pairs            // canonical emails, and the recipients who are told there
	asked     map[string]spoken // by what rows have in the column language
	files     []string          // of the rows taken
	warned    [len(warnings)]Warning
	taken     int64  // accounts that are grouped
	row       judged // the one being judged
	buf       []byte
	done      bool // Recipients or Close was called
	given     bool // Recipients gave the last
	closed    bool
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
	if opts.Statute != nil && opts.Statute.Law == nil {
		return nil, errors.New("people are told by email where the law allows it, and there is no law data")
	}
	if !slices.IsSorted(opts.Extra) {
		return nil, errors.New("the names of the extra columns are not sorted")
	}
	nobody, err := newPlaceholders(opts.Placeholders)
	if err != nil {
		return nil, err
	}
	if opts.TempDir != "" {
		if info, err := os.Stat(opts.TempDir); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return nil, fmt.Errorf("%s is not a directory (rows are sorted in it)", opts.TempDir)
		}
	}
	return &Intake{
		opts: opts, nobody: nobody, keyer: notifier.NewKeyer(opts.Secret),
		sort: newSorter(opts.TempDir, 0, sortMemory), pairs: newPairs(opts.TempDir),
		mailboxes: newPairs(opts.TempDir), asked: make(map[string]spoken),
	}, nil
}

// Verdict is what became of one account: it is grouped unless it is set aside
// or told already.
type Verdict struct {
	Reject *notifier.Reject // why it is set aside, or nil. Its Line is left to the caller, who has the row
	Told   bool             // it is somebody who was told already
}

// Add judges one account and keeps it for grouping. An error is real trouble,
// such as a full disk, and ends the intake.
func (in *Intake) Add(a notifier.Account) (Verdict, error) {
	if in.done {
		return Verdict{}, errors.New("an account came after the last")
	}
	j := &in.row
	is := in.judge(j, &a)
	if is.reason != "" {
		return Verdict{Reject: &notifier.Reject{Source: a.Source, Field: is.field, Reason: is.reason, Row: a}}, nil
	}
	if is.told {
		return Verdict{Told: true}, nil
	}
	j.ordinal = in.taken
	in.taken++
	var record []byte
	record, in.buf = j.encode(in.buf)
	if err := in.sort.add(&j.key, record); err != nil {
		return Verdict{}, err
	}
	if is.email == "" {
		return Verdict{}, nil
	}
	return Verdict{}, in.pairs.add(j.number, is.email)
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
		defer in.sort.spill.close()
		var g gathering
		for record, err := range in.sort.sorted(ctx) {
			j := &in.row
			if err == nil {
				err = j.decode(record, len(in.opts.Extra))
			}
			if err != nil {
				yield(Group{}, err)
				return
			}
			switch {
			case g.rows > 0 && g.first.key == j.key:
				g.add(j)
				continue
			case g.rows > 0 && !in.give(&g, yield):
				return
			}
			g.begin(j)
		}
		in.given = g.rows == 0 || in.give(&g, yield)
	}
}

// give hands out the recipient of the rows gathered, and reports whether more
// is wanted.
func (in *Intake) give(g *gathering, yield func(Group, error) bool) bool {
	group := in.group(g)
	if err := in.noteTold(&group.Recipient); err != nil {
		yield(Group{}, err)
		return false
	}
	return yield(group, nil)
}

// Close ends the intake and removes its temporary files.
func (in *Intake) Close() error {
	in.done, in.closed = true, true
	in.sort.spill.close()
	in.pairs.spill.close()
	in.mailboxes.spill.close()
	return nil
}

func twoCapitals(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
