package bundle

import (
	"fmt"
	"regexp"
	"strings"
)

// The files of a bundle, and where they stand in it.
const (
	Index         = "index.html"
	readmeFile    = "README.txt"
	statementFile = "statement.txt"
	samplesDir    = "samples"
	awkwardDir    = "awkward"
	approvalsDir  = "approvals"
)

// variantFile is the message file of a wording: notice-en-both-MD.eml.
const variantFile = `[a-z0-9][a-z0-9_-]*-[a-z]{2,3}(?:-[a-z0-9]+)*-(?:prepaid|postpaid|both)(?:-[A-Z]{2})?\.eml`

// ours are the names that a bundle's files can have. Nothing else in the
// directory is ever removed or archived.
var ours = []*regexp.Regexp{
	regexp.MustCompile(`^(?:index\.html|README\.txt|statement\.txt)$`),
	regexp.MustCompile(`^(?:website|call-center)\.[a-z]{2,3}(?:-[a-z0-9]+)*\.(?:html|txt)$`),
	regexp.MustCompile(`^samples/` + variantFile + `$`),
	regexp.MustCompile(`^awkward/[0-9]{2,}-[a-z0-9-]+\.eml$`),
	regexp.MustCompile(`^approvals/approval-[0-9]+\.txt(?:\.sig)?$`),
}

// leftovers are names that older bundles had, or that an interrupted run may
// have left behind: they are removed and never archived.
var leftovers = []*regexp.Regexp{
	regexp.MustCompile(`^` + variantFile + `$`), // samples stood at the top once
	regexp.MustCompile(`^(?:(?:samples|awkward|approvals)/)?\.[A-Za-z0-9._-]+\.(?:html|txt|eml|sig)\.[0-9]+\.tmp$`),
}

func isOurs(name string) bool { return matches(ours, name) }

func matches(list []*regexp.Regexp, name string) bool {
	for _, p := range list {
		if p.MatchString(name) {
			return true
		}
	}
	return false
}

// SampleFile is the name of a wording's message file in a bundle, by the name
// of the wording.
func SampleFile(variant string) string { return samplesDir + "/" + variant + ".eml" }

// awkwardFile is the name of the message file of an awkward case, the i-th on
// the page counted from 1: "awkward/01-en-no-name.eml".
func awkwardFile(i int, a Awkward) string {
	words := strings.Trim(notWord.ReplaceAllString(strings.ToLower(a.Variant.Language+" "+a.Case), "-"), "-")
	if len(words) > longestName {
		words = strings.TrimRight(words[:longestName], "-")
	}
	return fmt.Sprintf("%s/%02d-%s.eml", awkwardDir, i, words)
}

const longestName = 48

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// Base is the name of a publication's files in a bundle, without ending.
func (p Publication) Base() string { return p.Name + "." + p.Language }

// FileNames are the names in a bundle of what was stated and of its signature,
// as ssh-keygen names it.
func (a Approval) FileNames() [2]string {
	statement := fmt.Sprintf("%s/approval-%d.txt", approvalsDir, a.Number)
	return [2]string{statement, statement + ".sig"}
}
