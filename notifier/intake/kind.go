package intake

import "breachmail/notifier"

// accountTypes are the usual spellings, with letters only and in lower case.
// What can mean either, such as PP, PPD or P, is not among them.
var accountTypes = spellings(map[notifier.AccountType]string{
	notifier.Prepaid: `prepaid pre prepay prepayment prepaidaccount prepaidplan prepaidservice prepaidmobile
		prepaidwireless prepd payg paygo payasyougo prepago`,
	notifier.Postpaid: `postpaid post postpay postpayment postpaidaccount postpaidplan postpaidservice postpaidmobile
		postpaidwireless postpd pstpd contract monthly paymonthly billpay billed pospago postpago`,
})

func spellings(of map[notifier.AccountType]string) map[string]notifier.AccountType {
	types := make(map[string]notifier.AccountType)
	for kind, list := range of {
		for word := range words(list) {
			types[word] = kind
		}
	}
	return types
}

// judgeType returns an account type, or why it is none.
func judgeType(s string) (kind notifier.AccountType, reason string) {
	if s == "" {
		return "", "account_type is empty"
	}
	q := squeeze(s)
	if kind, ok := accountTypes[string(q.bytes())]; ok {
		return kind, ""
	}
	return "", "account_type is neither prepaid nor postpaid in any usual spelling"
}
