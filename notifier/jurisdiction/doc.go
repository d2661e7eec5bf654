// Package jurisdiction says in which state a ZIP code lies, reads the names of
// states, and says what each state's law asks of a notice and whom else it
// wants told.
//
// The law is data: the built-in law.csv has one line a fact, with its source,
// the date of the source and how far it was verified. A campaign keeps its own
// copy, which counsel corrects and the approval freezes. Nothing here is legal
// advice: whoever shows a fact shows its source and date with it, and counsel
// decides.
package jurisdiction
