package campaign

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"breachmail/notifier"
)

// defaultConfig returns what holds where campaign.yaml says nothing.
func defaultConfig() *Config {
	return &Config{
		Email:     EmailConfig{UnknownState: "base"},
		Approvals: ApprovalsConfig{Required: 1},
		Exports:   ExportsConfig{MaxRejected: 1},
		Limits:    LimitsConfig{Rate: 10},
		Retry: RetryConfig{
			First: Duration(time.Minute), Factor: 2,
			Most: Duration(time.Hour), GiveUpAfter: Duration(72 * time.Hour),
		},
		Halt:      HaltConfig{Refused: 5, Deferred: 50, Unknown: 2, Over: 500},
		Retention: Duration(6 * year),
	}
}

// setDefaults is called before a relay is read.
func (c *RelayConfig) setDefaults() {
	c.Connections, c.MessagesPerConnection = 5, 500
	c.Pipelining, c.Weight = true, 1
}

// check adds what is wrong with values that are each readable.
func check(c *Config, r *configReader) {
	v := configCheck{r}
	v.name("campaign", c.Campaign, "a short name for the campaign, such as aug-2018")
	v.sender(&c.Sender)
	v.incident(&c.Incident)
	v.email(&c.Email)
	v.law(&c.Law)
	v.holds(c)
	v.approvals(&c.Approvals)
	v.test(&c.Test)
	v.exports(&c.Exports)
	v.relays(c.Relays)
	v.limits(&c.Limits)
	v.pace(c)
	v.waves(c.Waves)
	v.evidence(&c.Evidence)
}

// configCheck adds errors to what the reader has found already.
type configCheck struct{ r *configReader }

// fail adds an error about key, unless there is one.
func (v configCheck) fail(key, format string, args ...any) {
	if !v.r.isWrong(key) {
		v.r.add(key, v.r.line(key), "%s "+format, append([]any{key}, args...)...)
	}
}

// need fails when the file does not have key. What is the value's description.
func (v configCheck) need(key, what string) bool {
	if v.r.given(key) {
		return !v.r.isWrong(key)
	}
	v.fail(key, "is missing (%s)", what)
	return false
}

// name checks a required short name.
func (v configCheck) name(key, s, what string) {
	if v.need(key, what) && !isSimpleName(s) {
		v.fail(key, "is not a simple name (1 to 40 of a-z, 0-9 and -, beginning with a letter or digit)")
	}
}

// line checks a required text of one line.
func (v configCheck) line(key, s, what string) {
	if v.need(key, what) {
		v.optionalLine(key, s)
		if s == "" {
			v.fail(key, "is empty (%s)", what)
		}
	}
}

// optionalLine checks a text of one line that may be left out.
func (v configCheck) optionalLine(key, s string) {
	if !notifier.CleanLine(s) {
		v.fail(key, "has a line break or another control character (write it on one line)")
	}
}

// text checks a required text that may have several lines.
func (v configCheck) text(key, s, what string) {
	if !v.need(key, what) {
		return
	}
	if s == "" {
		v.fail(key, "is empty (%s)", what)
	}
	if !notifier.CleanLine(strings.NewReplacer("\n", "", "\t", "").Replace(s)) {
		v.fail(key, "has a control character (write plain sentences)")
	}
}

// oneOf checks a required choice.
func (v configCheck) oneOf(key, s string, choices ...string) bool {
	if !v.need(key, "write "+orList(choices)) {
		return false
	}
	if !slices.Contains(choices, s) {
		v.fail(key, "is %s (write %s)", quoted(s), orList(choices))
		return false
	}
	return true
}

// maxSubject is in characters.
const maxSubject = 150

func (v configCheck) sender(s *SenderConfig) {
	if !v.need("sender", "who the notice comes from: from, reply_to, return_path, hostname, subject") {
		return
	}
	v.need("sender.from", `a name with an address: "Northwind Mobile <notices@example.com>"`)
	v.address("sender.reply_to", s.ReplyTo, "where answers go: privacy@example.com")
	v.address("sender.return_path", s.ReturnPath, "where bounces go: bounces@example.com")
	if local, _, _ := strings.Cut(s.ReturnPath, "@"); len(local) > maxReturnPathLocal {
		v.fail("sender.return_path", "is too long before the @ (at most %d characters: +KEY is put behind it)", maxReturnPathLocal)
	}
	if v.need("sender.hostname", "the name this machine greets relays with: mail.example.com") && !isDomain(s.Hostname) {
		v.fail("sender.hostname", "is not a domain name (write it as mail.example.com)")
	}
	v.subject("sender.subject", s.Subject)
}

func (v configCheck) subject(key, s string) {
	v.line(key, s, "the subject line: Notice of Data Breach")
	if n := utf8.RuneCountInString(s); n > maxSubject {
		v.fail(key, "has %d characters, and mail programs would cut it off (write at most %d)", n, maxSubject)
	}
}

func (v configCheck) address(key, s, what string) {
	if v.need(key, what) && !isBareAddress(s) {
		v.fail(key, "is not a bare address (write it as name@example.com, without a display name, in ASCII)")
	}
}

func (v configCheck) email(e *EmailConfig) {
	if !v.r.isWrong("email.basis") && !slices.Contains([]string{BasisVoluntary, BasisStatute}, e.Basis) {
		v.fail("email.basis", "must be chosen; there is no default (ask counsel, then write one of)\n%s\n%s",
			"    voluntary   everyone with a usable address is told by email; for the company to decide",
			"    statute     only where the state's law allows email for this person, the others by post")
	}
	if u := e.UnknownState; u != "base" && u != "postal" && !isState(u) {
		v.fail("email.unknown_state", "is %s (write base, postal, or a state's two letters such as CA)", quoted(u))
	}
}

func (v configCheck) law(l *LawConfig) {
	for _, state := range sortedKeys(l.Status) {
		key := "law.status." + state
		if !isState(state) {
			v.fail(key, "is not a state (write two capital letters such as CA)")
		}
		if s := l.Status[state]; s != LawRequired && s != LawVoluntary {
			v.fail(key, "is %s (write required or voluntary)", quoted(s))
		}
	}
}

// holds checks the holds. Their names are told apart from those of the waves,
// because release takes both.
func (v configCheck) holds(c *Config) {
	taken := map[string]string{}
	for _, w := range c.Waves {
		taken[w.Name] = "a wave"
	}
	for i, h := range c.Holds {
		at := fmt.Sprintf("holds[%d]", i)
		v.name(at+".name", h.Name, "the name that release is given")
		if other := taken[h.Name]; other != "" {
			v.fail(at+".name", "is the name of %s (give each its own)", other)
		}
		taken[h.Name] = "another hold"
		if v.need(at+".match", "write all, or {state: [MD, NJ]}") {
			v.match(at+".match", h.Match)
		}
	}
}

// match checks whom a hold or a wave picks. A state that does not exist would
// pick nobody without a word.
func (v configCheck) match(key string, m Match) {
	if !m.All && len(m.State) == 0 {
		v.fail(key, "picks nobody (write all, or {state: [MD, NJ]})")
	}
	for i, s := range m.State {
		if !isState(s) {
			v.fail(fmt.Sprintf("%s.state[%d]", key, i), "is not a state (write two capital letters such as CA)")
		}
	}
}
