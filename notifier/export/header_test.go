package export

import (
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		header  string
		columns map[string]string
		row     string
		want    string
	}{
		{header: "name,zip,phone,email,account_number,account_type", row: "A,1,2,3,4,5", want: "2 A/1/2/3/4/5"},
		{header: "Account Type,ACCOUNT-NUMBER,E-Mail Address,Mobile #,Billing ZIP Code,Customer.Name", row: "5,4,3,2,1,A", want: "2 A/1/2/3/4/5"},
		{header: "BAN,Pre/Post,MSISDN,e-mail,Postal Code,Subscriber Name,notes", row: "4,5,2,3,1,A,x", want: "2 A/1/2/3/4/5"},
		{header: "First Name,Last Name,zip,ctn,email,acct,plan_type", row: "Ann,Lee,1,2,3,4,5", want: "2 Ann Lee/1/2/3/4/5"},
		{header: "First Name,Last Name,zip,ctn,email,acct,plan_type", row: ",Lee,1,2,3,4,5", want: "2 Lee/1/2/3/4/5"},
		{header: "First Name,Last Name,Full Name,zip,ctn,email,acct,plan_type", row: "x,y,A,1,2,3,4,5", want: "2 A/1/2/3/4/5"},
		{header: "name,zip,phone,email,cust_ref,kind", columns: map[string]string{"account_number": "cust_ref", "account_type": " KIND"}, row: "A,1,2,3,4,5", want: "2 A/1/2/3/4/5"},
		{header: "name,zip,phone,mobile,email,acct,type", columns: map[string]string{"phone": "mobile"}, row: "A,1,x,2,3,4,5", want: "2 A/1/2/3/4/5"},
		{header: "Account Name,Mailing State/Province,Mailing Zip/Postal Code,Phone,Email,Account ID,Type", row: "A,OR,1,2,3,4,5", want: "2 A/1/2/3/4/5/OR"},
		{header: "BAN,CTN,EMAIL_ADDR,CUST_FIRST_NM,CUST_LAST_NM,BILL_ZIP,PRE_POST_IND,LANG_PREF,E-Sign Consent,Marketing Opt-In",
			columns: map[string]string{"first_name": "cust first nm", "last_name": "cust last nm"}, row: "4,2,3,A,B,1,5,es,Y,N", want: "2 A B/1/2/3/4/5/es/Y"},
		{header: "fullname,address1_stateorprovince,address1_postalcode,telephone1,emailaddress1,accountnumber,customertype", row: "A,OR,1,2,3,4,5", want: "2 A/1/2/3/4/5/OR"},
		{header: "na\u00adme,\u200ezip\u200f,phone,email\u061c,acct,type", row: "\u200eA\u00ad,\u061c1,2\u200f,3,\u200f\u200b4 \u200e,5", want: "2 A/1/2/3/4/5"},
		{header: "name,\"zip\r\ncode\",phone,email,acct,type", row: "A,1,2,3,4,5", want: "3 A/1/2/3/4/5"},
		{header: "name,given,family,zip,phone,email,acct,type", columns: map[string]string{"first_name": "given", "last_name": "family"}, row: "x,A,B,1,2,3,4,5", want: "2 A B/1/2/3/4/5"},
	} {
		got := readAll(t, c.header+"\n"+c.row+"\n", Options{Columns: c.columns})
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q, want %q", c.header, got, c.want)
		}
	}
}

func TestHeaderErrors(t *testing.T) {
	for _, c := range []struct {
		name, content string
		columns       map[string]string
		want          string
	}{
		{"empty", "", nil, "east.csv:1: the file is empty"},
		{"only blank lines", "\n\n  \n", nil, "east.csv:1: the file is empty"},
		{"no header", "Ann Lee,97201,503-555-0101,ann@example.com,900100200,prepaid\n", nil, "east.csv:1: no header found: none of the 6 columns in the first line has a known name (put a line with the names name, zip, phone,"},
		{"another delimiter", "name^zip^phone^email^account_number^account_type\n", nil, "no header found: none of the 1 column in"},
		{"a wrong sep line", "sep=^\nname^zip\n", nil, "east.csv:1: the line sep= does not name a delimiter that can be read (it is comma, semicolon, tab or bar"},
		{"nothing below sep", "sep=;\n\n", nil, "east.csv:1: the file is empty"},
		{"sep that does not separate", "sep=;\nname,zip,phone,email,account_number,account_type\n", nil, "east.csv:2: no header found"},
		{"two columns for state", "name,zip,phone,email,account,type,State,Billing State\n", nil, `two columns for state: "State" and "Billing State"`},
		{"NUL", "name,zip\x00,phone\n", nil, "east.csv:1: the header cannot be read: the row contains a NUL byte"},
		{"one missing", "\nname,zip,phone,email,cust,account_type\n", nil, `east.csv:2: no column for account_number (found "name", "zip", "phone", "email", "cust", "account_type"; say which header it has under exports.columns in campaign.yaml, as account_number: HEADER)`},
		{"personal data beside known names", "name,97201 1,ann@example.com,account\n", nil, `no column for zip, phone, email, account_type (found "name", "account" and 2 other columns; say`},
		{"first name only", "first name,zip,phone,email,account,type\n", nil, "no column for name ("},
		{"doubled", "name,zip,phone,email,E-Mail,account,type\n", nil, `east.csv:1: two columns for email: "email" and "E-Mail" (say which one to read under exports.columns in campaign.yaml, as email: HEADER)`},
		{"named column absent", "name,zip,phone,email,account,type\n", map[string]string{"phone": "handy"}, `no column has the header "handy" that exports.columns names for phone (found "name",`},
		{"named column twice", "name,zip,handy,handy,email,account,type\n", map[string]string{"phone": "handy"}, `two columns have the header "handy" that exports.columns names for phone (columns 3 and 4: rename one)`},
		{"one column for two fields", "name,zip,x,email,account,type\n", map[string]string{"phone": "x", "language": "x"}, `exports.columns names the header "x" for both language and phone`},
		{"unknown field", head, map[string]string{"fone": "phone"}, `exports.columns names a field "fone" that does not exist (fields: name, first_name,`},
		{"broken header", "name,\"zip,phone\n", nil, "east.csv:1: the header cannot be read: a quoted field does not end"},
		{"a name beside known names", "Customer,Mobile,Ann Lee,ann@example.com,900121234,prepaid\n", nil, `no column for zip, email, account_number, account_type (found "Customer", "Mobile" and 4 other columns; say`},
		{"the same with many known names", "Customer,ZIP,Mobile,Type,Ann Lee,ann@\n", nil, `no column for email, account_number (found "Customer", "ZIP", "Mobile", "Type" and 2 other columns; say`},
		{"the same with a number", "Customer,ZIP,Mobile,E-Mail,Ann Lee,9-8-1-0-1\n", nil, `no column for account_number, account_type (found "Customer", "ZIP", "Mobile", "E-Mail" and 2 other columns; say`},
		{"a name beside two known names", "Ann Lee,mail,type\n", nil, `(found "mail", "type" and 1 other column; say`},
		{"named column absent, in a row", "Ann Lee,ann@example.com,1\n", map[string]string{"phone": "handy"}, `no column has the header "handy" that exports.columns names for phone (found 3 columns, none with a known name)`},
		{"a row in the header", "name,zip,phone,email,account,\"type\nAnn Lee,98101,1,ann@example.com,9,pre\"\n", nil, "east.csv:1: the header cannot be read: a quoted field does not end (correct"},
		{"one known name", "97201,Ann Lee,mail\n", nil, "no column for name, zip, phone, account_number, account_type (found \"mail\" and 2 other columns;"},
		{"utf-16le", "n\x00a\x00m\x00e\x00,\x00z\x00", nil, "east.csv:1: looks like UTF-16 without a byte order mark (name it: --encoding utf-16le)"},
		{"utf-16be", "\x00n\x00a\x00m\x00e\x00,\x00z", nil, "(name it: --encoding utf-16be)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newReader("east.csv", strings.NewReader(c.content), Options{Columns: c.columns})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "ann@") || err != nil && strings.Contains(err.Error(), "Ann") {
				t.Errorf("personal data in %v", err)
			}
		})
	}
}

// Every name stands for one field only, and is written as fold leaves it.
func TestHeaderNames(t *testing.T) {
	seen := map[string]string{}
	for field := range headerNames {
		for _, name := range HeaderNames(field) {
			if other := seen[name]; other != "" {
				t.Errorf("%s stands for %s and %s", name, field, other)
			}
			if fold(name) != name {
				t.Errorf("%s is not folded", name)
			}
			seen[name] = field
		}
	}
	if got := Fields(); len(got) != len(headerNames) || got[0] != FieldName || got[len(got)-1] != FieldConsent {
		t.Error(got)
	}
}

func TestDelimiter(t *testing.T) {
	const columns, row = "name,zip,phone,email,account_number,account_type", "A,1,2,3,4,5"
	for _, c := range []struct {
		name, content string
		delimiter     rune
		line          string
	}{
		{"comma", columns + "\n" + row, ',', "2"},
		{"semicolon", semicolons(columns + "\n" + row), ';', "2"},
		{"quoted headers", `"name";"zip";"phone";"e,mail";"account,number";"account_type"` + "\nA;1;2;3;4;5", ';', "2"},
		{"commas in one header", `name|zip|phone|email|account_number|type|notes, remarks, hints, more, and more, still more` + "\nA|1|2|3|4|5|", '|', "2"},
		{"sep", "sep=;\r\n" + semicolons(columns+"\r\n"+row), ';', "3"},
		{"sep quoted, cells added", "\"SEP=;\";;;;;\n" + semicolons(columns+"\n"+row), ';', "3"},
		{"sep tab", "sep=\t\n" + strings.ReplaceAll(columns+"\n"+row, ",", "\t"), '\t', "3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := readAll(t, c.content, Options{}), []string{c.line + " A/1/2/3/4/5"}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			r, err := newReader("east.csv", strings.NewReader(c.content), Options{})
			if err != nil || r.Info().Delimiter != c.delimiter {
				t.Errorf("%+v, %v", r.Info(), err)
			}
		})
	}
}

func semicolons(s string) string { return strings.ReplaceAll(s, ",", ";") }

// Where tabs separate, a line of tabs is a row, and space is not eaten.
func TestTabs(t *testing.T) {
	got := readAll(t, strings.ReplaceAll(head, ",", "\t")+"\t\t\t\t\t\nA\t\t 2\t\t4\t\n\"A\tB\"\t1\t2\t3\t4\t5\n\tA\n", Options{})
	want := []string{"2 /////", "3 A//2//4/", "4 A\tB/1/2/3/4/5", "5 reject [] 2 fields where the header has 6 (a separator too many or too few) | \tA"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExtras(t *testing.T) {
	const columns = "name,zip,phone,email,account_number,account_type,Store #,Mobile,mobile"
	for _, c := range []struct {
		name    string
		extra   map[string]string
		columns string
		want    string // the cells, or part of the error
	}{
		{"in the order of names", map[string]string{"store": "store", "a": "Store #"}, columns[:len(columns)-len(",Mobile,mobile")], "s|s"},
		{"a column that is read", map[string]string{"number": "phone"}, head[:len(head)-1] + ",x", "2"},
		{"not that one for the field", map[string]string{"second": "mobile"}, head[:len(head)-1] + ",mobile", "s"},
		{"under its own name", map[string]string{"shop": "Store No"}, head[:len(head)-1] + ",SHOP", "s"},
		{"to the letter", map[string]string{"m": "mobile"}, strings.Replace(columns, "phone", "x", 1), "u"},
		{"absent", map[string]string{"shop": "Store No"}, columns[:len(columns)-len(",Mobile,mobile")], `east.csv:1: no column has the header "Store No" that exports.extra names for shop (found "name",`},
		{"twice", map[string]string{"shop": "store"}, head[:len(head)-1] + ",store,Store", "s"},
		{"twice the same", map[string]string{"shop": "STORE"}, head[:len(head)-1] + ",store,Store", `two columns have the header "STORE" that exports.extra names for shop (columns 7 and 8: rename one)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := "\n" + strings.Join(strings.Split("A,1,2,3,4,5,s,2,u", ",")[:strings.Count(c.columns, ",")+1], ",")
			r, err := newReader("east.csv", strings.NewReader(c.columns+row), Options{Extra: c.extra})
			if err != nil {
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %s", err, c.want)
				}
				return
			}
			acc, rej, err := r.Next()
			if err != nil || rej != nil {
				t.Fatal(rej, err)
			}
			if got := cellsOf(acc); got != c.want || acc.Phone.Reveal() != "2" {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func cellsOf(a notifier.Account) string {
	var cells []string
	for _, c := range a.Extra {
		cells = append(cells, c.Reveal())
	}
	return strings.Join(cells, "|")
}
