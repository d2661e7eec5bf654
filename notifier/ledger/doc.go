// Package ledger is the contract of the durable store: recipients, claims,
// outcomes and decisions. It is the checkpoint from which a killed run goes on.
//
// A store promises, in the numbers of DESIGN section 4:
//
//   - a claim whose done was called with nil is durable, and so is an outcome
//     (1, 2);
//   - claims and outcomes pass one queue, first in first out, so that a durable
//     claim implies that everything queued before it is durable (4);
//   - a claim without outcome, found by Recover, becomes unknown, and an unknown
//     recipient is due again only through Resend or Reconcile (3);
//   - a recipient is pending until its outcome, not until it was read (5);
//   - the totals are kept in the transaction that changes them (6), and the
//     claims of each minute in that of the claims;
//   - a batch is there as a whole or not at all;
//   - evidence rows are only ever appended, and chained (see below);
//   - what an approval binds is durable with the approval, each piece once, and
//     what is given back of it has its digest (7);
//   - a test is a row of evidence and nothing else: no claim, nobody's outcome,
//     nothing of the account;
//   - once a write failed nothing is written any more, and every later call says
//     so: nobody leaves without a claim;
//   - what came back about a notice is recorded once, whoever reads it how often;
//   - nobody is listed for a letter twice, and letters are recorded as sent only to
//     those listed, each once;
//   - a copy that was made with its own means is marked as one, and Start refuses
//     it until it is adopted;
//   - after Purge nothing personal is left, in no file of the store, and all that
//     is not personal is as it was.
//
// What an approval binds are templates, facts, law data and samples made of
// stand-in values. None of that is personal, so it stays, with keys, outcomes
// and evidence, when personal data is purged.
//
// # One process
//
// The contract assumes one process that writes; that is the caller's lock to
// keep, and the store need not notice a second one. It follows that Recover may
// take every claim without outcome for one of a process that died, that the
// epochs which Start gives count runs one after the other, and that ids, evidence
// numbers and the chain are the writer's to keep in memory. Any number may read,
// in this process or others. A store for several senders has to give each its own
// claims to recover, and may let epochs overlap; all the rest holds for it too.
//
// Package ledgertest holds what every store has to pass.
//
// # The chain of evidence
//
// The chain value of a row is SHA-256 over these bytes, one after the other:
//
//	32  the chain value of the row before; 32 zero bytes for the first row
//	 8  the row's number, big endian; the first row is 1, and none is left out
//	    then, each as its length in bytes and then the bytes themselves:
//	 n  kind                                      "attempt", "approval", …
//	 n  key                                       16 bytes, or none
//	 n  wave, relay, outcome, cause, enhanced code, reply, relay's id, variant
//	 n  digest of the message                     32 bytes, or none
//	 n  note                                      JSON, or none
//	    then, as numbers:
//	 v  attempt, approval, reply code
//	 v  when it was claimed, in Unix seconds
//	 v  when its outcome was known, in Unix milliseconds
//
// A length is an unsigned varint as in encoding/binary: seven bits a byte, the
// lowest first, the eighth bit set on all but the last. A number is a signed one:
// zigzag (0, -1, 1, -2 are 0, 1, 2, 3), then the same. A time that is not set is
// 0. Texts are UTF-8.
//
// For example, a row 1 of kind "clear_halt" with the note "{}", known on 24 August
// 2018 at 15:04:05 UTC and with nothing else, has after the 32 zero bytes
//
//	00 00 00 00 00 00 00 01  0a 63 6c 65 61 72 5f 68 61 6c 74  00
//	00 00 00 00 00 00 00 00  00  02 7b 7d  00 00 00  00  90 ea b5 c7 ad 59
//
// and the chain value
//
//	304c85403bc50d32778cbfcb4bc47f5402e541834c0872f52c4b33cfb6e36118
//
// Whoever rewrites every row from some point on, or cuts the last ones off, gives
// a chain that is right in itself. Only a chain value that was written down
// elsewhere before shows it: every row has one, and any of them will do.
package ledger
