// Package campaign is one incident's directory and the one place where the
// stages are joined. The order of the line can be read in the functions of
// Campaign, from left to right:
//
//	Check     export ──► intake                          (check.go)
//	Plan      export ──► intake ──► ledger               (plan.go)
//	Preview            ledger ──► notice ──► review      (preview.go)
//	Approve                       review ──► ledger      (approve.go)
//	Send      ledger ──► notice ──► send ──► relay       (sending.go)
//	                                send ──► ledger
//	Status    ledger                                     (status.go)
//
// The directory holds campaign.yaml, templates/, law.csv, secret, lock,
// ledger.db, control/ for messages to a running sender, and out/ for what is
// made for people. All that holds personal data has mode 0600.
package campaign
