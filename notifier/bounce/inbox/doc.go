// Package inbox gives the messages, and events, that lie somewhere: what came
// back about notices, before anybody has read it.
//
//	a Maildir               left as it is, new and cur; deliveries may go on
//	a directory of *.eml    each file a message
//	an mbox                 also one that is still written to
//	a file with a message
//	a file of event JSON    SES's as SNS or EventBridge write them, SendGrid's
//	                        lists; one after the other, one a line, or an array
//	-                       any of these files from standard input
//	imaps://USER@HOST[:PORT]/MAILBOX   IMAP (RFC 9051, RFC 3501) over TLS
//	imap://USER@HOST[:PORT]/MAILBOX    the same with STARTTLS; without, on loopback
//
// What a file is, is told by its first lines and never by its name; each may be
// packed with gzip. Nothing is ever changed, moved or deleted, but for one: a
// message in an IMAP mailbox that was taken in gets the keyword $BreachmailRead,
// and is passed over from then on; where the mailbox takes no keywords it gets \Seen,
// which people set as well, so that each run reads all of them.
// A message that comes a second time all the same counts once, because its
// report has an ID of its own.
package inbox
