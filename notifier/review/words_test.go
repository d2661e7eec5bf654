package review

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/jurisdiction"
)

// What a wording lacks, and what a law forbids, has a name for every block.
func TestBlocksHaveNames(t *testing.T) {
	clause := regexp.MustCompile(`^(?:how|what|who|whether|that|to|it|them)\b`)
	offices := []string{jurisdiction.BlockAttorneyGeneral, jurisdiction.BlockConsumerAgency, jurisdiction.BlockFTC, jurisdiction.BlockBureaus} // named one by one
	for _, block := range jurisdiction.Blocks {
		if lacks := lackedWords(block); lacks == "" || clause.MatchString(lacks) && !slices.Contains(offices, block) {
			t.Errorf("%s: a wording lacks %q", block, lacks)
		}
		forbids := wordsFor(block, jurisdiction.Forbidden)
		if first, rest, _ := strings.Cut(forbids, " "); !strings.HasSuffix(first, "ing") || rest != blockWords[block] {
			t.Errorf("%s: a law forbids %q", block, forbids)
		}
		if asks := wordsFor(block, jurisdiction.Required); asks != blockWords[block] {
			t.Errorf("%s: a law asks for %q", block, asks)
		}
	}
	if got := wordsFor(jurisdiction.BlockNature, jurisdiction.Forbidden); got != "describing what happened" {
		t.Errorf("got %q", got)
	}
}

// A finding names what is missing, also for who reads no further.
func TestLacksAreNamed(t *testing.T) {
	c := newCampaign(t)
	c.english()
	allBlocks(c, jurisdiction.Required)
	c.Incident.Contact.Phone = ""
	c.toState("KS")
	c.file("massachusetts.en.md", func(string) string { return nothingSaid })
	pronoun := regexp.MustCompile(`\b(?:lacks|requires) (?:it|them|how|what|when|who|whether|that)\b`)
	var text []string
	for _, f := range c.lint(t) {
		if f.State == "KS" {
			text = append(text, f.Text)
			if pronoun.MatchString(f.Text) {
				t.Error(f.Text)
			}
		}
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{
		"Kansas requires the dates on which it happened: this wording lacks the dates on which it happened (",
		"lacks the date of the notice (", "lacks the date on which it was discovered (", `lacks the heading "Notice of Data Breach" (`,
		"lacks the company's telephone number (incident.contact.phone is empty) (", `lacks "name" among the kinds of data, `, `Kansas requires saying how to reach the attorney general: this wording lacks the name "Kansas Attorney General" (`,
		"Kansas requires describing what happened: this wording lacks a description of what happened (",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q in\n%s", want, all)
		}
	}
}
