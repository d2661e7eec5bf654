package campaign

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/signature"
	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
)

func (c *Campaign) approveHint() string {
	return "let counsel read what is to be sent (" + c.Command("preview") + "), then record the approval with the command that it prints"
}

// approvedBatches returns the numbers of the batches that any approval lists.
func approvedBatches(ctx context.Context, r ledger.Reader) (map[int]bool, error) {
	approvals, err := r.Approvals(ctx)
	list := map[int]bool{}
	for _, a := range approvals {
		for n := range a.Lists {
			list[n] = true
		}
	}
	return list, err
}

// Waiver is counsel's decision to approve in spite of the findings of a rule.
type Waiver = ledger.Waiver

// Approved is an approval as it was recorded.
type Approved struct {
	ledger.Approval
	Key       string // the fingerprint of the key it is signed with; empty where it is not signed
	Missing   int    // how many more people have to approve
	Statement string // the file with what was signed
	Head      string // the chain value of its evidence row, which is the last one
}

// Approve records that somebody agreed to what has the given code. The code must
// be that of what stands in the campaign now, and every error-level finding has
// to be waived.
func (c *Campaign) Approve(ctx context.Context, o ApproveOptions) (*Approved, error) {
	code, err := o.check()
	if err != nil {
		return nil, err
	}
	proof, err := proofOf(o.Proof)
	if err != nil {
		return nil, err
	}
	key, err := c.signingKey(&o)
	if err != nil {
		return nil, err
	}
	unlock, err := c.lock(ctx, "approve")
	if err != nil {
		return nil, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	p, err := c.approvable(ctx, store, o.Waivers)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(p.Code, code) {
		return nil, hint(fmt.Errorf("%w: the code %s is not that of what stands in the campaign now", ErrNotApproved, code[:12]),
			"make the preview again (%s) and let it be read again", c.Command("preview"))
	}
	p.By, p.Note, p.Proof, p.Program, p.At = o.By, o.Note, proof, o.Program, time.Now().UTC().Truncate(time.Second)
	if err := c.sign(&p.Approval, key); err != nil {
		return nil, err
	}
	return c.record(ctx, store, p)
}

// record writes an approval into the ledger, unless its person has approved the
// same already where others have to.
func (c *Campaign) record(ctx context.Context, store ledger.Store, p *proposal) (*Approved, error) {
	before, err := c.endorsements(ctx, store)
	if err != nil {
		return nil, err
	}
	e := c.endorsement(p.Approval)
	if e.wrong != nil {
		return nil, hint(fmt.Errorf("%w: %w", ErrNotApproved, e.wrong), "sign it with a key that approvals.signers names: --key FILE")
	}
	required := c.Config.Approvals.Required
	missing, again := 0, (*endorsement)(nil)
	for _, b := range p.batches {
		standing, _ := behind(before, b, p.Text)
		i := slices.IndexFunc(standing, e.samePerson)
		if i < 0 {
			missing, again = max(missing, required-len(standing)-1), nil
			break
		}
		missing, again = max(missing, required-len(standing)), &standing[i]
	}
	if again != nil && required > 1 && c.stillKeeps(ctx, store, &again.Approval) {
		return nil, hint(fmt.Errorf("%w: %s has approved this already (evidence row %d)", ErrNotApproved, again.By, again.Seq),
			"approvals.required asks for %d different people: somebody else has to approve too", required)
	}
	if p.Seq, err = store.Approve(ctx, p.Approval, p.contents); err != nil {
		return nil, err
	}
	_, head, err := store.Head(ctx)
	if err != nil {
		return nil, err
	}
	done := &Approved{Approval: p.Approval, Key: e.key, Missing: max(0, missing), Head: head.String()}
	if done.Statement, err = c.writeStatement(&p.Approval); err != nil {
		return nil, hint(fmt.Errorf("the approval is recorded, in evidence row %d, but what it says could not be written: %w", p.Seq, err),
			"the next %s writes it", c.Command("preview"))
	}
	return done, nil
}

// stillKeeps reports whether the ledger has all that an approval binds. Where it
// has not, the same person may approve once more, which keeps it again.
func (c *Campaign) stillKeeps(ctx context.Context, r ledger.Reader, a *ledger.Approval) bool {
	_, err := contents(ctx, r, a)
	return !errors.Is(err, ErrDamaged)
}

// signingKey returns the key to sign with, nil where none was given. It may ask
// for a passphrase, so nothing is locked meanwhile.
func (c *Campaign) signingKey(o *ApproveOptions) (signature.Key, error) {
	if c.unsigned != nil || o.Key == "" {
		return nil, c.unsigned
	}
	return signature.Load(o.Key, o.Passphrase)
}

// sign signs an approval where there is a key.
func (c *Campaign) sign(a *ledger.Approval, key signature.Key) (err error) {
	if key == nil {
		return nil
	}
	if c.signers != nil {
		if a.Principal, err = c.signers.Principal(key.PublicKey(), a.At); err != nil {
			return hint(fmt.Errorf("%w: %w", ErrNotApproved, err), "only those whom %s names may approve", c.Config.Approvals.Signers)
		}
	}
	a.Signature, err = signature.Sign(key, statement(a))
	return err
}

// statementName is how the files of an approval are called, without ending.
func statementName(seq int64) string { return fmt.Sprintf("approval-%d", seq) }

// writeStatement writes what an approval says, and its signature beside it.
func (c *Campaign) writeStatement(a *ledger.Approval) (string, error) {
	out, err := makeOut(c.Dir, approvalsDir)
	if err != nil {
		return "", err
	}
	path := filepath.Join(out, statementName(a.Seq)+".txt")
	if err := writeBytes(path, personal, statement(a)); err != nil || a.Signature == "" {
		return path, err
	}
	if c.signers != nil {
		if err := writeBytes(filepath.Join(out, statementName(a.Seq)+".signers"), personal, c.signed); err != nil {
			return path, err
		}
	}
	return path, writeBytes(path+".sig", personal, []byte(a.Signature))
}

// proposal is an approval before anybody has given it, and what it binds.
type proposal struct {
	ledger.Approval
	contents [][]byte
	batches  []ledger.Batch
}

// approvable returns the approval of what stands in the campaign now, without
// a name. It is an error while something is left to be filled in, and while an
// error-level finding is not waived.
func (c *Campaign) approvable(ctx context.Context, r ledger.Reader, waivers []Waiver) (*proposal, error) {
	if c.unsigned != nil {
		return nil, c.unsigned
	}
	batches, err := c.planned(ctx, r)
	if err != nil {
		return nil, err
	}
	if todos := c.todos(); len(todos) > 0 {
		return nil, c.stillOpen(todos, "fill in what is left; %s lists it", c.Command("preview"))
	}
	t, err := c.text(sampleDay(batches), false)
	if err != nil {
		return nil, errors.Join(ErrNotApproved, err)
	}
	p := &proposal{contents: [][]byte{c.config}, batches: batches}
	p.Campaign, p.Lists, p.Items = c.Config.Campaign, map[int]string{}, map[string]string{}
	if p.Waivers, err = c.waive(ctx, r, t, waivers); err != nil {
		return nil, err
	}
	p.Config = notifier.Digest(sha256.Sum256(c.config)).String()
	for _, it := range t.items {
		p.Items[it.Name] = it.Digest.String()
		p.contents = append(p.contents, it.Content)
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return nil, err
	}
	p.People = peopleOf(groups)
	for _, b := range batches {
		p.Lists[b.Number] = b.Digest.String()
	}
	p.Text = t.digest().String()
	p.Code = review.Code(t.digest(), lists(batches)).String()
	return p, nil
}

// peopleOf counts the recipients of each batch by channel.
func peopleOf(groups []ledger.Group) map[int]ledger.Recipients {
	people := map[int]ledger.Recipients{}
	for _, g := range groups {
		n := people[g.Batch]
		n.Total += g.Count
		if g.Channel == notifier.Email {
			n.Email += g.Count
		} else {
			n.Postal += g.Count
		}
		people[g.Batch] = n
	}
	return people
}

// waive returns the waivers with what they are about. It is an error while a
// finding stands in an approval's way.
func (c *Campaign) waive(ctx context.Context, r ledger.Reader, t *text, waivers []Waiver) ([]Waiver, error) {
	m, err := c.material(ctx, r, t)
	if err != nil {
		return nil, err
	}
	findings, err := review.Lint(m)
	if err != nil {
		return nil, err
	}
	list := make([]review.Waiver, len(waivers))
	for i, w := range waivers {
		list[i] = review.Waiver{Rule: w.Rule, State: w.State, Reason: w.Reason}
	}
	if err := review.Waive(findings, list); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if open := review.Open(findings); len(open) > 0 {
		return nil, c.stillOpen(open, `mend it, or, where counsel decides so, add --waive %s --reason "WHY"; %s lists all`, open[0].Name(), c.Command("preview"))
	}
	return about(waivers, findings), nil
}

// about notes with each waiver which findings it is about.
func about(waivers []Waiver, findings []Finding) []Waiver {
	waivers = slices.Clone(waivers)
	for i := range waivers {
		w := &waivers[i]
		for j := range findings {
			if f := &findings[j]; f.Rule == w.Rule && (w.State == "" || f.State == w.State) && f.Waived == w.Reason {
				w.About = append(w.About, mark(f))
			}
		}
	}
	return waivers
}

// stillOpen says what stands in an approval's way.
func (c *Campaign) stillOpen(open []Finding, format string, args ...any) error {
	what := "1 point is still open"
	if len(open) > 1 {
		what = fmt.Sprintf("%d points are still open, the first", len(open))
	}
	f := &open[0]
	if !f.Waivable && f.Rule != "" {
		format, args = "mend it; %s lists all", []any{c.Command("preview")}
	}
	return hint(fmt.Errorf("%w: %s: %s: %s", ErrNotApproved, what, f.At(), f.Text), format, args...)
}
