package campaign

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// ShowOptions says whom show tells about, and how much.
type ShowOptions struct {
	Who    []notifier.Cell // each an address, phone or account number, reference or key
	Reveal bool            // personal values in clear
	Remake bool            // make the one person's message again
}

// Shown is what show found: its JSON object.
type Shown struct {
	People   []Person     `json:"people"`
	NotFound []int        `json:"not_found"` // which of Who, from 1
	More     []MorePeople `json:"more"`      // of whom too many were found
	Purged   *ShownPurge  `json:"purged"`
	LookIn   []string     `json:"look_in"` // files with people of exports who are not recipients

	As [][]string `json:"-"` // what each of Who can be
}

// MorePeople counts those who were found as well, and are not shown.
type MorePeople struct {
	Asked  int `json:"asked"` // which of Who, from 1
	People int `json:"people"`
}

// ShownPurge tells that personal data was removed.
type ShownPurge struct {
	At        time.Time `json:"at"`
	ForgotKey bool      `json:"forgot_key"` // then people are found by key and reference only
}

// mostShown is how many people are shown who are found by the same thing.
const mostShown = 20

// Show tells what is known about people and their notices, also while another
// process sends.
func (c *Campaign) Show(ctx context.Context, o ShowOptions) (*Shown, error) {
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	s, err := c.newShowing(ctx, r, o)
	if err != nil {
		return nil, err
	}
	for i, cell := range o.Who {
		if err := s.ask(ctx, i+1, cell); err != nil {
			return nil, err
		}
	}
	if o.Remake {
		if err := s.remake(ctx); err != nil {
			return nil, err
		}
	}
	if len(s.shown.NotFound) > 0 {
		s.shown.LookIn, err = c.besides()
	}
	return &s.shown, err
}

// showing is a run of show.
type showing struct {
	c      *Campaign
	r      ledger.Reader
	o      ShowOptions
	find   finder
	teller teller
	shown  Shown
	at     map[notifier.Key]int // of people
}

func (c *Campaign) newShowing(ctx context.Context, r ledger.Reader, o ShowOptions) (*showing, error) {
	s := &showing{c: c, r: r, o: o, at: map[notifier.Key]int{}}
	s.shown = Shown{People: []Person{}, NotFound: []int{}, More: []MorePeople{}, LookIn: []string{}}
	purged, err := r.Purged(ctx)
	if err != nil {
		return nil, err
	}
	if purged != nil {
		s.shown.Purged = &ShownPurge{At: purged.At, ForgotKey: purged.ForgotKey}
	}
	s.find = finder{c: c, r: r, purged: purged}
	s.teller = teller{c: c, r: r, reveal: o.Reveal, purged: purged, names: map[int64]naming{}}
	return s, nil
}

// ask finds one of Who and tells about those it can mean.
func (s *showing) ask(ctx context.Context, n int, cell notifier.Cell) error {
	w := readWho(cell.Reveal())
	s.shown.As = append(s.shown.As, w.as())
	list, err := s.find.find(ctx, &w)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		s.shown.NotFound = append(s.shown.NotFound, n)
	}
	if more := len(list) - mostShown; more > 0 {
		s.shown.More = append(s.shown.More, MorePeople{Asked: n, People: more})
		list = list[:mostShown]
	}
	for i := range list {
		if err := s.add(ctx, n, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

// add tells about somebody who was found, once.
func (s *showing) add(ctx context.Context, n int, h *hit) error {
	k := h.row.Recipient.Key
	at, known := s.at[k]
	if !known {
		p, err := s.teller.person(ctx, k)
		if err != nil {
			return err
		}
		at = len(s.shown.People)
		s.at[k] = at
		s.shown.People = append(s.shown.People, *p)
	}
	p := &s.shown.People[at]
	p.Asked = append(p.Asked, n)
	for _, by := range h.by {
		if !slices.Contains(p.FoundBy, by) {
			p.FoundBy = append(p.FoundBy, by)
		}
	}
	p.ByHash = s.find.purged != nil && !slices.Contains(p.FoundBy, ByKey) && !slices.Contains(p.FoundBy, ByReference)
	return nil
}

// remake makes the message of the one person again.
func (s *showing) remake(ctx context.Context) error {
	if n := len(s.shown.People); n != 1 {
		return hint(fmt.Errorf("%w: --eml makes one person's message again, and %s found", ErrUsage, were(n)),
			"name one, by the reference or key that show prints")
	}
	k, err := notifier.ParseKey(s.shown.People[0].Key)
	if err != nil {
		return err
	}
	s.shown.People[0].Message, err = s.teller.message(ctx, k)
	return err
}

func were(n int) string {
	if n == 0 {
		return "nobody was"
	}
	return fmt.Sprintf("%d people were", n)
}

// besides lists the files with those rows of exports that made nobody a recipient.
func (c *Campaign) besides() ([]string, error) {
	list := []string{}
	for _, name := range []string{"rejected.csv", "already-told.csv"} {
		found, err := fs.Glob(os.DirFS(c.Dir), path.Join(outDir, "plan", "batch-*", name))
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			list = append(list, c.path(filepath.FromSlash(f)))
		}
	}
	return list, nil
}
