package returned

import (
	"net/textproto"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// byStatus judges by the message/delivery-status. It is not ok where there is
// none, or none that says anything.
func (m *reading) byStatus() (r Report, ok bool) {
	if len(m.blocks) == 0 {
		return Report{}, false
	}
	best := 0
	for _, block := range m.blocks {
		if said, weight := judgeBlock(block); weight > best {
			r, best = said, weight
		}
	}
	r.Reporter = domain(m.blocks[0].Get("Reporting-Mta"))
	if r.Reporter == "" {
		r.Reporter = domain(bare(m.head.Get("From")))
	}
	if best > 0 {
		return r, true
	}
	if text, ok := m.byText(); ok { // the part is there, and what it should say stands in the text
		text.Address, text.Reporter = first(r.Address, text.Address), r.Reporter
		return text, true
	}
	if r.Address = failed(m.blocks[len(m.blocks)-1]); r.Address.IsZero() {
		return Report{}, false
	}
	r.Class = Soft
	return r, true
}

// judgeBlock judges what is said about one recipient. The weight is 0 where it
// is not about one, and else higher for what is worse: our notices have one
// recipient, and a list server's report may say that some others got theirs.
func judgeBlock(b textproto.MIMEHeader) (r Report, weight int) {
	action, _, _ := strings.Cut(strings.ToLower(b.Get("Action")), " ")
	r = diagnosed(b.Get("Status"), b.Get("Diagnostic-Code"))
	r.Address = failed(b)
	r.Class = classOf(strings.Trim(action, ";()\t"), r.Enhanced, r.Code)
	if r.Text.Reveal() == "" {
		r.Text = bounce.Said(action)
	}
	switch r.Class {
	case Hard:
		return r, 3
	case Soft:
		return r, 2
	case Other:
		return r, 1
	}
	return r, 0
}

// classOf says what an action (RFC 3464, 2.3.3) and the codes mean; nothing
// where they say nothing.
//
// "failed" is said by a server that has abandoned the message, so it is Hard
// whatever the status: 5.1.1 as well as 4.4.7, where the time was over, and
// 4.2.2 or 5.2.2, where the mailbox was full until then. The person did not get
// the notice, and nobody will try again. Only a failure whose status says
// success cannot be understood, and is Soft.
func classOf(action, enhanced string, code int) Class {
	status := byte('0')
	switch {
	case enhanced != "":
		status = enhanced[0]
	case code != 0:
		status = byte('0' + code/100)
	}
	switch action {
	case "failed", "failure":
		if status == '2' {
			return Soft
		}
		return Hard
	case "delayed":
		return Soft
	case "delivered", "relayed", "expanded":
		return Other
	}
	switch status {
	case '5':
		return Hard
	case '4':
		return Soft
	case '2':
		return Other
	}
	return ""
}

// diagnosed reads a Status field and a Diagnostic-Code. Of a Status that says no
// more than that something is wrong (5.0.0) and a better one in what the server
// said, the better one is taken.
func diagnosed(status, diagnostic string) Report {
	enhanced := ""
	for word := range strings.FieldsSeq(status) { // "5.1.1 (bad destination mailbox)"
		if word = strings.Trim(word, "(),;"); bounce.IsEnhanced(word) {
			enhanced = word
			break
		}
	}
	said := diagnostic
	if kind, after, ok := strings.Cut(diagnostic, ";"); ok && !strings.Contains(strings.TrimSpace(kind), " ") {
		said = after
	}
	said = strings.TrimSpace(said)
	code, better := bounce.Status(said)
	if code == 0 && better == "" {
		code, better = codesIn(said)
	}
	if better != "" && (enhanced == "" || strings.HasSuffix(enhanced, ".0.0") && better[0] == enhanced[0]) {
		enhanced = better
	}
	return Report{Code: code, Enhanced: enhanced, Text: bounce.Said(said)}
}

// failed is the recipient of a block. The original one, where it is there, is
// the one that we sent to.
func failed(b textproto.MIMEHeader) notifier.Address {
	for _, name := range []string{"Original-Recipient", "Final-Recipient"} {
		v := b.Get(name)
		if _, after, ok := strings.Cut(v, ";"); ok {
			v = after
		}
		if a := addressIn(v); !a.IsZero() {
			return a
		}
	}
	return notifier.Address{}
}

// maxAddress is the longest path (RFC 5321, 4.5.3.1.3) without its <>.
const maxAddress = 254

// addressIn reads an address that stands alone, in <> or with a comment behind
// it.
func addressIn(s string) notifier.Address {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "<") {
		s, _, _ = strings.Cut(s[1:], ">")
	} else if i := strings.IndexAny(s, " \t"); i >= 0 {
		s = s[:i]
	}
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > maxAddress || !notifier.CleanLine(s) || domain(s) == "" {
		return notifier.Address{}
	}
	return notifier.NewAddress(s)
}

func first(a, b notifier.Address) notifier.Address {
	if a.IsZero() {
		return b
	}
	return a
}

// complaint reads a feedback report (RFC 5965). Reports of another kind are none
// about somebody who did not want the notice: a failed signature (RFC 6591), or
// that it was no spam after all (RFC 6430).
func (m *reading) complaint() Report {
	r := Report{Class: Complaint, Reporter: domain(m.feedback.Get("Reporting-Mta"))}
	if r.Reporter == "" {
		r.Reporter = domain(bare(m.head.Get("From")))
	}
	kind := strings.ToLower(m.feedback.Get("Feedback-Type"))
	switch kind {
	case "not-spam", "auth-failure", "dkim":
		r.Class = Other
	}
	r.Text = bounce.Said(kind)
	for _, name := range []string{"Original-Rcpt-To", "Removal-Recipient"} {
		r.Address = first(r.Address, addressIn(m.feedback.Get(name)))
	}
	return r
}
