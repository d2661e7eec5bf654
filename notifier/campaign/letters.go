package campaign

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// lettersDir is in out: the lists for the mail house, and the letters' texts.
const lettersDir = "letters"

// LettersOptions tell what to write.
type LettersOptions struct {
	All bool // everybody who was ever listed, not only who is new
}

// Letters is what a run of letters did, and who is left.
type Letters struct {
	Listed      int64          `json:"listed"`  // in this run
	Written     int64          `json:"written"` // people in File; 0: it is as it was
	File        string         `json:"file"`    // empty where nothing was written
	Lists       []string       `json:"lists"`   // the files of the lists that were new
	Texts       []LetterText   `json:"texts"`
	Reasons     []LetterReason `json:"reasons"`      // why those in File are told by post, most people first
	HeldBack    []HeldLetters  `json:"held_back"`    // by holds that stand; several may count the same person
	NotApproved int64          `json:"not_approved"` // people of batches that no approval covers
	Left        []StateLeft    `json:"left"`         // those due a letter, or listed, whose letter was not recorded as sent
	Warnings    []string       `json:"warnings"`

	Status Status `json:"-"`
}

// LetterText is the text of the letters of one form, in a file.
type LetterText struct {
	Name   string `json:"name"` // as the column letter of the lists says it
	File   string `json:"file"`
	People int64  `json:"people"` // of those in the list that was written
}

// LetterReason counts why people are told by post.
type LetterReason struct {
	Reason string `json:"reason"`
	People int64  `json:"people"`
}

// HeldLetters is how many people a hold keeps from being listed.
type HeldLetters struct {
	Name   string `json:"name"`
	People int64  `json:"people"`
}

// Letters lists whoever has to be told by post and was not listed before, and
// then writes the lists that were not written yet for the company's mail house,
// with the letters' texts. What is listed is durable before a file is written, so
// that a run that was killed is made up for by the next one: nobody is missing
// from all files.
func (c *Campaign) Letters(ctx context.Context, o LettersOptions) (*Letters, error) {
	store, end, err := c.afterwards(ctx, "letters")
	if err != nil {
		return nil, err
	}
	defer end()
	l, err := c.lettering(ctx, store)
	if err != nil {
		return nil, err
	}
	if err := l.survey(ctx); err != nil {
		return nil, err
	}
	listing, err := store.List(ctx, time.Now(), func(row *ledger.Row) bool { return l.verdict(row) == letterDue })
	if err != nil {
		return nil, err
	}
	l.Listed = listing.People
	if err := l.write(ctx, store, o.All); err != nil {
		return nil, err
	}
	whole := context.WithoutCancel(ctx)
	l.Status, err = c.status(whole, store, nil)
	return &l.Letters, errors.Join(err, c.moor(whole, store))
}

// lettering opens what a run of letters needs, or says why there can be none.
func (c *Campaign) lettering(ctx context.Context, store ledger.Store) (*lettering, error) {
	switch p, err := store.Purged(ctx); {
	case err != nil:
		return nil, err
	case p != nil:
		return nil, hint(fmt.Errorf("%w on %s: nobody can be listed any more", ErrPurged, p.At.Local().Format(time.DateTime)),
			"letters that were sent can still be recorded: %s", c.Command("letters --sent FILE --on DATE"))
	}
	l := &lettering{c: c, r: store, dir: c.path(outDir, lettersDir), kept: map[string]int64{}, left: map[string]int64{}}
	l.Letters = Letters{Lists: []string{}, Texts: []LetterText{}, Reasons: []LetterReason{}, HeldBack: []HeldLetters{}, Warnings: []string{}}
	if err := l.readHolds(ctx); err != nil {
		return nil, err
	}
	return l, l.readApproved(ctx)
}

// lettering is a run of letters under way.
type lettering struct {
	Letters
	c     *Campaign
	r     ledger.Reader
	dir   string
	holds []HoldConfig // that stand
	texts map[int]*letterTexts
	found batchFinder

	digits int              // the most digits of accounts that anybody's letter shows
	kept   map[string]int64 // people under a hold, by its name
	left   map[string]int64 // people without a letter, by state
}

// letterVerdict is whether somebody is to be listed.
type letterVerdict int

const (
	letterNone      letterVerdict = iota // told by email, or may still be
	letterDue                            // to be listed
	letterHeld                           // a hold keeps them back
	letterUncovered                      // no approval covers their batch
)

// verdict says whether somebody is to be listed for a letter.
func (l *lettering) verdict(row *ledger.Row) letterVerdict {
	switch {
	case !l.c.byLetter(row):
		return letterNone
	case l.texts[row.Batch] == nil:
		return letterUncovered
	}
	for i := range l.holds {
		if l.holds[i].Match.keeps(row.Recipient.State) {
			return letterHeld
		}
	}
	return letterDue
}

// byLetter reports whether somebody has to be told by letter, as it stands now.
func (c *Campaign) byLetter(row *ledger.Row) bool {
	return c.Config.Email.AlsoPostal || row.Recipient.Channel == notifier.Postal ||
		row.Status == notifier.Refused || row.Status == notifier.Bounced
}

// lacksLetter reports whether somebody has to be told by letter, or was listed to
// be, and no letter was recorded as sent.
func (c *Campaign) lacksLetter(p *ledger.Case) bool {
	return p.Mailed == 0 && (p.Listed > 0 || c.byLetter(&p.Row))
}

// readHolds finds out which holds keep people from being told, by letter as by
// email.
func (l *lettering) readHolds(ctx context.Context) error {
	released, err := l.r.ReleasedHolds(ctx)
	for _, h := range l.c.Config.Holds {
		if l.c.holdState(&h, released) == holdHeld {
			l.holds = append(l.holds, h)
		}
	}
	return err
}

// tally counts somebody who was not listed, and who has no letter.
func (l *lettering) tally(p *ledger.Case) {
	if l.c.lacksLetter(p) {
		l.left[p.Recipient.State]++
	}
	if p.Listed > 0 {
		return
	}
	switch l.verdict(&p.Row) {
	case letterUncovered:
		l.NotApproved++
	case letterHeld:
		for i := range l.holds {
			if h := &l.holds[i]; h.Match.keeps(p.Recipient.State) {
				l.kept[h.Name]++
			}
		}
	}
}

// summed puts what was counted into the result.
func (l *lettering) summed(reasons map[string]int64) {
	for i := range l.holds {
		if n := l.kept[l.holds[i].Name]; n > 0 {
			l.HeldBack = append(l.HeldBack, HeldLetters{l.holds[i].Name, n})
		}
	}
	l.Reasons = sortedReasons(reasons)
	l.Left = l.c.statesLeft(l.left)
}

// listName is the file of one list.
func (l *lettering) listName(number int) string {
	return filepath.Join(l.dir, fmt.Sprintf("letters-%d.csv", number))
}
