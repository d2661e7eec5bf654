package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// shownShape is the object of show --json.
var shownShape = object{
	"people": array{object{
		"asked": array{value(isCount)}, "found_by": array{oneOf("key", "reference", "address", "phone", "account_number", "account_added_after_notice")},
		"by_hash": value(isBool), "reference": value(isText), "key": value(isText), "message_id": value(isText),
		"name": value(isText), "address": value(isText), "phone": value(isText),
		"accounts":           array{object{"number": value(isText), "type": oneOf("prepaid", "postpaid")}},
		"added_after_notice": array{object{"number": value(isText), "type": value(isText), "export": value(isText)}},
		"state":              value(isText), "language": value(isText), "batch": value(isCount), "wave": value(isText),
		"channel": oneOf("email", "postal"), "reason": value(isText), "wording": value(isText),
		"approvals": array{object{"row": value(isCount), "by": value(isText), "at": value(isTime), "approval_code": value(isText), "wrong": value(isText)}},
		"status":    oneOf("", "pending", "in_flight", "deferred", "accepted", "refused", "unknown", "bounced"),
		"cause":     value(isText), "due": optional{value(isTime)}, "held_by": array{value(isText)}, "gate": value(isText), "halted": value(isBool),
		"attempts": array{object{
			"row": value(isCount), "attempt": value(isCount), "wave": value(isText), "claimed": value(isTime), "known": optional{value(isTime)},
			"relay": value(isText), "outcome": value(isText), "cause": value(isText), "code": value(isCount), "enhanced": value(isText),
			"reply": value(isText), "relay_id": value(isText), "wording": value(isText), "digest": value(isText), "approval": value(isCount),
		}},
		"decisions": array{object{
			"row": value(isCount), "kind": value(isText), "at": value(isTime), "status": value(isText), "cause": value(isText), "by": value(isText), "happened": optional{value(isTime)},
			"code": value(isCount), "enhanced": value(isText), "reply": value(isText), "relay_id": value(isText),
		}},
		"letter": optional{object{"list": value(isCount), "listed": value(isTime), "row": value(isCount), "sent": value(isText)}},
	}},
	"not_found": array{value(isCount)},
	"more":      array{object{"asked": value(isCount), "people": value(isCount)}},
	"purged":    optional{object{"at": value(isTime), "forgot_key": value(isBool)}},
	"look_in":   array{value(isText)},
}

// messageShape is what stands in a person with --eml.
var messageShape = object{"eml": optional{value(isText)}, "digest": value(isText), "row": value(isCount), "same": value(isBool)}

// shown [PATH=VALUE...] holds the last command's stdout to the object of show
// --json, and to the given values.
func scriptShown(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg, "shown [PATH=VALUE...]")
	v, err := oneObject(ts.ReadFile("stdout"))
	ts.Check(err)
	var wrong []string
	if m, ok := at(v, "people.0.message"); ok {
		wrong = misshapen("message", messageShape, m)
	}
	wrong = append(wrong, misshapen("shown", shownShape, v)...)
	for _, w := range wrong {
		if w != "shown.people.0 has message" {
			ts.Fatalf("%s", strings.Join(wrong, "\n"))
		}
	}
	hasValues(ts, v, args)
}
