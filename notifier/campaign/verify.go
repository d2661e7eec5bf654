package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

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
	audited, err := ledger.Verify(ctx, r, head)
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
