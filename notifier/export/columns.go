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
	FieldLanguage      = "language" // an export may lack this one and those below
	FieldState         = "state"
	FieldConsent       = "email_consent" // to be told by email; not an opt-in to marketing
)

// required are the fields every export has, optional those it may lack, both
// in the order of rejected.csv.
var (
	required = []string{FieldName, FieldZIP, FieldPhone, FieldEmail, FieldAccountNumber, FieldAccountType}
	optional = []string{FieldLanguage, FieldState, FieldConsent}
)

// headerNames are the header names recognised for each field, written as fold
// leaves them: letters and digits only, in lower case. Names that are as often
// something else (subscriber ID, home phone, plan) are not among them: such a
// column is named under exports.columns.
var headerNames = map[string][]string{
	FieldName: {
		"name", "fullname", "customername", "customerfullname", "customer", "subscribername", "subscriberfullname", "subscriber",
		"accountholder", "accountholdername", "accountname", "nameonaccount", "contactname", "contact", "billingname",
		"holder", "holdername", "clientname", "membername", "firstandlastname", "firstlastname",
	},
	FieldFirstName: {
		"firstname", "first", "givenname", "givennames", "forename", "fname", "firstnm", "customerfirstname", "subscriberfirstname",
		"contactfirstname", "billingfirstname", "accountholderfirstname", "namefirst",
	},
	FieldLastName: {
		"lastname", "last", "surname", "familyname", "lname", "lastnm", "customerlastname", "subscriberlastname",
		"contactlastname", "billinglastname", "accountholderlastname", "namelast",
	},
	FieldZIP: {
		"zip", "zipcode", "zip5", "zipcd", "uszip", "uszipcode", "postal", "postalcode", "postalcd", "postcode",
		"zippostal", "zippostalcode", "postalzip", "postalzipcode", "zipcodepostalcode",
		"billingzip", "billingzipcode", "billingzip5", "billingpostal", "billingpostalcode", "billingpostcode", "billingzippostalcode",
		"billzip", "billzipcode", "billtozip", "billtozipcode", "billtopostalcode",
		"mailingzip", "mailingzipcode", "mailingpostalcode", "mailingzippostalcode", "mailzip",
		"addresszip", "addresszipcode", "addresspostalcode", "address1postalcode", "address1zippostalcode",
		"billingaddresszip", "billingaddresszipcode", "billingaddresspostalcode",
		"customerzip", "customerzipcode", "subscriberzip", "subscriberzipcode", "homezip", "homezipcode",
	},
	FieldPhone: {
		"phone", "phonenumber", "phoneno", "phonenum", "phonenbr", "phone1", "mobile", "mobilenumber", "mobileno", "mobilenum",
		"mobilephone", "mobilephonenumber", "mobilephoneno", "mobiletelephonenumber", "msisdn", "ctn", "mdn", "ptn", "mtn", "tn",
		"cell", "cellphone", "cellphonenumber", "cellnumber", "cellno", "cellularnumber",
		"telephone", "telephonenumber", "telephoneno", "telephone1", "telno", "telnumber", "tel",
		"wireless", "wirelessnumber", "wirelessphone", "wirelessphonenumber", "contactphone", "contactphonenumber", "contactnumber",
		"primaryphone", "primaryphonenumber", "customerphone", "customerphonenumber",
		"subscriberphone", "subscriberphonenumber", "billingphone", "billingphonenumber",
	},
	FieldEmail: {
		"email", "emailaddress", "emailaddr", "emailadr", "emailid", "mail", "mailaddress", "email1", "emailaddress1",
		"contactemail", "contactemailaddress", "customeremail", "customeremailaddress", "subscriberemail", "subscriberemailaddress",
		"billingemail", "billingemailaddress", "accountemail", "accountemailaddress", "primaryemail", "primaryemailaddress",
		"useremail", "emailprimary",
	},
	FieldAccountNumber: {
		"accountnumber", "accountno", "accountnum", "accountnbr", "account", "accountid",
		"acct", "acctnumber", "acctno", "acctnum", "acctnbr", "acctid",
		"ban", "banid", "banno", "bannumber", "billingaccount", "billingaccountnumber", "billingaccountno", "billingaccountid",
		"billingacct", "billingacctnumber", "billingacctno", "customeraccount", "customeraccountnumber", "customeraccountno",
		"customeraccountid", "customeracct", "wirelessaccountnumber",
	},
	FieldAccountType: {
		"accounttype", "accttype", "accounttypecode", "accttypecode", "type", "plantype", "prepost", "postpre", "prepaidpostpaid",
		"postpaidprepaid", "prepaidorpostpaid", "postpaidorprepaid", "prepostpaid", "prepostindicator", "prepostind", "prepostflag",
		"prepostcode", "paymenttype", "paytype", "billingtype", "billtype", "servicetype", "subscribertype", "customertype",
		"accountcategory", "contracttype",
	},
	FieldLanguage: {
		"language", "lang", "languagecode", "languagecd", "langcode", "langcd", "preferredlanguage", "preferredlang", "preflanguage",
		"preflang", "languagepreference", "languagepref", "langpref", "contactlanguage", "customerlanguage", "communicationlanguage",
		"correspondencelanguage", "billinglanguage", "billlanguage", "locale",
	},
	FieldState: {
		"state", "statecode", "statecd", "stateabbr", "stateabbreviation", "st", "usstate", "stateprovince", "stateorprovince",
		"stateregion", "billingstate", "billingstatecode", "billingstateprovince", "billstate", "billtostate", "billingaddressstate",
		"mailingstate", "mailingstatecode", "mailingstateprovince", "mailstate", "addressstate", "address1stateorprovince",
		"customerstate", "subscriberstate", "homestate", "residencestate", "stateofresidence",
	},
	FieldConsent: {
		"emailconsent", "emailconsentflag", "emailconsentstatus", "consenttoemail", "econsent", "econsentflag", "econsentstatus",
		"esign", "esignconsent", "esignconsentflag", "esignconsentstatus", "esignatureconsent",
		"electronicconsent", "electronicnotice", "electronicnotices", "electronicnoticeconsent", "electronicnoticesconsent",
		"consenttoelectronicnotice", "consenttoelectronicnotices", "electronicdeliveryconsent", "electroniccommunicationconsent",
		"electroniccommunicationsconsent", "electronicdisclosureconsent", "electronicrecordsconsent",
	},
}

// fieldNames is headerNames the other way round.
var fieldNames = func() map[string]string {
	names := map[string]string{}
	for field, list := range headerNames {
		for _, name := range list {
			names[name] = field
		}
	}
	return names
}()

// Fields returns the names of all fields an export can have, in the order of
// rejected.csv; first and last name follow the name they stand for.
func Fields() []string {
	fields := append(slices.Clone(required), optional...)
	return slices.Insert(fields, 1, FieldFirstName, FieldLastName)
}

// HeaderNames returns the header names recognised for field. They are compared
// without regard to case, spaces and punctuation: "e-mail", "E Mail" and
// "EMAIL" are all "email".
func HeaderNames(field string) []string { return slices.Clone(headerNames[field]) }

// fieldOf returns the field that a header stands for, or "".
func fieldOf(header string) string { return fieldNames[fold(header)] }

// fold takes case, spaces and punctuation out of a header.
func fold(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}
