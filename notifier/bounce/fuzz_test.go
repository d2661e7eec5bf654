package bounce

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

// fuzzed reads b in a format, with what stands before it so that it is
// recognised, and holds that it gives no panic and no nonsense, and the same
// packed.
func fuzzed(f *testing.F, format Format, head string) {
	for _, path := range samples(f) {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<18 {
			return
		}
		text := head + string(b)
		var facts []string
		sum, err := Read(t.Context(), []Log{logOf("log", text)}, everyone(), func(fact Fact) error {
			check(t, fact, strings.Count(text, "\n")+1)
			facts = append(facts, show(fact))
			return nil
		})
		if err != nil || sum.Logs[0].Format != format {
			t.Fatalf("%v: %v", sum, err)
		}
		if again, _ := factsOf(t, everyone(), logOf("log", packed(text))); !slices.Equal(again, sorted(facts)) {
			t.Fatalf("packed:\n%s\nplain:\n%s", strings.Join(again, "\n"), strings.Join(facts, "\n"))
		}
	})
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

func check(t *testing.T, f Fact, lines int) {
	t.Helper()
	kinds := []Kind{Begun, Taken, Deferred, Returned, Bounced, Rejected}
	switch {
	case !slices.Contains(kinds, f.Kind):
		t.Fatalf("kind %q", f.Kind)
	case f.Key == notifier.Key{} && f.MessageID != testMail && f.MessageID == "":
		t.Fatal("a fact about nobody")
	case f.Source.Line < 1 || f.Source.Line > lines:
		t.Fatalf("line %d of %d", f.Source.Line, lines)
	case f.Code != 0 && (f.Code < 200 || f.Code > 599), len(f.Enhanced) > 9:
		t.Fatalf("%d %q", f.Code, f.Enhanced)
	}
	for _, s := range []string{f.MessageID, f.RelayID, f.Reply.Reveal(), f.To.Reveal()} {
		if len(s) > maxReply+maxID || !notifier.CleanLine(s) {
			t.Fatalf("%q is not fit to be kept", s)
		}
	}
	if strings.Contains(fmt.Sprintf("%v %s", f, f.Reply), "Rossi") {
		t.Fatal("prints a name")
	}
}

func FuzzPostfix(f *testing.F) {
	fuzzed(f, Postfix, "Aug 24 10:00:01 mx postfix/cleanup[2]: 40000986295: message-id="+idOf(keyA)+"\n")
}

func FuzzExim(f *testing.F) {
	fuzzed(f, Exim, "2018-08-24 10:00:00 1xY7mf-0007OE-1X <= bounces@example.com H=x [192.0.2.9] P=esmtp S=482 id="+idOf(keyA)+"\n")
}

func FuzzJournal(f *testing.F) {
	fuzzed(f, Journal, `{"__REALTIME_TIMESTAMP":"1535104801700000","SYSLOG_IDENTIFIER":"postfix/cleanup","MESSAGE":"40000986295: message-id=`+idOf(keyA)+"\"}\n")
}

func FuzzSES(f *testing.F) {
	fuzzed(f, SES, `{"eventType":"Send","mail":{"commonHeaders":{"messageId":"`+idOf(keyA)+"\"}}}\n")
}

func FuzzSendGrid(f *testing.F) {
	fuzzed(f, SendGrid, `{"event":"processed","sg_event_id":"1","smtp-id":"`+idOf(keyA)+"\"}\n")
}

func FuzzTable(f *testing.F) {
	fuzzed(f, Table, "key,status,time,reply,message_id\n"+keyA+",sent,,,\n")
}
