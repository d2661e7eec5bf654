package relay

import (
	"bytes"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"testing"
	"time"

	"breachmail/notifier"
)

// TestClassify spells the table out where a line could hide another.
func TestClassify(t *testing.T) {
	tests := []struct {
		at     stage
		code   int
		status string
		want   verdict
	}{
		{atDot, 250, "2.0.0", accepted},
		{atDot, 251, "", accepted},
		{atReset, 250, "", relayTrouble}, // never asked for; see take
		{atReset, 502, "", relayTrouble},
		{atMail, 354, "", relayTrouble},
		{atMail, 421, "4.7.0", relayTrouble},
		{atMail, 451, "", relayTrouble},
		{atMail, 552, "5.3.4", relayTrouble},
		{atRcpt, 354, "", relayTrouble},
		{atRcpt, 421, "4.2.1", relayTrouble},
		{atRcpt, 450, "", tryAgain},
		{atRcpt, 451, "4.7.1", tryAgain},
		{atRcpt, 451, "4.3.0", tryAgain},
		{atRcpt, 452, "", tryAgain},
		{atRcpt, 452, "4.2.2", tryAgain},
		{atRcpt, 452, "4.3.1", relayTrouble},
		{atRcpt, 450, "4.1.8", relayTrouble},
		{atRcpt, 454, "", relayTrouble},
		{atRcpt, 530, "5.7.0", relayTrouble},
		{atRcpt, 535, "", relayTrouble},
		{atRcpt, 550, "", refused},
		{atRcpt, 550, "5.3.0", refused},
		{atRcpt, 553, "5.1.7", relayTrouble},
		{atRcpt, 554, "5.7.1", refused},
		{atData, 250, "", relayTrouble},
		{atData, 451, "4.3.2", relayTrouble},
		{atData, 451, "4.2.0", tryAgain},
		{atData, 503, "5.5.1", relayTrouble},
		{atData, 554, "5.5.1", relayTrouble},
		{atData, 550, "5.2.1", refused},
		{atData, 550, "", refusedContent},
		{atDot, 354, "", unknown},
		{atDot, 421, "", relayTrouble},
		{atDot, 450, "", tryAgain},
		{atDot, 451, "4.3.0", tryAgain},
		{atDot, 452, "4.3.1", relayTrouble},
		{atDot, 535, "", relayTrouble},
		{atDot, 550, "5.1.1", refused},
		{atDot, 550, "5.10.1", refusedContent},
		{atDot, 552, "5.2.3", refused},
		{atDot, 552, "5.3.4", refusedContent},
		{atDot, 554, "", refusedContent},
	}
	for _, test := range tests {
		if got := classify(test.at, test.code, test.status, ""); got != test.want {
			t.Errorf("%05b %d %q: got %v, want %v", test.at, test.code, test.status, got, test.want)
		}
	}
	if classifySilence(atDot, false) != unknown || classifySilence(atDot, true) != relayTrouble || classifySilence(atData, false) != relayTrouble {
		t.Error("silence")
	}
}

// TestClassifyAll: no reply is without a verdict, only the dot's can be
// unknown or accepted, and none below 500 refuses.
func TestClassifyAll(t *testing.T) {
	for at := atReset; at <= atDot; at <<= 1 {
		for code := 200; code < 600; code++ {
			for _, status := range []string{"", "2.0.0", "4.2.2", "4.3.0", "5.1.1", "5.7.1"} {
				v := classify(at, code, status, "")
				if v == (verdict{}) || at != atDot && (v == unknown || v == accepted) || code < 500 && v.status == notifier.Refused {
					t.Errorf("%05b %d %q: %v", at, code, status, v)
				}
			}
		}
	}
}

// reading is a session that reads in.
func reading(in []byte) *Session {
	c := &conn{Conn: bytesConn{r: bytes.NewReader(in)}}
	text := textproto.NewConn(struct {
		io.Reader
		io.Writer
		io.Closer
	}{c, c, c})
	return &Session{conn: c, client: &smtp.Client{Text: text}}
}

type bytesConn struct {
	net.Conn
	r io.Reader
}

func (b bytesConn) Read(p []byte) (int, error)      { return b.r.Read(p) }
func (b bytesConn) SetDeadline(time.Time) error     { return nil }
func (b bytesConn) SetReadDeadline(time.Time) error { return nil }

// TestRelayDenied holds the words of common servers against those that are
// said of one recipient.
func TestRelayDenied(t *testing.T) {
	for text, want := range map[string]verdict{
		"<x>: Relay access denied":                               relayTrouble, // Postfix
		"relay not permitted":                                    relayTrouble, // Exim
		"<x>... Relaying denied":                                 relayTrouble, // Sendmail
		"SMTP; Unable to relay recipient in non-accepted domain": relayTrouble, // Exchange
		"Client was not authenticated: we do not relay":          relayTrouble,
		"<x>: Recipient address rejected: User unknown":          refused,
		"The recipient does not relay on this list":              refused,
		"Message rejected due to local policy":                   refused,
	} {
		if got := classify(atRcpt, 554, "5.7.1", text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
