package campaign

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
)

// survey looks at everybody before anybody is listed: whether they are those who
// were approved, and how many columns the lists need.
func (l *lettering) survey(ctx context.Context) error {
	check := blockCheck{l: l, sum: sha256.New()}
	err := l.r.Cases(ctx, func(p ledger.Case) error {
		t := l.texts[p.Batch]
		if t == nil {
			return ctx.Err()
		}
		if err := check.add(&p, t); err != nil {
			return err
		}
		if p.Listed > 0 || l.verdict(&p.Row) == letterDue {
			l.digits = max(l.digits, len(p.Recipient.Accounts))
		}
		return ctx.Err()
	})
	return err
}

// blockCheck holds blocks against the approved list as people go by.
type blockCheck struct {
	l   *lettering
	sum hash.Hash
	buf []byte
}

func (b *blockCheck) add(p *ledger.Case, t *letterTexts) error {
	b.buf = p.Recipient.AppendCanonical(b.buf[:0])
	b.sum.Write(b.buf)
	batch := b.l.found.of(p.Batch)
	n := batch.BlockOf(p.Recipient.ID)
	last := min(batch.First+int64(n+1)*notifier.BlockSize-1, batch.Last)
	if p.Recipient.ID != last {
		return nil
	}
	same := n < len(t.blocks) && notifier.Digest(b.sum.Sum(nil)) == t.blocks[n]
	b.sum.Reset()
	if !same {
		return fmt.Errorf("%w: recipients %d to %d of batch %d are not those that were approved", ErrNotApproved,
			n*notifier.BlockSize+1, last-batch.First+1, p.Batch)
	}
	return nil
}

// write writes the lists that were not written yet, each to a file of its own and
// all of them to letters.csv, or with all everybody who was ever listed; then the
// letters' texts. Nobody new: letters.csv stays as it is.
func (l *lettering) write(ctx context.Context, store ledger.Store, all bool) error {
	written, err := store.Written(ctx)
	if err != nil {
		return err
	}
	if _, err := makeOut(l.c.Dir, lettersDir); err != nil {
		return err
	}
	if err := sweep(l.dir); err != nil {
		return err
	}
	w := &letterWriter{l: l, reasons: map[string]int64{}, lists: map[int]*listFile{}}
	w.header, w.extra = l.header()
	w.main = newListFile(filepath.Join(l.dir, "letters.csv"), w.header...)
	defer w.abort()
	err = l.r.Cases(ctx, func(p ledger.Case) error {
		l.tally(&p)
		switch {
		case p.Listed > written:
			return orCancelled(ctx, w.add(ctx, &p, true))
		case all && p.Listed > 0:
			return orCancelled(ctx, w.add(ctx, &p, false))
		case p.Listed > 0 && p.Mailed == 0:
			return orCancelled(ctx, w.waits(&p))
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	l.summed(w.reasons)
	if w.newest <= written {
		return nil
	}
	return store.MarkWritten(ctx, w.newest)
}

func orCancelled(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return ctx.Err()
}

// header returns the columns of the lists, and which of them are further columns
// of the export. Those from the name on that a letter's text has as merge fields
// are called like these.
func (l *lettering) header() (header, extra []string) {
	header = []string{
		"key", notice.FieldReference, notice.FieldName, "account_numbers", "account_types", "phone", "zip", "state", "language",
		"reason", "variant", "letter", "list",
	}
	for n := range l.digits {
		header = append(header, notice.FieldLastFour(n+1))
	}
	names := map[string]bool{}
	for _, t := range l.texts {
		if t.notices != nil {
			for _, name := range t.notices.Extra() {
				names[name] = true
			}
		}
	}
	extra = slices.Sorted(maps.Keys(names))
	for _, name := range extra {
		header = append(header, notice.FieldExtra(name))
	}
	return header, extra
}

// letterWriter writes lists.
type letterWriter struct {
	l       *lettering
	header  []string
	extra   []string
	main    *listFile         // letters.csv
	lists   map[int]*listFile // by number
	newest  int               // the highest number written
	reasons map[string]int64
}

// add writes one person; fresh: into the file of their own list, too.
func (w *letterWriter) add(ctx context.Context, p *ledger.Case, fresh bool) error {
	cells, err := w.cells(ctx, p)
	if err != nil {
		return err
	}
	if err := w.main.add(cells...); err != nil {
		return err
	}
	if !fresh {
		return nil
	}
	own := w.lists[p.Listed]
	if own == nil {
		own = newListFile(w.l.listName(p.Listed), w.header...)
		w.lists[p.Listed] = own
		w.newest = max(w.newest, p.Listed)
	}
	return own.add(cells...)
}

// cells are what the lists say of somebody.
func (w *letterWriter) cells(ctx context.Context, p *ledger.Case) ([]string, error) {
	r := &p.Recipient
	reason, err := w.l.reason(ctx, p)
	if err != nil {
		return nil, err
	}
	w.reasons[reason]++
	var m notice.Merged
	letter := ""
	if t := w.l.texts[p.Batch]; t != nil && t.notices != nil {
		if m, err = t.notices.Merge(r); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Key, err)
		}
		t.people[m.Form]++
		letter = m.Form.String() + t.suffix
		m.Extra = w.aligned(t.notices.Extra(), m.Extra)
	} else {
		m.Name = r.Name.Reveal()
		w.l.warn("some are listed without a letter's text: what was approved for them does not count any more, or was not kept")
	}
	numbers, types := make([]string, len(r.Accounts)), make([]string, len(r.Accounts))
	for i, a := range r.Accounts {
		numbers[i], types[i] = a.Number.Reveal(), string(a.Type)
	}
	cells := []string{
		r.Key.String(), r.Key.Reference(), spreadable(m.Name), spreadable(strings.Join(numbers, "; ")), strings.Join(types, "; "),
		dialled(r.Phone.Reveal()), spreadable(r.ZIP), r.State, r.Language, reason, r.Variant.String(), letter, strconv.Itoa(p.Listed),
	}
	for n := range w.l.digits {
		digits := ""
		if n < len(m.LastFours) {
			digits = m.LastFours[n]
		}
		cells = append(cells, spreadable(digits))
	}
	for i := range w.extra {
		value := ""
		if i < len(m.Extra) {
			value = m.Extra[i]
		}
		cells = append(cells, spreadable(value))
	}
	return cells, nil
}

// waits sees to it that the text for somebody who was listed before, and whose
// letter may not be printed yet, is written as it is approved now.
func (w *letterWriter) waits(p *ledger.Case) error {
	t := w.l.texts[p.Batch]
	if t == nil || t.notices == nil {
		return nil
	}
	m, err := t.notices.Merge(&p.Recipient)
	t.people[m.Form] += 0
	return err
}

// aligned puts the values of columns of those names into the order of the lists'.
func (w *letterWriter) aligned(names, values []string) []string {
	if slices.Equal(names, w.extra) {
		return values
	}
	list := make([]string, len(w.extra))
	for i, name := range w.extra {
		if at := slices.Index(names, name); at >= 0 && at < len(values) {
			list[i] = values[at]
		}
	}
	return list
}

// spreadable is a value as a cell that no spreadsheet takes for a formula: one that
// begins like one has a space before it, which a letter does not show. People
// choose their names themselves, and may choose one that is a formula.
func spreadable(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return " " + s
	}
	return s
}

// dialled leaves a number in its international form as it is: a spreadsheet makes
// nothing worse of it than a number.
func dialled(s string) string {
	if digits, ok := strings.CutPrefix(s, "+"); ok && strings.Trim(digits, "0123456789") == "" {
		return s
	}
	return spreadable(s)
}

// reason is why somebody is told by post.
func (l *lettering) reason(ctx context.Context, p *ledger.Case) (string, error) {
	switch {
	case p.Recipient.Channel == notifier.Postal:
		return p.Recipient.Reason, nil
	case p.Status == notifier.Bounced:
		return "bounced", nil
	case p.Status != notifier.Refused:
		return "also_postal", nil
	}
	history, err := l.r.History(ctx, p.Recipient.Key)
	for i := range slices.Backward(history) {
		if e := &history[i]; e.Kind == ledger.KindAttempt && e.Outcome.Status == notifier.Refused {
			if e.Outcome.Cause == notifier.CauseExpired {
				return "expired", err
			}
			break
		}
	}
	return "refused", err
}

// finish puts the files in place: the texts first, then the list of each number,
// then letters.csv.
func (w *letterWriter) finish() error {
	if w.main.rows == 0 {
		return nil
	}
	if err := w.l.writeTexts(); err != nil {
		return err
	}
	for _, number := range slices.Sorted(maps.Keys(w.lists)) {
		path, err := w.lists[number].finish()
		if err != nil {
			return err
		}
		w.l.Lists = append(w.l.Lists, path)
	}
	w.l.Written = w.main.rows
	var err error
	w.l.File, err = w.main.finish()
	return err
}

// abort leaves nothing half-made behind.
func (w *letterWriter) abort() {
	w.main.abort()
	for _, f := range w.lists {
		f.abort()
	}
}

// textName is the file of a text.
func (l *lettering) textName(name string) string { return filepath.Join(l.dir, name+".html") }
