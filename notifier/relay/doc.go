// Package relay speaks to one SMTP relay over one connection: it opens a
// session, delivers one message after the other, and says of each what became
// of it in the words of package notifier.
//
// # The steps of a delivery
//
//  1. Dial connects (TCP, and TLS at once where it is implicit) and reads the
//     greeting (RFC 5321, 3.1).
//  2. EHLO (RFC 5321, 4.1.1.1); STARTTLS and EHLO again (RFC 3207); AUTH
//     (RFC 4954). net/smtp does these; what goes wrong is a *DialError.
//  3. Deliver sends MAIL, RCPT and DATA (RFC 5321, 3.3), in one flight where
//     the relay offers PIPELINING (RFC 2920), else one by one; with SIZE
//     (RFC 1870), SMTPUTF8 and BODY=8BITMIME (RFC 6531, 6152), RET, ENVID and
//     NOTIFY (RFC 3461) where those are offered and have something to say.
//     After a refused transaction RSET goes first, in the same flight. What
//     flew with the content before (step 7) is not sent again.
//  4. Every reply is read and told apart. A refusal ends the delivery here,
//     and no content was asked for. A reply too many ends the session: the
//     next one would be taken for another notice's.
//  5. Only when the recipient was accepted and 354 was read is content called.
//     It blocks until the claim is durable and returns the message. When it
//     fails the connection is closed: a lone dot would deliver an empty
//     message to a recipient already accepted.
//  6. The relay must have kept silent meanwhile. If it has closed the connection
//     nothing leaves, and that is known.
//  7. The content, dot-stuffed (RFC 5321, 4.5.2), the final dot and, where
//     PIPELINING is offered and somebody follows, the MAIL, RCPT and DATA of the
//     next notice leave in one Write (RFC 2920, 3.1): one notice a round trip.
//  8. The reply to the dot is awaited for ten minutes (RFC 5321, 4.5.3.2.6). It,
//     or its absence, is the outcome; the table is in classify.go. The replies
//     to the envelope behind it are left to the next Deliver, which waits half a
//     minute at most for the first of them.
//  9. Close says QUIT (RFC 5321, 4.1.1.10), unless an envelope flew that nobody
//     delivered.
//
// A session starts no goroutine and is used by one goroutine at a time.
// Cancelling a context ends what is being waited for at once and with it the
// connection; after the final dot that leaves the outcome unknown.
//
// Replies are foreign text. Before one leaves this package the recipient and
// all control characters are taken out of it.
package relay
