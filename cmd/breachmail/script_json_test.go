package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// verbShapes are the objects of verbs that do not print that of status.
var verbShapes = map[string]shape{
	"verify": object{
		"ok": value(isBool), "rows": value(isCount), "head": value(isText), "recipients": value(isCount), "blocks": value(isCount),
		"purged": optional{purgedShape}, "head_row": value(isCount), "wrong": value(isText),
	},
	"backup": object{
		"path": value(isText), "at": value(isTime), "seq": value(isCount), "head": value(isText), "bytes": value(isCount), "keep": array{value(isText)},
	},
	"purge": object{
		"purged": optional{value(isTime)}, "people": value(isCount), "left": purgedShape["left"], "retention_until": value(isTime),
		"forgot_key": value(isBool), "removed": array{value(isText)}, "others": array{value(isText)},
		"backups": array{object{"path": value(isText), "at": value(isTime), "seq": value(isCount), "head": value(isText), "exists": value(isBool)}},
	},
	"bounces": beside(statusShape, "taken", object{
		"recovered": value(isCount), "read": value(isCount), "hard": value(isCount), "bounced": value(isCount), "soft": value(isCount),
		"complaints": value(isCount), "auto_replies": value(isCount), "settled": value(isCount), "by_address": value(isCount), "repeated": value(isCount),
		"unmatched": value(isCount), "unsent": value(isCount), "other": value(isCount), "kept": value(isCount), "kept_in": value(isText),
	}),
	"letters": beside(statusShape, "list", object{
		"listed": value(isCount), "written": value(isCount), "file": value(isText), "lists": array{value(isText)},
		"texts":     array{object{"name": value(isText), "file": value(isText), "people": value(isCount)}},
		"reasons":   array{object{"reason": value(isText), "people": value(isCount)}},
		"held_back": array{object{"name": value(isText), "people": value(isCount)}}, "not_approved": value(isCount),
		"left": array{leftShape}, "warnings": array{value(isText)},
	}),
	"letters-sent": beside(statusShape, "mailing", object{
		"on": value(isText), "people": value(isCount), "again": value(isCount), "row": value(isCount),
		"file_sha256": value(isHead), "proof_sha256": value(isHead), "left": array{leftShape},
	}),
	"report": object{
		"campaign": value(isText), "phase": value(isText), "at": value(isTime), "dir": value(isText), "files": array{value(isText)},
		"recipients": counts("total", "email", "postal"), "notices": purgedShape["left"], "letters": counts("due", "listed", "told", "untold"),
		"untold": value(isCount), "owed": array{value(isText)}, "regulators": array{value(isText)},
		"evidence": object{"rows": value(isCount), "head": value(isText), "epoch": value(isCount)},
		"balanced": value(isBool), "wrong": array{value(isText)}, "purged": optional{value(isTime)},
	},
	"done":      object{"tasks": array{taskShape}},
	"done-task": object{"task": taskShape, "head": value(isHead)},
}

// leftShape is a state where people are left to be told by letter.
var leftShape = object{
	"state": value(isText), "name": value(isText), "people": value(isCount), "tell_by": value(isText), "deadline": value(isText),
	"source": value(isText), "source_date": value(isText), "passed": value(isBool),
}

// taskShape is something that the law data ask for beside the notices.
var taskShape = object{
	"name": value(isText), "kind": value(isText), "state": value(isText), "state_name": value(isText), "what": value(isText), "when": value(isText),
	"by": value(isText), "tell_by": value(isText), "source": value(isText), "source_date": value(isText), "confidence": value(isText), "owed": value(isBool),
	"done": optional{object{
		"task": value(isText), "on": value(isText), "proof": value(isHead), "note": value(isText), "row": value(isCount), "at": value(isTime),
	}},
}

// beside is a shape with one more key.
func beside(o object, key string, s shape) object {
	o = maps.Clone(o)
	o[key] = s
	return o
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
	hasValues(ts, v, args[1:])
}

// hasValues holds an object to PATH=VALUE.
func hasValues(ts *testscript.TestScript, v any, args []string) {
	for _, arg := range args {
		path, want, _ := strings.Cut(arg, "=")
		if got, ok := at(v, path); !ok || fmt.Sprint(got) != want {
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

// awaits N waits until the relay has N messages.
func scriptAwaits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "awaits N")
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	if !storyOf(ts).relay.await(n, nil) {
		ts.Fatalf("the relay does not get %d messages", n)
	}
}

// finds TEXT PATH... looks through files, and through all files in folders, for a
// text in any case; it fails where it is in none.
func scriptFinds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) >= 2, "[!] finds TEXT PATH...")
	var found []string
	for _, path := range args[1:] {
		ts.Check(filepath.WalkDir(ts.MkAbs(path), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if strings.Contains(strings.ToLower(string(b)), strings.ToLower(args[0])) {
				found = append(found, path)
			}
			return err
		}))
	}
	if neg != (len(found) == 0) {
		ts.Fatalf("%q is in %q", args[0], found)
	}
}
