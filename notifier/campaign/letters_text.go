package campaign

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
)

// letterTexts are the texts of the letters to the people of some batches, as they
// were approved.
type letterTexts struct {
	approval *ledger.Approval
	notices  *notice.Notice // nil where the approval keeps no texts
	suffix   string         // of the texts' names, where several are approved for different batches
	blocks   []notifier.Digest
	people   map[notice.LetterForm]int64 // in the list that is written
}

// readApproved finds out which batches are approved, and makes the texts of their
// letters from what the ledger keeps as approved: files may have changed since.
// It is ErrNotApproved where no batch is.
func (l *lettering) readApproved(ctx context.Context) error {
	list, err := l.c.endorsements(ctx, l.r)
	if err != nil {
		return err
	}
	batches, err := l.r.Batches(ctx)
	if err != nil {
		return err
	}
	if len(batches) == 0 {
		return l.c.nothingPlanned()
	}
	l.found.batches, l.texts = batches, map[int]*letterTexts{}
	not := &notApprovedError{}
	for _, b := range batches {
		e := newestOf(list, b.Number)
		if e == nil {
			continue
		}
		approved, why, err := l.c.judged(ctx, l.r, list, []ledger.Batch{b}, e.Text)
		if err != nil {
			return err
		}
		for _, line := range why.lines {
			not.note(line)
		}
		for _, a := range approved {
			if err := l.addTexts(ctx, list, &a); err != nil {
				return err
			}
		}
	}
	if len(l.texts) > 0 {
		return nil
	}
	return hint(not, "%s", l.c.approveHint())
}

// newestOf returns the newest approval that may list a batch: what it says is
// what counts.
func newestOf(list []endorsement, batch int) *endorsement {
	for i := range slices.Backward(list) {
		if _, lists := list[i].Lists[batch]; lists || list[i].lost {
			return &list[i]
		}
	}
	return nil
}

// addTexts makes the texts of an approved batch, those of one approval once.
func (l *lettering) addTexts(ctx context.Context, list []endorsement, b *approvedBatch) error {
	at := slices.IndexFunc(list, func(e endorsement) bool { return e.Seq == b.approval })
	t := &letterTexts{approval: &list[at].Approval, blocks: b.blocks, people: map[notice.LetterForm]int64{}}
	for _, other := range l.texts {
		switch {
		case other.approval.Text == t.approval.Text:
			t.notices, t.suffix, t.people = other.notices, other.suffix, other.people
			l.texts[b.Number] = t
			return nil
		case t.suffix == "":
			t.suffix = fmt.Sprintf(".approval-%d", b.approval)
		}
	}
	l.texts[b.Number] = t
	if t.approval.Config == "" {
		l.warn("the approval in evidence row %d keeps no texts: an older version of breachmail recorded it. Letters to these people have no text here; make them of the notice that counsel approved, or have it approved again", b.approval)
		return nil
	}
	old, err := l.c.asApproved(ctx, l.r, t.approval)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(old.Config.Holds, l.c.Config.Holds) || old.Config.Email.AlsoPostal != l.c.Config.Email.AlsoPostal {
		return hint(fmt.Errorf("%w: %s has other holds, or another email.also_postal, than what was approved in evidence row %d, and they say whom a letter may go to", ErrNotApproved, l.c.path(ConfigFile), b.approval),
			"put them back as they were, or have it approved again: %s", l.c.Command("preview"))
	}
	t.notices, err = old.compile(time.Now(), false)
	return err
}

func (l *lettering) warn(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(l.Warnings, line) {
		l.Warnings = append(l.Warnings, line)
	}
}

// writeTexts writes the letters' texts.
func (l *lettering) writeTexts() error {
	done := map[string]bool{}
	for _, b := range l.found.batches {
		t := l.texts[b.Number]
		if t == nil || t.notices == nil {
			continue
		}
		for _, form := range sortedForms(t.people) {
			name := form.String() + t.suffix
			if done[name] {
				continue
			}
			done[name] = true
			if err := l.writeText(t, form, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedForms(people map[notice.LetterForm]int64) []notice.LetterForm {
	var list []notice.LetterForm
	for form := range people {
		list = append(list, form)
	}
	slices.SortFunc(list, func(a, b notice.LetterForm) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// writeText writes one text. Words in it that suit a screen only are what counsel
// approved: they are told, and not changed.
func (l *lettering) writeText(t *letterTexts, form notice.LetterForm, name string) error {
	letter, err := t.notices.Letter(form)
	if err != nil { // the template cannot have one; the list is good without
		l.warn("no text for letters %s: %v", name, err)
		return nil
	}
	path := l.textName(name)
	if err := writeBytes(path, personal, letter.HTML); err != nil {
		return err
	}
	l.Texts = append(l.Texts, LetterText{Name: name, File: path, People: t.people[form]})
	if len(letter.Screen) > 0 {
		file, _ := t.notices.Source(form.Variant)
		l.warn("letters made of %s say “%s”, as approved, which suits no paper: let counsel approve other words", file, strings.Join(letter.Screen, "”, “"))
	}
	return nil
}

// batchFinder tells which batch somebody is of as their ids go up.
type batchFinder struct{ batches []ledger.Batch }

// of returns the batch of that number.
func (f *batchFinder) of(number int) *ledger.Batch {
	at := slices.IndexFunc(f.batches, func(b ledger.Batch) bool { return b.Number == number })
	if at < 0 {
		return nil
	}
	return &f.batches[at]
}
