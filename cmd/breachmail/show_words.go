package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
)

// printShown tells about people. labels say how each who was asked for is called.
func printShown(w io.Writer, s *campaign.Shown, labels []string) {
	if s.Purged != nil {
		fmt.Fprintf(w, "Personal data was purged on %s.", s.Purged.At.Local().Format(time.DateOnly))
		if s.Purged.ForgotKey {
			fmt.Fprint(w, " People are found by reference or key only.")
		}
		fmt.Fprint(w, "\n\n")
	}
	for i := range s.People {
		if i > 0 {
			fmt.Fprintln(w)
		}
		printPerson(w, &s.People[i], s, labels)
	}
	for _, m := range s.More {
		fmt.Fprintf(w, "\n%s: %s found as well, and not shown\n", labels[m.Asked-1], were(m.People))
	}
	if len(s.People) > 0 && len(s.NotFound) > 0 {
		fmt.Fprintln(w)
	}
	printNotFound(w, s, labels)
}

// were counts more people.
func were(n int) string {
	if n == 1 {
		return "1 more person was"
	}
	return number(int64(n)) + " more people were"
}

// printNotFound says who is no recipient, and where else to look.
func printNotFound(w io.Writer, s *campaign.Shown, labels []string) {
	for _, n := range s.NotFound {
		who := ""
		if len(labels) > 1 {
			who = labels[n-1] + ": "
		}
		fmt.Fprintf(w, "%snot found%s\n", who, triedWords(s.As[n-1]))
	}
	if len(s.LookIn) > 0 {
		fmt.Fprintln(w, "Rows of exports that made nobody a recipient stand in:")
		for _, file := range s.LookIn {
			fmt.Fprintln(w, "  "+file)
		}
	}
}

// byWords are by what somebody is looked up and found.
var byWords = map[string]string{
	campaign.ByKey: "key", campaign.ByReference: "reference", campaign.ByAddress: "address", campaign.ByPhone: "phone number",
	campaign.ByAccount: "account number", campaign.ByLate: "account number that was added after notice",
}

// triedWords says as what somebody was looked up.
func triedWords(as []string) string {
	if len(as) == 0 {
		return ": not an address that mail can go to, nor a number, reference or key"
	}
	return ", looked up by " + joined(as)
}

// joined lists by what, in words.
func joined(by []string) string {
	words := make([]string, len(by))
	for i := range by {
		words[i] = byWords[by[i]]
	}
	return strings.Join(words, ", ")
}

// sheet prints lines of a name and a value, indented.
type sheet struct {
	w      io.Writer
	indent string
}

// line prints one, and nothing for an empty value. Without a name it goes on with
// the one before.
func (s sheet) line(name, format string, args ...any) {
	if value := strings.TrimSpace(fmt.Sprintf(format, args...)); value != "" {
		fmt.Fprintf(s.w, "%s%-11s %s\n", s.indent, name, value)
	}
}

func printPerson(w io.Writer, p *campaign.Person, s *campaign.Shown, labels []string) {
	fmt.Fprintf(w, "%s  %s\n", p.Reference, orElse(p.Name, "(no name)"))
	out := sheet{w, "  "}
	out.line("found by", "%s%s", joined(p.FoundBy), askedWords(p, labels))
	if p.ByHash {
		out.line("", "only its keyed hash is left: somebody else may have the same one")
	}
	out.line("key", "%s", p.Key)
	out.line("address", "%s", p.Address)
	out.line("phone", "%s", p.Phone)
	for i, h := range p.Accounts {
		out.line(first(i, "accounts"), "%s, %s", h.Number, h.Type)
	}
	for i, l := range p.Late {
		out.line(first(i, "added after"), "%s", lateWords(&l))
	}
	out.line("lives in", "%s, language %s", p.State, p.Language)
	printPlanned(out, p)
	out.line("Message-ID", "%s", p.MessageID)
	out.line("now", "%s", standsWords(p, s.Purged != nil))
	out.line("letter", "%s", letterWords(p.Letter))
	for _, words := range waitsWords(p) {
		out.line("", "%s", words)
	}
	printHistory(out, p)
}

// askedWords say which of several who were asked for found somebody.
func askedWords(p *campaign.Person, labels []string) string {
	if len(labels) < 2 {
		return ""
	}
	var list []string
	for _, n := range p.Asked {
		list = append(list, labels[n-1])
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// first is name in the first line of several.
func first(i int, name string) string {
	if i > 0 {
		return ""
	}
	return name
}

func lateWords(l *campaign.LateShown) string {
	number := l.Number
	if l.Type != "" {
		number += ", " + string(l.Type) + ","
	}
	return strings.TrimSpace(number + " in " + l.Export + ": not in the notice, which was settled before")
}

func printPlanned(out sheet, p *campaign.Person) {
	if p.Channel == string(notifier.Postal) {
		out.line("planned", "in batch %d, by post: %s", p.Batch, p.Reason)
	} else {
		out.line("planned", "in batch %d, wave %s, by email, wording %s", p.Batch, p.Wave, p.Wording)
	}
	for i, a := range p.Approvals {
		out.line(first(i, "approved"), "by %s, evidence row %d", a.By, a.Row)
		out.line("", "on %s, code %s", moment(a.At), cut12(a.Code))
		if a.Wrong != "" {
			out.line("", "it does not count: %s", a.Wrong)
		}
	}
	if len(p.Approvals) == 0 {
		out.line("approved", "by nobody yet")
	}
}

// moment writes a time as people read it here.
func moment(at time.Time) string { return at.Local().Format("2006-01-02 15:04:05 MST") }

// standsWords say where a notice stands.
func standsWords(p *campaign.Person, purged bool) string {
	if p.Channel == string(notifier.Postal) {
		return "to be told by post"
	}
	words := map[notifier.Status]string{
		notifier.Pending:  "pending: not sent yet",
		notifier.InFlight: "in flight: on its way to the relay",
		notifier.Deferred: "deferred: not taken yet, to be tried again",
		notifier.Accepted: "accepted: the relay took it, which does not prove that it was read",
		notifier.Refused:  "refused: the relay will not take it; tell this person by letter",
		notifier.Unknown:  "unknown: nobody can tell whether the relay took it",
		notifier.Bounced:  "bounced: the relay took it, and it came back; tell this person by letter",
	}[p.Status]
	if p.Letter != nil && p.Letter.Row > 0 {
		words = strings.TrimSuffix(words, "; tell this person by letter")
	}
	switch {
	case purged && (p.Status == notifier.Pending || p.Status == notifier.Deferred):
		return string(p.Status) + ": not sent, and not to be sent any more"
	case p.Status == notifier.Refused && p.Cause == notifier.CauseExpired:
		return "refused: given up after retry.give_up_after; tell this person by letter"
	case p.Due != nil:
		words += " from " + moment(*p.Due)
	}
	return words
}

// letterWords say where somebody's letter stands; nothing where there is none.
func letterWords(l *campaign.LetterShown) string {
	switch {
	case l == nil:
		return ""
	case l.Row == 0:
		return fmt.Sprintf("on list %d of %s; not recorded as sent", l.List, l.Listed.Local().Format(time.DateOnly))
	}
	return fmt.Sprintf("sent on %s, evidence row %d (list %d)", l.Sent, l.Row, l.List)
}

// waitsWords say what keeps a notice back.
func waitsWords(p *campaign.Person) []string {
	var words []string
	if len(p.HeldBy) > 0 {
		words = append(words, "held by "+strings.Join(p.HeldBy, ", "))
	}
	if p.Gate != "" {
		words = append(words, "waits behind the gate after wave "+p.Gate)
	}
	if p.Halted {
		words = append(words, "the campaign is halted")
	}
	return words
}

// printHistory lists attempts and decisions in the order of their evidence.
func printHistory(out sheet, p *campaign.Person) {
	decisions := p.Decisions
	for i := range p.Attempts {
		a := &p.Attempts[i]
		for len(decisions) > 0 && a.Row > 0 && decisions[0].Row < a.Row {
			printDecision(out, &decisions[0])
			decisions = decisions[1:]
		}
		if a.Row == 0 { // without outcome: it is the last
			for ; len(decisions) > 0; decisions = decisions[1:] {
				printDecision(out, &decisions[0])
			}
		}
		printAttempt(out, a)
	}
	for i := range decisions {
		printDecision(out, &decisions[i])
	}
}

func printAttempt(out sheet, a *campaign.Attempt) {
	at := fmt.Sprintf("evidence row %d", a.Row)
	if a.Row == 0 {
		at = "no outcome in the evidence"
	}
	fmt.Fprintf(out.w, "\n  attempt %d: %s%s, %s\n", a.Number, a.Outcome, causeWords[a.Cause], at)
	out.indent += "  "
	out.line("claimed", "%s, in wave %s", moment(a.Claimed), a.Wave)
	if a.Known != nil {
		out.line("known", "%s", moment(*a.Known))
	}
	out.line("relay", "%s", a.Relay)
	out.line("its id", "%s", a.RelayID)
	out.line("reply", "%s", reply(a.Code, a.Enhanced, a.Reply))
	out.line("wording", "%s", a.Wording)
	out.line("SHA-256", "%s", a.Digest)
}

// reply is what a relay said.
func reply(code int, enhanced, text string) string {
	return replyWords(&notifier.Outcome{Code: code, Enhanced: enhanced, Reply: text})
}

// causeWords say what lies behind an outcome, where it is no verdict on the
// recipient.
var causeWords = map[notifier.Cause]string{
	notifier.CauseRelay:       " (trouble with the relay)",
	notifier.CauseContent:     " (because of the message)",
	notifier.CausePolicy:      " (because of who we are, or what we say)",
	notifier.CauseExpired:     " (given up)",
	notifier.CauseNoReply:     " (no reply was read)",
	notifier.CauseInterrupted: " (the process ended over it)",
}

func printDecision(out sheet, d *campaign.Decision) {
	fmt.Fprintf(out.w, "\n  %s, evidence row %d\n", decisionWords(d), d.Row)
	out.indent += "  "
	name, by, clock := "decided", d.By, "the log's"
	if d.Kind == campaign.DecidedBounce {
		name, by, clock = "taken in", matchWords[d.By], "its own"
	}
	out.line(name, "%s", moment(d.At))
	out.line("by", "%s", by)
	if d.Happened != nil {
		out.line("happened", "%s, by %s clock", moment(*d.Happened), clock)
	}
	out.line("its id", "%s", d.RelayID)
	out.line("reply", "%s", reply(d.Code, d.Enhanced, d.Reply))
}

// bounceWords say what came back.
var bounceWords = map[notifier.Cause]string{
	notifier.CauseHard:      "it came back for good",
	notifier.CauseSoft:      "it came back, which may not be final",
	notifier.CauseComplaint: "it was reported as unwanted",
	notifier.CauseAutoReply: "a mail program answered it",
}

// matchWords say what told whom a bounce is about.
var matchWords = map[string]string{
	"verp": "the key in the address that it was sent to", "envelope_id": "the key in its envelope id", "header": "the key in the returned headers",
	"message_id": "the key in the Message-ID", "address": "the address alone, which a forger could know",
}

// decisionWords say what a decision made of a notice.
func decisionWords(d *campaign.Decision) string {
	switch d.Kind {
	case campaign.DecidedResend:
		return "a person decided to send it again"
	case campaign.DecidedReconcile:
		if d.Status == notifier.Pending {
			return "settled: the relay does not have it, so it is sent again"
		}
		return "settled: " + string(d.Status)
	case campaign.DecidedBounce:
		return bounceWords[d.Cause]
	}
	return fmt.Sprintf("%s: %s", d.Kind, d.Status)
}
