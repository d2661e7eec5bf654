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
//     the relay offers PIPELINING (RFC 2920), else one by one. After a refused
//     transaction RSET goes first, in the same flight.
//  4. Every reply is read and told apart. A refusal ends the delivery here,
//     and no content was asked for.
//  5. Only when the recipient was accepted and 354 was read is content called.
//     It blocks until the claim is durable and returns the message. When it
//     fails the connection is closed: a lone dot would deliver an empty
//     message to a recipient already accepted.
//  6. The content, dot-stuffed (RFC 5321, 4.5.2), and the final dot leave in
//     one Write.
//  7. The last reply is awaited for ten minutes (RFC 5321, 4.5.3.2.6). It, or
//     its absence, is the outcome; the table is in classify.go.
//  8. Close says QUIT (RFC 5321, 4.1.1.10).
//
// A session starts no goroutine and is used by one goroutine at a time.
// Cancelling a context ends what is being waited for at once and with it the
// connection; after the final dot that leaves the outcome unknown.
//
// Replies are foreign text. Before one leaves this package the recipient and
// all control characters are taken out of it.
package relay
