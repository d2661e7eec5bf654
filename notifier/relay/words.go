package relay

import (
	"regexp"
	"strings"
	"sync"
)

// What relays say is not standardised; these are the turns of phrase by which
// common ones can be told, looked for in any case and anywhere in a reply.
//
//	SES             https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html
//	                https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
//	Gmail           https://support.google.com/a/answer/3726730
//	Exchange Online https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online
//	                https://github.com/nodemailer/nodemailer/issues/1486 (OutboundSpamException)
//	                https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/fix-error-code-5-4-6-through-5-4-20-in-exchange-online
//	SendGrid        https://www.twilio.com/docs/sendgrid/for-developers/sending-email/smtp-errors-and-troubleshooting
//	Postfix         https://www.postfix.org/postconf.5.html, and its smtpd_check.c
//	Exim            https://www.exim.org/exim-html-current/doc/html/spec_html/ch-access_control_lists.html, and its default configuration
//	Zoho            https://help.zoho.com/portal/en/community/topic/unable-to-send-message-reason-550-5-4-6-unusual-sending-activity-detected
//	IONOS           https://www.ionos.com/help/email/general-topics/important-change-for-sending-emails-with-different-sender-addresses/
//	Mimecast        https://mimecastsupport.zendesk.com/hc/en-us/articles/34000709564691-Policies-Mimecast-SMTP-Error-Codes
//	SMTP2GO         https://github.com/gophish/gophish/issues/720
//	outMail         https://support.prolateral.com/index.php?/Knowledgebase/Article/View/187/35/what-does-smtp-554-571-mean
//
// What has "from memory" behind it is from none of these.
func anyOf(list ...string) *phrases {
	return &phrases{sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)` + strings.Join(list, "|"))
	})}
}

// phrases are compiled when a reply is first held against them: most runs see
// none that has to be.
type phrases struct{ compiled func() *regexp.Regexp }

// MatchString reports whether one of them stands in s.
func (p *phrases) MatchString(s string) bool { return p.compiled().MatchString(s) }

var (
	// quotaWords: what we may send in an hour, a day or a month is used up.
	quotaWords = anyOf(
		`\b(daily|hourly|monthly)\b[^.;]{0,60}\b(quota|limit)\b`,              // SES, Gmail, Exchange Online
		`\bmaximum credits exceeded`,                                          // SendGrid
		`\b(sending|submission) (quota|limit)\b`,                              // Gmail, Exchange Online, SparkPost
		`\btoo many (messages|recipients|e?mails)\b[^.;]{0,40}\b(hour|day)\b`, // SendGrid
		`\b(messages|recipients|e?mails) (per|an|a|this) (hour|day)\b`,
		`\bsender has exceeded outbound threshold`, // Mimecast, from memory
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
		`\boutbound thread limit`, // Mimecast
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
		`\bunauthenticated senders?\b`,                             // SendGrid
		`\bstarttls\b`,                                             // Postfix, SES
		`\binvalid credentials for relay\b`,                        // Gmail
		`\bsender address is not allowed\b`,                        // IONOS
		`\bhost network,? not allowed\b`,                           // Mimecast: a rule about where we send from
		`\byour account (has been|had been|is|was) suspended\b`,    // SMTP2GO
		`\bconfiguration set\b[^.;]{0,80}\bdoes(n't| not) exist\b`, // SES
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

	// recipientBusy: this recipient gets too many notices, and not we send them.
	recipientBusy = anyOf(
		`(\brecipient|<recipient>) (has |is )?(reached|exceeded|exceeding|over) [^.;]{0,30}\b(limit|rate)\b`,
	)

	// recipientFull: there is no room for this recipient, whatever quota is
	// spoken of beside it. Of an account it is not said here: that may be ours.
	recipientFull = anyOf(
		`\b(mailbox|inbox)\b[^.;:,]{0,30}\b(full|over ?quota)\b`,
		`(\b(recipient|user)('s (mailbox|inbox))?|<recipient>) (has |is )?(full|over ?quota|over (its|their|the) quota|out of (space|storage))\b`,
		`(\brecipient|<recipient>) (has )?(reached|exceeded) [^.;]{0,30}\bquota\b`,
	)

	// recipientGone: there is no such recipient, or none that takes mail.
	recipientGone = anyOf(
		`\b(no such|unknown|invalid) (user|recipient|mailbox)\b`,
		`(\b(user|mailbox|recipients?)|<recipient>) (is |are |was |has been )?(unknown|not found|disabled|inactive)\b`,
		`\b(user|mailbox|recipient)( <recipient>)? (is |are |was |has |has been )?(blocked|locked)\b`,
		`<recipient> (is|was|has been) (blocked|locked)\b`,
		`\b(user|mailbox|recipient) does(n't| not) exist`,
	)

	// recipientRejected: it is this recipient that is refused, unless something
	// else in the reply says why.
	recipientRejected = anyOf(
		`\brecipient address rejected`, // Postfix, Exchange Online
		`(\b(user|mailbox|recipients?)|<recipient>) (is |are |was |has been )?unavailable\b`, // RFC 5321, 4.2.3
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
		`\bunusual sending activity\b`,                 // Zoho
	)

	// outboundSpam: Exchange Online takes nothing more from our mailbox.
	outboundSpam = anyOf(`\boutboundspamexception\b`)

	// loopWords: the relay has seen the message too often.
	loopWords = anyOf(
		`\btoo many hops\b`, `\bhop count exceeded\b`, `\bmail loop\b`, // Postfix, Sendmail; Exchange; Mimecast
		`\btoo many "?received"? headers`, // Exim
	)
)
