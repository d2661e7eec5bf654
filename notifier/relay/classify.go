package relay

import (
	"strings"

	"breachmail/notifier"
)

// stage is where in a transaction a reply belongs; a rule names one or several.
type stage uint8

const (
	atReset stage = 1 << iota // RSET, before the transaction
	atMail
	atRcpt
	atData // the DATA command
	atDot  // the content and its final dot

	atEnvelope = atReset | atMail | atRcpt | atData
	atAny      = atEnvelope | atDot
	named      = atRcpt | atData | atDot // the recipient has been named
	late       = atData | atDot          // a verdict on the recipient comes late here
)

// verdict is what a reply, or its absence, makes of a claim, and what it says
// about the relay.
type verdict struct {
	status notifier.Status
	cause  notifier.Cause
	mood   notifier.Mood
}

var (
	accepted = verdict{notifier.Accepted, notifier.CauseNone, notifier.MoodFine}

	relayTrouble = verdict{notifier.Deferred, notifier.CauseRelay, notifier.MoodFine}
	relaySoft    = verdict{notifier.Deferred, notifier.CauseRelay, notifier.MoodSoft}
	quotaUsed    = verdict{notifier.Deferred, notifier.CauseRelay, notifier.MoodQuota}
	setupTrouble = verdict{notifier.Deferred, notifier.CauseRelay, notifier.MoodSetup}
	policyHeld   = verdict{notifier.Deferred, notifier.CausePolicy, notifier.MoodPolicy}
	policySoft   = verdict{notifier.Deferred, notifier.CausePolicy, notifier.MoodSoft}

	tryAgain       = verdict{notifier.Deferred, notifier.CauseRecipient, notifier.MoodFine}
	tryAgainSoft   = verdict{notifier.Deferred, notifier.CauseRecipient, notifier.MoodSoft}
	refused        = verdict{notifier.Refused, notifier.CauseRecipient, notifier.MoodFine}
	refusedContent = verdict{notifier.Refused, notifier.CauseContent, notifier.MoodFine}

	notCarried = verdict{notifier.Refused, notifier.CauseRecipient, notifier.MoodUnfit}

	unknown = verdict{notifier.Unknown, notifier.CauseNoReply, notifier.MoodFine}
)

// rule is one line of the table. It fits a reply when all of its columns do: the
// stage; one of the codes, in which an x stands for any digit; one of the
// enhanced codes, in which an x stands for one digit and a * for the rest, and
// of which "none" is the want of one; the words. An empty column fits all.
type rule struct {
	at     stage
	code   string
	status string
	words  *phrases
	verdict
}

// rules is the table of what the replies mean: the first line that fits one
// decides. Replies that carry a transaction on (2xx to MAIL and RCPT, 354 to
// DATA) are not looked up. The words, with their sources, are in words.go.
//
// The order is from what is certain to what is likely. What concerns everybody
// alike and can be told by its words comes before the codes that would lay it
// at the door of one recipient: two million are not to be refused because the
// day's quota is used up. What an enhanced code says of one address or mailbox
// comes before words that may stand in its text by chance. So do words that
// can be said of nobody else; those that stand before any reason, like Postfix'
// "Recipient address rejected", come after the reasons.
var rules = []rule{
	{atDot, "2xx", "", nil, accepted}, // taken, and no more than that

	// One recipient, in words that resemble those for all.
	{named, "5xx", "5.2.121 5.2.122", nil, tryAgain}, // gets too many an hour (Exchange Online)
	{named, "5xx", "", exchangeRecipient, refused},   // takes mail from some senders only
	{named, "4xx 5xx", "", recipientBusy, tryAgain},  // gets too many an hour, or a day
	{named, "4xx", "", recipientFull, tryAgain},
	{named, "5xx", "", recipientFull, refused},

	// What it takes from us in an hour or a day is used up.
	{atAny, "4xx 5xx", "", quotaWords, quotaUsed},
	{atAny, "454", "", quotaShort, quotaUsed},
	{atAny, "4xx 5xx", "4.7.* 5.7.*", quotaShort, quotaUsed},
	{atAny, "5xx", "5.4.5", nil, quotaUsed},                               // Gmail: daily limit; 4.4.5 is a busy server
	{atAny, "5xx", "5.1.90 5.7.232 5.7.233 5.7.236", nil, quotaUsed},      // Exchange Online: of a mailbox, of a tenant
	{atAny, "4xx 5xx", "", peakWords, relaySoft},                          // Gmail says 4.2.1, but not of the mailbox
	{atAny, "421", "", nil, relaySoft},                                    // closing the channel (RFC 5321, 3.8)
	{atAny, "530 534 535 538", "", nil, setupTrouble},                     // login: none, too weak, refused, in the clear (RFC 4954, 6)
	{atAny, "4xx 5xx", "", relayDenied, setupTrouble},                     // it relays nothing for us
	{atAny, "403 5xx", "", setupWords, setupTrouble},                      // it does not know us, or our sender address
	{atAny, "5xx", "5.1.7 5.1.8 5.7.27", nil, setupTrouble},               // our sender address or its domain (RFC 3463, 3.2; RFC 7505, 4.2)
	{atAny, "4xx", "4.1.7 4.1.8", nil, relaySoft},                         // the same, for want of DNS
	{atAny, "5xx", "5.7.8 5.7.9 5.7.10 5.7.11", nil, setupTrouble},        // login (RFC 4954, 6), encryption (RFC 5248)
	{atAny, "5xx", "5.7.54 5.7.57 5.7.60 5.7.64", nil, setupTrouble},      // Exchange: relaying, login, send as, connector
	{atAny, "4xx 5xx", "5.3.4", nil, setupTrouble},                        // larger than the system takes (RFC 3463, 3.4)
	{atAny, "4xx 5xx", "4.3.1 4.3.2 5.3.1 5.3.2", nil, relaySoft},         // the mail system is full, or takes nothing now
	{atAny, "5xx", "", outboundSpam, policyHeld},                          // Exchange Online says 5.2.0, but of our mailbox
	{named, "5xx", "5.1.* 5.2.*", nil, refused},                           // address, mailbox (RFC 3463, 3.2 and 3.3)
	{named, "5xx", "5.7.17 5.7.18 5.7.504 5.7.505 5.7.703", nil, refused}, // RFC 7293; Exchange Online: banned recipient
	{named, "4xx", "4.1.* 4.2.*", nil, tryAgain},                          // the same, for now
	{atAny, "4xx 5xx", "", rateWords, relaySoft},                          // too fast
	{atAny, "552", "", sizeWords, setupTrouble},                           // larger than the relay takes
	{named, "552", "", mailboxFull, refused},                              // RFC 5321, 4.2.3: exceeded storage allocation
	{named, "4xx", "", mailboxFull, tryAgain},

	// What it thinks of us, or of what we say.
	{atAny, "5xx", "5.7.20 5.7.21 5.7.22 5.7.23 5.7.24 5.7.25 5.7.26 5.7.28", nil, policyHeld}, // DKIM, SPF, reverse DNS (RFC 7372); flood (IANA)
	{atAny, "5xx", "5.7.5xx 5.7.6xx 5.7.70x 5.7.750", nil, policyHeld},                         // Exchange Online: banned
	{named, "5xx", "", recipientGone, refused},                                                 // address or mailbox, in words
	{atAny, "5xx", "", policyWords, policyHeld},
	{named, "5xx", "", recipientRejected, refused}, // no reason given, or one about this recipient
	{late, "5xx", "5.7.*", nil, policyHeld},        // at RCPT it is this recipient who may not be written to
	{named, "4xx", "", policyWords, policySoft},

	// Nobody has been named yet: what fails here fails for all.
	{atMail, "503", "", nil, relaySoft}, // out of order (RFC 5321, 4.2.2); a new session mends it
	{atMail, "4xx", "", nil, relaySoft},
	{atMail, "5xx", "", nil, setupTrouble},

	// Not now.
	{named, "454", "", nil, relaySoft},           // login, for now (RFC 4954, 6)
	{named, "452", "none", nil, relaySoft},       // no storage (RFC 5321, 4.2.3); a mailbox's says so in words
	{atRcpt, "4xx", "", recipientSoon, tryAgain}, // greylisted, or held back by a rule about it
	{named, "4xx", "", nil, tryAgainSoft},

	// This recipient.
	{atRcpt, "502 503", "", nil, relaySoft}, // out of order
	{atRcpt, "555", "", nil, setupTrouble},  // our parameters (RFC 5321, 4.1.1.11)
	{atRcpt, "5xx", "", nil, refused},

	// The message, or the recipient judged late.
	{atData, "500 502 503", "", nil, relaySoft},        // DATA, before it saw a word of the content
	{atData, "5xx", "5.5.*", nil, relaySoft},           // protocol (RFC 3463, 3.6)
	{late, "5xx", "", loopWords, setupTrouble},         // it comes back to the relay, whoever it is for
	{late, "5xx", "5.4.6 5.4.14", nil, setupTrouble},   // the same (RFC 3463, 3.5); at RCPT no header was seen yet
	{late, "5xx", "5.4.1 5.4.4 5.4.310", nil, refused}, // no such recipient (Exchange Online), no route, no such domain
	{late, "5xx", "5.4.*", nil, tryAgain},              // routing: it may be the relay's, and costs less to ask again
	{late, "5xx", "", nil, refusedContent},

	// Anything else is no answer to what was asked.
	{atEnvelope, "", "", nil, relayTrouble},
	{atDot, "", "", nil, unknown},
}

// classify looks a reply up; text is without the recipient. Other 4.3.x, as
// "451 4.3.0 temporary lookup failure", are said of single recipients and count
// against them.
func classify(at stage, code int, enhanced, text string) verdict {
	return lookUp(at, code, enhanced, text).verdict
}

// lookUp returns the line of the table that decides.
func lookUp(at stage, code int, enhanced, text string) *rule {
	digits := string([]byte{byte('0' + code/100), byte('0' + code/10%10), byte('0' + code%10)})
	for i := range rules {
		r := &rules[i]
		if r.at&at != 0 && oneFits(r.code, digits) && oneFits(r.status, enhanced) && (r.words == nil || r.words.MatchString(text)) {
			return r
		}
	}
	return &rules[len(rules)-1] // not reached: the last two fit everything
}

// classifySilence is the table's other half: what no readable reply means.
//
//	where                  what is known                     verdict
//	before the content     —                                 deferred, relay
//	content or final dot   the write stopped short of the    deferred, relay
//	                       dot (see Session.write)
//	content or final dot   —                                 unknown, no_reply
func classifySilence(at stage, stoppedShort bool) verdict {
	if at == atDot && !stoppedShort {
		return unknown
	}
	return relayTrouble
}

// oneFits reports whether s has the shape of one of the patterns, which spaces
// part. No patterns fit everything.
func oneFits(patterns, s string) bool {
	if patterns == "" {
		return true
	}
	for p := range strings.FieldsSeq(patterns) {
		if p == "none" && s == "" || fits(p, s) {
			return true
		}
	}
	return false
}

// fits reports whether s has the shape of pattern.
func fits(pattern, s string) bool {
	for i := range len(pattern) {
		switch {
		case pattern[i] == '*':
			return true
		case i >= len(s) || pattern[i] != s[i] && (pattern[i] != 'x' || !digit(s[i])):
			return false
		}
	}
	return len(s) == len(pattern)
}
