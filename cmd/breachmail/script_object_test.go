package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A shape is what a JSON value must be: a map of shapes for an object with
// exactly these keys, a list of one shape for an array of such, or a function
// that judges a single value.
type (
	shape  any
	object map[string]shape
	array  []shape
	value  func(v any) bool
)

// statusShape is the object of DESIGN section 6.
var statusShape = object{
	"campaign":   value(isText),
	"phase":      oneOf("empty", "planned", "approved", "sending", "interrupted", "at_gate", "halted", "unsettled", "sent", "complete"),
	"rows":       counts("read", "merged", "rejected", "already_told"),
	"recipients": counts("total", "email", "postal"),
	"notices":    counts("pending", "in_flight", "deferred", "accepted", "refused", "unknown", "bounced"),
	"waves":      array{object{"name": value(isText), "total": value(isCount), "accepted": value(isCount), "state": oneOf("waiting", "open", "held", "done")}},
	"holds":      array{object{"name": value(isText), "state": oneOf("held", "released", "ended"), "people": value(isCount)}},
	"approvals": array{object{
		"row": value(isCount), "by": value(isText), "at": value(isTime), "approval_code": value(isText), "batches": array{value(isCount)},
		"signed": value(isText), "signer": value(isText), "proof": value(isText), "note": value(isText), "wrong": value(isText), "replaced_by": value(isCount),
		"waivers": array{object{"rule": value(isText), "state": value(isText), "reason": value(isText)}},
	}},
	"halt":     optional{object{"reason": value(isText), "at": value(isTime), "samples": array{value(isText)}}},
	"bounces":  object{"hard": value(isCount), "soft": value(isCount), "complaints": value(isCount), "auto_replies": value(isCount), "read": optional{value(isTime)}},
	"letters":  object{"due": value(isCount), "listed": value(isCount), "told": value(isCount), "untold": value(isCount)},
	"evidence": object{"rows": value(isCount), "head": value(isHead), "epoch": value(isCount)},
	"balanced": value(isBool),
	"purged":   optional{value(isTime)},
}

// optional is a shape that may be null.
type optional struct{ shape }

func counts(keys ...string) object {
	o := object{}
	for _, k := range keys {
		o[k] = value(isCount)
	}
	return o
}

func oneOf(words ...string) value {
	return func(v any) bool { s, ok := v.(string); return ok && slices.Contains(words, s) }
}

func isText(v any) bool { _, ok := v.(string); return ok }

// isHead is a chain value, or empty.
func isHead(v any) bool {
	s, ok := v.(string)
	_, err := hex.DecodeString(s)
	return ok && err == nil && (len(s) == 64 || s == "")
}

func isTime(v any) bool {
	s, _ := v.(string)
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func isCount(v any) bool {
	n, ok := v.(json.Number)
	i, err := strconv.ParseInt(n.String(), 10, 64)
	return ok && err == nil && i >= 0
}

// misshapen says what is wrong with v, each with its path.
func misshapen(path string, want shape, v any) []string {
	switch want := want.(type) {
	case optional:
		if v == nil {
			return nil
		}
		return misshapen(path, want.shape, v)
	case object:
		m, ok := v.(map[string]any)
		if !ok {
			return []string{path + " is no object"}
		}
		var wrong []string
		for _, k := range slices.Sorted(maps.Keys(want)) {
			if _, has := m[k]; !has {
				wrong = append(wrong, path+" lacks "+k)
				continue
			}
			wrong = append(wrong, misshapen(path+"."+k, want[k], m[k])...)
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if _, known := want[k]; !known {
				wrong = append(wrong, path+" has "+k)
			}
		}
		return wrong
	case array:
		list, ok := v.([]any)
		if !ok {
			return []string{path + " is no array"}
		}
		var wrong []string
		for i, e := range list {
			wrong = append(wrong, misshapen(fmt.Sprintf("%s.%d", path, i), want[0], e)...)
		}
		return wrong
	case value:
		if !want(v) {
			return []string{fmt.Sprintf("%s is %#v", path, v)}
		}
	}
	return nil
}

// oneObject reads text, which must be one JSON value and nothing else.
func oneObject(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something stands behind the object: %v", err)
	}
	return v, nil
}

// at returns the value at a dotted path.
func at(v any, path string) (any, bool) {
	for step := range strings.SplitSeq(path, ".") {
		switch have := v.(type) {
		case map[string]any:
			next, ok := have[step]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(have) {
				return nil, false
			}
			v = have[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// object [PATH=VALUE...] holds the last command's stdout to the object of
// DESIGN section 6, key by key and type by type, and to the given values. What
// some verbs say beside it is held by the dialects' files, by law.txtar, by
// findings.txtar and by reconcile.txtar.
func scriptObject(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg, "object [PATH=VALUE...]")
	v, err := oneObject(ts.ReadFile("stdout"))
	ts.Check(err)
	keys := v
	if m, ok := v.(map[string]any); ok {
		m = maps.Clone(m)
		for _, beside := range []string{"profile", "law", "findings", "approval_code", "guarded",
			"recovered", "accepted", "bounced", "resend", "unknown", "reasons", "logs", "strangers", "adopted"} {
			delete(m, beside)
		}
		keys = m
	}
	if wrong := misshapen("object", statusShape, keys); len(wrong) > 0 {
		ts.Fatalf("%s", strings.Join(wrong, "\n"))
	}
	for _, arg := range args {
		path, want, _ := strings.Cut(arg, "=")
		got, ok := at(v, path)
		if !ok || fmt.Sprint(got) != want {
			ts.Fatalf("%s is %v, not %s", path, got, want)
		}
	}
}

// TestShapeRefuses proves that the scripts' "object" can fail.
func TestShapeRefuses(t *testing.T) {
	const aHead = "4f1b8a1f9d1d4d8c9a5e3f2b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d"
	const good = `{"campaign":"a","phase":"sent","rows":{"read":1,"merged":0,"rejected":0,"already_told":0},
		"recipients":{"total":1,"email":1,"postal":0},
		"notices":{"pending":0,"in_flight":0,"deferred":0,"accepted":1,"refused":0,"unknown":0,"bounced":0},
		"waves":[{"name":"rest","total":1,"accepted":1,"state":"done"}],
		"holds":[{"name":"police","state":"ended","people":0}],"approvals":[{"row":1,"by":"A, B","at":"2018-08-20T00:00:00Z","approval_code":"0","batches":[1],
		"signed":"","signer":"","proof":"","note":"","wrong":"","replaced_by":0,"waivers":[]}],"halt":null,
		"bounces":{"hard":0,"soft":0,"complaints":0,"auto_replies":0,"read":null},"letters":{"due":0,"listed":0,"told":0,"untold":0},
		"evidence":{"rows":1,"head":"` + aHead + `","epoch":1},"balanced":true,"purged":null}`
	for _, c := range []struct{ old, new, wrong string }{
		{`{`, `{`, ""},
		{`"halt":null`, `"halt":{"reason":"r","at":"2018-08-20T00:00:00Z","samples":["550 no"]}`, ""},
		{`"campaign":"a",`, ``, "object lacks campaign"},
		{`{"campaign"`, `{"next":1,"campaign"`, "object has next"},
		{`"sent"`, `"gone"`, `object.phase is "gone"`},
		{`"read":1`, `"read":"1"`, `object.rows.read is "1"`},
		{`"read":1`, `"read":1.5`, `object.rows.read is "1.5"`},
		{`"in_flight":0,`, ``, "object.notices lacks in_flight"},
		{`"state":"done"`, `"state":"over"`, `object.waves.0.state is "over"`},
		{`"ended"`, `"over"`, `object.holds.0.state is "over"`},
		{`,"people":0`, ``, "object.holds.0 lacks people"},
		{`"proof":"",`, ``, "object.approvals.0 lacks proof"},
		{`[1]`, `["1"]`, `object.approvals.0.batches.0 is "1"`},
		{`"halt":null`, `"halt":"stop"`, "object.halt is no object"},
		{aHead, `0123`, `object.evidence.head is "0123"`},
		{aHead, ``, ""},
		{`true`, `null`, "object.balanced is <nil>"},
		{`"purged":null`, `"purged":true`, "object.purged is true"},
	} {
		v, err := oneObject(strings.Replace(good, c.old, c.new, 1))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(misshapen("object", statusShape, v), "; "); got != c.wrong {
			t.Errorf("%s for %s: %q, not %q", c.new, c.old, got, c.wrong)
		}
	}
	for _, text := range []string{good + "x", good + good, "words\n" + good, ""} {
		if _, err := oneObject(text); err == nil {
			t.Errorf("taken for one object: %s", text)
		}
	}
	if v, ok := at(map[string]any{"a": []any{"b"}}, "a.0"); !ok || !reflect.DeepEqual(v, "b") {
		t.Errorf("a.0 is %v", v)
	}
}
