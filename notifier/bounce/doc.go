// Package bounce turns what relays write into their logs into facts about our
// notices: which of them a relay has, has given up, or never took. It reads and
// says what stands there; what follows from it, and what follows from a notice
// that no log names, is decided by package campaign.
//
//	a log ──► plain bytes ──► entries ──► ties ──► lives ──► Facts
//	          gzip undone     one line    queue    one message's
//	                          or object   ids      stay in a queue
//
// What a file is, is told by its first lines and never by its name (format.go).
// Files come in any order, and a message's lines may be spread over them.
//
// # How a log names a notice
//
//  1. Message-ID: notices bear <CAMPAIGN.KEY@HOST>. Postfix's cleanup(8) writes
//     message-id=<…>, Exim id=…; SES gives commonHeaders.messageId, SendGrid
//     smtp-id.
//  2. The header X-Breachmail-Key. Postfix writes it where header_checks(5) has
//     an INFO or WARN for it; SES lists a message's headers; SendGrid hands on
//     what was set as a custom argument.
//  3. The return path bounces+KEY@HOST, where neither stands: Postfix's qmgr(8)
//     and refusals (from=<…>), Exim's arrival lines and refusals (F=<…>), SES's
//     mail.source.
//
// All three hold the recipient's key. A test mail has none and is named by its
// whole Message-ID.
//
// # What proves that a relay has a message
//
//  4. Postfix: qmgr's line from=<…>, size=…, nrcpt=… (queue active), its line
//     removed, a status= line of anyone, or one of postsuper(1)'s about a queued
//     file. Not cleanup's message-id=<…>: it is written while the headers come
//     in, and a client that goes away before the dot leaves it behind alone.
//     Also not header_checks' hold: and discard:, which come as early. Such a
//     message is Begun, unless the log goes on to say that it was refused, or
//     its smtpd(8) that the connection was lost after DATA, which it says before
//     the dot only (smtpd.c: the state is END-OF-MESSAGE from then on).
//     https://www.postfix.org/OVERVIEW.html, cleanup(8), qmgr(8), postsuper(1)
//  5. Exim: the arrival line <=, which is written when Exim has become
//     responsible (receive.c). A client that is gone by then is logged as "SMTP
//     connection lost after final dot", without <=, and the message is deleted.
//     https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html
//     What an administrator removes by hand (postsuper -d; exim -Mrm, -Mg) was
//     taken and given up: Bounced.
//  6. SES: every event but Reject and Rendering Failure, which say that SES took
//     it and gave it up. Only a Permanent bounce says that it is final; Transient
//     and Undetermined ones may be somebody's automatic answer, and are Returned.
//     https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
//  7. SendGrid: every event; bounce and dropped say that it gave the message up,
//     a bounce of type blocked that it was sent back for something else than the
//     address, and is Returned.
//     https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
//  8. A table of your own (table.go): what its column status says.
//
// A notice may have been handed over more than once, under the same Message-ID:
// what a log says about an earlier attempt is told apart by its time. A relay may
// send copies of a message elsewhere, which is told apart by Fact.To.
//
// # Queue ids
//
// Postfix's lines after the first name a message by queue id only. So its logs
// are read twice: first for the queue ids of the recipients asked for, then for
// everything about these. Short queue ids are used again, never within the same
// second: they hold the microsecond, and the number of a file that must be gone
// first. Life by life (life.go), a line belongs to the message that had the id
// at its time. What smtpd says about a lost connection names no id; it is about
// the last message that this process had begun. Queue ids are told apart by the first label of the host's name, so that the logs of several
// machines can be read together. Exim's ids are taken to be unique.
//
// # Limits
//
// Memory grows with the messages asked for (some hundred bytes a line about
// them) and not with the logs. A line, or JSON object, of more than 1 MiB is
// skipped and counted as unreadable. What could not be read makes silence worth
// less: a reader that concludes something from a notice's absence has to look
// at Unreadable in the Summary first.
package bounce
