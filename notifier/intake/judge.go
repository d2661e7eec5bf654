package intake

import (
	"errors"

	"breachmail/notifier"
)

// The fields that a reject of this package names, as package export does.
const (
	fieldName   = "name"
	fieldNumber = "account_number"
	fieldType   = "account_type"
)

// judged is an account that is not set aside, in the form that is grouped.
type judged struct {
	key      notifier.Key
	ordinal  int64 // among the accounts taken, from 0
	file     int   // of Intake.files
	line     int
	number   string
	kind     notifier.AccountType
	name     string
	email    string // as first written; empty where it is not usable
	phone    string
	zip      string
	state    string
	language string
	extra    []string // in the order of Options.Extra
	consent  consent
	noEmail  bool // on the list of those not to be told by email
	reason   byte // why email is empty; of reasons
}

// held returns the account as a recipient holds it.
func (j *judged) held() notifier.Held {
	return notifier.Held{Number: notifier.NewAccountNumber(j.number), Type: j.kind}
}

// reasons are all reasons for the channel postal that an address can give. The
// first stands for none.
var reasons = [...]error{
	nil, errNoAddress, errPlaceholder, errControl, errTwo, errWrapped, errTrailing,
	errNotAddress, errLocal, errDomain, errReserved, errLength, errApostrophe, errInvisible,
}

func reasonOf(err error) byte {
	for i, reason := range reasons {
		if errors.Is(err, reason) {
			return byte(i)
		}
	}
	return 0
}

// judgement is what judge has to say.
type judgement struct {
	field, reason string // why the account has to be set aside
	told          bool   // it is somebody who was told already
	email         string // the canonical one, or empty
}

// judge reads an account into j. What it says of one that is set aside or was
// told already is not complete, and nothing is noticed about it.
func (in *Intake) judge(j *judged, a *notifier.Account) (is judgement) {
	*j = judged{extra: j.extra[:0]}
	if j.number, is.reason = judgeNumber(a.Number.Reveal()); is.reason != "" {
		is.field = fieldNumber
		return is
	}
	if j.kind, is.reason = judgeType(trimField(a.Type)); is.reason != "" {
		is.field = fieldType
		return is
	}
	name, who := judgeName(a.Name.Reveal())
	if is.reason = whyNoName(name); is.reason != "" {
		is.field = fieldName
		return is
	}
	email := trimField(a.Email.Reveal())
	canonical, err := in.nobody.judgeEmail(email)
	if err == nil {
		j.email = email
	}
	j.name, j.reason, is.email = name, reasonOf(err), canonical
	// Both lists are asked, so that each knows which of its entries were found.
	is.told = in.opts.Told != nil && in.opts.Told.has(canonical, j.number, who)
	j.noEmail = in.opts.NoEmail != nil && in.opts.NoEmail.has(canonical, j.number, who)
	if !is.told {
		j.key = keyOf(in.keyer, canonical, j.number, who)
		in.judgeRest(j, a)
	}
	return is
}

// judgeRest reads the fields that do not decide who it is.
func (in *Intake) judgeRest(j *judged, a *notifier.Account) {
	if isDamaged(a.Name.Reveal()) {
		in.warn(nameDamaged, a, "")
	}
	j.zip, j.state = in.judgePlace(a)
	j.phone = in.judgePhone(a)
	j.consent = in.judgeConsent(a)
	j.language = in.judgeLanguage(a)
	for i := range in.opts.Extra {
		text := ""
		if i < len(a.Extra) {
			text = cleanName(a.Extra[i].Reveal())
		}
		j.extra = append(j.extra, text)
	}
	j.file, j.line = in.fileIndex(a.Source.File), a.Source.Line
}

// fileIndex returns a file's place in the table of files, newest last.
func (in *Intake) fileIndex(file string) int {
	for i := len(in.files) - 1; i >= 0; i-- {
		if in.files[i] == file {
			return i
		}
	}
	in.files = append(in.files, file)
	return len(in.files) - 1
}
