package relay

import (
	"regexp"

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
)

// verdict is what a reply, or its absence, makes of a claim.
type verdict struct {
	status notifier.Status
	cause  notifier.Cause
}

var (
	accepted       = verdict{notifier.Accepted, notifier.CauseNone}
	relayTrouble   = verdict{notifier.Deferred, notifier.CauseRelay}
	tryAgain       = verdict{notifier.Deferred, notifier.CauseRecipient}
	refused        = verdict{notifier.Refused, notifier.CauseRecipient}
	refusedContent = verdict{notifier.Refused, notifier.CauseContent}
	unknown        = verdict{notifier.Unknown, notifier.CauseNoReply}
)

// rule is one line of the table. In code and status an x stands for any
// number; an empty status for any, or none.
type rule struct {
	at     stage
	code   string
	status string
	verdict
}

// rules is the table: the first line that fits a reply decides. Replies that
// carry a transaction on (2xx to MAIL and RCPT, 354 to DATA) are not looked up.
var rules = []rule{
	{atDot, "2xx", "", accepted}, // taken, and no more than that

	// The relay's own trouble, whoever the recipient is.
	{atAny, "421", "", relayTrouble},                // closing the channel (RFC 5321, 3.8)
	{atAny, "530", "", relayTrouble},                // login required (RFC 4954, 6)
	{atAny, "534", "", relayTrouble},                // login too weak
	{atAny, "535", "", relayTrouble},                // login refused
	{atAny, "538", "", relayTrouble},                // login wants encryption
	{atAny, "454", "", relayTrouble},                // login or quota, for now (SES: daily quota)
	{atAny, "4xx", "4.3.1", relayTrouble},           // the mail system is full (RFC 3463, 3.4)
	{atAny, "4xx", "4.3.2", relayTrouble},           // or does not take messages now
	{atMail, "4xx", "", relayTrouble},               // nobody was named yet
	{atMail, "5xx", "", relayTrouble},               // nobody was named yet
	{atRcpt | atData, "4xx", "4.1.7", relayTrouble}, // our sender address, judged late
	{atRcpt | atData, "5xx", "5.1.7", relayTrouble},
	{atRcpt | atData, "4xx", "4.1.8", relayTrouble}, // our sender's domain, judged late
	{atRcpt | atData, "5xx", "5.1.8", relayTrouble},

	// This recipient.
	{atRcpt | atData | atDot, "4xx", "", tryAgain},
	{atRcpt, "5xx", "", refused},

	// DATA, before the relay saw a word of the content.
	{atData, "503", "", relayTrouble},      // out of order (RFC 5321, 4.2.2)
	{atData, "5xx", "5.5.x", relayTrouble}, // protocol (RFC 3463, 3.6)

	// The message; or the recipient, judged late.
	{atData | atDot, "5xx", "5.1.x", refused}, // address (RFC 3463, 3.2)
	{atData | atDot, "5xx", "5.2.x", refused}, // mailbox (RFC 3463, 3.3)
	{atData | atDot, "5xx", "", refusedContent},

	// Anything else is no answer to what was asked.
	{atEnvelope, "", "", relayTrouble},
	{atDot, "", "", unknown},
}

// relayDenied are the words by which a relay says that it will not relay for
// us, whoever the recipient is: a login or a permission is missing, and the next
// two million would be refused alike. The codes (550 or 554, 5.7.1 or 5.7.54)
// also stand for a recipient who may not be written to, so the words decide.
var relayDenied = regexp.MustCompile(`(?i)\brelay(ing)?( access)? (is )?(denied|not permitted|not allowed|prohibited)|(unable|not permitted|not allowed) to relay|we do not relay`)

// classify looks a reply up. Other 4.3.x, as "451 4.3.0 temporary lookup
// failure", are said of single recipients and count against them.
func classify(at stage, code int, enhanced, text string) verdict {
	if at == atRcpt && code/100 == 5 && relayDenied.MatchString(text) {
		return relayTrouble
	}
	digits := [3]byte{byte('0' + code/100), byte('0' + code/10%10), byte('0' + code%10)}
	for i := range rules {
		r := &rules[i]
		if r.at&at != 0 && fits(r.code, string(digits[:])) && fits(r.status, enhanced) {
			return r.verdict
		}
	}
	return unknown // not reached: the last two rules fit everything
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

// fits reports whether s has the shape of pattern. An x stands for one digit
// in a code, and for the rest in a status, where it comes last.
func fits(pattern, s string) bool {
	for i := 0; i < len(pattern); i++ {
		switch {
		case i >= len(s):
			return false
		case pattern[i] == 'x':
			continue
		case pattern[i] != s[i]:
			return false
		}
	}
	return pattern == "" || len(s) == len(pattern) || pattern[len(pattern)-1] == 'x'
}
