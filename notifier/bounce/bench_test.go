package bounce

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"breachmail/notifier"
)

// mailLog makes up n messages of a Postfix in five lines each, as a stream.
type mailLog struct {
	n, next int
	left    string
}

func (m *mailLog) Read(p []byte) (int, error) {
	if m.left == "" {
		if m.next == m.n {
			return 0, io.EOF
		}
		m.left = fiveLines(m.next)
		m.next++
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}

func fiveLines(i int) string {
	time := fmt.Sprintf("2018-08-24T%02d:%02d:%02d.%06d+00:00 mx postfix", i/360000%24, i/6000%60, i/100%60, i%100*10000)
	id, key := fmt.Sprintf("4jd%09Xz1SGVP", i), madeKey(i)
	return strings.Join([]string{
		time + "/smtpd[1201]: " + id + ": client=mail.example.com[192.0.2.9], sasl_method=PLAIN, sasl_username=notices",
		time + "/cleanup[1202]: " + id + ": message-id=<aug-2018." + key.String() + "@mail.example.com>",
		time + "/qmgr[1203]: " + id + ": from=<bounces+" + key.String() + "@example.com>, size=3421, nrcpt=1 (queue active)",
		time + "/smtp[1204]: " + id + ": to=<somebody@example.net>, relay=mx.example.net[192.0.2.30]:25, delay=0.4, delays=0.1/0/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4WqX3y1ZzB)",
		time + "/qmgr[1203]: " + id + ": removed\n",
	}, "\n")
}

func longLog(n int) Log {
	return Log{"mail.log", func() (io.ReadCloser, error) { return io.NopCloser(&mailLog{n: n}), nil }}
}

// TestFlat holds that memory does not grow with the log: ten people are asked
// for, in 10,000 lines and in 200,000.
func TestFlat(t *testing.T) {
	var keys []string
	for i := range 10 {
		keys = append(keys, madeKey(i*150).String())
	}
	o := only(keys...)
	held := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var most uint64
		facts := 0
		log := longLog(n)
		_, err := Read(t.Context(), []Log{log}, o, func(Fact) error { // facts come last, when all is gathered
			if facts++; facts == 1 {
				runtime.GC()
				runtime.ReadMemStats(&after)
				most = after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
			}
			return nil
		})
		if err != nil || facts != 20 {
			t.Fatalf("%d facts, %v", facts, err)
		}
		return most
	}
	few, many := held(2000), held(40000)
	t.Logf("%d KiB for 10,000 lines, %d KiB for 200,000", few>>10, many>>10)
	if many > few+256<<10 {
		t.Errorf("%d bytes for 10,000 lines, %d for 200,000", few, many)
	}
}

// BenchmarkPostfix reads 200,000 lines, of which 1,000 messages are asked for.
func BenchmarkPostfix(b *testing.B) {
	var text strings.Builder
	if _, err := io.Copy(&text, &mailLog{n: 40000}); err != nil {
		b.Fatal(err)
	}
	o := everyone()
	wanted := map[string]bool{}
	for i := range 1000 {
		wanted[madeKey(i*40).String()] = true
	}
	o.Want = func(k notifier.Key) bool { return wanted[k.String()] }
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if _, err := Read(b.Context(), []Log{logOf("mail.log", text.String())}, o, func(Fact) error { n++; return nil }); err != nil || n != 2000 {
			b.Fatalf("%d facts, %v", n, err)
		}
	}
}
