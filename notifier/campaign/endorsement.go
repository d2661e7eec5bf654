package campaign

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/internal/signature"
	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
)

// endorsement is an approval as the ledger has it, and whether it counts.
type endorsement struct {
	ledger.Approval
	person string // who it is of: whom the signers file names, or the name without case and role
	key    string // the fingerprint of the key it is signed with; empty where it is not signed
	wrong  error  // why it does not count
	lost   bool   // what was recorded is no longer known
}

// endorsements returns all approvals, oldest first.
func (c *Campaign) endorsements(ctx context.Context, r ledger.Reader) ([]endorsement, error) {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]endorsement, len(approvals))
	for i, a := range approvals {
		list[i] = c.endorsement(a)
	}
	return list, nil
}

// endorsement judges an approval.
func (c *Campaign) endorsement(a ledger.Approval) endorsement {
	e := endorsement{Approval: a, person: personOf(a.By)}
	if e.lost = a.Altered || !consistent(&a); e.lost {
		e.wrong = fmt.Errorf("the approval in evidence row %d is not what was recorded: the ledger was changed by hand", a.Seq)
		return e
	}
	who := "the approval by " + a.By
	if a.Seq > 0 {
		who += fmt.Sprintf(" (evidence row %d)", a.Seq)
	}
	if a.Signature == "" {
		if c.signers != nil || c.unsigned != nil {
			e.wrong = fmt.Errorf("%s is not signed, and approvals.signers asks for signatures", who)
		}
		return e
	}
	key, err := signature.Verify(statement(&a), a.Signature)
	if err != nil {
		e.wrong = fmt.Errorf("%s: its signature is not one of what was approved (%w)", who, err)
		return e
	}
	e.key = signature.Fingerprint(key)
	if c.unsigned != nil {
		e.wrong = fmt.Errorf("whose key it is that signed %s cannot be said: %w", who, c.unsigned)
	}
	if c.signers == nil {
		return e
	}
	switch e.person, err = c.signers.Principal(key, a.At); {
	case err != nil:
		e.wrong = fmt.Errorf("%s: %w", who, err)
	case e.person != a.Principal:
		e.wrong = fmt.Errorf("%s was signed as %q, and its key belongs to %q now", who, a.Principal, e.person)
	}
	return e
}

// samePerson reports whether two approvals may be of one person: whom the signers
// file names, or, without one, of the same name, or signed with the same key.
func (e endorsement) samePerson(o endorsement) bool {
	return e.person == o.person || e.key != "" && e.key == o.key
}

// personOf tells people by the name before the role, whatever its case and
// spaces.
func personOf(by string) string {
	name, _, _ := strings.Cut(by, ",")
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}

// consistent reports whether an approval's digests are those of what it lists.
func consistent(a *ledger.Approval) bool {
	items, ok := itemsOf(a)
	if !ok || review.TextDigest(items).String() != a.Text {
		return false
	}
	text, ok := notifier.ParseDigest(a.Text)
	if !ok {
		return false
	}
	var lists []notifier.Digest
	for _, n := range slices.Sorted(maps.Keys(a.Lists)) {
		d, ok := notifier.ParseDigest(a.Lists[n])
		if !ok {
			return false
		}
		lists = append(lists, d)
	}
	return review.Code(text, lists).String() == a.Code
}

// itemsOf returns what an approval binds, without the contents.
func itemsOf(a *ledger.Approval) ([]review.Item, bool) {
	items := make([]review.Item, 0, len(a.Items))
	for name, digest := range a.Items {
		d, ok := notifier.ParseDigest(digest)
		if !ok {
			return nil, false
		}
		items = append(items, review.Item{Name: name, Digest: d})
	}
	return items, true
}

// behind returns the approvals that stand behind a batch and a text: the newest
// that lists the batch, and those before it that say the same, one a person.
// The newest takes the place of all that say something else: a text that was
// corrected may not be sent any more. wrong is why the newest does not count.
func behind(list []endorsement, b ledger.Batch, text string) (standing []endorsement, wrong error) {
	for _, e := range slices.Backward(list) {
		if e.lost {
			return standing, unless(len(standing) > 0, e.wrong) // nobody knows what it was about
		}
		if _, lists := e.Lists[b.Number]; !lists {
			continue
		}
		switch same := e.Text == text && e.Lists[b.Number] == b.Digest.String(); {
		case e.wrong != nil && len(standing) == 0:
			return nil, e.wrong
		case !same:
			return standing, nil
		case e.wrong == nil && !slices.ContainsFunc(standing, e.samePerson):
			standing = append(standing, e)
		}
	}
	return standing, nil
}

// unless returns err where it is not so.
func unless(so bool, err error) error {
	if so {
		return nil
	}
	return err
}

// approvedBatch is a batch as it was approved.
type approvedBatch struct {
	ledger.Batch
	approval int64             // the evidence row of the newest approval
	blocks   []notifier.Digest // of the approved list
}

// approved returns the batches that may be sent: those whose list, and whose
// text as it stands now, as many people approved as have to. Where there are
// none it is a notApprovedError that says why.
func (c *Campaign) approved(ctx context.Context, r ledger.Reader, batches []ledger.Batch) ([]approvedBatch, error) {
	list, err := c.endorsements(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, hint(&notApprovedError{}, "%s", c.approveHint())
	}
	t, err := c.text(sampleDay(batches), false)
	if err != nil {
		return nil, hint(&notApprovedError{what: changedSince, lines: []string{err.Error()}}, "%s", c.approveHint())
	}
	approved, not, err := c.judged(ctx, r, list, batches, t.digest().String())
	switch {
	case err != nil || len(approved) > 0:
		return approved, err
	case c.unsigned != nil && len(not.lines) > 0:
		return nil, hint(not, "put %s back as it was", c.inDir(c.Config.Approvals.Signers))
	case not.few.Code != "":
		return nil, hint(not, "the others approve the same code: %s", not.few.Command)
	case len(not.lines) > 0:
		return nil, hint(not, "%s", c.approveHint())
	}
	lines, err := c.differences(ctx, r, list[len(list)-1].Approval, t, batches)
	if err != nil {
		return nil, err
	}
	return nil, hint(&notApprovedError{what: changedSince, lines: lines}, "%s", c.approveHint())
}

// judged parts the batches into those that may be sent, and why the others may
// not.
func (c *Campaign) judged(ctx context.Context, r ledger.Reader, list []endorsement, batches []ledger.Batch, text string) ([]approvedBatch, *notApprovedError, error) {
	var approved []approvedBatch
	not := &notApprovedError{}
	for _, b := range batches {
		blocks, err := r.Blocks(ctx, b)
		if err != nil {
			return nil, nil, err
		}
		standing, wrong := behind(list, b, text)
		switch intact := notifier.ListDigest(blocks) == b.Digest; {
		case wrong != nil:
			not.note(wrong.Error())
		case len(standing) > 0 && len(standing) < c.Config.Approvals.Required:
			not.few = Awaited{Code: standing[0].Code, Say: c.tooFew(standing)}
			not.few.Command = c.approveLine(standing[0].Code, standing[0].Waivers)
			not.note(not.few.Say)
		case len(standing) > 0 && intact:
			approved = append(approved, approvedBatch{b, standing[0].Seq, blocks})
		}
	}
	return approved, not, nil
}

// tooFew says that more people have to approve.
func (c *Campaign) tooFew(standing []endorsement) string {
	return fmt.Sprintf("approved by %s only: approvals.required asks for %d different people", namesOf(standing), c.Config.Approvals.Required)
}

// namesOf lists who approved, oldest first.
func namesOf(standing []endorsement) string {
	var names []string
	for _, e := range slices.Backward(standing) {
		names = append(names, e.By)
	}
	return strings.Join(names, " and ")
}

// notApprovedError says why nothing may be sent.
type notApprovedError struct {
	what  string
	lines []string
	few   Awaited // what more people have to approve, where that is why
}

const changedSince = "what was approved has changed since"

// note adds a line, once.
func (e *notApprovedError) note(line string) {
	if !slices.Contains(e.lines, line) {
		e.lines = append(e.lines, line)
	}
}

func (e *notApprovedError) Error() string {
	switch {
	case e.what != "":
		return e.what + ":\n  " + strings.Join(e.lines, "\n  ")
	case len(e.lines) == 0:
		return "nothing is approved yet"
	}
	return "not approved: " + strings.Join(e.lines, "; ")
}

func (e *notApprovedError) Unwrap() error { return ErrNotApproved }

// lastApproval returns the newest approval that counts and that fit
// takes, or nil.
func (c *Campaign) lastApproval(ctx context.Context, r ledger.Reader, fit func(a *ledger.Approval) bool) (*ledger.Approval, error) {
	list, err := c.endorsements(ctx, r)
	for _, e := range slices.Backward(list) {
		if e.wrong == nil && fit(&e.Approval) {
			return &e.Approval, err
		}
	}
	return nil, err
}

func anyApproval(*ledger.Approval) bool { return true }
