package campaign

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/send"
)

// TestOptions tell which test mails to send, and to whom.
type TestOptions struct {
	To       []string // addresses of reviewers
	Variants []string // the wordings by name; none: each that somebody gets
}

// TestMail is what became of one test mail.
type TestMail struct {
	Variant string
	To      int // which address of TestOptions.To, from 0 on
	Outcome notifier.Outcome
	Seq     int64 // its evidence row
}

// Test sends a sample of each wording to reviewers, through the first relay,
// marked as a test and on stand-in values. It is outside claims and account, but
// each mail is evidence. done is called after each.
func (c *Campaign) Test(ctx context.Context, o TestOptions, done func(TestMail)) error {
	if err := c.mayTest(&o); err != nil {
		return err
	}
	unlock, err := c.lock(ctx, "test")
	if err != nil {
		return err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	batches, err := c.planned(ctx, store)
	if err != nil {
		return err
	}
	if todos := c.todos(); len(todos) > 0 {
		return c.stillOpen(todos, "fill in what is left; %s lists it", c.Command("preview"))
	}
	n, err := c.compile(sampleDay(batches), false)
	if err != nil {
		return err
	}
	variants, err := c.testVariants(ctx, store, n, o.Variants)
	if err != nil {
		return err
	}
	relays, err := c.relays()
	if err != nil {
		return err
	}
	t := &tester{c: c, store: store, notices: n, relay: relays[0], done: done}
	return t.run(ctx, variants, o.To)
}

// mayTest judges the addresses: a test mail never leaves for anybody but the
// company's own reviewers.
func (c *Campaign) mayTest(o *TestOptions) error {
	domains := c.Config.Test.Domains
	if len(domains) == 0 {
		_, domain, _ := strings.Cut(c.Config.Sender.From.Address, "@")
		domains = []string{domain}
	}
	if len(o.To) == 0 {
		return hint(fmt.Errorf("%w: nobody to send to", ErrUsage), "name the reviewers: --to ADDRESS, as often as needed")
	}
	o.To, o.Variants = once(o.To), once(o.Variants)
	for i, to := range o.To {
		if !isBareAddress(to) || strings.ContainsAny(to, "%!") { // which relays once took for routes
			return hint(fmt.Errorf("%w: --to number %d is not an address", ErrUsage, i+1), "write it as name@example.com, in ASCII")
		}
		_, domain, _ := strings.Cut(to, "@")
		if !slices.ContainsFunc(domains, func(d string) bool { return strings.EqualFold(d, domain) }) {
			return hint(fmt.Errorf("%w: --to number %d is at another domain than %s", ErrUsage, i+1, strings.Join(domains, ", ")),
				"test mails go to the company's reviewers only: name their domain under test.domains in %s", ConfigFile)
		}
	}
	return nil
}

// once returns a list without what stands in it already.
func once(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, s) }) {
			out = append(out, s)
		}
	}
	return out
}

// testVariants returns the wordings of those names; where there are none, those
// that somebody gets.
func (c *Campaign) testVariants(ctx context.Context, r ledger.Reader, n *notice.Notice, names []string) ([]notifier.Variant, error) {
	all := n.Variants()
	var list []notifier.Variant
	for _, name := range names {
		i := slices.IndexFunc(all, func(v notifier.Variant) bool { return v.String() == name })
		if i < 0 {
			return nil, hint(fmt.Errorf("%w: there is no wording %q", ErrUsage, name), "the names stand in the preview (%s) with each wording", c.Command("preview"))
		}
		list = append(list, all[i])
	}
	if len(names) > 0 {
		return list, nil
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return nil, err
	}
	people := peopleByVariant(reached(groups))
	list = slices.DeleteFunc(all, func(v notifier.Variant) bool { return people[v] == 0 })
	if len(list) == 0 {
		return nil, hint(fmt.Errorf("%w: nobody is told by email", ErrUsage), "name the wordings to look at: --variant NAME")
	}
	return list, nil
}

// tester sends test mails over one session.
type tester struct {
	c       *Campaign
	store   ledger.Store
	notices *notice.Notice
	relay   send.Relay
	session send.Session
	done    func(TestMail)
}

func (t *tester) run(ctx context.Context, variants []notifier.Variant, to []string) (err error) {
	defer func() {
		if t.session != nil {
			_ = t.session.Close()
		}
	}()
	pace := time.NewTicker(t.pause())
	defer pace.Stop()
	failed := 0
	for i, v := range variants {
		for j := range to {
			if i+j > 0 {
				select {
				case <-ctx.Done():
				case <-pace.C:
				}
			}
			if ctx.Err() != nil {
				return ErrInterrupted
			}
			m, err := t.send(ctx, v, to[j])
			if err != nil {
				return err
			}
			if m.To = j; m.Outcome.Status != notifier.Accepted {
				failed++
			}
			t.done(m)
		}
	}
	if failed > 0 {
		return hint(fmt.Errorf("%s not taken by the relay", Many(int64(failed), "test mail was", "test mails were")), "each line above has the relay's reply")
	}
	return nil
}

// pause is the time between two mails: the lowest rate that applies is kept.
func (t *tester) pause() time.Duration {
	rate := float64(t.c.Config.Limits.Rate)
	if own := t.c.Config.Relays[0].Rate; own > 0 {
		rate = min(rate, float64(own))
	}
	return time.Duration(float64(time.Second) / rate)
}

// send sends one mail and records what became of it.
func (t *tester) send(ctx context.Context, v notifier.Variant, to string) (TestMail, error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return TestMail{}, err
	}
	date := time.Now()
	m, env, err := t.notices.ComposeTest(v, notifier.NewAddress(to), hex.EncodeToString(id), date)
	if err != nil {
		return TestMail{}, err
	}
	if t.session == nil || !t.session.Usable() {
		if t.session, err = t.relay.Dial(ctx); err != nil {
			t.session = nil
			return TestMail{}, hint(err, "look at relays: in %s; nothing was sent to it", ConfigFile)
		}
	}
	out, err := t.session.Deliver(ctx, &notifier.Parcel{Envelope: env, Content: func() ([]byte, error) { return m.Bytes, nil }}, nil)
	if err != nil {
		return TestMail{}, err
	}
	out.Claim.Relay, out.Claim.At, out.Variant, out.Digest = t.relay.Name, date, v.String(), m.Digest
	_, domain, _ := strings.Cut(to, "@")
	messageID := fmt.Sprintf("test.%x.%s@%s", id, t.c.Config.Campaign, t.c.Config.Sender.Hostname)
	seq, err := t.store.RecordTest(context.WithoutCancel(ctx), out, ledger.TestNote{Domain: domain, MessageID: messageID})
	return TestMail{Variant: v.String(), Outcome: out, Seq: seq}, err
}
