package campaign

import (
	"strings"
	"testing"
)

// Each case changes one thing in goodConfig (old → new, both whole lines or
// parts of one) and names the one error that must follow, text and line.
func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		// The shape of the file.
		{"campaign: aug-2018", "campaign: [", "c:1: is not YAML: "},
		{"campaign: aug-2018", "\tcampaign: x", "c:1: is not YAML: tab character cannot use as a map key directly (look at indentation, quotes and colons here and on the line above)"},
		{goodConfig, "", "c:1: has no keys (breachmail init writes a file to start from)"},
		{goodConfig, "- a\n", "c:1: does not begin with a key (breachmail init writes a file to start from)"},
		{goodConfig, "a: b\n---\nc: d\n", "c:3: begins a second document (take out the line ---)"},
		{"Avery", "\xff", "c:10: is not UTF-8 (save the file as UTF-8)"},
		{"  subject:", "  subjct:", "c:2: sender.subject is missing (the subject line: Notice of Data Breach)\nc:7: sender.subjct is not a key (did you mean subject?)"},
		{"limits:", "limits:\n  burst_all: 3", "c:71: limits.burst_all is not a key (the keys here are domains, hours, per_day, per_hour, ramp, rate)"},
		{"  rate: 100/s", "  rate: 100/s\n  rate: 5/s", "c:72: limits.rate stands here a second time (take out this one or the one on line 71)"},
		{"retention: 2y", "waves: []", "c:83: waves stands here a second time (take out this one or the one on line 79)"},
		{"retry: {first: 2m, factor: 1.5, most: 2h, give_up_after: 3d}", "retry: 3", "c:77: retry is a single value (write keys under it)"},
		{"data_involved: [name, phone number]", "data_involved: name", "c:20: incident.data_involved is a single value (write a list)"},
		{"data_involved: [name, phone number]", "data_involved: [name, ]", ""},
		{"data_involved: [name, phone number]", "data_involved: [name, {a: b}]", "c:20: incident.data_involved[1] is a group of keys (write one value)"},
		{"data_involved: [name, phone number]", "data_involved: [name, ~]", "c:20: incident.data_involved[1] is empty (write a value, or take the entry out)"},
		{"  company: Northwind Mobile", "  company: &c Northwind", "c:9: incident.company is an anchor or alias (write one value)"},
		{"  company: Northwind Mobile", "  company: !!str N", "c:9: incident.company is a value with a tag (write one value)"},
		{"  discovered: 2018-08-20", "  discovered: [a]", "c:12: incident.discovered is a list (write one value)"},

		// Sender.
		{"campaign: aug-2018", "campaign: Aug 2018", "c:1: campaign is not a simple name (1 to 40 of a-z, 0-9 and -, beginning with a letter or digit)"},
		{`"Northwind Mobile <notices@example.com>"`, "notices@example.com", `c:3: sender.from: "notices@example.com" is not a name with an address (write "Northwind Mobile <notices@example.com>")`},
		{`"Northwind Mobile <notices@example.com>"`, `"=?utf-8?q?a=0Ab?= <n@example.com>"`, `c:3: sender.from: "=?utf-8?q?a=0Ab?= <n@example.com>" is not a name with an address (write "Northwind Mobile <notices@example.com>")`},
		{"reply_to: privacy@example.com", `reply_to: "P <privacy@example.com>"`, "c:4: sender.reply_to is not a bare address (write it as name@example.com, without a display name, in ASCII)"},
		{"reply_to: privacy@example.com", "reply_to: privé@example.com", "c:4: sender.reply_to is not a bare address (write it as name@example.com, without a display name, in ASCII)"},
		{"return_path: bounces@", "return_path: " + strings.Repeat("b", 38) + "@", "c:5: sender.return_path is too long before the @ (at most 37 characters: +KEY is put behind it)"},
		{"hostname: mail.example.com", "hostname: mail", "c:6: sender.hostname is not a domain name (write it as mail.example.com)"},
		{"hostname: mail.example.com", "hostname: 192.0.2.1", "c:6: sender.hostname is not a domain name (write it as mail.example.com)"},
		{"subject: Notice of Data Breach", `subject: "Notice\r\nBcc: x"`, "c:7: sender.subject has a line break or another control character (write it on one line)"},
		{"subject: Notice of Data Breach", `subject: ""`, "c:7: sender.subject is empty (the subject line: Notice of Data Breach)"},
		{"subject: Notice of Data Breach", "subject: " + strings.Repeat("x", 151), "c:7: sender.subject has 151 characters, and mail programs would cut it off (write at most 150)"},

		// Incident.
		{"from: 2018-08-20, to: 2018-08-21", "from: 20.8.2018", `c:11: incident.occurred.from: "20.8.2018" is not a date (write it as 2018-08-20)`},
		{"from: 2018-08-20, to: 2018-08-21", "from: 0018-08-20", `c:11: incident.occurred.from: "0018-08-20" is not a likely date (the year comes first: 2018-08-20)`},
		{"from: 2018-08-20, to: 2018-08-21", "from: 2018-08-20, to: 2018-08-19", "c:11: incident.occurred.to is 2018-08-19, before incident.occurred.from on 2018-08-20 (one of them is wrong)"},
		{"discovered: 2018-08-20", "discovered: 2018-08-19", "c:12: incident.discovered is 2018-08-19, before incident.occurred.from on 2018-08-20 (one of them is wrong)"},
		{"discovered: 2018-08-20", "discovered: TODO", ""},
		{"notice_date: 2018-08-24", "notice_date: 2018-08-01", "c:15: incident.notice_date is 2018-08-01, before incident.discovered on 2018-08-20 (one of them is wrong)"},
		{"[name, phone number]", "[]", "c:20: incident.data_involved is empty (name the kinds of data: [name, email address])"},
		{"[passwords]", "[name]", "c:21: incident.data_not_involved[0] stands in data_involved too (keep one of them)"},
		{"what_we_are_doing: We fixed it.", `what_we_are_doing: "a\0b"`, "c:22: incident.what_we_are_doing has a control character (write plain sentences)"},
		{"what_we_are_doing: We fixed it.", `what_we_are_doing:`, "c:8: incident.what_we_are_doing is missing (plain sentences, Markdown allowed)"},
		{"https://www", "http://www", "c:24: incident.contact.web is not a link people can trust (write it in full, as https://www.example.com/notice)"},
		{"{phone: 1-800-555-0100, hours: 9 to 5, web: \"https://www.example.com/notice\", post: 1 Main St}", "{hours: any}", "c:24: incident.contact gives readers nowhere to ask (write at least one of phone, web, post)"},

		{"parent_company: Northwind Holdings", `parent_company: "a\nb"`, "c:25: incident.parent_company has a line break or another control character (write it on one line)"},
		{"affected: 2000000", "affected: 2,000,000", `c:26: incident.affected: "2,000,000" is not a whole number (write digits only)`},
		{"affected: 2000000", "affected: -1", `c:26: incident.affected: "-1" is not a whole number (write digits only)`},
		{"affected: 2000000", "affected: 0", ""},
		{"delay: no", "delay: true", `c:27: incident.law_enforcement_delay is "true" (write yes or no, or leave it out where nothing is to be said)`},
		{"delay: no", "delay: maybe", `c:27: incident.law_enforcement_delay is "maybe" (write yes or no, or leave it out where nothing is to be said)`},
		{"services: A year of credit monitoring.", `services: "a\0b"`, "c:28: incident.services has a control character (write plain sentences)"},
		{"services: A year of credit monitoring.\n", "services:\n", "c:39: incident.translations.es.services offers something that incident.services does not (write it there too, or take it out)"},

		// Translations.
		{"    es:", "    en:", "c:30: incident.translations.en is not a translation (the incident's own texts are the English ones)"},
		{"    es:", "    pt-br:", ""},
		{"    es:", "    es-419:", ""},
		{"    es:", "    ES:", "c:30: incident.translations.ES is not a language (write its letters in lower case, such as es or pt-br)"},
		{"    es:", "    spanish:", "c:30: incident.translations.spanish is not a language (write its letters in lower case, such as es or pt-br)"},
		{"    es:", "    fr:\n    es:", "c:29: incident.translations.fr is missing (subject, data_involved, what_happened, what_we_are_doing, what_you_can_do)"},
		{"      subject: Aviso de filtración de datos\n", "", "c:30: incident.translations.es.subject is missing (the subject line: Notice of Data Breach)"},
		{"Aviso de filtración de datos", `"a\rb"`, "c:31: incident.translations.es.subject has a line break or another control character (write it on one line)"},
		{"Aviso de filtración de datos", strings.Repeat("ñ", 151), "c:31: incident.translations.es.subject has 151 characters, and mail programs would cut it off (write at most 150)"},
		{"Directora general", `"a\rb"`, "c:32: incident.translations.es.signer_title has a line break or another control character (write it on one line)"},
		{"de 9 a 5", `"a\rb"`, "c:33: incident.translations.es.hours has a line break or another control character (write it on one line)"},
		{"[nombre, teléfono]", "[]", "c:34: incident.translations.es.data_involved is empty (name the kinds of data: [name, email address])"},
		{"[contraseñas]", "[]", "c:35: incident.translations.es.data_not_involved has 0 where incident.data_not_involved has 1 (translate each entry, in the same order)"},
		{"[contraseñas]", "[nombre]", "c:35: incident.translations.es.data_not_involved[0] stands in data_involved too (keep one of them)"},
		{"[contraseñas]", `[""]`, "c:35: incident.translations.es.data_not_involved[0] is empty (name a kind of data, or take the entry out)"},
		{"[passwords]", "[]", "c:35: incident.translations.es.data_not_involved has 1 where incident.data_not_involved has 0 (translate each entry, in the same order)"},
		{"      what_you_can_do: Tenga cuidado.\n", "", "c:30: incident.translations.es.what_you_can_do is missing (plain sentences, Markdown allowed)"},
		{"      services: Un año de vigilancia de crédito.\n", "", "c:30: incident.translations.es.services is missing (a translation of incident.services)"},
		{"      hours: de 9 a 5", "      phone: de 9 a 5", "c:33: incident.translations.es.phone is not a key (the keys here are "},

		// Email and exports.
		{"  basis: voluntary", "  basis: maybe", "c:41: email.basis must be chosen; there is no default (ask counsel, then write one of)\n    voluntary "},
		{"basis: voluntary", "basis: statute", ""},
		{"primary_channel: true", "primary_channel: mostly", `c:44: email.primary_channel: "mostly" is not true or false`},
		{"unknown_state: CA", "unknown_state: ZZ", `c:43: email.unknown_state is "ZZ" (write base, postal, or a state's two letters such as CA)`},
		{"  basis: voluntary\n", "", "c:40: email.basis must be chosen; there is no default (ask counsel, then write one of)\n    voluntary "},
		{"also_postal: true", "also_postal: yes", `c:42: email.also_postal: "yes" is not true or false`},
		{"unknown_state: CA", "unknown_state: ca", `c:43: email.unknown_state is "ca" (write base, postal, or a state's two letters such as CA)`},
		{"account_number: acct_no", "acct: no", "c:46: exports.columns.acct is not one of our columns (write name, first_name, last_name, zip, phone, email, account_number, account_type, language, state or email_consent)"},
		{"extra: {store: Home Store}", "extra: {Store: Home Store}", "c:45: exports.extra.Store is not a name that templates can use (1 to 40 of a-z, 0-9 and _, beginning with a letter)"},
		{"extra: {store: Home Store}", "extra: {store: \"\"}", "c:45: exports.extra.store is empty (write the header as the export has it)"},
		{"[\"declined@\"]", "[\"\"]", "c:45: exports.placeholders[0] is empty or not one line (write an address, name@, @domain, or what else stands where there is no address)"},
		{"account_number: acct_no", "account_number: a, name: a", "c:46: exports.columns.name is the same header as exports.columns.account_number (each column has one meaning)"},
		{"max_rejected: 0.5%", "max_rejected: 0.005", `c:47: exports.max_rejected: "0.005" is not a percentage (write it as 5% or 0.5%)`},
		{"max_rejected: 0.5%", "max_rejected: 101%", `c:47: exports.max_rejected: "101%" is not a percentage from 0% to 100%`},

		// Relays.
		{"address: smtp.example.com:465", "address: smtp.example.com", "c:50: relays[0].address is not host and port (write it as smtp.example.com:465)"},
		{"address: smtp.example.com:465", "address: smtp.example.com:0", "c:50: relays[0].address is not host and port (write it as smtp.example.com:465)"},
		{"tls: implicit", "tls: ssl", `c:51: relays[0].tls is "ssl" (write implicit, starttls or none)`},
		{"    tls: implicit\n", "", "c:49: relays[0].tls is missing (write implicit, starttls or none)"},
		{"tls: implicit", "tls: none", "c:51: relays[0].tls is none, but smtp.example.com is another machine: notices would cross the network in clear (write implicit or starttls, or add insecure: true if counsel agrees)"},
		{"tls: implicit", "tls: none\n    insecure: true", ""},
		{"tls: implicit", "tls: implicit\n    insecure: true", "c:52: relays[0].insecure goes with tls: none only (take it out: certificates are always checked)"},
		{"mechanism: plain", "mechanism: cram-md5", `c:52: relays[0].auth.mechanism is "cram-md5" (write plain, login or xoauth2)`},
		{", password_env: BREACHMAIL_PRIMARY_PASSWORD", "", "c:52: relays[0].auth has no password (write password_env: NAME_OF_A_VARIABLE, or password_file: PATH)"},
		{"BREACHMAIL_PRIMARY_PASSWORD}", "A, password_file: b}", "c:52: relays[0].auth has two passwords (keep one of password_env and password_file)"},
		{"BREACHMAIL_PRIMARY_PASSWORD", "hunter-2!", "c:52: relays[0].auth.password_env is not the name of an environment variable (write the variable's name, never the password itself)"},
		{"password_env: BREACHMAIL_PRIMARY_PASSWORD", "password: hunter2", "c:52: relays[0].auth.password is not a key (the keys here are mechanism, password_env, password_file, token_command, token_file, username)\nc:52: relays[0].auth has no password (write password_env: NAME_OF_A_VARIABLE, or password_file: PATH)"},
		{"connections: 50", "connections: 0", "c:53: relays[0].connections is 0 (write 1 to 1000)"},
		{"connections: 50", "connections: 5.5", `c:53: relays[0].connections: "5.5" is not a whole number (write digits only)`},
		{"rate: 600/m", "rate: 10", `c:54: relays[0].rate: "10" is not a rate (write it as 200/s, 600/m or 5000/h)`},
		{"tls: implicit", "tls: implicit\n    key_file: key.pem", "c:52: relays[0].key_file needs cert_file beside it (a client certificate and its private key go together)"},
		{"    key_file: tls/client-key.pem\n", "", "c:62: relays[2].cert_file needs key_file beside it (a client certificate and its private key go together)"},
		{"ca_file: tls/ca.pem", "ca_file:", ""},
		{"ca_file: tls/ca.pem", `ca_file: ""`, "c:61: relays[2].ca_file is empty (the path of a PEM file)"},
		{"cert_file: tls/client.pem", `cert_file: "a\nb"`, "c:62: relays[2].cert_file has a line break or another control character (write it on one line)"},
		{`"[::1]:2525"`, "\"[::1]:2525\"\n    ca_file: ca.pem\n    cert_file: c.pem\n    key_file: k.pem", "c:57: relays[1].ca_file goes with TLS only (take it out, or write tls: implicit or starttls)\nc:58: relays[1].cert_file goes with TLS only (take it out, or write tls: implicit or starttls)\nc:59: relays[1].key_file goes with TLS only (take it out, or write tls: implicit or starttls)"},
		{", token_command: [get-token, --account, notices]", "", "c:64: relays[2].auth has no token (write token_file: PATH, or token_command: [PROGRAM, ARGUMENT])"},
		{"token_command: [get-token, --account, notices]", "token_file: /run/token", ""},
		{"token_command: [get-token, --account, notices]", `token_file: ""`, "c:64: relays[2].auth.token_file is empty (the path of a file with the token)"},
		{"token_command: [get-token,", "token_file: t, token_command: [get-token,", "c:64: relays[2].auth has two tokens (keep one of token_file and token_command)"},
		{"token_command: [get-token,", "password_file: p, token_command: [get-token,", "c:64: relays[2].auth.password_file is of no use (xoauth2 logs in with a token: take it out)"},
		{"token_command: [get-token, --account, notices]", "password_env: P", "c:64: relays[2].auth.password_env is of no use (xoauth2 logs in with a token: take it out)\nc:64: relays[2].auth has no token (write token_file: PATH, or token_command: [PROGRAM, ARGUMENT])"},
		{"[get-token, --account, notices]", "[]", "c:64: relays[2].auth.token_command names no program (write [PROGRAM, ARGUMENT], word by word, as no shell reads it)"},
		{"[get-token, --account, notices]", `["", a]`, "c:64: relays[2].auth.token_command names no program (write [PROGRAM, ARGUMENT], word by word, as no shell reads it)"},
		{"[get-token, --account, notices]", `[a, "", "b\0"]`, "c:64: relays[2].auth.token_command[2] has a line break or another control character (write it on one line)"},
		{"[get-token, --account, notices]", "get-token --account notices", "c:64: relays[2].auth.token_command is a single value (write a list)"},
		{"password_env: BREACHMAIL_PRIMARY_PASSWORD", "password_env: P, token_file: t, token_command: [a]", "c:52: relays[0].auth.token_file is of no use (plain logs in with a password: take it out)\nc:52: relays[0].auth.token_command is of no use (plain logs in with a password: take it out)"},
		{"mechanism: plain", "mechanism: login", ""},
		{"pipelining: false", "pipelining: off", `c:65: relays[2].pipelining: "off" is not true or false`},
		{"messages_per_connection: 100", "messages_per_connection: 0", "c:66: relays[2].messages_per_connection is 0 (write 1 to 1000000)"},
		{"messages_per_connection: 100", "messages_per_connection: 1000001", "c:66: relays[2].messages_per_connection is 1000001 (write 1 to 1000000)"},
		{"weight: 2.5", "weight: 0", "c:67: relays[2].weight is 0 (write more than 0 and at most 1000)"},
		{"weight: 2.5", "weight: 1000.5", "c:67: relays[2].weight is 1000.5 (write more than 0 and at most 1000)"},
		{"weight: 2.5", "weight: 1000", ""},
		{"per_hour: 1000\n", "per_hour: 0\n", "c:68: relays[2].per_hour is 0 (write 1 or more, or leave it out for no such limit)"},
		{"per_day: 5000", "per_day: 999", "c:69: relays[2].per_day is less than per_hour (write at least 1000, or take per_hour out)"},
		{"per_day: 5000", "per_day: 1000", ""},
		{"name: spare", "name: primary", "c:55: relays[1].name is the name of another relay (give each its own)"},

		// Pace.
		{"rate: 100/s", "rate: 0/s", `c:71: limits.rate: "0/s" is not a rate that can be kept (write more than 0 and at most 1000000)`},
		{"per_hour: 200000", "per_hour: 5000/h", `c:72: limits.per_hour: "5000/h" is not a whole number (write digits only)`},
		{"per_hour: 200000", "per_hour: 0", "c:72: limits.per_hour is 0 (write 1 or more, or leave it out for no such limit)"},
		{"per_day: 1000000", "per_day: 0", "c:73: limits.per_day is 0 (write 1 or more, or leave it out for no such limit)"},
		{"per_day: 1000000", "per_day: 199999", "c:73: limits.per_day is less than per_hour (write at least 200000, or take per_hour out)"},
		{"  per_hour: 200000\n", "", ""},
		{"gmail.com: 50/s", "gmail: 50/s", "c:74: limits.domains.gmail is not a domain name (write it as gmail.com: 50/s)"},
		{"gmail.com: 50/s", "Gmail.com: 50/s", "c:74: limits.domains.Gmail.com is not a registered domain in lower case (write gmail.com: 50/s; what lies below counts with it)"},
		{"gmail.com: 50/s", "mail.example.org: 50/s", "c:74: limits.domains.mail.example.org is not a registered domain in lower case (write example.org: 50/s; what lies below counts with it)"},
		{"example.co.uk: 600/m", "a.example.co.uk: 600/m", "c:74: limits.domains.a.example.co.uk is not a registered domain in lower case (write example.co.uk: 50/s; what lies below counts with it)"},
		{"example.co.uk: 600/m", "Co.uk: 600/m", "c:74: limits.domains.Co.uk is no single domain, others are registered under it (write each of those: example.co.uk: 50/s)"},
		{"example.co.uk: 600/m", "example.co.uk: 0/m", `c:74: limits.domains.example.co.uk: "0/m" is not a rate that can be kept (write more than 0 and at most 1000000)`},
		{"from: 20/s, over", "from: 100/s, over", "c:75: limits.ramp.from is 100/s, not below limits.rate (write less than 100/s, or take the ramp out)"},
		{"rate: 100/s", "rate: 1/d", `c:71: limits.rate: "1/d" is not a rate (write it as 200/s, 600/m or 5000/h)`},
		{"from: 20/s, over", "over", "c:75: limits.ramp.from is missing (the rate to begin with: 20/s)"},
		{", over: 30m", "", "c:75: limits.ramp.over is missing (how long it grows: 30m)"},
		{"over: 30m", "over: 500ms", "c:75: limits.ramp.over is 500ms (write at least 1s)"},
		{`to: "20:00", `, "", `c:76: limits.hours.to is missing ("20:00")`},
		{`to: "20:00"`, `to: "08:00"`, "c:76: limits.hours end before they begin (write the earlier time in from)"},
		{`to: "20:00"`, `to: "11:59"`, "c:76: limits.hours are less than 4 hours of the recipient's day (write at least 4: where the state is unknown, or has two zones, it has to be that time in all of them)"},
		{`to: "20:00"`, `to: "12:00"`, ""},
		{`to: "20:00", zone: recipient`, `to: "08:01", zone: America/New_York`, ""},
		{"zone: recipient", "zone: Local", "c:76: limits.hours.zone is not a time zone (write recipient, or a name such as America/New_York)"},
		{"zone: recipient", `zone: ""`, "c:76: limits.hours.zone is not a time zone (write recipient, or a name such as America/New_York)"},
		{"zone: recipient", "zone: Eastern", "c:76: limits.hours.zone is not a time zone (write recipient, or a name such as America/New_York)"},
		{", zone: recipient", "", "c:76: limits.hours.zone is missing (recipient, or a zone such as America/New_York)"},
		{"first: 2m", "first: 2", `c:77: retry.first: "2" is not a duration (write it as 30s, 1m, 72h, 90d or 6y)`},
		{"first: 2m", "first: 5ms", "c:77: retry.first is 5ms (write 1s to 7d)"},
		{"factor: 1.5", "factor: 0.5", "c:77: retry.factor is 0.5 (write 1 to 10)"},
		{"most: 2h", "most: 1m", "c:77: retry.most is less than retry.first (write at least 2m)"},
		{"give_up_after: 3d", "give_up_after: 1m", "c:77: retry.give_up_after is less than retry.first, so nothing would be tried again (write 72h)"},
		{"refused: 100%", "refused: often", `c:78: halt.refused: "often" is not a percentage (write it as 5% or 0.5%)`},
		{"over: 200", "over: 0", "c:78: halt.over is 0 (write the number of outcomes after which the shares count, such as 500)"},
		{"retention: 2y", "retention: 6m", "c:83: retention is 6m, less than a day (m means minutes; write 180d or 6y)"},

		// Waves.
		{"{name: rest}", "{name: rest, percent: 5}", "c:82: waves[2].percent is set on the last wave (take it out: the last wave takes all the rest)"},
		{"{name: rest}", "{name: rest, then: hold}", "c:82: waves[2].then is set on the last wave (take it out: nothing comes after it)"},
		{"{name: rest}", "{name: pilot}", "c:82: waves[2].name is the name of another wave (give each its own)"},
		{"{name: rest}", "{name: the rest}", "c:82: waves[2].name is not a simple name (1 to 40 of a-z, 0-9 and -, beginning with a letter or digit)"},
		{"recipients: 100, then", "then", "c:80: waves[0] takes all the rest, but other waves follow (write recipients: 100 or percent: 1)"},
		{"recipients: 100", "recipients: 100, percent: 1", "c:80: waves[0] has recipients and percent (keep one)"},
		{"recipients: 100", "recipients: 0", "c:80: waves[0].recipients is 0 (write 1 or more)"},
		{"recipients: 100", "recipients: -1", `c:80: waves[0].recipients: "-1" is not a whole number (write digits only)`},
		{"percent: 2.5", "percent: 100", "c:81: waves[1].percent is 100 (write more than 0 and less than 100)"},
		{"percent: 2.5", "percent: 1%", `c:81: waves[1].percent: "1%" is not a number (write digits only, such as 2 or 0.5)`},
		{"recipients: 100", "percent: 98", "c:79: waves take 100.5% before the last one (leave some for it)"},
		{"then: go", "then: wait", `c:81: waves[1].then: "wait" is not what can follow a wave (write hold, go, or a duration such as 30m)`},

		// The law and holds.
		{"CA: required", "CA: maybe", `c:85: law.status.CA is "maybe" (write required or voluntary)`},
		{"CA: required", "California: required", "c:85: law.status.California is not a state (write two capital letters such as CA)"},
		{"name: police", "name: regulators-first", "c:88: holds[1].name is the name of another hold (give each its own)"},
		{"name: police", "name: pilot", "c:88: holds[1].name is the name of a wave (give each its own)"},
		{"name: police, ", "", "c:88: holds[1].name is missing (the name that release is given)"},
		{"{name: regulators-first, match: {state: [MD, NJ]}}", "{name: regulators-first}", "c:87: holds[0].match is missing (write all, or {state: [MD, NJ]})"},
		{"[MD, NJ]", "[MD, NX]", "c:87: holds[0].match.state[1] is not a state (write two capital letters such as CA)"},
		{"[MD, NJ]", "[]", "c:87: holds[0].match picks nobody (write all, or {state: [MD, NJ]})"},
		{"match: all", "match: none", `c:88: holds[1].match: "none" does not pick recipients (write all, or {state: [MD, NJ]})`},
		{"not_before: 2018-08-24", "not_before: tomorrow", `c:88: holds[1].not_before: "tomorrow" is not a date (write it as 2018-08-20)`},

		// The approval.
		{"required: 2", "required: 0", "c:89: approvals.required is 0 (write how many different people have to approve, 1 to 9)"},
		{"required: 2", "required: 10", "c:89: approvals.required is 10 (write how many different people have to approve, 1 to 9)"},
		{"required: 2", "required: two", `c:89: approvals.required: "two" is not a whole number (write digits only)`},
		{"signers: signers", `signers: ""`, "c:89: approvals.signers is empty (name a file in the format of OpenSSH's allowed signers, or take the key out)"},
		{"lawfirm.example", "lawfirm", "c:90: test.domains[1] is not a domain name (write it as example.com)"},

		// Where the head of the evidence goes.
		{"out/heads.jsonl", "https://audit.example.com/a?b=c", ""},
		{"out/heads.jsonl", "http://127.0.0.1:8080/", ""},
		{"out/heads.jsonl", `""`, "c:91: evidence.anchor is empty (name a file elsewhere, or an https link, or take the key out)"},
		{"out/heads.jsonl", "http://audit.example.com/", "c:91: evidence.anchor is http, and audit.example.com is another machine: anybody on the way could change what is posted (write https)"},
		{"out/heads.jsonl", "FTP://audit.example.com/", `c:91: evidence.anchor is a link of the kind "ftp" (write https://HOST/PATH, or the path of a file)`},
		{"out/heads.jsonl", "https:///a", "c:91: evidence.anchor is not a link (write https://HOST/PATH, or the path of a file)"},
		{"out/heads.jsonl", "out/../ledger.db", `c:91: evidence.anchor is "out/../ledger.db", a file of the campaign itself (name one elsewhere, which whoever sends cannot change)`},
		{"out/heads.jsonl", "other/ledger.db", ""},

		// What later versions will do.
		{"then: go", "then: 30m", "c:81: waves[1].then is not supported by this version yet (write hold and open the gate with release, or go)"},
		{"then: go", "match: {state: [CA]}", "c:81: waves[1].match is not supported by this version yet (leave it out)"},
		{"then: go", "not_before: 2018-08-30", "c:81: waves[1].not_before is not supported by this version yet (leave it out, and put then: hold on the wave before)"},
	} {
		if !strings.Contains(goodConfig, c.old) {
			t.Fatalf("no %q to replace", c.old)
		}
		_, err := ParseConfig("c", []byte(strings.Replace(goodConfig, c.old, c.new, 1)))
		got := ""
		if err != nil {
			got = err.Error()
		}
		same := got == c.want
		if strings.HasSuffix(c.want, " ") { // only the beginning is given
			same = strings.HasPrefix(got, c.want)
		}
		if !same {
			t.Errorf("%q:\ngot  %s\nwant %s", c.new, got, c.want)
		}
	}
}

// Everything that is wrong is said at once, in the order of the lines.
func TestConfigErrorsAllAtOnce(t *testing.T) {
	_, err := ParseConfig("c.yaml", []byte("retry: {first: x, frist: 1m}\ncampaign: A\nhalt: {over: 0}\n"))
	const want = "c.yaml:1: retry.first: \"x\" is not a duration (write it as 30s, 1m, 72h, 90d or 6y)\n" +
		"c.yaml:1: retry.frist is not a key (did you mean first?)\n" +
		"c.yaml:1: sender is missing (who the notice comes from: from, reply_to, return_path, hostname, subject)\n" +
		"c.yaml:1: incident is missing (the facts that every notice states, see the key table in the README)\n" +
		"c.yaml:1: email.basis must be chosen; there is no default (ask counsel, then write one of)\n" +
		"    voluntary   everyone with a usable address is told by email; for the company to decide\n" +
		"    statute     only where the state's law allows email for this person, the others by post\n" +
		"c.yaml:1: relays is missing (at least one SMTP server to hand notices to)\n" +
		"c.yaml:2: campaign is not a simple name (1 to 40 of a-z, 0-9 and -, beginning with a letter or digit)\n" +
		"c.yaml:3: halt.over is 0 (write the number of outcomes after which the shares count, such as 500)"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
