package main

import (
	"fmt"
	"io"
	"strings"

	"breachmail/notifier/campaign"
)

// printProfile says what is in exports, for a person who has a minute.
func printProfile(w io.Writer, c *campaign.Checked) {
	p := c.Profile
	if c.Unread != nil {
		first, _, _ := strings.Cut(c.Unread.Error(), "\n")
		fmt.Fprintf(w, "campaign.yaml is not complete, so what it says of exports was not used: %s\n", first)
	}
	printRead(w, p)
	if c.Batches > 0 {
		fmt.Fprintf(w, "The campaign has %s: who is in them is counted here like everybody, and plan merges them.\n", many(int64(c.Batches), "batch already", "batches already"))
	}
	printSums(w, &c.Status)
	printRejected(w, p)
	printLook(w, p)
	fmt.Fprintln(w)
	printListed(w, "by post, because:", p.Postal)
	printListed(w, "by email, by wording:", p.Variants)
	printListed(w, "by language:", p.Languages)
	printListed(w, "by account type:", types(p))
	printListed(w, "by domain:", p.Domains)
	if p.Others.Count > 0 {
		fmt.Fprintf(w, "  %s  at other domains\n", padded(p.Others.Count))
	}
	fmt.Fprintln(w)
	printOutlook(w, &c.Law, c.NoDay)
	fmt.Fprintf(w, "The same to look at: %s\n", c.Page)
}

// types lists recipients by the accounts they hold.
func types(p *campaign.Profile) []campaign.Count {
	var list []campaign.Count
	for _, name := range []string{"prepaid", "postpaid", "both"} {
		if n := p.Types[name]; n > 0 {
			list = append(list, campaign.Count{Name: name, Count: n})
		}
	}
	return list
}

// printRead says what was read, and how where that is not plain.
func printRead(w io.Writer, p *campaign.Profile) {
	for i := range p.Exports {
		e := &p.Exports[i]
		if e.Planned && e.Encoding == "" {
			fmt.Fprintf(w, "%s: planned before, skipped\n", e.Name)
			continue
		}
		fmt.Fprintf(w, "%s: %s, %s set aside\n", e.Name, many(e.Rows, "row", "rows"), number(e.Rejected))
		if e.Planned {
			fmt.Fprintln(w, "  planned before: plan would skip it")
		}
		if how := readAs(e); how != "" {
			fmt.Fprintf(w, "  read as %s\n", how)
		}
		if e.Replaced > 0 {
			fmt.Fprintf(w, "  %s set aside elsewhere\n", many(e.Replaced, "row stands in for one", "rows stand in for rows"))
		}
		if e.Earlier > 0 {
			fmt.Fprintf(w, "  %s of an earlier plan\n", many(e.Earlier, "row takes the place of a reject", "rows take the place of rejects"))
		}
		if e.Unmatched > 0 {
			fmt.Fprintf(w, "  %s: plan the export they come from first, or with them\n", many(e.Unmatched,
				"row stands in for none that is set aside, and counts as a row of its own", "rows stand in for none that is set aside, and count as rows of their own"))
		}
		if e.Refused != "" {
			fmt.Fprintf(w, "  PLAN WOULD REFUSE IT: %s\n", e.Refused)
		}
	}
}

// readAs says how an export was read, or nothing where it is plain.
func readAs(e *campaign.ReadExport) string {
	parts := append([]string{}, e.Packing...)
	if e.Encoding != "UTF-8" {
		text := e.Encoding
		if e.Guessed {
			text += " (found by looking)"
		}
		parts = append(parts, text+changes(e.Changed))
	}
	if e.Delimiter != "comma" {
		parts = append(parts, "separated by "+e.Delimiter)
	}
	if e.LineBreak == "CR" || e.LineBreak == "mixed" {
		parts = append(parts, "line breaks "+e.LineBreak)
	}
	if e.Corrections {
		parts = append(parts, "corrected rejects")
	}
	return strings.Join(parts, ", ")
}

// mostChanges is how many changed characters are shown.
const mostChanges = 4

// changes shows what decoding made of some bytes.
func changes(list []campaign.Changed) string {
	if len(list) == 0 {
		return ""
	}
	var parts []string
	for i, c := range list {
		if i == mostChanges {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%s is %s in line %d", c.Byte, c.Character, c.Line))
	}
	return ": " + strings.Join(parts, ", ")
}

// printRejected says why rows were set aside.
func printRejected(w io.Writer, p *campaign.Profile) {
	if p.File == "" {
		return
	}
	fmt.Fprintf(w, "set aside in %s:\n", p.File)
	for _, j := range p.Rejected {
		fmt.Fprintf(w, "  %s  %s (first: %s:%d%s)\n", padded(j.Rows), reason(j), j.File, j.Line, like(j.Example))
	}
}

// reason says which field was wrong, once, and why.
func reason(j campaign.Rejected) string {
	if j.Field == "" || strings.HasPrefix(j.Reason, j.Field+" ") {
		return j.Reason
	}
	return j.Field + ": " + j.Reason
}

func like(example string) string {
	if example == "" {
		return ""
	}
	return ", like " + example
}

// printLook lists what nothing was set aside for and somebody should look at.
func printLook(w io.Writer, p *campaign.Profile) {
	var lines []string
	add := func(n int64, format string, args ...any) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf("  %s  %s", padded(n), fmt.Sprintf(format, args...)))
		}
	}
	for _, v := range p.Warnings {
		where := ""
		if v.Line > 0 {
			where = fmt.Sprintf(" (first: %s:%d%s)", v.File, v.Line, like(v.Example))
		}
		add(v.Rows, "%s%s", v.Text, where)
	}
	for _, t := range p.Typos {
		add(t.Recipients, "at %s: is it %s? (reported, not changed)", t.Domain, t.Meant)
	}
	add(p.TwoStates.Recipients, "recipients have accounts in two states or more, and are told under that of most: %s", p.TwoStates.File)
	add(p.SharedAccounts, "account numbers stand beside more than one address: everyone there is told")
	add(p.SharedAddresses, "addresses are those of more than one recipient (several people, or one name in several spellings): each gets a notice there")
	add(p.Rows.AlreadyTold, "rows are of people already told, and left out")
	for _, l := range []struct {
		name string
		use  campaign.ListUse
	}{{"already told", p.Lists.AlreadyTold}, {"not to be told by email", p.Lists.NoEmail}} {
		if l.use.Entries > 0 {
			add(l.use.Entries, "entries in the list of those %s, %s of them found in the exports", l.name, number(l.use.Found))
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "worth a look:\n%s\n", strings.Join(lines, "\n"))
	}
}

// printListed lists counts, the first of them one by one.
func printListed(w io.Writer, title string, counts []campaign.Count) {
	if len(counts) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	var others int64
	for i, c := range counts {
		if i >= mostListed && len(counts) > mostListed+1 {
			others += c.Count
			continue
		}
		fmt.Fprintf(w, "  %s  %s\n", padded(c.Count), c.Name)
	}
	if others > 0 {
		fmt.Fprintf(w, "  %s  in %d more\n", padded(others), len(counts)-mostListed)
	}
}

// printSums says what becomes of the rows.
func printSums(w io.Writer, s *campaign.Status) {
	told := ""
	if s.Rows.AlreadyTold > 0 {
		told = " + " + number(s.Rows.AlreadyTold) + " already told"
	}
	fmt.Fprintf(w, "%s = %s + %s merged + %s set aside%s\n", many(s.Rows.Read, "row", "rows"),
		many(s.Recipients.Total, "recipient", "recipients"), number(s.Rows.Merged), number(s.Rows.Rejected), told)
	fmt.Fprintf(w, "%s = %s by email + %s by post\n", many(s.Recipients.Total, "recipient", "recipients"),
		number(s.Recipients.Email), number(s.Recipients.Postal))
}
