// Package notifier holds the nouns of breachmail: what an account, a
// recipient, a claim and an outcome are. Every other package speaks in these
// words, and this one imports nothing but the standard library.
//
// The line that data takes, always to the right:
//
//	export ──► intake ──► plan ──► notice ──► send ──► relay
//	 rows     recipients  ledger   message    pace     SMTP
//	                        │         │         │
//	                        │         └► review │  preview, approve
//	                        │                   ▼
//	                        └──────────────► ledger ──► report
//	                                         outcomes    evidence, letters
//
// Nothing reaches back: a stage gets what it needs as arguments and hands on
// plain values. The stages are joined in package campaign and nowhere else.
//
// # Personal data
//
// Names, addresses, phone numbers and account numbers are masked types: every
// way of printing them hides them, and Reveal is the one call that does not.
package notifier
