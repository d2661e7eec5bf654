package inbox

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
)

// PasswordEnv is the environment variable that holds the password of an IMAP
// user. Where mailboxes on several hosts are read, each may have one of its own,
// with the host behind it: BREACHMAIL_IMAP_PASSWORD_IMAP_EXAMPLE_COM.
const PasswordEnv = "BREACHMAIL_IMAP_PASSWORD" //nolint:gosec // G101: the name of a variable, no password

// address is imaps://USER@HOST[:PORT]/MAILBOX.
type address struct {
	scheme  string
	user    string
	host    string
	port    string
	mailbox string
}

func isAddress(where string) bool {
	lower := strings.ToLower(where)
	return strings.HasPrefix(lower, "imaps://") || strings.HasPrefix(lower, "imap://")
}

// parseAddress reads the address of a mailbox. It never quotes what it cannot
// read: a password may stand there by mistake.
func parseAddress(where string) (address, error) {
	const form = "imaps://USER@HOST/MAILBOX, with %40 for an @ in USER"
	u, err := url.Parse(where)
	if err != nil {
		return address{}, fmt.Errorf("the address of a mailbox cannot be read (it is %s)", form)
	}
	a := address{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Hostname()), port: u.Port(), mailbox: strings.Trim(u.Path, "/")}
	show := a.scheme + "://" + a.host
	if u.User != nil {
		if _, ok := u.User.Password(); ok {
			return address{}, fmt.Errorf("%s: a password stands in the address (put it into %s instead, and change it: it may be in a history of commands)", show, PasswordEnv)
		}
		a.user = u.User.Username()
	}
	switch {
	case a.host == "":
		return address{}, fmt.Errorf("%s: the address of a mailbox names no host (it is %s)", a.scheme, form)
	case a.user == "":
		return address{}, fmt.Errorf("%s: the address of a mailbox names no user (it is %s)", show, form)
	case u.RawQuery != "" || u.Fragment != "":
		return address{}, fmt.Errorf("%s: the address of a mailbox ends with its name (write ? as %%3F and # as %%23)", show)
	}
	if a.mailbox == "" {
		a.mailbox = "INBOX"
	}
	if a.port == "" {
		a.port = map[string]string{"imaps": "993", "imap": "143"}[a.scheme]
	}
	return a, nil
}

// String is the address without its user.
func (a address) String() string { return a.scheme + "://" + a.host + "/" + a.mailbox }

// password looks the password up.
func (a address) password(getenv func(string) string) (string, error) {
	if getenv == nil {
		getenv = os.Getenv
	}
	own := PasswordEnv + "_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		if r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, a.host)
	for _, name := range []string{own, PasswordEnv} {
		if s := getenv(name); s != "" {
			return s, nil
		}
	}
	return "", fmt.Errorf("%v: there is no password (put it into the environment as %s, or as %s for this host alone)", a, PasswordEnv, own)
}

// onLoopback reports whether what is sent to the host stays on this machine.
func (a address) onLoopback() bool {
	ip := net.ParseIP(a.host)
	return a.host == "localhost" || ip != nil && ip.IsLoopback()
}
