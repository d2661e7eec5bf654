package relay

import (
	"regexp"
	"strings"
)

// What relays say is not standardised; these are the turns of phrase by which
// common ones can be told, looked for in any case and anywhere in a reply.
//
//	SES             https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html
//	                https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
//	Gmail           https://support.google.com/a/answer/3726730
//	Exchange Online https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online
//	SendGrid        https://www.twilio.com/docs/sendgrid/for-developers/sending-email/smtp-errors-and-troubleshooting
//	Postfix         https://www.postfix.org/postconf.5.html, and its smtpd_check.c
//	Exim            https://www.exim.org/exim-html-current/doc/html/spec_html/ch-access_control_lists.html, and its default configuration
func anyOf(phrases ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + strings.Join(phrases, "|"))
}

var (
	// quotaWords: what we may send in an hour, a day or a month is used up.
	quotaWords = anyOf(
		`\b(daily|hourly|monthly)\b[^.;]{0,60}\b(quota|limit)\b`,              // SES, Gmail, Exchange Online
		`\bmaximum credits exceeded`,                                          // SendGrid
		`\b(sending|submission) (quota|limit)\b`,                              // Gmail, Exchange Online, SparkPost
		`\btoo many (messages|recipients|e?mails)\b[^.;]{0,40}\b(hour|day)\b`, // SendGrid
		`\b(messages|recipients|e?mails) (per|an|a|this) (hour|day)\b`,
	)

	// quotaShort says so too where the codes leave no mailbox to think of.
	quotaShort = anyOf(
		`\bquota (has been |is )?(exceeded|reached|used)`,
		`\b(exceed(ed|s)?|reached|over|out of) [^.;]{0,30}\bquota\b`,
	)

	// peakWords: Gmail's limit on the rate of its relay service.
	peakWords = anyOf(`\bpeak smtp relay limit`)

	// rateWords: not so fast.
	rateWords = anyOf(
		`\bsending rate\b`, // SES: maximum sending rate exceeded
		`\brate[- ]limit`,
		`\btoo (fast|frequent|much mail)\b`, // SendGrid, Postfix (anvil)
		`\btoo many (concurrent |simultaneous )?(connections|sessions)\b`, // Postfix, Exim
		`\bthrottl(ed|ing)\b`,
	)

	// relayDenied: it will not relay for us, whoever the recipient is: a login or
	// a permission is missing. The codes (550 or 554, 5.7.1 or 5.7.54) also stand
	// for a recipient who may not be written to, so the words decide.
	relayDenied = anyOf(
		`\brelay(ing)?( access)? (is )?(denied|not permitted|not allowed|prohibited)`, // Postfix, Exim, Sendmail, Gmail
		`(unable|not permitted|not allowed) to relay`,                                 // Exchange
		`we do not relay`,
	)

	// setupWords: it takes nothing from us until a login, our sender address or
	// its configuration is another.
	setupWords = anyOf(
		`\bsender address rejected`,                  // Postfix
		`\bsender verif(y|ication) failed`,           // Exim
		`\bnot owned by user\b`, `\bnot logged in\b`, // Postfix: smtpd_sender_login_maps
		`\b(client host|helo command) rejected`,                                       // Postfix
		`\b(address|identity|domain|sender) is not (verified|confirmed)`,              // SES
		`\bverified sender\b`,                                                         // SendGrid
		`\b(authori[sz]ed|allowed|permitted) to (send (as|from|on behalf)|perform)\b`, // SendGrid, SES
		`\bpermissions? to send as\b`, `sendasdenied`,                                 // Exchange
		`\bclient was not authenticated\b`, // Exchange
		`\bauthentication (is )?required`, `\bmust (first )?(be )?authenticat`, `\bauthenticate first`, `\bauth(entication)? first`,
		`\bunauthenticated senders?\b`, // SendGrid
		`\bstarttls\b`,                 // Postfix, SES
	)

	// sizeWords: the message is larger than the relay takes from anyone.
	sizeWords = anyOf(
		`\bmessage( file)?( size)? (is )?too (big|long|large)`, // SES, Postfix
		`\bsize (exceeds|limit)`,                               // Postfix, Exim, Exchange
	)

	// mailboxFull: there is no room for this recipient.
	mailboxFull = anyOf(`\bquota\b`, `\bmailbox (is )?full`, `\bstorage (allocation|limit)`)

	// exchangeRecipient: Exchange's resolver has a rule about this recipient,
	// for example that its senders have to be logged in.
	exchangeRecipient = anyOf(`\bresolver\.(rst|adr)\.`)

	// recipientWords: it is this recipient that is refused.
	recipientWords = anyOf(
		`\brecipient address rejected`, // Postfix, Exchange Online
		`\b(no such|unknown|invalid) (user|recipient|mailbox)\b`,
		`(\b(user|mailbox|recipients?)|<recipient>) (is |are |was |has been )?(unknown|not found|unavailable|disabled|inactive|blocked|locked)\b`,
		`\b(user|mailbox|recipient) does(n't| not) exist`,
		`\b(authori[sz]ed|allowed|permitted) to (send|write)( mail| email| messages)? to\b`,
	)

	// recipientSoon: it is this recipient that has to wait, as each has its own
	// turn where a relay puts newcomers on a list (RFC 6647).
	recipientSoon = anyOf(`\bgr[ae]y-?list`, `\brecipient address rejected`)

	// policyWords: it takes us for a source of abuse, or what we say.
	policyWords = anyOf(
		`\bblocked\b`, `\b(block|black|deny)[- ]?list`, `\blisted (by|in|on|at)\b`, `\b(rbl|dnsbl|spamhaus)\b`,
		`\bspam(mer|ming|my)?\b`, `\bunsolicited\b`, `\breputation\b`, `\bcomplaints\b`, `\bbanned\b`, `\bphish`, `\bsuspicious\b`,
		`\b(dmarc|spf|dkim)\b`,                         // RFC 7489, 7208, 6376
		`\bsending (has been |is )?(paused|suspended)`, // SES: under review
	)
)
