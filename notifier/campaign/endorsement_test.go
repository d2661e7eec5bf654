package campaign

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestBehind holds which approvals stand behind a batch: those from the newest
// back that say the same, one a person.
func TestBehind(t *testing.T) {
	b := ledger.Batch{Number: 1, First: 1, Last: 3, Digest: notifier.Digest{1}}
	says := func(person, text string, list notifier.Digest) endorsement {
		return endorsement{Approval: ledger.Approval{By: person, Text: text, Lists: map[int]string{1: list.String()}}, person: person}
	}
	ana, tom := says("ana", "text", b.Digest), says("tom", "text", b.Digest)
	spoiled := says("eve", "text", b.Digest)
	spoiled.wrong = errors.New("spoiled")
	gone := endorsement{Approval: ledger.Approval{Altered: true}, wrong: errors.New("gone"), lost: true}
	spoiledOther := says("eve", "another text", b.Digest)
	spoiledOther.wrong = errors.New("spoiled")
	other := says("tom", "another text", b.Digest)
	elsewhere := endorsement{Approval: ledger.Approval{By: "tom", Text: "text", Lists: map[int]string{2: b.Digest.String()}}, person: "tom"}
	for _, c := range []struct {
		name  string
		list  []endorsement
		stand string
		wrong string
	}{
		{"none", nil, "", ""},
		{"one", []endorsement{ana}, "ana", ""},
		{"two", []endorsement{ana, tom}, "tom ana", ""},
		{"the same person twice", []endorsement{ana, ana}, "ana", ""},
		{"one key under two names", []endorsement{keyed(ana, "k"), keyed(tom, "k")}, "tom", ""},
		{"two keys", []endorsement{keyed(ana, "k"), keyed(tom, "l")}, "tom ana", ""},
		{"of another batch", []endorsement{ana, elsewhere}, "ana", ""},
		{"another text came later", []endorsement{ana, other}, "", ""},
		{"another text came before", []endorsement{other, ana}, "ana", ""},
		{"another text came between", []endorsement{ana, other, tom}, "tom", ""},
		{"another list", []endorsement{says("ana", "text", notifier.Digest{2})}, "", ""},
		{"the newest is wrong", []endorsement{ana, spoiled}, "", "spoiled"},
		{"nobody knows what the newest was", []endorsement{ana, gone}, "", "gone"},
		{"nobody knows what came between", []endorsement{tom, gone, ana}, "ana", ""},
		{"one that is wrong came between", []endorsement{tom, spoiled, ana}, "ana tom", ""},
		{"a wrong one of another text came between", []endorsement{tom, spoiledOther, ana}, "ana", ""},
		{"an older one is wrong", []endorsement{spoiled, ana}, "ana", ""},
	} {
		standing, wrong := behind(c.list, b, "text")
		var names []string
		for _, e := range standing {
			names = append(names, e.person)
		}
		got := ""
		if wrong != nil {
			got = wrong.Error()
		}
		if s := strings.Join(names, " "); s != c.stand || got != c.wrong {
			t.Errorf("%s: %q stand, wrong %q; want %q and %q", c.name, s, got, c.stand, c.wrong)
		}
	}
}

func keyed(e endorsement, key string) endorsement {
	e.key = key
	return e
}

// TestApprovalIsWhatItLists changes each part of a recorded approval behind the
// chain's back, as somebody would who makes the chain fit again.
func TestApprovalIsWhatItLists(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2))
	approve(t, c)
	store := openLedger(t, c)
	list, err := store.Approvals(bg)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if e := c.endorsement(list[0]); e.wrong != nil || e.person != "ana ruiz" {
		t.Fatalf("as recorded: %+v", e)
	}
	for name, change := range map[string]func(a *ledger.Approval){
		"the text":       func(a *ledger.Approval) { a.Text = strings.Repeat("0", 64) },
		"a list":         func(a *ledger.Approval) { a.Lists[1] = strings.Repeat("0", 64) },
		"one list more":  func(a *ledger.Approval) { a.Lists[2] = a.Lists[1] },
		"the code":       func(a *ledger.Approval) { a.Code = a.Text },
		"an item":        func(a *ledger.Approval) { a.Items[lawFile] = a.Text },
		"one item less":  func(a *ledger.Approval) { delete(a.Items, lawFile) },
		"no digest":      func(a *ledger.Approval) { a.Items[lawFile] = "1234" },
		"the row itself": func(a *ledger.Approval) { a.Altered = true },
	} {
		list, err := store.Approvals(bg)
		if err != nil {
			t.Fatal(err)
		}
		change(&list[0])
		if e := c.endorsement(list[0]); e.wrong == nil || !strings.Contains(e.wrong.Error(), "evidence row 1") {
			t.Errorf("%s: %v", name, e.wrong)
		}
	}
}

// TestStatementSaysEverything changes every field that an approval has and that
// a signature has to cover.
func TestStatementSaysEverything(t *testing.T) {
	make := func() *ledger.Approval {
		return &ledger.Approval{
			Campaign: "aug", By: "Ana Ruiz, General Counsel", Text: "t", Code: "c", Lists: map[int]string{1: "l"},
			People: map[int]ledger.Recipients{1: {Total: 3, Email: 2, Postal: 1}}, Note: "a note", Proof: "p", Program: "breachmail 1",
			Waivers: []Waiver{{Rule: "date", State: "MD", Reason: "because", About: []string{"x"}}},
		}
	}
	seen := []string{string(statement(make()))}
	for name, change := range map[string]func(a *ledger.Approval){
		"campaign": func(a *ledger.Approval) { a.Campaign = "sep" },
		"by":       func(a *ledger.Approval) { a.By = "Tom Okafor, Counsel" },
		"text":     func(a *ledger.Approval) { a.Text = "u" },
		"code":     func(a *ledger.Approval) { a.Code = "d" },
		"lists":    func(a *ledger.Approval) { a.Lists[1] = "m" },
		"people":   func(a *ledger.Approval) { a.People[1] = ledger.Recipients{Total: 3, Email: 1, Postal: 2} },
		"note":     func(a *ledger.Approval) { a.Note = "a note\nproof (SHA-256): q" },
		"proof":    func(a *ledger.Approval) { a.Proof = "q" },
		"program":  func(a *ledger.Approval) { a.Program = "breachmail 2" },
		"at":       func(a *ledger.Approval) { a.At = a.At.AddDate(0, 0, 1) },
		"rule":     func(a *ledger.Approval) { a.Waivers[0].Rule = "title" },
		"state":    func(a *ledger.Approval) { a.Waivers[0].State = "" },
		"reason":   func(a *ledger.Approval) { a.Waivers[0].Reason = "why not" },
		"about":    func(a *ledger.Approval) { a.Waivers[0].About = nil },
		"waivers":  func(a *ledger.Approval) { a.Waivers = nil },
	} {
		a := make()
		change(a)
		s := string(statement(a))
		if slices.Contains(seen, s) {
			t.Errorf("%s: the statement says nothing of it:\n%s", name, s)
		}
		seen = append(seen, s)
	}
	for _, s := range seen {
		if strings.Count(s, "\nproof") > 1 || strings.Contains(s, "\nproof (SHA-256): q\nrecorded") && strings.Contains(s, `note: "a note\n`) {
			t.Errorf("a note passes for a line of its own:\n%s", s)
		}
	}
}
