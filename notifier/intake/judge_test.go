package intake

import (
	"strings"
	"testing"
	"unicode"

	"breachmail/notifier"
)

func TestCanonicalEmail(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, c := range []struct{ in, want string }{
		{"ann@example.com", "ann@example.com"},
		{"Ann.Lee+bills@Mail.EXAMPLE", "ann.lee+bills@mail.example"}, // no dot or plus tricks
		{"o'brien@example.com", "o'brien@example.com"},
		{"ann@bücher.example", "ann@xn--bcher-kva.example"},
		{"ann@BÜCHER.example", "ann@xn--bcher-kva.example"},
		{"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
		{"ann@mail。example", "ann@mail.example"},
		{"NUÑEZ@example.com", "nuñez@example.com"},
		{"nun\u0303ez@example.com", "nuñez@example.com"},
		{"straße@example.com", "strasse@example.com"},
		{"用户@例え.example", "用户@xn--r8jz45g.example"},
		{long + "@example.com", long + "@example.com"},
		{"a@r3---sn-x.example", "a@r3---sn-x.example"},
	} {
		got, err := CanonicalEmail(c.in)
		if err != nil || got != c.want {
			t.Errorf("CanonicalEmail(%q) = %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

func TestNotAnEmail(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, c := range []struct {
		in   string
		want error
	}{
		{"", errNoAddress}, {"ann", errNotAddress}, {"ann.example.com", errNotAddress}, {"503-555-0101", errNotAddress},
		{"ann@example.com\r\nBcc: b@example.com", errControl}, {"a\x00nn@example.com", errControl}, {"a\u0085@example.com", errControl}, {"\xff@example.com", errControl},
		{"@example.com", errLocal}, {".ann@example.com", errLocal}, {"ann.@example.com", errLocal}, {"a..b@example.com", errLocal},
		{"ann lee@example.com", errLocal}, {"a@b@example.com", errLocal}, {"\"ann\"@example.com", errLocal}, {"ann<@example.com", errLocal},
		{"ann\u200b@example.com", errLocal}, {"ann\u202e@example.com", errLocal}, {"ann\u00a0@example.com", errLocal}, {"ann\ufffd@example.com", errLocal},
		{"Ann Lee <ann@example.com>", errLocal}, {"mailto:ann@example.com", errLocal}, {"ann@example.com;bob@example.com", errLocal},
		{"ann@", errDomain}, {"ann@localhost", errDomain}, {"ann@example.com.", errDomain}, {"ann@.example.com", errDomain}, {"ann@example..com", errDomain},
		{"ann@-a.example", errDomain}, {"ann@a-.example", errDomain}, {"ann@a_b.example", errDomain}, {"ann@a b.example", errDomain}, {"ann@[192.0.2.1]", errDomain},
		{"ann@192.0.2.1", errDomain}, {"ann@" + long + "a.example", errDomain}, {"ann@xn--a.example", errDomain},
		{"ann@" + strings.Repeat("a.", 130) + "example", errDomain},
		{long + "aa@example.com", errLength}, {long + "@" + strings.Repeat(long+".", 3) + "example", errLength},
	} {
		got, err := CanonicalEmail(c.in)
		if err != c.want || got != "" {
			t.Errorf("CanonicalEmail(%q) = %q, %v, want %v", c.in, got, err, c.want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	for _, s := range []string{
		"n/a", "N/A", "none", "NULL", "-", "no email", "none@none.example", "None@Example.com", "noemail@example.com",
		"No.Email@example.com", "no-email@example.com", "na@na.example", "test@test.example", "x@x.example", "not_provided@example.com", "n/a@n/a",
	} {
		if _, err := judgeEmail(s); err != errPlaceholder {
			t.Errorf("%q is no placeholder: %v", s, err)
		}
	}
	for _, s := range []string{"na@example.com", "nona@example.com", "test.driver@example.com", "nullman@example.com", "noel.mail@example.com", "x@example.com"} {
		if _, err := judgeEmail(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestJudgeNumber(t *testing.T) {
	const empty, rounded = "account_number is empty", "account_number is damaged: a spreadsheet turned this into a rounded number"
	for _, c := range []struct{ in, reason string }{
		{"900100200", ""}, {"0000123", ""}, {"A-77/12.3", ""}, {"12E45", ""}, {"1E5", ""}, {"E12", ""}, {"12.345", ""}, {"ACCT#1", ""},
		{"", empty}, {"N/A", empty}, {"null", empty}, {"-", empty},
		{"9.00E+08", rounded}, {"9.00e+08", rounded}, {"9,00E+08", rounded}, {"9E+08", rounded}, {"1.2E10", rounded}, {"-9.0E-08", rounded},
		{"#####", "account_number is damaged: a spreadsheet wrote an error in its place"},
		{"#REF!", "account_number is damaged: a spreadsheet wrote an error in its place"},
		{"900100200.0", "account_number is damaged: it was turned into a decimal number"},
		{"900\n100", "account_number contains control characters"}, {"9\x7f", "account_number contains control characters"},
		{"ann@example.com", "account_number contains an @ (are the columns shifted?)"},
		{strings.Repeat("9", 65), "account_number is longer than 64 characters (are the columns shifted?)"},
	} {
		number, reason := judgeNumber(c.in)
		if reason != c.reason || reason == "" && number != c.in || reason != "" && number != "" {
			t.Errorf("judgeNumber(%q) = %q, %q, want %q", c.in, number, reason, c.reason)
		}
	}
}

func TestJudgeType(t *testing.T) {
	for kind, spellings := range map[notifier.AccountType]string{
		notifier.Prepaid:  "prepaid Prepaid PRE-PAID pre_paid Pre pre-pay prepay PAYG Pay-As-You-Go paygo",
		notifier.Postpaid: "postpaid POSTPAID post-paid Post postpay contract Contract monthly Pay_Monthly bill-pay",
	} {
		for _, s := range append(strings.Fields(spellings), strings.ReplaceAll(string(kind), "paid", " paid")) {
			if got, reason := judgeType(s); got != kind || reason != "" {
				t.Errorf("judgeType(%q) = %q, %q, want %s", s, got, reason, kind)
			}
		}
	}
	for s, want := range map[string]string{
		"":                  "account_type is empty",
		"prepaid/postpaid":  "account_type is neither prepaid nor postpaid in any usual spelling",
		"gold":              "account_type is neither prepaid nor postpaid in any usual spelling",
		"--":                "account_type is neither prepaid nor postpaid in any usual spelling",
		"ann@example.com":   "account_type is neither prepaid nor postpaid in any usual spelling",
		"unlimited prepaid": "account_type is neither prepaid nor postpaid in any usual spelling",
	} {
		if kind, reason := judgeType(s); kind != "" || reason != want {
			t.Errorf("judgeType(%q) = %q, %q", s, kind, reason)
		}
	}
}

func TestJudgeZIP(t *testing.T) {
	for _, c := range []struct{ in, zip, state string }{
		{"97201", "97201", "OR"}, {"97201-1234", "97201-1234", "OR"}, {"2134", "02134", "MA"}, {"2134-0001", "02134-0001", "MA"},
		{"2134.0", "02134", "MA"}, {"97201.0", "97201", "OR"}, {"", "", notifier.UnknownState}, {"601", "601", notifier.UnknownState},
		{"K1A 0B6", "K1A 0B6", notifier.UnknownState}, {"00001", "00001", notifier.UnknownState}, {"97\n201", "97 201", notifier.UnknownState},
		{"09001", "09001", notifier.UnknownState},
	} {
		if zip, state := judgeZIP(c.in); zip != c.zip || state != c.state {
			t.Errorf("judgeZIP(%q) = %q, %q, want %q, %q", c.in, zip, state, c.zip, c.state)
		}
	}
}

func TestJudgeName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Ann Lee", "Ann Lee"}, {"  Ann \t Lee\n", "Ann Lee"}, {"Ann\r\nBcc: x", "Ann Bcc: x"}, {"An\x00n\u0081", "Ann"},
		{"Nu\u0303n\u0303ez", "Nũñez"}, {"Ann\u202eeeL", "AnneeL"}, {"\ufeffAnn", "Ann"}, {"a\u200db", "a\u200db"},
		{"", ""}, {"N/A", ""}, {"-", ""}, {"unknown", ""}, {"Nullman", "Nullman"}, {"Ann\u2028Lee", "Ann Lee"}, {"\xff", "\ufffd"},
	} {
		if got := judgeName(c.in); got != c.want {
			t.Errorf("judgeName(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzCanonicalEmail(f *testing.F) {
	for _, s := range []string{"ann@example.com", "Ann@BÜCHER.example", "a@b@c.d", "ẞ@xn--.example", "\x00@", "ŉ@mail。example", "K@K.example", "a@xn--bcher-kva.example", "\u0345\u0301a@a.b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CanonicalEmail(s)
		if err != nil {
			if s != "" && len(s) > 3 && strings.Contains(err.Error(), s) {
				t.Errorf("the error quotes the address: %v", err)
			}
			return
		}
		if again, err := CanonicalEmail(got); err != nil || again != got {
			t.Errorf("%q is %q, and that is %q, %v", s, got, again, err)
		}
		domain := got[strings.LastIndexByte(got, '@')+1:]
		if !isASCII(domain) || domain != strings.ToLower(domain) || !strings.Contains(domain, ".") {
			t.Errorf("%q has the domain %q", s, domain)
		}
		for _, a := range []string{s, got} {
			if len(a) > maxPath-2 || !notifier.CleanLine(a) || strings.ContainsAny(a, " \t<>,;:\"()[]\\") || strings.ContainsFunc(a, unicode.IsControl) {
				t.Errorf("%q is taken for an address", a)
			}
		}
	})
}

func FuzzJudgeNumber(f *testing.F) {
	for _, s := range []string{"900100200", "9.00E+08", "", "#REF!", "12E45", "1e", "e", "+.e+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, reason := judgeNumber(s)
		if (number == "") != (reason != "") {
			t.Errorf("%q: %q and %q", s, number, reason)
		}
		if reason == "" && (number != s || !notifier.CleanLine(number)) {
			t.Errorf("%q became %q", s, number)
		}
	})
}

func FuzzJudgeZIP(f *testing.F) {
	for _, s := range []string{"97201", "2134", "2134-0001", "97201.0", "", ".0", "-", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		zip, state := judgeZIP(s)
		again, same := judgeZIP(zip)
		if again != zip || same != state {
			t.Errorf("%q is %q in %s, and that is %q in %s", s, zip, state, again, same)
		}
		if !notifier.CleanLine(zip) || state != notifier.UnknownState && (len(state) != 2 || len(zip) < 5) {
			t.Errorf("%q is %q in %s", s, zip, state)
		}
	})
}
