package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/ledger"
)

// MailedOptions tell which letters were sent.
type MailedOptions struct {
	File  string // names those they were sent to by key or reference
	On    string // the day, as 2018-08-30
	Proof string // a file that proves it; empty: none
}

// Mailed is what was recorded of letters that were sent, and who is left.
type Mailed struct {
	On     string      `json:"on"`
	People int64       `json:"people"` // recorded in this run
	Again  int64       `json:"again"`  // rows for somebody who was recorded before, or stands in the file twice
	Row    int64       `json:"row"`    // of the evidence; 0 where nobody was new
	File   string      `json:"file_sha256"`
	Proof  string      `json:"proof_sha256"` // empty where there is none
	Left   []StateLeft `json:"left"`

	Status Status `json:"-"`
}

// Mailed records that letters were sent to whoever a file names, or, where it
// names somebody who was not listed, nothing. It may be run again: who was
// recorded before stays so.
func (c *Campaign) Mailed(ctx context.Context, o MailedOptions) (*Mailed, error) {
	if err := c.checkDay(o.On); err != nil {
		return nil, err
	}
	proof, err := proofFile(o.Proof, "the mail house's receipt, or whatever else proves it")
	if err != nil {
		return nil, err
	}
	file, err := sentFile(o.File)
	if err != nil {
		return nil, err
	}
	store, end, err := c.afterwards(ctx, "letters")
	if err != nil {
		return nil, err
	}
	defer end()
	digest, err := file.Sum()
	if err != nil {
		return nil, err
	}
	rows, err := newSentRows(ctx, store, o.On)
	if err != nil {
		return nil, err
	}
	m, err := store.Mail(ctx, ledger.Mailing{On: o.On, File: digest.String(), Proof: proof, At: time.Now()}, func(add func(notifier.Key) (int, error)) error {
		return rows.read(ctx, file, add)
	})
	if err != nil {
		return nil, err
	}
	done := &Mailed{On: o.On, People: m.People, Again: rows.n - m.People, Row: m.Seq, File: m.File, Proof: m.Proof}
	if done.Left, err = c.lettersLeft(ctx, store); err != nil {
		return nil, err
	}
	whole := context.WithoutCancel(ctx)
	done.Status, err = c.status(whole, store, nil)
	return done, errors.Join(err, c.moor(whole, store))
}

// checkDay is an error where something cannot have been done on a day, written as
// 2018-08-30: it is to come, or before the breach was discovered.
func (c *Campaign) checkDay(on string) error {
	day, err := time.Parse(time.DateOnly, on)
	found := c.Config.Incident.Discovered
	switch {
	case err != nil:
		return hint(fmt.Errorf("%w: --on %q is not a day", ErrUsage, on), "write it as %s", time.Now().Format(time.DateOnly))
	case on > time.Now().Format(time.DateOnly):
		return hint(fmt.Errorf("%w: --on %s is still to come", ErrUsage, on), "record it once it is done")
	case !found.IsZero() && day.Before(found.Time()):
		return hint(fmt.Errorf("%w: --on %s is before the breach was discovered, on %s", ErrUsage, on, found.Time().Format(time.DateOnly)),
			"look at the year and the month")
	}
	return nil
}

// sentFile is the one file that somebody names.
func sentFile(path string) (export.File, error) {
	files, err := export.List([]string{path})
	if err != nil {
		return export.File{}, err
	}
	if len(files) != 1 {
		return export.File{}, hint(fmt.Errorf("%w: %s holds %s", ErrUsage, path, Many(int64(len(files)), "file", "files")), "name one file")
	}
	return files[0], nil
}

// mostWrong is how many rows are named that name nobody.
const mostWrong = 10

// sentRows reads those whom letters were sent to.
type sentRows struct {
	r     ledger.Reader
	n     int64    // rows that name somebody
	wrong []string // what is wrong with the first others
	on    string
	days  map[int]string // before which no letter of each list can have been sent
	more  int64          // others
}

func newSentRows(ctx context.Context, r ledger.Reader, on string) (*sentRows, error) {
	lists, err := r.Listings(ctx)
	s := &sentRows{r: r, on: on, days: map[int]string{}}
	for _, l := range lists {
		s.days[l.Number] = l.At.Local().Add(-24 * time.Hour).Format(time.DateOnly) // wherever the mail house is
	}
	return s, err
}

// read calls add for everybody a file names. Rows that name nobody are told
// together, in the end.
func (s *sentRows) read(ctx context.Context, file export.File, add func(notifier.Key) (int, error)) error {
	rows, err := export.OpenPick(file, "key", "reference")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // it was only read
	for {
		value, from, flaw, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if flaw == "" {
			flaw, err = s.row(ctx, rows.Column, value, add)
		}
		switch {
		case err != nil:
			return err
		case flaw == "":
			s.n++
		case len(s.wrong) < mostWrong:
			s.wrong = append(s.wrong, fmt.Sprintf("%s:%d: %s", from.File, from.Line, flaw))
		default:
			s.more++
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return s.verdict(file)
}

// row records one, or says why it is nobody's. What stands in the row is not
// said: it may be anything.
func (s *sentRows) row(ctx context.Context, column, value string, add func(notifier.Key) (int, error)) (flaw string, err error) {
	if value == "" {
		return column + " is empty", nil
	}
	key, err := notifier.ParseKey(value)
	if err != nil {
		low, high, err := notifier.ParseReference(value)
		if err != nil {
			return "this is neither a key nor a reference", nil
		}
		found, err := s.r.Between(ctx, low, high, 2)
		switch {
		case err != nil:
			return "", err
		case len(found) == 0:
			return "nobody has this reference", nil
		case len(found) > 1:
			return "several people have this reference (say which by their key)", nil
		}
		key = found[0].Recipient.Key
	}
	list, err := add(key)
	switch {
	case errors.Is(err, ledger.ErrNotListed):
		return "nobody with this " + column + " was listed for a letter", nil
	case err == nil && s.on < s.days[list]:
		return fmt.Sprintf("their letter was listed days after --on %s", s.on), nil
	}
	return "", err
}

// verdict is an error where rows name nobody.
func (s *sentRows) verdict(file export.File) error {
	if len(s.wrong) == 0 && s.n == 0 {
		return hint(fmt.Errorf("%s names nobody; nothing was recorded", file.Name), "name the list of those whose letters were sent")
	}
	if len(s.wrong) == 0 {
		return nil
	}
	text := strings.Join(s.wrong, "\n  ")
	if s.more > 0 {
		text += fmt.Sprintf("\n  and %s more", Number(s.more))
	}
	return hint(fmt.Errorf("rows that name nobody who was listed by then:\n  %s\nnothing was recorded", text),
		"correct these rows, or take them out, and run it again; who was listed stands in out/%s", lettersDir)
}
