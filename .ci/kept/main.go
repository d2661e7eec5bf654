// Command kept sends a campaign's notices with a ledger that is kept in memory, as
// .ci/bench ledger compares it: what a run costs whose claims and outcomes need
// not last. All else is breachmail's: pace, workers, sessions, notices and guard.
//
//	kept DIR ADDRESS CONNECTIONS
//
// DIR is a planned campaign on the facts of .ci/bench-lib.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
	"breachmail/notifier/notice"
	"breachmail/notifier/relay"
	"breachmail/notifier/send"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: kept DIR ADDRESS CONNECTIONS")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "kept:", err)
		os.Exit(1)
	}
}

func run(dir, address, connections string) error {
	n, err := strconv.Atoi(connections)
	if err != nil {
		return err
	}
	notices, err := compile(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	r, err := sqlite.OpenReader(ctx, filepath.Join(dir, "ledger.db"))
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	cfg := relay.Config{Name: "sink", Address: address, TLS: relay.TLSNone, Hello: "mail.example.com"}
	kept := newMemory()
	end, err := send.Run(ctx, ctx, kept, &queue{r: r}, notices, send.Options{
		Relays: []send.Relay{{Name: "sink", Dial: func(ctx context.Context) (send.Session, error) { return relay.Dial(ctx, cfg) }}},
		Waves:  []send.Wave{{Name: "rest"}},
		Pace:   send.Pace{Rate: 1e6, Relays: map[string]send.Share{"sink": {Connections: n, PerConnection: 500}}},
		Retry:  send.Retry{First: time.Minute, Factor: 2, Most: time.Hour, GiveUpAfter: time.Hour},
		Halt:   send.Halt{Refused: 1, Deferred: 1, Unknown: 1, Over: 500},
	})
	kept.stop()
	if err == nil && end.End != send.Drained {
		err = fmt.Errorf("it ended as %s", end.End)
	}
	fmt.Println(kept.accepted)
	return err
}

// memory takes claims and outcomes in one queue, like the ledger, and keeps what
// became of whom.
type memory struct {
	queue    chan func()
	done     sync.WaitGroup
	status   map[notifier.Key]notifier.Status
	accepted int
}

func newMemory() *memory {
	m := &memory{queue: make(chan func(), 1024), status: map[notifier.Key]notifier.Status{}}
	m.done.Go(func() {
		for f := range m.queue {
			f()
		}
	})
	return m
}

func (m *memory) stop() { close(m.queue); m.done.Wait() }

func (m *memory) Claim(c notifier.Claim, done func(error)) {
	m.queue <- func() {
		var err error
		if _, ok := m.status[c.Key]; ok {
			err = errors.New("claimed twice")
		}
		m.status[c.Key] = notifier.InFlight
		done(err)
	}
}

func (m *memory) Record(o notifier.Outcome, done func(error)) {
	m.queue <- func() {
		m.status[o.Claim.Key] = o.Status
		if o.Status == notifier.Accepted {
			m.accepted++
		}
		done(nil)
	}
}

// queue reads the recipients block by block, and checks each against its digest,
// as a real run does.
type queue struct {
	r       ledger.Reader
	batches []ledger.Batch
}

func (q *queue) Pending(ctx context.Context, _ string, after int64) ([]notifier.Task, int64, error) {
	var err error
	if q.batches == nil {
		if q.batches, err = q.r.Batches(ctx); err != nil {
			return nil, 0, err
		}
	}
	for _, b := range q.batches {
		if after+1 < b.First || after+1 > b.Last {
			continue
		}
		block, err := q.r.Block(ctx, b, b.BlockOf(after+1))
		if err != nil {
			return nil, 0, err
		}
		if !block.Intact() {
			return nil, 0, ledger.ErrDamaged
		}
		var tasks []notifier.Task
		for _, row := range block.Rows {
			after = row.Recipient.ID
			if row.Status == notifier.Pending {
				tasks = append(tasks, notifier.Task{Recipient: row.Recipient, Status: row.Status, Wave: row.Wave, Approval: 1})
			}
		}
		return tasks, after, nil
	}
	return nil, after, nil
}

func (q *queue) Due(context.Context, time.Time) ([]notifier.Task, time.Time, error) {
	return nil, time.Time{}, nil
}

// guarded makes a notice and looks at it, as package campaign does.
type guarded struct{ *notice.Notice }

func (g guarded) Compose(r *notifier.Recipient, date time.Time) ([]byte, notifier.Digest, error) {
	m, err := g.Notice.Compose(r, date)
	if err != nil {
		return nil, notifier.Digest{}, err
	}
	return m.Bytes, m.Digest, g.Guard(r, g.Notice.Envelope(r), m)
}

// compile makes the notices on the campaign's own facts.
func compile(dir string) (guarded, error) {
	c, err := campaign.Open(dir)
	if err != nil {
		return guarded{}, err
	}
	s, i := &c.Config.Sender, &c.Config.Incident
	n, err := notice.Compile(notice.Options{
		Campaign: c.Config.Campaign, Templates: os.DirFS(filepath.Join(dir, "templates")), Law: c.Law,
		Sender: notice.Sender{From: s.From.String(), ReplyTo: s.ReplyTo, ReturnPath: s.ReturnPath, Hostname: s.Hostname, Subject: s.Subject},
		Incident: notice.Incident{
			Company: i.Company, SignedBy: notice.Signer{Name: i.SignedBy.Name, Title: i.SignedBy.Title}, LawEnforcementDelay: i.LawEnforcementDelay,
			Occurred: notice.Range{From: i.Occurred.From.Time(), To: i.Occurred.To.Time()}, Discovered: i.Discovered.Time(),
			NoticeDate: i.NoticeDate.Time(), Affected: strconv.Itoa(i.Affected), WhatHappened: i.WhatHappened, WhatWeAreDoing: i.WhatWeAreDoing,
			WhatYouCanDo: i.WhatYouCanDo, Involved: i.DataInvolved, NotInvolved: i.DataNotInvolved,
			Contact: notice.Contact{Phone: i.Contact.Phone, Hours: i.Contact.Hours, Web: i.Contact.Web, Post: i.Contact.Post},
		},
	})
	return guarded{n}, err
}
