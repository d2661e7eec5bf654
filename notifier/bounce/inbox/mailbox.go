package inbox

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// The flags that mark a message as taken in.
const (
	keyword = imap.Flag("$BreachmailRead")
	anyFlag = imap.Flag(`\*`) // among the permanent flags: new keywords may be made
)

// How many messages one command is about. A fetch is short enough that little
// is left on the wire when somebody wants to stop.
const (
	fetchAtOnce = 50
	markAtOnce  = 500
)

// mailbox is a mailbox on an IMAP server.
type mailbox struct {
	address
	o Options

	line     *line     // nil while there is no connection
	mark     imap.Flag // keyword, \Seen, or none where nothing can be marked
	validity uint32    // UIDVALIDITY: UIDs mean the same while it stays
	given    map[imap.UID]struct{}
	reading  bool       // Each is under way: what f has marked is stored between two fetches
	marks    []imap.UID // that
	buffer   []byte
}

func openMailbox(ctx context.Context, where string, o Options) (Source, error) {
	a, err := parseAddress(where)
	if err != nil {
		return nil, err
	}
	m := &mailbox{address: a, o: o, given: map[imap.UID]struct{}{}}
	return m, m.open(ctx)
}

// open connects, logs in and selects the mailbox, where that is not so.
func (m *mailbox) open(ctx context.Context) error {
	if m.line != nil {
		return nil
	}
	l, err := dial(ctx, m.address, m.o)
	if err != nil {
		return err
	}
	defer l.watch(ctx)()
	selected, err := l.client.Select(m.address.mailbox, nil).Wait()
	if err != nil {
		l.close()
		return m.failed(ctx, "the server does not open the mailbox (check its name)", err)
	}
	if m.validity != selected.UIDValidity {
		clear(m.given)
	}
	m.line, m.validity = l, selected.UIDValidity
	m.mark = markOf(selected.PermanentFlags)
	if m.mark == "" {
		m.o.warn("%v: messages cannot be marked here, so that each run reads all of them again; each counts once all the same", m.address)
	}
	return nil
}

// markOf chooses the flag by what can be kept (RFC 9051, 7.1: PERMANENTFLAGS).
func markOf(permanent []imap.Flag) imap.Flag {
	switch {
	case slices.Contains(permanent, anyFlag), slices.Contains(permanent, keyword):
		return keyword
	case slices.Contains(permanent, imap.FlagSeen):
		return imap.FlagSeen
	}
	return ""
}

// Each implements Source.
func (m *mailbox) Each(ctx context.Context, f func(Message) error) error {
	if err := m.open(ctx); err != nil {
		return err
	}
	due, err := m.due(ctx)
	if err != nil {
		return err
	}
	m.reading, m.marks = true, nil
	defer func() { m.reading = false }()
	for some := range slices.Chunk(due, fetchAtOnce) {
		if err := m.fetch(ctx, some, f); err != nil {
			m.drop()
			return err
		}
		marks := m.marks
		m.marks = nil
		if err := m.store(ctx, marks); err != nil {
			return err
		}
	}
	return nil
}

// due lists the messages that are neither marked nor given.
func (m *mailbox) due(ctx context.Context) ([]imap.UID, error) {
	defer m.line.watch(ctx)()
	criteria := &imap.SearchCriteria{}
	if m.mark == keyword { // \Seen may be set by whoever opens a message
		criteria.NotFlag = []imap.Flag{m.mark}
	}
	err := m.line.client.Noop().Wait() // Dovecot looks for new messages here, and not for a search
	if err != nil {
		return nil, m.lost(ctx, "the server does not look what is in the mailbox", err)
	}
	found, err := m.line.client.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, m.lost(ctx, "the server does not say what is in the mailbox", err)
	}
	set, _ := found.All.(imap.UIDSet)
	all, ok := set.Nums()
	if !ok {
		return nil, fmt.Errorf("%v: the server gave a list of messages without an end", m.address)
	}
	slices.Sort(all)
	return slices.DeleteFunc(all, func(uid imap.UID) bool { _, ok := m.given[uid]; return ok }), nil
}

// fetch gives some messages.
func (m *mailbox) fetch(ctx context.Context, uids []imap.UID, f func(Message) error) error {
	stop := m.line.watch(ctx)
	defer func() { stop() }()
	command := m.line.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{
		UID:         true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: maxMessage}}},
	})
	for message := command.Next(); message != nil; message = command.Next() {
		uid, err := m.take(message)
		stop()
		if err != nil {
			return m.failed(ctx, "", err)
		}
		if uid != 0 {
			name := fmt.Sprintf("%s UID %d", m.address.mailbox, uid)
			if err := f(Message{Name: name, Raw: m.buffer, uid: uid, validity: m.validity}); err != nil {
				return err
			}
			m.given[uid] = struct{}{}
		}
		stop = m.line.watch(ctx)
	}
	if err := command.Close(); err != nil {
		return m.failed(ctx, "the server does not give the messages", err)
	}
	return nil
}

// take reads one message into the buffer. What comes without a body was removed
// in the meantime, or is a flag that somebody else has changed, and has no UID
// here.
func (m *mailbox) take(message *imapclient.FetchMessageData) (uid imap.UID, err error) {
	whole := false
	for item := message.Next(); item != nil; item = message.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			whole = true
			if m.buffer, err = readInto(m.buffer, item.Literal); err != nil {
				return 0, err
			}
			if _, err = io.Copy(io.Discard, item.Literal); err != nil {
				return 0, err
			}
		}
	}
	if !whole {
		return 0, nil
	}
	return uid, nil
}

// Mark implements Source.
func (m *mailbox) Mark(ctx context.Context, done []Message) error {
	var uids []imap.UID
	for _, d := range done {
		if d.uid != 0 && d.validity == m.validity {
			uids = append(uids, d.uid)
		}
	}
	if m.reading { // the line is taken until all is fetched that was asked for
		m.marks = append(m.marks, uids...)
		return nil
	}
	if err := m.open(ctx); err != nil {
		return err
	}
	return m.store(ctx, uids)
}

// store sets the mark.
func (m *mailbox) store(ctx context.Context, uids []imap.UID) error {
	if m.mark == "" {
		return nil
	}
	defer m.line.watch(ctx)()
	for some := range slices.Chunk(uids, markAtOnce) {
		add := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{m.mark}}
		if err := m.line.client.Store(imap.UIDSetNum(some...), add, nil).Close(); err != nil {
			return m.lost(ctx, "the server does not let messages be marked", err)
		}
	}
	return nil
}

// Close implements Source.
func (m *mailbox) Close() error {
	if m.line != nil {
		m.line.logout()
		m.line = nil
	}
	return nil
}

func (m *mailbox) drop() {
	if m.line != nil {
		m.line.close()
		m.line = nil
	}
}

// lost is failed, and ends the connection: the next call makes another.
func (m *mailbox) lost(ctx context.Context, what string, err error) error {
	err = m.failed(ctx, what, err)
	m.drop()
	return err
}
