package export

import (
	"slices"
	"strings"
	"unicode"
)

// The fields of an account, as they are named in campaign.yaml under
// exports.columns, in Reject.Field and in the header of rejected.csv.
const (
	FieldName          = "name"
	FieldFirstName     = "first_name" // first and last name together stand for name
	FieldLastName      = "last_name"
	FieldZIP           = "zip"
	FieldPhone         = "phone"
	FieldEmail         = "email"
	FieldAccountNumber = "account_number"
	FieldAccountType   = "account_type"
	FieldLanguage      = "language" // the only one an export may lack
)

// required are the fields every export has, in the order of rejected.csv.
var required = []string{FieldName, FieldZIP, FieldPhone, FieldEmail, FieldAccountNumber, FieldAccountType}

// headerNames are the header names recognised for each field, written as fold
// leaves them: letters and digits only, in lower case.
var headerNames = map[string][]string{
	FieldName: {
		"name", "fullname", "customername", "customer", "subscribername", "subscriber",
		"accountholder", "accountholdername", "accountname", "contactname", "contact", "billingname", "holder",
	},
	FieldFirstName: {
		"firstname", "first", "givenname", "fname", "customerfirstname", "subscriberfirstname",
		"contactfirstname", "billingfirstname", "namefirst",
	},
	FieldLastName: {
		"lastname", "last", "surname", "familyname", "lname", "customerlastname", "subscriberlastname",
		"contactlastname", "billinglastname", "namelast",
	},
	FieldZIP: {
		"zip", "zipcode", "zip5", "postal", "postalcode", "postcode", "billingzip", "billingzipcode",
		"billingpostal", "billingpostalcode", "billzip", "mailingzip", "mailingzipcode", "mailingpostalcode", "addresszip",
	},
	FieldPhone: {
		"phone", "phonenumber", "phoneno", "mobile", "mobilenumber", "mobileno", "mobilephone", "msisdn", "ctn", "mdn", "ptn",
		"cell", "cellphone", "cellnumber", "telephone", "telephonenumber", "tel", "wirelessnumber", "contactphone", "primaryphone",
	},
	FieldEmail: {
		"email", "emailaddress", "emailaddr", "mail", "mailaddress", "contactemail", "customeremail",
		"subscriberemail", "billingemail", "primaryemail",
	},
	FieldAccountNumber: {
		"accountnumber", "accountno", "accountnum", "account", "accountid", "acct", "acctnumber", "acctno", "acctnum", "acctid",
		"ban", "billingaccount", "billingaccountnumber", "billingaccountno", "customeraccount", "customeraccountnumber",
	},
	FieldAccountType: {
		"accounttype", "accttype", "type", "plantype", "prepost", "postpre", "prepaidpostpaid", "postpaidprepaid",
		"prepostpaid", "prepostindicator", "paymenttype", "paytype", "billingtype", "servicetype", "subscribertype", "customertype",
	},
	FieldLanguage: {
		"language", "lang", "languagecode", "langcode", "preferredlanguage", "languagepreference", "locale",
	},
}

// HeaderNames returns the header names recognised for field. They are compared
// without regard to case, spaces and punctuation: "e-mail", "E Mail" and
// "EMAIL" are all "email".
func HeaderNames(field string) []string { return slices.Clone(headerNames[field]) }

// fieldOf returns the field that a folded header name stands for, or "".
func fieldOf(folded string) string {
	for field, names := range headerNames {
		if slices.Contains(names, folded) {
			return field
		}
	}
	return ""
}

// fold takes case, spaces and punctuation out of a header.
func fold(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}
