package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
)

// evidenceFile is the chain, a row a line.
const evidenceFile = "evidence.jsonl"

// evidenceLine is a row of evidence in evidence.jsonl: what the chain is made of,
// and its value. What is empty or 0 is left out.
type evidenceLine struct {
	Seq      int64  `json:"seq"`
	Kind     string `json:"kind"`
	Key      string `json:"key,omitempty"` // base32
	Wave     string `json:"wave,omitempty"`
	Relay    string `json:"relay,omitempty"`
	Status   string `json:"status,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Enhanced string `json:"enhanced,omitempty"`
	Reply    string `json:"reply,omitempty"`
	RelayID  string `json:"relay_id,omitempty"`
	Variant  string `json:"variant,omitempty"`
	Digest   string `json:"digest,omitempty"` // hex
	Note     string `json:"note,omitempty"`   // JSON, as it stands in the ledger
	Attempt  int    `json:"attempt,omitempty"`
	Approval int64  `json:"approval,omitempty"`
	Code     int    `json:"code,omitempty"`
	Claimed  int64  `json:"claimed,omitempty"` // Unix seconds
	Known    int64  `json:"known,omitempty"`   // Unix milliseconds
	Chain    string `json:"chain"`             // hex
}

func evidenceLineOf(e *ledger.Evidence) evidenceLine {
	o := &e.Outcome
	l := evidenceLine{
		Seq: e.Seq, Kind: string(e.Kind), Wave: o.Claim.Wave, Relay: o.Claim.Relay, Status: string(o.Status), Cause: string(o.Cause),
		Enhanced: o.Enhanced, Reply: o.Reply, RelayID: o.RelayID, Variant: o.Variant, Note: e.Note,
		Attempt: o.Claim.Attempt, Approval: o.Claim.Approval, Code: o.Code, Chain: e.Chain.String(),
	}
	if o.Claim.Key != (notifier.Key{}) {
		l.Key = o.Claim.Key.String()
	}
	if o.Digest != (notifier.Digest{}) {
		l.Digest = o.Digest.String()
	}
	if !o.Claim.At.IsZero() {
		l.Claimed = o.Claim.At.Unix()
	}
	if !o.At.IsZero() {
		l.Known = o.At.UnixMilli()
	}
	return l
}

// wording is a variant under an approval.
type wording struct {
	approval int64
	variant  string
}

// evidenceTold is what the evidence tells of the whole.
type evidenceTold struct {
	first, last time.Time
	rows        int64
	refused     map[int64]int64 // by day since 1970
	sent        map[wording]int64
	began       map[int64]time.Time // when the first notice left that was taken, by approval
	tests       int64
	events      []report.Event
	released    map[string]report.Event // holds
	reads       []report.BouncesRead
	wrong       []string
}

// readEvidence writes the evidence to a file, and computes its chain again.
func (f *reporter) readEvidence(ctx context.Context, out writer) error {
	t := &f.told
	t.refused, t.sent, t.released = map[int64]int64{}, map[wording]int64{}, map[string]report.Event{}
	t.began = map[int64]time.Time{}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var chain notifier.Digest
	err := f.r.Evidence(ctx, func(e ledger.Evidence) error {
		t.rows++
		next := e.Next(chain)
		if (e.Seq != t.rows || e.Chain != next) && len(t.wrong) == 0 {
			t.wrong = append(t.wrong, fmt.Sprintf("evidence row %s is not what was written, or one before it is gone", Number(e.Seq)))
		}
		chain = e.Chain
		t.take(&e)
		return lines.Encode(evidenceLineOf(&e))
	})
	if errors.Is(err, ErrDamaged) {
		t.wrong = append(t.wrong, "the evidence cannot be read to its end: "+err.Error())
		err = nil
	}
	if err != nil {
		return err
	}
	seq, head, err := f.r.Head(ctx)
	if err == nil && (seq != t.rows || head != chain) {
		t.wrong = append(t.wrong, "the head of the evidence is not its last row")
	}
	return err
}

// take notes what a row tells.
func (t *evidenceTold) take(e *ledger.Evidence) {
	o := &e.Outcome
	if t.first.IsZero() {
		t.first = o.At
	}
	t.last = o.At
	switch e.Kind {
	case ledger.KindAttempt:
		switch o.Status {
		case notifier.Accepted:
			w := wording{o.Claim.Approval, o.Variant}
			if t.sent[w]++; t.sent[w] == 1 && t.began[w.approval].IsZero() {
				t.began[w.approval] = o.Claim.At
			}
		case notifier.Refused:
			t.refused[o.At.Unix()/86400]++
		}
	case ledger.KindTest:
		t.tests++
	case ledger.KindBounces:
		t.read(e)
	default:
		if event, ok := happened(e); ok {
			t.events = append(t.events, event)
			if event.Kind == report.EventHold {
				t.released[holdOf(e)] = event
			}
		}
	}
}

// mostReads is how many readings of bounces are told one by one.
const mostReads = 50

func (t *evidenceTold) read(e *ledger.Evidence) {
	var b ledger.BouncesRead
	if json.Unmarshal([]byte(e.Note), &b) != nil {
		return // the chain tells
	}
	if len(t.reads) == mostReads {
		t.reads = t.reads[1:]
	}
	t.reads = append(t.reads, report.BouncesRead{
		Row: e.Seq, At: e.Outcome.At, Read: b.Read, Hard: b.Hard, Soft: b.Soft, Complaints: b.Complaints, AutoReplies: b.AutoReplies, Kept: b.Kept,
	})
}

// released is what the evidence of a release says.
type released struct {
	Wave string `json:"wave"`
	Hold string `json:"hold"`
}

func holdOf(e *ledger.Evidence) string {
	var r released
	_ = json.Unmarshal([]byte(e.Note), &r) // the chain tells
	return r.Hold
}

// happened says what a row of evidence is about, where that belongs into the
// picture of what happened.
func happened(e *ledger.Evidence) (report.Event, bool) {
	event := report.Event{Row: e.Seq, At: e.Outcome.At, Kind: report.EventOther}
	note := []byte(e.Note)
	switch e.Kind {
	case ledger.KindStart:
		var s ledger.Start
		_ = json.Unmarshal(note, &s)
		event.Kind = report.EventStart
		event.Text = "a run began to send (" + strings.TrimSpace(s.Verb+" "+s.Program) + ")"
	case ledger.KindHalt:
		var h ledger.Halt
		_ = json.Unmarshal(note, &h)
		event.Kind, event.Text = report.EventHalt, "halted: "+h.Reason
	case ledger.KindClearHalt:
		event.Kind, event.Text = report.EventClear, "the halt was taken back"
	case ledger.KindRelease:
		var r released
		_ = json.Unmarshal(note, &r)
		if event.Kind, event.Text = report.EventGate, "the gate after wave "+r.Wave+" was opened"; r.Hold != "" {
			event.Kind, event.Text = report.EventHold, "the hold "+r.Hold+" was released"
		}
	case ledger.KindAdopt:
		event.Text = "this ledger, a copy or an older one, was made the one that is sent from"
	case ledger.KindPurge:
		event.Text = "personal data was purged"
	default:
		return event, false
	}
	return event, true
}
