package demo

import (
	"net/mail"

	"github.com/emersion/go-maildir"

	"breachmail/notifier"
)

// held counts the relay's messages by key.
type held map[notifier.Key]int

func (h held) holds(k notifier.Key) bool { return h[k] > 0 }

func (h held) twice() int {
	n := 0
	for _, copies := range h {
		if copies > 1 {
			n++
		}
	}
	return n
}

// keys reads the relay's Maildir.
func (r *mailRelay) keys() (held, error) {
	h := held{}
	if _, err := r.dir.Unseen(); err != nil { // moves what is new to cur
		return nil, err
	}
	err := r.dir.Walk(func(m *maildir.Message) error {
		notice, err := header(m)
		if err != nil {
			return err
		}
		k, err := notifier.ParseKey(notice.Get("X-Breachmail-Key"))
		h[k]++
		return err
	})
	return h, err
}

// header reads a message's header.
func header(m *maildir.Message) (mail.Header, error) {
	f, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	msg, err := mail.ReadMessage(f)
	if err != nil {
		return nil, err
	}
	return msg.Header, nil
}
