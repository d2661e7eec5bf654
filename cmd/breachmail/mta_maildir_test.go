//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"breachmail/notifier"
)

// maildirs is a directory with one Maildir a recipient, named by the
// recipient's number in the export.
type maildirs struct {
	dir string
	// transaction finds the server's own id of a message in its Received header.
	transaction *regexp.Regexp
}

// held counts by key what the server took. A server that is stopped while it
// delivers may deliver a message again; that is its own affair, and told apart
// by its id, which another person's message may have later.
func (m *maildirs) held(t *testing.T) held {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(m.dir, "*", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	h := held{copies: map[notifier.Key]int{}}
	taken := map[string]bool{}
	for _, name := range files {
		key, id, err := m.read(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if taken[key.String()+id] {
			t.Logf("the server delivered %s twice", id)
			continue
		}
		taken[key.String()+id] = true
		h.copies[key]++
	}
	return h
}

// read parses one message and holds it against the Maildir it lies in.
func (m *maildirs) read(name string) (key notifier.Key, id string, err error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return key, "", err
	}
	message, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return key, "", err
	}
	key, err = notifier.ParseKey(message.Header.Get("X-Breachmail-Key"))
	if err != nil {
		return key, "", err
	}
	found := m.transaction.FindStringSubmatch(message.Header.Get("Received"))
	if found == nil {
		return key, "", errors.New("the Received header has no id")
	}
	owner := filepath.Base(filepath.Dir(filepath.Dir(name)))
	return key, found[1], belongs(b, message.Header, key, owner)
}

// belongs says what in a message is not that of the owner of its Maildir.
func belongs(b []byte, h mail.Header, key notifier.Key, owner string) error {
	n, err := strconv.Atoi(owner)
	if err != nil {
		return err
	}
	to, err := mail.ParseAddress(h.Get("To"))
	if err != nil {
		return err
	}
	if want := recipientAddress(n); to.Address != want {
		return fmt.Errorf("it is to %s, and lies with %s", to.Address, want)
	}
	for name, want := range map[string]string{
		"Return-Path": "<bounces+" + key.String() + "@example.com>",
		"Message-Id":  "<crash." + key.String() + "@mail.example.com>",
	} {
		if got := h.Get(name); got != want {
			return fmt.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !bytes.Contains(b, []byte(key.Reference())) {
		return fmt.Errorf("the reference %s is not in the text", key.Reference())
	}
	return nil
}

// filesBelow counts the files below the given directories.
func filesBelow(dirs ...string) (n int) {
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				n++
			}
			return nil
		})
	}
	return n
}
