// Package returned reads what comes back about one notice: a bounce, a complaint,
// an automatic answer, as a message or as an event of SES or SendGrid. It says
// what stands there; what follows for the notice is decided by package campaign.
//
// # What is asked, in this order
//
//  1. A complaint (message/feedback-report, RFC 5965).
//  2. A message/delivery-status (RFC 3464), and also the global one (RFC 6533).
//     Its action decides: failed is Hard, delayed Soft, and delivered, relayed
//     or expanded Other; without one its status, or the reply code. Exim and
//     Postfix mark their bounces as automatic answers, so this comes before
//     these.
//  3. A receipt (message/disposition-notification, RFC 8098): AutoReply.
//  4. What is written for people (rules.go), if the sender is a mail system:
//     nearly half of all bounces have nothing else. Without a rule that fits, a
//     reply code decides; with none, and a bounce's subject, it is Soft.
//  5. An automatic answer (auto.go): RFC 3834 and its forerunners, challenges,
//     and at last the subject. An answer that says "no longer works here" is
//     never taken for a bounce: the notice arrived somewhere.
//  6. Everything else is Other: somebody wrote to us.
//
// # Hard and soft
//
// Hard means that the notice did not arrive and that nobody will try again, so
// that the person has to be told by letter. It is not about whether the address
// is good: a full mailbox that the server gave up (5.2.2, or 4.2.2 when the time
// was over) is Hard, and so is a filter's refusal (5.7.1). Soft means that a
// server still tries, or that it cannot be told.
//
// # Whose it is
//
// The recipient's key is looked for where it is hard to be wrong: in the address
// that the report was sent to, or that the notice came from
// (bounces+KEY@example.com); in the ENVID that the relay was given; in the
// returned notice's X-Breachmail-Key; in its Message-ID, or the one that is
// answered. Where none of these stands in a field, the text is searched for a
// copy of the notice's header. All keys found are given, the most trusted first.
// A key cannot be made up without the campaign's secret, and whoever asks the
// ledger about it finds out.
//
// # What is in a message is foreign
//
// Parts that cannot be told apart, unknown charsets and encodings, and fields
// that are none are passed over. Depth, parts, fields and texts are bounded, so
// that a message costs at most what its first 4 MiB do. What is kept of it is
// one line each, without control characters, in types that do not print.
package returned
