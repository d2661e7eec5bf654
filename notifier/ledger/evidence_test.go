package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// hexLines are the lines of the package comment that hold nothing but bytes.
var hexLines = regexp.MustCompile(`(?m)^//\t((?:[0-9a-f]{2} +)*[0-9a-f]{2}|[0-9a-f]{64})$`)

// TestVector holds the chain to its description: the bytes and the value that
// stand in the package comment.
func TestVector(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := hexLines.FindAllStringSubmatch(string(doc), -1)
	if len(lines) != 3 {
		t.Fatalf("the package comment has %d lines of bytes", len(lines))
	}
	row, err := hex.DecodeString(strings.ReplaceAll(lines[0][1]+lines[1][1], " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	e := ledger.Evidence{Seq: 1, Kind: ledger.KindClearHalt, Note: "{}", Outcome: notifier.Outcome{At: time.Date(2018, 8, 24, 15, 4, 5, 0, time.UTC)}}
	described := notifier.Digest(sha256.Sum256(append(make([]byte, 32), row...)))
	for what, d := range map[string]notifier.Digest{"computed": e.Next(notifier.Digest{}), "of the bytes described": described} {
		if d.String() != lines[2][1] {
			t.Errorf("the chain value %s is %s, the package comment says %s", what, d, lines[2][1])
		}
	}
}

// TestWholeVector is the same for an attempt, in which every field is set: each
// stands where the description says, in its form.
func TestWholeVector(t *testing.T) {
	at := time.Unix(1535123045, 0)
	e := ledger.Evidence{Seq: 258, Kind: ledger.KindAttempt, Note: "n", Outcome: notifier.Outcome{
		Claim:  notifier.Claim{Key: notifier.Key{1, 15: 16}, Wave: "rest", Relay: "primary", Attempt: 2, Approval: 3, At: at},
		Status: notifier.Accepted, Cause: notifier.CauseNone, Code: 250, Enhanced: "2.0.0", Reply: "Ok é", RelayID: "4XYZ",
		Variant: "notice-en-prepaid", Digest: notifier.Digest{7, 31: 9}, At: at.Add(1500 * time.Millisecond),
	}}
	key := "01" + strings.Repeat("00", 14) + "10"
	digest := "07" + strings.Repeat("00", 30) + "09"
	text := func(s string) string { return hex.EncodeToString(append([]byte{byte(len(s))}, s...)) }
	row := strings.Repeat("ab", 32) + "0000000000000102" +
		text("attempt") + "10" + key + text("rest") + text("primary") + text("accepted") + "00" + text("2.0.0") + text("Ok é") + text("4XYZ") +
		text("notice-en-prepaid") + "20" + digest + text("n") +
		"04" + "06" + "f403" + // 2, 3 and 250, zigzag
		"caf980b80b" + // 1535123045
		"c881b6c7ad59" // 1535123046500
	b, err := hex.DecodeString(row)
	if err != nil {
		t.Fatal(err)
	}
	var prev notifier.Digest
	for i := range prev {
		prev[i] = 0xab
	}
	if got, want := e.Next(prev), notifier.Digest(sha256.Sum256(b)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
