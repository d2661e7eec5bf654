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

// line is a reply and what it has to mean.
type line struct {
	at     stage
	code   int
	status string
	text   string
	want   verdict
}

// lines are the table's own: each rule decides at least one of them.
var lines = []line{
	{atDot, 250, "2.0.0", "Ok: queued as 4WqX", accepted},
	{atDot, 251, "", "", accepted},
	{atReset, 250, "", "", relayTrouble}, // never asked for; see take
	{atReset, 502, "", "", relayTrouble},
	{atReset, 421, "", "", relaySoft},
	{atMail, 354, "", "", relayTrouble},
	{atMail, 421, "4.7.0", "", relaySoft},
	{atMail, 451, "", "", relaySoft},
	{atMail, 451, "4.7.1", "", relaySoft},
	{atMail, 452, "4.3.1", "", relaySoft},
	{atMail, 450, "4.1.8", "<b@example.com>: Sender address rejected: Domain not found", relaySoft},
	{atMail, 503, "5.5.1", "nested MAIL command", relaySoft},
	{atMail, 501, "5.5.4", "", setupTrouble},
	{atMail, 550, "", "", setupTrouble},
	{atMail, 550, "5.7.1", "go away", setupTrouble},
	{atMail, 552, "", "", setupTrouble},
	{atMail, 552, "5.3.4", "Message size exceeds fixed limit", setupTrouble},
	{atMail, 553, "5.1.8", "", setupTrouble},
	{atRcpt, 354, "", "", relayTrouble},
	{atRcpt, 421, "4.2.1", "", relaySoft},
	{atRcpt, 450, "", "", tryAgainSoft},
	{atRcpt, 450, "4.2.0", "Greylisted", tryAgain},
	{atRcpt, 450, "4.1.1", "unverified address", tryAgain},
	{atRcpt, 451, "4.7.1", "greylisted", tryAgain},
	{atRcpt, 450, "4.7.1", "<recipient>: Recipient address rejected: Access denied", tryAgain},
	{atRcpt, 451, "4.7.1", "please try again later", tryAgainSoft},
	{atRcpt, 451, "4.3.0", "temporary lookup failure", tryAgainSoft},
	{atRcpt, 452, "", "", relaySoft},
	{atRcpt, 452, "", "mailbox full", tryAgain},
	{atRcpt, 452, "4.5.3", "too many recipients", tryAgainSoft},
	{atRcpt, 452, "4.2.2", "", tryAgain},
	{atRcpt, 452, "4.3.1", "", relaySoft},
	{atRcpt, 450, "4.1.8", "", relaySoft},
	{atRcpt, 452, "", "exceeded storage allocation", tryAgain},
	{atRcpt, 454, "", "", relaySoft},
	{atRcpt, 454, "4.7.0", "Temporary authentication failure", relaySoft},
	{atRcpt, 454, "", "quota exceeded", quotaUsed},
	{atRcpt, 502, "", "", relaySoft},
	{atRcpt, 503, "5.5.1", "need MAIL command", relaySoft},
	{atRcpt, 530, "5.7.0", "", setupTrouble},
	{atRcpt, 534, "5.7.9", "", setupTrouble},
	{atRcpt, 535, "", "", setupTrouble},
	{atRcpt, 538, "", "", setupTrouble},
	{atRcpt, 550, "", "", refused},
	{atRcpt, 550, "5.1.1", "blocked for spam", refused}, // the code is surer than the words
	{atRcpt, 550, "5.2.1", "", refused},
	{atRcpt, 550, "5.3.0", "", refused},
	{atRcpt, 550, "5.7.8", "", setupTrouble},
	{atRcpt, 550, "5.7.60", "", setupTrouble},
	{atRcpt, 550, "5.7.5", "", refused}, // not one of 5.7.5xx
	{atRcpt, 550, "5.7.18", "", refused},
	{atRcpt, 552, "", "exceeded storage allocation", refused},
	{atRcpt, 552, "5.2.2", "quota exceeded", refused},
	{atRcpt, 552, "5.3.4", "", setupTrouble},
	{atRcpt, 552, "5.3.1", "", relaySoft},
	{atRcpt, 553, "5.1.7", "", setupTrouble},
	{atRcpt, 554, "5.7.1", "", refused},
	{atRcpt, 555, "", "", setupTrouble},
	{atData, 250, "", "", relayTrouble},
	{atData, 451, "4.3.2", "", relaySoft},
	{atData, 451, "4.2.0", "", tryAgain},
	{atData, 503, "5.5.1", "", relaySoft},
	{atData, 554, "5.5.1", "no valid recipients", relaySoft},
	{atData, 550, "5.2.1", "", refused},
	{atData, 550, "", "", refusedContent},
	{atData, 554, "5.7.1", "", policyHeld},
	{atDot, 354, "", "", unknown},
	{atDot, 421, "", "", relaySoft},
	{atDot, 450, "", "", tryAgainSoft},
	{atDot, 451, "4.3.0", "", tryAgainSoft},
	{atDot, 452, "4.3.1", "", relaySoft},
	{atDot, 535, "", "", setupTrouble},
	{atDot, 550, "5.1.1", "", refused},
	{atDot, 550, "5.4.1", "", refused},
	{atDot, 550, "5.4.4", "", refused},
	{atDot, 550, "5.4.310", "", refused},
	{atRcpt, 550, "5.4.6", "", refused}, // no header was seen yet: it is about this recipient
	{atDot, 550, "5.4.6", "", setupTrouble},
	{atDot, 550, "5.4.14", "Hop count exceeded - possible mail loop", setupTrouble},
	{atDot, 550, "5.4.7", "", tryAgain},
	{atDot, 550, "5.10.1", "", refusedContent},
	{atDot, 550, "5.7.1", "", policyHeld},
	{atDot, 550, "5.7.26", "", policyHeld},
	{atDot, 552, "5.2.3", "message too large", refused}, // for that mailbox
	{atDot, 552, "5.3.4", "", setupTrouble},
	{atDot, 552, "", "", refusedContent},
	{atDot, 554, "", "", refusedContent},
	{atDot, 554, "5.6.0", "", refusedContent},
}

// said are replies of relays in use. The sources are in words.go.
var said = []line{
	// SES
	{atDot, 454, "", "Throttling failure: Daily message quota exceeded", quotaUsed},
	{atDot, 454, "", "Throttling failure: Maximum sending rate exceeded.", relaySoft},
	{atMail, 530, "", "Authentication required", setupTrouble},
	{atDot, 554, "", "Message rejected: Email address is not verified. The following identities failed the check in region US-EAST-1: b@example.com", setupTrouble},
	{atDot, 554, "", "Access denied: User `x' is not authorized to perform `ses:SendRawEmail'", setupTrouble},
	{atDot, 554, "", "Message rejected: Sending paused for this account.", policyHeld},
	{atDot, 552, "", "Message is too long.", setupTrouble},
	{atDot, 451, "", "Temporary service failure", tryAgainSoft},
	{atDot, 554, "", "Configuration Set does not exist: Configuration set <notices> does not exist.", setupTrouble},
	// Gmail
	{atMail, 550, "5.4.5", "Daily user sending limit exceeded. x - gsmtp", quotaUsed},
	{atRcpt, 550, "5.4.5", "x - gsmtp", quotaUsed},
	{atRcpt, 550, "5.7.1", "Daily SMTP relay limit exceeded for customer.", quotaUsed},
	{atRcpt, 450, "4.2.1", "Peak SMTP relay limit exceeded for customer.", relaySoft},
	{atRcpt, 450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that prevents additional messages", tryAgain},
	{atRcpt, 452, "4.2.2", "The email account that you tried to reach is over quota.", tryAgain},
	{atRcpt, 552, "5.2.2", "The email account that you tried to reach is over quota.", refused},
	{atRcpt, 550, "5.7.0", "Mail relay denied <recipient>", setupTrouble},
	{atRcpt, 550, "5.7.1", "Invalid credentials for relay [192.0.2.1]. The IP address you've registered in your Workspace SMTP Relay service does not match", setupTrouble},
	{atDot, 552, "5.7.0", "This message was blocked because its content presents a potential security issue.", policyHeld},
	{atDot, 550, "5.7.26", "This mail has been blocked because the sender is unauthenticated.", policyHeld},
	{atDot, 550, "5.7.25", "The IP address sending this message does not have a PTR record", policyHeld},
	{atDot, 552, "5.3.4", "Your message exceeded Google's message size limits.", setupTrouble},
	{atMail, 530, "5.7.0", "Must issue a STARTTLS command first.", setupTrouble},
	{atRcpt, 421, "4.7.0", "unusual rate of unsolicited mail originating from your IP address", relaySoft},
	// Exchange, Exchange Online
	{atDot, 550, "5.1.90", "Your message can't be sent because you've reached your daily limit for message recipients", quotaUsed},
	{atRcpt, 550, "5.1.90", "", quotaUsed},
	{atDot, 550, "5.2.2", "Submission quota exceeded", quotaUsed},
	{atDot, 550, "5.7.233", "", quotaUsed},
	{atRcpt, 550, "5.2.122", "The recipient has exceeded their limit for the number of messages they can receive per hour", tryAgain},
	{atRcpt, 451, "4.7.500", "Server busy. Please try again later", tryAgainSoft},
	{atRcpt, 451, "4.7.650", "The mail server has been temporarily rate limited due to IP reputation", relaySoft},
	{atDot, 432, "4.3.2", "STOREDRV.Deliver; recipient thread limit exceeded", relaySoft},
	{atRcpt, 550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP", policyHeld},
	{atRcpt, 550, "5.7.606", "Access denied, banned sending IP [192.0.2.1]", policyHeld},
	{atDot, 550, "5.7.509", "Access denied, sending domain example.com does not pass DMARC verification", policyHeld},
	{atRcpt, 550, "5.7.504", "<recipient>: Recipient address rejected: Access denied", refused},
	{atDot, 550, "5.7.60", "SMTP; Client does not have permissions to send as this sender", setupTrouble},
	{atDot, 554, "5.2.0", "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", setupTrouble},
	{atDot, 554, "5.2.0", "STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent exception", policyHeld},
	{atRcpt, 550, "5.7.64", "TenantAttribution; Relay Access Denied SMTP", setupTrouble},
	{atRcpt, 550, "5.7.54", "SMTP; Unable to relay recipient in non-accepted domain", setupTrouble},
	{atMail, 530, "5.7.57", "SMTP; Client was not authenticated to send anonymous mail during MAIL FROM", setupTrouble},
	{atRcpt, 550, "5.7.1", "Client was not authenticated", setupTrouble},
	{atRcpt, 550, "5.1.8", "Access denied, bad outbound sender", setupTrouble},
	{atDot, 550, "5.7.1", "RESOLVER.RST.AuthRequired; authentication required", refused},
	{atRcpt, 550, "5.4.1", "Recipient address rejected: Access denied", refused},
	{atDot, 550, "5.4.1", "Recipient address rejected: Access denied", refused},
	{atRcpt, 550, "5.7.133", "Sender not authenticated for group", refused},
	{atDot, 452, "4.3.1", "Insufficient system resources", relaySoft},
	// SendGrid
	{atMail, 451, "", "Authentication failed: Maximum credits exceeded", quotaUsed},
	{atRcpt, 452, "", "Too many recipients received this hour", quotaUsed},
	{atRcpt, 450, "", "too frequent connects from 192.0.2.1, please try again later.", relaySoft},
	{atDot, 550, "", "The from address does not match a verified Sender Identity.", setupTrouble},
	{atMail, 550, "", "Unauthenticated senders not allowed", setupTrouble},
	{atDot, 403, "", "You are not authorized to send from that email address", setupTrouble},
	// Postfix
	{atRcpt, 454, "4.7.1", "<recipient>: Relay access denied", setupTrouble},
	{atRcpt, 554, "5.7.1", "<recipient>: Relay access denied", setupTrouble},
	{atRcpt, 554, "5.7.1", "<recipient>: Recipient address rejected: Access denied", refused},
	{atDot, 554, "5.7.1", "<recipient>: Recipient address rejected: Access denied", refused},
	{atRcpt, 553, "5.7.1", "<b@example.com>: Sender address rejected: not owned by user notices", setupTrouble},
	{atRcpt, 554, "5.7.1", "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", policyHeld},
	{atRcpt, 450, "4.7.1", "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", policySoft},
	{atRcpt, 554, "5.7.1", "<unknown[192.0.2.1]>: Client host rejected: Access denied", setupTrouble},
	// Postfix says "Recipient address rejected" before whatever a policy server answers.
	{atRcpt, 550, "5.7.23", "<recipient>: Recipient address rejected: Message rejected due to: SPF fail - not authorized", policyHeld},
	{atRcpt, 550, "5.7.1", "<recipient>: Recipient address rejected: Message rejected due to: SPF fail - not authorized", policyHeld},
	{atRcpt, 550, "5.7.23", "<recipient>: Recipient address rejected: user unknown", policyHeld}, // the code is surer than the words
	{atRcpt, 550, "5.7.1", "<recipient>: Recipient address rejected: Blocked - see https://www.spamhaus.org/", policyHeld},
	{atDot, 550, "5.7.1", "<recipient>: Recipient address rejected: Blocked - see https://www.spamhaus.org/", policyHeld},
	{atRcpt, 450, "4.7.1", "<recipient>: Recipient address rejected: Blocked - see https://www.spamhaus.org/", policySoft},
	{atRcpt, 450, "4.7.1", "<recipient>: Recipient address rejected: recipient has reached its hourly limit", tryAgain},
	{atRcpt, 550, "5.7.1", "<recipient>: Recipient address rejected: recipient has reached its hourly limit", tryAgain},
	{atRcpt, 554, "5.7.1", "<recipient>: Recipient address rejected: Quota exceeded (mailbox for user is full)", refused},
	{atRcpt, 450, "4.7.1", "<recipient>: Recipient address rejected: Quota exceeded (mailbox for user is full)", tryAgain},
	{atRcpt, 554, "5.7.1", "<recipient>: Recipient address rejected: You have exceeded your Outmail quota.", quotaUsed}, // outMail
	{atRcpt, 554, "5.7.1", "<recipient>: Recipient address rejected: Daily recipient limit exceeded", quotaUsed},
	{atDot, 554, "5.4.0", "Error: too many hops", setupTrouble},
	{atRcpt, 450, "4.7.1", "Error: too much mail from 192.0.2.1", relaySoft},
	{atMail, 452, "4.3.1", "Insufficient system storage", relaySoft},
	{atDot, 451, "4.3.0", "Error: queue file write error", tryAgainSoft},
	{atRcpt, 550, "5.1.1", "<recipient>: Recipient address rejected: User unknown in virtual mailbox table", refused},
	{atDot, 550, "5.7.1", "message content rejected", policyHeld},
	// Exim
	{atRcpt, 550, "", "relay not permitted", setupTrouble},
	{atRcpt, 550, "", "Sender verify failed", setupTrouble},
	{atRcpt, 550, "", "Unrouteable address", refused},
	{atRcpt, 550, "", "Administrative prohibition", refused}, // says nothing of whom; when it meets everybody, the breaker halts
	{atDot, 550, "", "Too many \"Received\" headers - suspected mail loop", setupTrouble},
	{atRcpt, 451, "", "Temporary local problem - please try later", tryAgainSoft},
	{atDot, 552, "", "Message size exceeds maximum permitted", setupTrouble},
	{atMail, 452, "", "space shortage, please try later", relaySoft},
	{atMail, 421, "", "Too many concurrent SMTP connections; please try again later.", relaySoft},
	{atDot, 550, "", "This message was classified as SPAM", policyHeld},
	// Others
	{atRcpt, 554, "5.7.1", "<recipient>... Relaying denied", setupTrouble},
	{atRcpt, 554, "5.7.1", "we do not relay", setupTrouble},
	{atRcpt, 550, "5.7.1", "192.0.2.1 is listed by rbl.example.org", policyHeld},
	{atRcpt, 550, "", "sender has a bad reputation", policyHeld},
	{atRcpt, 550, "5.4.6", "Unusual sending activity detected. Please try after sometime.", policyHeld}, // Zoho
	{atDot, 550, "5.4.6", "Unusual sending activity detected. Please try after sometime.", policyHeld},
	{atMail, 550, "", "Sender address is not allowed.", setupTrouble}, // IONOS
	{atRcpt, 550, "", "Sender address is not allowed.", setupTrouble},
	{atRcpt, 554, "", "Host network, not allowed", setupTrouble}, // Mimecast
	{atRcpt, 554, "", "Host network not allowed", setupTrouble},
	{atRcpt, 550, "", "Sender has exceeded outbound thresholds", quotaUsed},
	{atRcpt, 550, "", "Exceeding outbound thread limit", relaySoft},
	{atRcpt, 550, "", "Administrative prohibition - envelope blocked", policyHeld},
	{atDot, 554, "", "Mail loop detected", setupTrouble},
	{atRcpt, 552, "", "Your account has been suspended. Please contact us to reactivate", setupTrouble}, // SMTP2GO
	{atRcpt, 550, "", "user is blocked", refused},
	{atRcpt, 550, "", "user <recipient> has been blocked", refused},
	{atRcpt, 554, "5.7.1", "<recipient>: Recipient address rejected: mailbox disabled", refused},
	{atRcpt, 550, "", "mailbox blocked", refused},
	{atRcpt, 550, "", "mailbox unavailable", refused},
	{atRcpt, 550, "", "Requested action not taken: mailbox unavailable: blocked using zen.spamhaus.org", policyHeld},
	{atRcpt, 552, "", "user is over quota", refused},
	{atRcpt, 550, "", "recipient has exceeded its quota", refused},
	{atDot, 550, "", "Requested action not taken: mailbox unavailable", refused},
	{atRcpt, 550, "5.7.1", "you are not allowed to send mail to <recipient>", refused},
	{atDot, 550, "5.7.1", "You are not authorized to send to this group", refused},
	{atRcpt, 554, "5.7.1", "The recipient does not relay on this list", refused},
	{atRcpt, 554, "5.7.1", "Message rejected due to local policy", refused},
	{atRcpt, 550, "", "no such user at marble.example", refused}, // rbl is a word of its own
	{atRcpt, 550, "5.7.1", "Quota exceeded", quotaUsed},
	{atRcpt, 550, "", "Quota exceeded", refused},
}

// TestClassify: what replies mean, and that no line of the table is hidden by
// another or untested.
func TestClassify(t *testing.T) {
	decided := map[*rule]bool{}
	for _, l := range append(lines, said...) {
		r := lookUp(l.at, l.code, l.status, l.text)
		decided[r] = true
		if got := classify(l.at, l.code, l.status, l.text); got != l.want {
			t.Errorf("%05b %d %q %q: got %v, want %v", l.at, l.code, l.status, l.text, got, l.want)
		}
	}
	for i := range rules {
		if r := &rules[i]; !decided[r] {
			t.Errorf("no reply here is decided by line %d: %05b %q %q %v", i, r.at, r.code, r.status, r.words)
		}
	}
	if classifySilence(atDot, false) != unknown || classifySilence(atDot, true) != relayTrouble || classifySilence(atData, false) != relayTrouble {
		t.Error("silence")
	}
}

// TestFits spells the patterns out.
func TestFits(t *testing.T) {
	for _, test := range []struct {
		patterns, s string
		want        bool
	}{
		{"", "", true}, {"", "5.1.1", true}, {"none", "", true}, {"none", "5.1.1", false},
		{"5.1.*", "5.1.1", true}, {"5.1.*", "5.1.90", true}, {"5.1.*", "5.10.1", false}, {"5.1.*", "", false},
		{"5.7.5xx", "5.7.509", true}, {"5.7.5xx", "5.7.5", false}, {"5.7.5xx", "5.7.57", false},
		{"5.7.6", "5.7.60", false}, {"5.7.60", "5.7.6", false},
		{"4xx 552", "451", true}, {"4xx 552", "552", true}, {"4xx 552", "551", false},
	} {
		if got := oneFits(test.patterns, test.s); got != test.want {
			t.Errorf("%q, %q: %v", test.patterns, test.s, got)
		}
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
