package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// verbShapes are the objects of verbs that do not print that of status.
var verbShapes = map[string]shape{
	"verify": object{
		"ok": value(isBool), "rows": value(isCount), "head": value(isText), "recipients": value(isCount), "blocks": value(isCount),
		"purged": optional{purgedShape}, "head_row": value(isCount), "wrong": value(isText),
	},
}

// purgedShape is how the ledger notes a purge.
var purgedShape = object{
	"people": value(isCount), "at": value(isTime),
	"left": counts("pending", "in_flight", "deferred", "accepted", "refused", "unknown", "bounced"),
}

func isBool(v any) bool { _, ok := v.(bool); return ok }

// json VERB [PATH=VALUE...] holds the last command's stdout to that verb's
// object, key by key and type by type, and to the given values.
func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 1 && verbShapes[args[0]] != nil, "json "+strings.Join(slices.Sorted(maps.Keys(verbShapes)), "|")+" [PATH=VALUE...]")
	v, err := oneObject(ts.ReadFile("stdout"))
	ts.Check(err)
	if wrong := misshapen("object", verbShapes[args[0]], v); len(wrong) > 0 {
		ts.Fatalf("%s", strings.Join(wrong, "\n"))
	}
	for _, arg := range args[1:] {
		path, want, _ := strings.Cut(arg, "=")
		got, ok := at(v, path)
		if !ok || fmt.Sprint(got) != want {
			ts.Fatalf("%s is %v, not %s", path, got, want)
		}
	}
}

// keep NAME PATH puts what the last command's object has at PATH into $NAME.
func scriptKeep(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "keep NAME PATH")
	v, err := oneObject(ts.ReadFile("stdout"))
	ts.Check(err)
	got, ok := at(v, args[1])
	if !ok {
		ts.Fatalf("there is no %s", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(got))
}
