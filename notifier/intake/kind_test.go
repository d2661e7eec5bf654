package intake

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestJudgeType(t *testing.T) {
	for kind, spellings := range map[notifier.AccountType]string{
		notifier.Prepaid:  "prepaid Prepaid PRE-PAID Pre-Paid pre_paid Pre pre-pay prepay PAYG Pay-As-You-Go paygo Prepago (prepaid) pre–paid",
		notifier.Postpaid: "postpaid POSTPAID post-paid Post postpay contract Contract monthly Pay_Monthly bill-pay pospago",
	} {
		for _, s := range append(strings.Fields(spellings), strings.ReplaceAll(string(kind), "paid", " paid"), string(kind)+" account") {
			if got, reason := judgeType(s); got != kind || reason != "" {
				t.Errorf("judgeType(%q) = %q, %q, want %s", s, got, reason, kind)
			}
		}
	}
	const unknown = "account_type is neither prepaid nor postpaid in any usual spelling"
	for s, want := range map[string]string{
		"": "account_type is empty", "prepaid/postpaid": unknown, "gold": unknown, "--": unknown, "ann@example.com": unknown,
		"unlimited prepaid": unknown, "P": unknown, "PP": unknown, "PPD": unknown, "N/A": unknown, "prépaid": unknown, "prepaid1": unknown,
		"pre\xffpaid": unknown, "ｐｒｅｐａｉｄ": unknown, strings.Repeat("prepaid", 9): unknown,
	} {
		if kind, reason := judgeType(s); kind != "" || reason != want {
			t.Errorf("judgeType(%q) = %q, %q", s, kind, reason)
		}
	}
	for word := range accountTypes {
		if got, _ := judgeType(strings.ToUpper(word)); got != accountTypes[word] {
			t.Errorf("%s is not read", word)
		}
	}
}
