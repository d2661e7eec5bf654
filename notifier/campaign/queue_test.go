package campaign

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// drain returns the ids that a queue hands out for a wave, block by block.
func drain(t *testing.T, q *queue, wave string) (blocks [][]int64, err error) {
	t.Helper()
	var after int64
	for {
		tasks, seen, err := q.Pending(bg, wave, after)
		if err != nil || len(tasks) == 0 {
			return blocks, err
		}
		blocks = append(blocks, ids(tasks))
		after = seen
	}
}

// allDue returns everyone whom one round of Due gives.
func allDue(q *queue, until time.Time) (all []notifier.Task, next time.Time, err error) {
	for {
		tasks, next, err := q.Due(bg, until)
		if err != nil || len(tasks) == 0 {
			return all, next, err
		}
		all = append(all, tasks...)
	}
}

// threeBatches plans 2, 3 and 2 recipients.
func threeBatches(t *testing.T, more string) *Campaign {
	t.Helper()
	c := newCampaign(t, more)
	plan(t, c, accounts(t, 1, 2))
	plan(t, c, accounts(t, 3, 4, 5))
	plan(t, c, accounts(t, 6, 7))
	return c
}

func TestQueueSkipsWhatIsNotApproved(t *testing.T) {
	c := threeBatches(t, "")
	store := openLedger(t, c)
	for _, tt := range []struct {
		approved []int
		want     [][]int64
	}{
		{[]int{1, 2, 3}, [][]int64{{1, 2}, {3, 4, 5}, {6, 7}}},
		{[]int{1, 3}, [][]int64{{1, 2}, {6, 7}}},
		{[]int{2}, [][]int64{{3, 4, 5}}},
		{[]int{3}, [][]int64{{6, 7}}},
		{nil, nil},
	} {
		q := newQueue(store, approvedOf(t, store, tt.approved...), "")
		got, err := drain(t, q, "rest")
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("approved %v: %v, %v", tt.approved, got, err)
		}
	}
}

func TestQueueNamesTheApproval(t *testing.T) {
	c := threeBatches(t, "")
	store := openLedger(t, c)
	tasks, _, err := newQueue(store, approvedOf(t, store, 2), "").Pending(bg, "rest", 0)
	if err != nil || len(tasks) != 3 {
		t.Fatal(tasks, err)
	}
	if got := tasks[0]; got.Approval != 2 || got.Wave != "rest" || got.Status != notifier.Pending || got.Attempt != 0 {
		t.Errorf("%+v", got)
	}
}

func TestQueueKeepsToTheWave(t *testing.T) {
	c := threeBatches(t, "waves:\n  - {name: pilot, recipients: 4}\n  - {name: rest}\n")
	store := openLedger(t, c)
	q := newQueue(store, approvedOf(t, store, 1, 2, 3), "")
	pilot, err := drain(t, q, "pilot")
	if err != nil || !reflect.DeepEqual(pilot, [][]int64{{1, 2}, {3, 4}}) {
		t.Errorf("pilot: %v, %v", pilot, err)
	}
	rest, err := drain(t, q, "rest")
	if err != nil || !reflect.DeepEqual(rest, [][]int64{{5}, {6, 7}}) {
		t.Errorf("rest: %v, %v", rest, err)
	}
}

// deferNow defers a recipient; it is due at once.
func deferNow(t *testing.T, store ledger.Store, id int64, wave string) {
	t.Helper()
	var key notifier.Key
	if err := store.Each(bg, func(r ledger.Row) error {
		if r.Recipient.ID == id {
			key = r.Recipient.Key
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	claim := notifier.Claim{ID: id, Key: key, Was: notifier.Pending, Attempt: 1, Wave: wave, Relay: "primary", At: at, Approval: 1}
	done := make(chan error, 2)
	store.Claim(claim, func(err error) { done <- err })
	store.Record(notifier.Outcome{Claim: claim, Status: notifier.Deferred, Cause: notifier.CauseRecipient, At: at, Due: at.Add(time.Minute), Tries: 1, Variant: "notice-en-prepaid"}, func(err error) { done <- err })
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

func TestQueueDueSkipsWhatIsNotApproved(t *testing.T) {
	c := threeBatches(t, "")
	store := openLedger(t, c)
	for _, id := range []int64{2, 4, 6} {
		deferNow(t, store, id, "rest")
	}
	for _, tt := range []struct {
		approved []int
		want     []int64
	}{{[]int{1, 2, 3}, []int64{2, 4, 6}}, {[]int{1, 3}, []int64{2, 6}}, {[]int{2}, []int64{4}}, {nil, nil}} {
		tasks, _, err := allDue(newQueue(store, approvedOf(t, store, tt.approved...), ""), time.Now())
		got := ids(tasks)
		slices.Sort(got)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("approved %v: %v, %v", tt.approved, got, err)
		}
		for i := range tasks {
			if k := &tasks[i]; k.Status != notifier.Deferred || k.Attempt != 1 || k.Tries != 1 || k.First.IsZero() {
				t.Errorf("%+v", k)
			}
		}
	}
}

// TestQueueUnderHolds hands out nobody whom a hold picks, and counts them.
func TestQueueUnderHolds(t *testing.T) {
	c := newCampaign(t, "")
	for i, where := range []string{"ww", "mnm", "w?n"} {
		plan(t, c, living(t, where, 10*i))
	}
	store := openLedger(t, c)
	states := map[int64]string{}
	if err := store.Each(bg, func(r ledger.Row) error { states[r.Recipient.ID] = r.Recipient.State; return nil }); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		holds []Match
		want  string // the states of those who are handed out, in their order of batches
		kept  int64
	}{
		{nil, "WA WA|MD MD NJ|NJ WA unknown", 0},
		{[]Match{{State: []string{"GU"}}}, "WA WA|MD MD NJ|NJ WA unknown", 0},
		{[]Match{{State: []string{"NJ"}}}, "WA WA|MD MD|WA unknown", 2},
		{[]Match{{State: []string{"NJ"}}, {State: []string{"MD"}}}, "WA WA|WA unknown", 4},
		{[]Match{{State: []string{"WA", "MD", "NJ"}}}, "unknown", 7},
		{[]Match{{State: []string{"GU"}}, {All: true}}, "", 8},
	} {
		q := newQueue(store, approvedOf(t, store, 1, 2, 3), "")
		q.hold(tt.holds)
		blocks, err := drain(t, q, "rest")
		var got []string
		for _, block := range blocks {
			var of []string
			for _, id := range block {
				of = append(of, states[id])
			}
			slices.Sort(of)
			got = append(got, strings.Join(of, " "))
		}
		if kept, _ := q.kept(); err != nil || strings.Join(got, "|") != tt.want || kept != tt.kept {
			t.Errorf("%v: %q, %d kept, %v", tt.holds, got, kept, err)
		}
		if free, err := q.anyFree(bg, "rest"); err != nil || free != (tt.want != "") {
			t.Errorf("%v: anybody is %v, %v", tt.holds, free, err)
		}
	}
}

// deferAll makes everybody deferred: number n, counted from 1, is due n seconds
// after from.
func deferAll(t *testing.T, c *Campaign, from time.Time) {
	t.Helper()
	byHand(t, c, "UPDATE recipients SET status = 11, attempts = 1, tries = 1, first = ?1, due = ?1 + 1000 * (id - (SELECT min(id) FROM recipients) + 1)", from.UnixMilli())
}

// TestQueueDueUnderHolds has the deferred of a hold stand before all others,
// more of them than are read at a time.
func TestQueueDueUnderHolds(t *testing.T) {
	const atOnce, many = 1000, 1010
	c := newCampaign(t, "")
	plan(t, c, living(t, strings.Repeat("m", many), 1))
	plan(t, c, living(t, "nw", many+1))
	from := time.Now().Truncate(time.Second).Add(-time.Hour)
	deferAll(t, c, from)
	store := openLedger(t, c)
	all := time.Duration(many+2) * time.Second
	for _, tt := range []struct {
		name  string
		holds []Match
		until time.Duration // after from
		due   int
		next  time.Duration // after from; 0: none
		kept  int64
	}{
		{"no hold", nil, 5 * time.Second, 5, 6 * time.Second, 0},
		{"no hold, all due", nil, all, atOnce, 0, 0},
		{"nothing of the hold is due", []Match{{State: []string{"MD"}}}, 0, 0, (many + 1) * time.Second, many},
		{"all of the hold is due", []Match{{State: []string{"MD"}}}, many * time.Second, 0, (many + 1) * time.Second, many},
		{"and one more", []Match{{State: []string{"MD"}}}, (many + 1) * time.Second, 1, all, many},
		{"all are due", []Match{{State: []string{"MD"}}}, all, 2, 0, many},
		{"a hold on all", []Match{{All: true}}, 5 * time.Second, 0, 0, many + 2},
	} {
		q := newQueue(store, approvedOf(t, store, 1, 2), "")
		q.atOnce = atOnce
		q.hold(tt.holds)
		for range 2 { // what it knows the second time changes nothing
			tasks, next, err := allDue(q, from.Add(tt.until))
			if err != nil || len(tasks) != tt.due || next.IsZero() != (tt.next == 0) || tt.next > 0 && !next.Equal(from.Add(tt.next)) {
				t.Errorf("%s: %d are due, the next after %s, %v", tt.name, len(tasks), next.Sub(from), err)
			}
		}
		if _, kept := q.kept(); kept != tt.kept {
			t.Errorf("%s: %d are kept", tt.name, kept)
		}
	}
}

// TestQueueRefusesWhatWasTampered changes one recipient of the second block of
// the second batch: everyone before it may go, nobody of that block.
func TestQueueRefusesWhatWasTampered(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, upTo(1, 3)...))
	plan(t, c, accounts(t, upTo(4, 4+notifier.BlockSize+9)...))
	store := openLedger(t, c)
	approved := approvedOf(t, store, 1, 2)
	byHand(t, c, "UPDATE recipients SET name = 'Eve' WHERE id = ?", 3+notifier.BlockSize+5)

	blocks, err := drain(t, newQueue(store, approved, ""), "rest")
	if !errors.Is(err, ErrNotApproved) || !strings.Contains(err.Error(), "recipients 4097 to 4106 of batch 2") {
		t.Errorf("the tampered block gives %v", err)
	}
	if len(blocks) != 2 || len(blocks[0]) != 3 || len(blocks[1]) != notifier.BlockSize {
		t.Errorf("handed out: %d blocks", len(blocks))
	}

	last := int64(3 + notifier.BlockSize + 10)
	deferNow(t, store, last, "rest")
	if tasks, _, err := newQueue(store, approved, "").Due(bg, time.Now()); !errors.Is(err, ErrNotApproved) || len(tasks) > 0 {
		t.Errorf("the deferred one of that block: %v, %v", ids(tasks), err)
	}
}

// TestQueueHoldsToTheApprovedBlocks gives a block a digest that fits what was
// put into it: the approved list still says otherwise.
func TestQueueHoldsToTheApprovedBlocks(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2))
	store := openLedger(t, c)
	approved := approvedOf(t, store, 1)
	byHand(t, c, "UPDATE recipients SET name = 'Eve' WHERE id = 1")
	block, err := store.Block(bg, approved[0].Batch, 0)
	if err != nil || block.Intact() {
		t.Fatal("the block is intact", err)
	}
	var list []notifier.Recipient
	for i := range block.Rows {
		list = append(list, block.Rows[i].Recipient)
	}
	forged := notifier.BlockDigest(list)
	byHand(t, c, "UPDATE blocks SET digest = ? WHERE batch = 1 AND n = 0", forged[:])
	if block, err = store.Block(bg, approved[0].Batch, 0); err != nil || !block.Intact() {
		t.Fatal("the forgery does not even fit itself", err)
	}
	if tasks, _, err := newQueue(store, approved, "").Pending(bg, "rest", 0); !errors.Is(err, ErrNotApproved) || len(tasks) > 0 {
		t.Errorf("%v, %v", ids(tasks), err)
	}
}
