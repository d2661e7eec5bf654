package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// Verified is what looking through the whole ledger has come to.
type Verified struct {
	OK         bool           `json:"ok"`
	Rows       int64          `json:"rows"` // of evidence
	Head       string         `json:"head"` // the chain value of the last one; empty where there is none
	Recipients int64          `json:"recipients"`
	Blocks     int            `json:"blocks"`   // of the list, each held against the digest it was planned with
	Purged     *ledger.Purged `json:"purged"`   // then there is nothing left to hold against the digests
	HeadRow    int64          `json:"head_row"` // the row that has the head that was given; 0 where none was
	Wrong      string         `json:"wrong"`    // the first thing that does not agree

	First, Last time.Time `json:"-"` // of the evidence
	Sending     bool      `json:"-"` // a sender ran: it is the ledger as it was at one moment
}

// shortHead is how many digits of a head are enough to name it: nobody can make
// another row that begins with as many.
const shortHead = 16

var headPattern = regexp.MustCompile(fmt.Sprintf("^[0-9a-f]{%d,64}$", shortHead))

// Verify reads the whole ledger as it is at one moment, also while another
// process sends, and says whether all of it agrees. head, unless empty, is a
// chain value that was written down before, or its first digits. What does not
// agree is ErrDamaged or ErrOtherHistory, and stands in what is returned as well.
func (c *Campaign) Verify(ctx context.Context, head string) (*Verified, error) {
	head = strings.ToLower(head)
	if head != "" && !headPattern.MatchString(head) {
		return nil, hint(fmt.Errorf("%w: --head is not a head of the evidence", ErrUsage),
			"it has 64 digits, 0 to 9 and a to f; the first %d are enough", shortHead)
	}
	held, err := c.held()
	if err != nil {
		return nil, err
	}
	r, err := sqlite.OpenSnapshot(ctx, c.path(ledgerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c.nothingPlanned()
	}
	if err != nil {
		return wrong(err)
	}
	defer func() { _ = r.Close() }()
	audited, err := audit(ctx, r, head)
	if err == nil {
		err = keptApprovals(ctx, r)
	}
	if err != nil {
		return wrong(err)
	}
	v := &Verified{
		OK: true, Rows: audited.Rows, Recipients: audited.Recipients, Blocks: audited.Blocks, Purged: audited.Purged,
		HeadRow: audited.Known, First: audited.First, Last: audited.Last, Sending: held.sends(),
	}
	if v.Rows > 0 {
		v.Head = audited.Head.String()
	}
	return v, nil
}

// wrong is how a verification ends that found something.
func wrong(err error) (*Verified, error) {
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrOtherHistory) {
		return &Verified{Wrong: err.Error()}, err
	}
	return nil, err
}

// keptApprovals is an error where a piece of what was approved is gone. A ledger
// by itself does not miss it: older versions kept none.
func keptApprovals(ctx context.Context, r ledger.Reader) error {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return err
	}
	for i := range approvals {
		a := &approvals[i]
		if _, err := contents(ctx, r, a); err != nil {
			return err
		}
		d, ok := notifier.ParseDigest(a.Config)
		if !ok {
			continue
		}
		if _, kept, err := r.Content(ctx, d); err != nil || !kept {
			return orLost(err, ConfigFile)
		}
	}
	return nil
}

// audit is ledger.Verify for a head of which only the first digits may be known.
func audit(ctx context.Context, r ledger.Reader, head string) (*ledger.Audited, error) {
	if head == "" {
		return ledger.Verify(ctx, r, nil)
	}
	known, ok := notifier.ParseDigest(head)
	if !ok {
		var err error
		if known, ok, err = completeHead(ctx, r, head); err != nil {
			return nil, err
		}
	}
	if ok {
		return ledger.Verify(ctx, r, &known)
	}
	if _, err := ledger.Verify(ctx, r, nil); err != nil { // what is damaged is said first
		return nil, err
	}
	return nil, ErrOtherHistory
}

// completeHead returns the chain value in the evidence that begins with these
// digits.
func completeHead(ctx context.Context, r ledger.Reader, digits string) (found notifier.Digest, ok bool, err error) {
	err = r.Evidence(ctx, func(e ledger.Evidence) error {
		if strings.HasPrefix(e.Chain.String(), digits) {
			found, ok = e.Chain, true
		}
		return nil
	})
	return found, ok, err
}
