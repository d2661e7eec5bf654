package intake

import "testing"

func TestJudgeName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Ann Lee", "Ann Lee"}, {"  Ann \t Lee\n", "Ann Lee"}, {"Ann\r\nBcc: x", "Ann Bcc: x"}, {"An\x00n\u0081", "Ann"},
		{"Nu\u0303n\u0303ez", "Nũñez"}, {"Ann\u202eeeL", "AnneeL"}, {"\ufeffAnn", "Ann"}, {"a\u200db", "a\u200db"},
		{"\u200eAnn\u200f Lee\u061c", "Ann Lee"}, {"An\u00adna\u00ad", "Anna"}, {"A\ufff9nn\U000e0041", "Ann"}, {"\u200e \u200f", ""}, {"\u202dAnn\u202c", "Ann"},
		{"مى\u200cخواهم", "مى\u200cخواهم"}, {"\u200dAnn \u200c", "Ann"}, {"Ann\u200d \u200c\u200d", "Ann"}, {"രാമന്\u200d", "രാമന്\u200d"},
		{"e\u0301\u200d", "é"}, {"\u200c", ""}, {"a\u180eb", "a\u180eb"}, {"\u06001", "\u06001"},
		{"Ngọc Miller", "Ngọc Miller"}, {"José  Núñez", "José Núñez"}, {"José ", "José"}, {"3×4", "3×4"},
		{"", ""}, {"N/A", ""}, {"-", ""}, {"unknown", ""}, {"Nullman", "Nullman"}, {"Ann\u2028Lee", "Ann Lee"}, {"\xff", "\ufffd"},
	} {
		got, folded := judgeName(c.in)
		if got != c.want || folded != foldText(c.want) {
			t.Errorf("judgeName(%q) = %q, %q, want %q", c.in, got, folded, c.want)
		}
	}
}

func TestWhyNoName(t *testing.T) {
	for want, list := range map[string][]string{
		"": {
			"", "Ann Lee", "Ann @ Work", "Ann@Home", "@example.com", "a@b", "Ann @example.com", "4 Brothers LLC", "Lee 123456", "Unit 1234 Bldg 567", "Club 2018-20",
			"John Smith 3rd", "{Ann}", "{ {Ann} }", "José Núñez", "李小龙", "12,34,56,78", "Suite 100, 1200 Main", "R&D 50+ Group", "Lee 12/31/2018",
			"bm7act Smith", "Pat cut-text", "Pat <no name>",
		},
		"the name holds an email address (are the columns shifted?)": {
			"ann@example.com", "Ann Lee <ann@example.com>", "Ann (ann@mail.example.co.uk)", "a@b@example.com", "ann@example.com,bob", "josé@exämple.com",
			"ann@例え.テスト", "ann@1.example", "ANN@EXAMPLE.COM", "2065550101@example.com", "ann@xn--exmple-cua.com",
			"Pat a@b.c", `"ann lee"@example.com`,
		},
		"the name holds a telephone or account number (are the columns shifted?)": {
			"5550101", "Ann 555-0101", "Ann Lee (206) 555-0101", "+1 206 555 0101", "900123456", "206.555.0101", "Lee900123456", "٥٥٥٠١٠١",
		},
		"the name holds what a program writes where a value is missing": {"Pat <no value>", "<no value>"},
		"the name holds a template's braces":                            {"{{.Name}}", "Ann {{", "}} Lee", "{{{"},
	} {
		for _, s := range list {
			name, _ := judgeName(s)
			if got := whyNoName(name); got != want {
				t.Errorf("whyNoName(%q) = %q, want %q", s, got, want)
			}
		}
	}
	// What nobody sees is gone before it is looked at.
	if name, _ := judgeName("{\u200b{"); whyNoName(name) == "" {
		t.Errorf("%q may stand in a notice", name)
	}
}

func TestDamagedName(t *testing.T) {
	for _, s := range []string{
		"JosÃ© Lee", "NÃºÃ±ez", "MarÃ\u00ada", "Ã\u00a0 Porta", "Ãlvaro Ã\u0081", "JoÃ£o", "Ã‰lodie", "Ang\ufffdlique", "Muï¿½oz", "Tuáº¥n", "Nguyá»…n",
		"Lee â€“ Hale", "SeÃ±or", "Ä‡", "Â\u00a0Lee",
	} {
		if !isDamaged(s) {
			t.Errorf("%q is taken for whole", s)
		}
	}
	for _, s := range []string{
		"Ann Lee", "José Núñez", "JOÃO", "SÃO", "Tuấn Nguyễn", "José’s", "Müller–Lüdenscheidt", "Gal·la", "Zoë", "Ð orđe", "ÂNGELA", "José\u00a0Lee",
		"Мария", "李小龙", "Łukasz Żak", "Øyvind Ærø", "",
	} {
		if isDamaged(s) {
			t.Errorf("%q is taken for damaged", s)
		}
	}
}
