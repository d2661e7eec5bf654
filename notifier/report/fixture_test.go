package report

// rich is a profile such as two million rows of a national carrier give.
func rich() *Profile {
	p := &Profile{
		Rows:       Rows{Read: 2_113_119, Merged: 96_531, Rejected: 1_704, AlreadyTold: 7},
		Recipients: RecipientCount{Total: 2_014_877, Email: 1_962_301, Postal: 52_576},
		Types:      map[string]int64{"prepaid": 721_442, "postpaid": 1_212_653, "both": 80_782},
		Languages:  []Count{{"en", 1_822_009}, {"es", 192_867}, {"pt-BR", 1}},
		States:     states(2_014_877),
		Domains:    domains,
		Others:     Others{Different: 41_120, Count: 97_301},
		Variants: []Count{
			{"notice-en-postpaid", 1_078_512}, {"notice-en-prepaid", 613_050}, {"notice-es-postpaid", 98_113},
			{"notice-es-prepaid", 93_818}, {"notice-en-both", 77_304}, {"notice-es-both", 1_504},
		},
		Postal: []Count{
			{"no email address", 31_207}, {"a placeholder stands where the email address should", 12_055}, {"not an email address", 5_109},
			{"the person is on the list of those who do not want email", 2_713}, {"the email address has no valid domain", 1_251},
			{"the part of the email address before the @ is not valid", 240}, {"the email address is too long", 1},
		},
		Rejected: rejected,
		File:     "out/check/rejected.csv",
		Warnings: []Warning{
			{"zip-zero", "a leading zero of the ZIP code was lost and has been put back", 61_402, "east.csv", 14, "7030 read as 07030"},
			{"phone", "the phone number has an impossible area code", 912, "west.csv", 1_048, "***21"},
			{"name-case", "the name is written in capitals only", 388_145, "east.csv", 2, "M*** R***"},
			{"no-language", "no column says which language a person reads: everyone is told in English", 0, "prepaid_accounts_export_2018-08-22_final_FINAL.csv", 0, ""},
		},
		Typos: []Typo{
			{"gmial.com", "gmail.com", 1_213}, {"yaho.com", "yahoo.com", 655}, {"hotmial.com", "hotmail.com", 402}, {"gmail.con", "gmail.com", 88},
		},
		TwoStates:      TwoStates{Recipients: 3_318, File: "out/check/two-states.csv"},
		SharedAccounts: 211, SharedAddresses: 4_018,
		Lists:   Lists{AlreadyTold: ListUse{Entries: 7, Found: 6}, NoEmail: ListUse{Entries: 2_713, Found: 2_713}},
		Exports: exports,
	}
	return p
}

var domains = []Count{
	{"gmail.com", 741_213}, {"yahoo.com", 402_878}, {"hotmail.com", 198_311}, {"aol.com", 121_450}, {"icloud.com", 98_120},
	{"comcast.net", 71_118}, {"outlook.com", 54_009}, {"msn.com", 35_210}, {"live.com", 28_114}, {"att.net", 24_987},
	{"sbcglobal.net", 19_871}, {"verizon.net", 15_233}, {"ymail.com", 13_871}, {"me.com", 11_028}, {"bellsouth.net", 10_114},
	{"cox.net", 8_120}, {"mac.com", 4_377}, {"charter.net", 3_902}, {"rocketmail.com", 2_180},
	{"a-very-long-name-of-a-small-company-in-the-countryside.example", 894},
}

var rejected = []Rejected{
	{"account_type", "account_type is empty", 611, "east.csv", 1_042, ""},
	{"account_number", "account_number is damaged: a spreadsheet turned this into a rounded number", 402, "west.csv", 77, "***E+09"},
	{"", "not as many fields as the header", 318, "east.csv", 20_511, ""},
	{"name", "name contains control characters", 140, "west.csv", 1_211_004, "J*** D***"},
	{"account_type", "account_type is neither prepaid nor postpaid in any usual spelling", 101, "west.csv", 412, "hybrid"},
	{"account_number", "account_number is empty", 72, "east.csv", 988_123, ""},
	{"", "a quoted field does not end", 41, "prepaid_accounts_export_2018-08-22_final_FINAL.csv", 12, ""},
	{"", "the row contains a NUL byte", 18, "west.csv", 31, ""},
	{"email", "two addresses stand in one field", 1, "east.csv", 8_812, "m***@example.com; r***@example.org"},
}

var exports = []Export{
	{
		Name: "east.csv", Packing: []string{"age", "gzip"}, Encoding: "Windows-1252", Guessed: true,
		Changed:   []Changed{{"E9", "é", 118}, {"F1", "ñ", 402}, {"92", "’", 1_977}, {"E8", "è", 20_118}, {"D8", "Ø", 1_100_452}},
		Delimiter: "semicolon", LineBreak: "CR LF",
		Columns: []Column{
			{"Customer Name", "name"}, {"Billing ZIP", "zip"}, {"MSISDN", "phone"}, {"E-Mail", "email"}, {"BAN", "account_number"},
			{"Pre/Post", "account_type"}, {"Language", "language"}, {"CUST_SEGMENT_INTERNAL_DO_NOT_SHARE_V2_MARKETING_2017", ""}, {"", ""},
		},
		Rows: 1_101_877, Rejected: 1_042, AlreadyTold: 5,
	},
	{
		Name: "west.zip/west.csv", Packing: []string{"zip"}, Encoding: "UTF-8", Delimiter: "comma", LineBreak: "LF",
		Columns: []Column{
			{"first_name", "first_name"}, {"last_name", "last_name"}, {"zip", "zip"}, {"phone", "phone"}, {"email", "email"},
			{"account_number", "account_number"}, {"account_type", "account_type"},
		},
		Rows: 1_011_201, Rejected: 621, AlreadyTold: 2,
	},
	{
		Name: "rejected.csv", Encoding: "UTF-8", Delimiter: "comma", LineBreak: "LF", Corrections: true,
		Columns: []Column{{"file", "file"}, {"line", "line"}, {"name", "name"}, {"account_number", "account_number"}},
		Rows:    324, Rejected: 41, Replaced: 283, Earlier: 12, Unmatched: 5,
	},
	{Name: "pilot.csv", Planned: true},
}

// states spreads that many people over 54 places, most first.
func states(people int64) []Count {
	codes := []string{
		"CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA", "WA", "AZ", "MA", "TN", "IN", "MO", "MD", "WI",
		"CO", "MN", "SC", "AL", "LA", "KY", "OR", "OK", "CT", "UT", "IA", "NV", "AR", "MS", "KS", "NM", "NE", "ID", "WV", "HI",
		"NH", "ME", "RI", "MT", "PR", "DE", "SD", "ND", "AK", "DC", "VT", "unknown", "GU",
	}
	out := make([]Count, len(codes), len(codes)+1)
	left := people - 3
	for i, code := range codes {
		n := left / 9
		if i == len(codes)-1 {
			n = left
		}
		out[i] = Count{code, n}
		left -= n
	}
	out[0].Count += out[len(codes)-1].Count - 40
	out[len(codes)-1].Count = 40
	return append(out, Count{"VI", 3})
}
