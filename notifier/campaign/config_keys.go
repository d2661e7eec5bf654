package campaign

import (
	"fmt"
	"strings"

	"breachmail/notifier/export"
)

// Key is one key of campaign.yaml.
type Key struct {
	Name    string // dotted; [] stands for the entries of a list, LANG for a language
	Type    string
	Default string // "required" where there is none and one is needed; "" where the key may be left out
	Meaning string
}

const required = "required"

// KeyTable returns every key of campaign.yaml in the order of the file.
func KeyTable() []Key {
	keys := []Key{
		{"campaign", "name", required, "the campaign's name: a-z, 0-9 and `-`; part of every Message-ID"},
		{"sender.from", "mailbox", required, "name and address the notice comes from: `\"Northwind Mobile <notices@example.com>\"`"},
		{"sender.reply_to", "address", required, "where answers go"},
		{"sender.return_path", "address", required, "where bounces go; `bounces+KEY@example.com` on the wire"},
		{"sender.hostname", "domain", required, "the name we greet relays with, and the host in Message-ID"},
		{"sender.subject", "line", required, "the subject"},
		{"incident.company", "line", required, "the company's name as its customers know it"},
		{"incident.parent_company", "line", "", "to whom the company belongs"},
		{"incident.signed_by.name", "line", required, "the person under the notice"},
		{"incident.signed_by.title", "line", "", "and what that person is"},
		{"incident.occurred.from", "date", required, "first day of the incident"},
		{"incident.occurred.to", "date", "", "last day, where it was more than one"},
		{"incident.discovered", "date", required, "the day it was discovered"},
		{"incident.determined", "date", "", "the day it was determined to be a breach"},
		{"incident.scope_ended", "date", "", "the day it was known who is affected"},
		{"incident.notice_date", "date", "", "the day the notice bears"},
		{"incident.affected", "number", "", "how many people are affected; said only where a state's law asks for it"},
		{"incident.law_enforcement_delay", "`yes` or `no`", "", "whether the police asked to wait with the notice; left out, nothing is said"},
		{"incident.what_happened", "text", required, plainSentences},
		{"incident.data_involved", "list of lines", required, "the kinds of data that were read or taken"},
		{"incident.data_not_involved", "list of lines", "none", "only what counsel has confirmed"},
		{"incident.what_we_are_doing", "text", required, plainSentences},
		{"incident.what_you_can_do", "text", required, plainSentences},
		{"incident.services", "text", "", "what is offered to those affected; plain sentences, Markdown allowed"},
		{"incident.contact.phone", "line", "", "where readers can ask; at least one of phone, web, post"},
		{"incident.contact.hours", "line", "", "when somebody answers the phone"},
		{"incident.contact.web", "https link", "", "a page of the company's own"},
		{"incident.contact.post", "text", "", "a postal address"},
		{"incident.translations.LANG.subject", "line", required, "`sender.subject` in the language LANG, such as `es`; without a translation nobody is written to in that language"},
		{"incident.translations.LANG.signer_title", "line", "", "`signed_by.title`"},
		{"incident.translations.LANG.hours", "line", "", "`contact.hours`"},
		{"incident.translations.LANG.data_involved", "list of lines", required, "`data_involved`"},
		{"incident.translations.LANG.data_not_involved", "list of lines", "none", "`data_not_involved`, as many entries as there"},
		{"incident.translations.LANG.what_happened", "text", required, "`what_happened`"},
		{"incident.translations.LANG.what_we_are_doing", "text", required, "`what_we_are_doing`"},
		{"incident.translations.LANG.what_you_can_do", "text", required, "`what_you_can_do`"},
		{"incident.translations.LANG.services", "text", "", "`services`, required where that is set"},
		{"email.basis", "`voluntary` or `statute`", required, "`voluntary`: everyone with a usable address is told by email; `statute`: only where the state's law allows it for this person, the others by post"},
		{"email.primary_channel", "true or false", "false", "true: the company mostly deals with its customers by email, which the law of some states asks for under `statute`"},
		{"email.also_postal", "true or false", "false", "true: those told by email stay on the letter list"},
		{"email.unknown_state", "`base`, `postal` or a state", "base", "whose law applies where the ZIP gives no state"},
		{"law.status", "state: `required` or `voluntary`", "none", "what counsel has found: whether a state's law requires the notice, or it is given of our own accord"},
		{"holds[].name", "name", required, "the name `release` is given; no wave has it, and one that was released stays so: a new hold takes a new name"},
		{"holds[].match", "`all` or `{state: [MD, NJ]}`", required, "whom it holds back, whatever their wave; those whose state is unknown only by `all`"},
		{"holds[].not_before", "date", "", "the day it ends by itself, once it has begun everywhere in the United States (at 11:00 UTC); without one only `release` ends it"},
		{"approvals.required", "number", "1", "how many different people have to approve"},
		{"approvals.signers", "path", "", "the file of those who may, with their SSH keys, as `man ssh-keygen` describes ALLOWED SIGNERS; every approval is signed then; relative to the campaign"},
		{"test.domains", "list of domains", "that of `sender.from`", "where `test` may send to"},
		{"exports.columns", "our name: header", "none", "headers that are not recognised by themselves; our names: `" + strings.Join(export.Fields(), "`, `") + "`"},
		{"exports.extra", "name: header", "none", "further columns, for templates as `.Extra.NAME`; every export has them"},
		{"exports.placeholders", "list of lines", "none", "what stands where there is no address, beside what is known to: an address, `name@`, `@domain`, or a word"},
		{"exports.max_rejected", "percent", "1%", "a file of which more rows would be set aside (and more than 20) is refused as a whole"},
		{"relays[].name", "name", required, "the relay's name in logs and evidence"},
		{"relays[].address", "host:port", required, "the SMTP server"},
		{"relays[].tls", "`implicit`, `starttls` or `none`", required, "`none` on this machine only, unless `insecure: true`"},
		{"relays[].insecure", "true or false", "false", "true: allow `tls: none` to another machine"},
		{"relays[].ca_file", "path", "those of the system", "the certificate authorities (PEM) that alone may vouch for this relay, relative to the campaign"},
		{"relays[].cert_file", "path", "none", "the client certificate (PEM) shown to the relay, with `key_file`; relative to the campaign"},
		{"relays[].key_file", "path", "none", "its private key (PEM)"},
		{"relays[].auth.mechanism", "`plain`, `login` or `xoauth2`", required, "how to log in; leave `auth` out where no login is needed"},
		{"relays[].auth.username", "line", required, "the name to log in with"},
		{"relays[].auth.password_env", "variable", "", "for `plain` and `login`: the environment variable with the password; this or `password_file`"},
		{"relays[].auth.password_file", "path", "", "the file with the password, relative to the campaign"},
		{"relays[].auth.token_file", "path", "", "for `xoauth2`: the file with the access token, relative to the campaign, read again when the relay refuses it; this or `token_command`"},
		{"relays[].auth.token_command", "list of words", "", "a program with its arguments that prints the access token, run without a shell, and again when the relay refuses the token"},
		{"relays[].connections", "number", "5", "sessions at once, 1 to 1000"},
		{"relays[].pipelining", "true or false", "true", "false: wait for every reply, also where the relay offers PIPELINING"},
		{"relays[].messages_per_connection", "number", "500", "a connection is closed, and another one opened, after so many notices; 1 to 1000000"},
		{"relays[].weight", "number", "1", "this relay's share of the work: one with 2 is given twice what one with 1 is, as far as its limits go"},
		{"relays[].rate", "rate", "none", "the most this relay may be given: `200/s`, `600/m`, `5000/h`"},
		{"relays[].per_hour", "number", "none", "at most so many notices to this relay in any 60 minutes, also across restarts; tries that fail count"},
		{"relays[].per_day", "number", "none", "the same for any 24 hours: its daily quota"},
		{"limits.rate", "rate", "10/s", "all relays together; the lowest limit that applies wins"},
		{"limits.per_hour", "number", "none", "at most so many notices in any 60 minutes, all relays together, also across restarts; tries that fail count"},
		{"limits.per_day", "number", "none", "the same for any 24 hours"},
		{"limits.domains", "domain: rate", "none", "the most that recipients at a domain and all below it may be given; the others do not wait for them"},
		{"limits.ramp.from", "rate", "none", "begin with this rate, and let it grow evenly"},
		{"limits.ramp.over", "duration", "none", "until the limit is reached, after this time of sending; what was sent within the last day counts"},
		{"limits.hours.from", "time of day", "none", "send from this time on, each day"},
		{"limits.hours.to", "time of day", "none", "and before this time"},
		{"limits.hours.zone", "`recipient` or a zone", "none", "whose time of day: `recipient` for that of each recipient's state (both zones of a state that has two; all four of the contiguous states where it is unknown), or a name such as `America/New_York`"},
		{"retry.first", "duration", "1m", "wait before a deferred notice is tried again"},
		{"retry.factor", "number", "2", "each further wait is this many times longer"},
		{"retry.most", "duration", "1h", "but no longer than this"},
		{"retry.give_up_after", "duration", "72h", "refused with cause `expired` after this time"},
		{"halt.refused", "percent", "5%", "stop when more than this share is refused; 100% never stops"},
		{"halt.deferred", "percent", "50%", "the same for deferred"},
		{"halt.unknown", "percent", "2%", "the same for unknown"},
		{"halt.over", "number", "500", "outcomes needed before the shares are judged"},
		{"waves[].name", "name", "one wave `rest`", "the wave's name"},
		{"waves[].recipients", "number", "all the rest", "how many it takes; this or `percent`"},
		{"waves[].percent", "number", "all the rest", "how many of a hundred of the batch it takes"},
		{"waves[].then", "`hold`, `go` or a duration", "go", "`hold`: a person opens the gate with `release`"},
		{"waves[].match", "`all` or `{state: [MD, NJ]}`", "all", "whom it takes"},
		{"waves[].not_before", "date", "", "the first day on which it may be sent"},
		{"evidence.anchor", "path or link", "", "where the head of the evidence goes at every gate, halt and completion, as one JSON object: a file that others keep (a line each; relative to the campaign), or an https link that it is posted to (http on this machine only)"},
		{"retention", "duration", "6y", "how long personal data is kept"},
	}
	for i := range keys {
		keys[i].Meaning += notYet(keys[i].Name)
	}
	return keys
}

// notYet says what of a key this version cannot honour.
func notYet(key string) string {
	for _, u := range unsupported {
		switch {
		case u.key != key && !strings.HasPrefix(key, u.key+".") && !strings.HasPrefix(key, u.key+"[]"):
		case u.what != "":
			return " (not supported by this version yet: " + u.what + ")"
		default:
			return " (not supported by this version yet)"
		}
	}
	return ""
}

// KeyTableMarkdown returns KeyTable as the table that stands in the README.
func KeyTableMarkdown() string {
	var b strings.Builder
	b.WriteString("| key | type | default | meaning |\n| --- | --- | --- | --- |\n")
	for _, k := range KeyTable() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.Name, k.Type, k.Default, k.Meaning)
	}
	return b.String()
}
