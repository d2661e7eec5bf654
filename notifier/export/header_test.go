package export

import (
	"slices"
	"strings"
	"testing"
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
		{"semicolons", "name;zip;phone;email;account_number;account_type\n", nil, "it seems to be separated by semicolons, not commas"},
		{"one missing", "\nname,zip,phone,email,cust,account_type\n", nil, `east.csv:2: no column for account_number (found "name", "zip", "phone", "email", "cust", "account_type"; say which header it has under exports.columns, as account_number: HEADER)`},
		{"personal data beside known names", "name,97201 1,ann@example.com,account\n", nil, `no column for zip, phone, email, account_type (found "name", column 2, column 3, "account";`},
		{"first name only", "first name,zip,phone,email,account,type\n", nil, "no column for name ("},
		{"doubled", "name,zip,phone,email,E-Mail,account,type\n", nil, `east.csv:1: two columns for email: "email" and "E-Mail" (say which one to read under exports.columns, as email: HEADER)`},
		{"named column absent", "name,zip,phone,email,account,type\n", map[string]string{"phone": "handy"}, `no column has the header "handy" that exports.columns names for phone (found "name",`},
		{"named column twice", "name,zip,handy,handy,email,account,type\n", map[string]string{"phone": "handy"}, `two columns have the header "handy" that exports.columns names for phone (columns 3 and 4: rename one)`},
		{"one column for two fields", "name,zip,x,email,account,type\n", map[string]string{"phone": "x", "language": "x"}, `exports.columns names the header "x" for both language and phone`},
		{"unknown field", head, map[string]string{"fone": "phone"}, `exports.columns names a field "fone" that does not exist (fields: account_number,`},
		{"broken header", "name,\"zip,phone\n", nil, "east.csv:1: the header cannot be read: a quoted field does not end"},
		{"lone CR", "name,zip,phone,email,account,type\rAnn Lee,97201,1,ann@example.com,9,pre", nil, "east.csv:1: the lines end in a lone CR"},
		{"one known name", "97201,Ann Lee,mail\n", nil, "no column for name, zip, phone, account_number, account_type (found 3 columns, 1 of them with a known name;"},
		{"utf-16", "\xff\xfen\x00a\x00", nil, "east.csv:1: the file is in UTF-16 (save it as CSV in UTF-8)"},
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
}
