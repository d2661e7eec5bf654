package bounce

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"pgregory.net/rapid"
)

// told is a made-up message and what a log has to say about it.
type told struct {
	lines []timed
	facts []string
	ends  int // the second of its last line
}

// timed is a line, without its time.
type timed struct {
	second int
	text   string
}

var epoch = time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)

func at(second int) time.Time { return epoch.Add(time.Duration(second) * time.Second) }

func madeKey(n int) notifier.Key { return notifier.Key{byte(n >> 8), byte(n), 7} }

// drawMessage makes up the life of one message that has that queue id from that
// second on. Foreign ones are of another sender.
func drawMessage(t *rapid.T, n int, id string, second int, foreign bool) told {
	key := madeKey(n)
	messageID, sender := fmt.Sprintf("%s.%s@mail.example.com", campaign, key), fmt.Sprintf("bounces+%s@example.com", key)
	if foreign {
		messageID, sender = fmt.Sprintf("%d@news.example", n), "news@example.org"
	}
	var m told
	say := func(wait int, program, text string) {
		second += wait
		m.lines = append(m.lines, timed{second, fmt.Sprintf("mx postfix/%s[%d]: %s", program, 1000+n, text)})
	}
	fact := func(kind Kind, code int, enhanced, to, reply string) {
		if !foreign {
			f := Fact{Key: key, MessageID: messageID, Kind: kind, At: at(second), RelayID: id, Code: code, Enhanced: enhanced, To: notifier.NewAddress(to), Reply: notifier.NewLine(reply)}
			m.facts = append(m.facts, bare(f))
		}
	}
	say(0, "smtpd", id+": client=mail.example.com[192.0.2.9]")
	say(rapid.IntRange(0, 2).Draw(t, "wait"), "cleanup", fmt.Sprintf("%s: message-id=<%s>", id, messageID))
	switch rapid.SampledFrom([]string{"sent", "deferred", "bounced", "begun", "lost", "rejected", "queued"}).Draw(t, "end") {
	case "begun":
		fact(Begun, 0, "", "", "")
	case "lost":
		say(1, "smtpd", "lost connection after DATA (20 bytes) from mail.example.com[192.0.2.9]")
		fact(Rejected, 0, "", "", "lost connection after DATA")
	case "rejected":
		say(0, "cleanup", fmt.Sprintf("%s: milter-reject: END-OF-MESSAGE from mail.example.com[192.0.2.9]: 5.7.1 no; from=<%s> to=<a@example.net> proto=ESMTP helo=<x>", id, sender))
		fact(Rejected, 0, "5.7.1", "a@example.net", "5.7.1 no")
	case "queued":
		say(1, "qmgr", fmt.Sprintf("%s: from=<%s>, size=9, nrcpt=1 (queue active)", id, sender))
		fact(Taken, 0, "", "", "")
		say(1, "qmgr", id+": removed")
	case "deferred":
		say(1, "qmgr", fmt.Sprintf("%s: from=<%s>, size=9, nrcpt=1 (queue active)", id, sender))
		fact(Taken, 0, "", "", "")
		say(9, "smtp", id+": to=<a@example.net>, relay=none, delay=1, delays=0/0/0/0, dsn=4.4.1, status=deferred (timed out)")
		fact(Deferred, 0, "4.4.1", "a@example.net", "timed out")
		say(1, "qmgr", id+": removed")
	case "sent":
		say(0, "qmgr", fmt.Sprintf("%s: from=<%s>, size=9, nrcpt=1 (queue active)", id, sender))
		fact(Taken, 0, "", "", "")
		say(rapid.IntRange(0, 3).Draw(t, "wait"), "smtp", id+": to=<a@example.net>, relay=mx[192.0.2.1]:25, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 7)")
		fact(Taken, 250, "2.0.0", "a@example.net", "250 2.0.0 Ok: queued as 7")
		say(0, "qmgr", id+": removed")
	case "bounced":
		say(0, "qmgr", fmt.Sprintf("%s: from=<%s>, size=9, nrcpt=1 (queue active)", id, sender))
		fact(Taken, 0, "", "", "")
		say(1, "smtp", id+": to=<a@example.net>, relay=mx[192.0.2.1]:25, delay=1, delays=0/0/0/0, dsn=5.1.1, status=bounced (host mx[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))")
		fact(Bounced, 550, "5.1.1", "a@example.net", "host mx[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command)")
		say(0, "qmgr", id+": removed")
	}
	m.ends = second
	return m
}

// TestAnyOrder makes up a machine whose queue ids are used again and again, cuts
// its log into files, hands them over in any order, some of them packed, and
// wants exactly what happened, whatever order lines of the same second are in.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []timed
		var want []string
		n := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "ids") {
			id := fmt.Sprintf("%X986295", 0x40000+i)
			second := rapid.IntRange(0, 5).Draw(t, "start")
			for range rapid.IntRange(1, 4).Draw(t, "lives") {
				n++
				m := drawMessage(t, n, id, second, rapid.IntRange(0, 2).Draw(t, "foreign") == 0)
				lines, want = append(lines, m.lines...), append(want, m.facts...)
				second = m.ends + rapid.IntRange(1, 400).Draw(t, "pause")
			}
		}
		lines = rapid.Permutation(lines).Draw(t, "lines of one second")
		slices.SortStableFunc(lines, func(a, b timed) int { return a.second - b.second })
		logs := drawFiles(t, lines)
		var got []string
		_, err := Read(t.Context(), logs, everyone(), func(f Fact) error {
			got = append(got, bare(f))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// drawFiles cuts lines into files.
func drawFiles(t *rapid.T, lines []timed) (logs []Log) {
	format := rapid.SampledFrom([]string{time.Stamp, time.RFC3339}).Draw(t, "time stamp")
	for len(lines) > 0 {
		n := rapid.IntRange(1, len(lines)).Draw(t, "cut")
		for n < len(lines) && lines[n].second == lines[n-1].second {
			n++
		}
		var b bytes.Buffer
		for _, l := range lines[:n] {
			fmt.Fprintf(&b, "%s %s\n", at(l.second).Format(format), l.text)
		}
		text := b.String()
		if rapid.Bool().Draw(t, "packed") {
			text = packed(text)
		}
		logs = append(logs, logOf(fmt.Sprintf("mail.log.%d", len(logs)), text))
		lines = lines[n:]
	}
	return rapid.Permutation(logs).Draw(t, "files")
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}
