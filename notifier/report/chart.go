package report

import (
	"strconv"
	"unicode/utf8"
)

// chart is a table of counts with a bar in each row.
type chart struct {
	Caption string
	Head    string // of the column of names
	Code    bool   // names are written as code
	Long    bool   // a name needs a line of its own where there is little room
	Bars    []bar
}

// bar is a row of a chart.
type bar struct {
	Name  string
	Count int64
	Share string // of all the rows, in percent
	Width string // in hundredths of the longest bar
}

// newChart draws counts in their order; name turns a count's name into words.
func newChart(caption, head string, counts []Count, name func(string) string) chart {
	c := chart{Caption: caption, Head: head}
	var total, most int64
	for _, n := range counts {
		total += n.Count
		most = max(most, n.Count)
	}
	for _, n := range counts {
		words := name(n.Name)
		c.Long = c.Long || utf8.RuneCountInString(words) > 12
		c.Bars = append(c.Bars, bar{
			Name:  words,
			Count: n.Count,
			Share: share(n.Count, total),
			Width: strconv.FormatFloat(ratio(max(n.Count, 0), most), 'f', 1, 64),
		})
	}
	return c
}

// charts returns those that have anything to show, the states last: theirs is
// the long one and gets a column of its own.
func (p *Profile) charts() (short []chart, states chart) {
	same := func(s string) string { return s }
	domains := p.Domains
	if p.Others.Count > 0 {
		others := "other domains"
		if p.Others.Different > 0 {
			others = "at least " + Many(p.Others.Different, "other domain", others)
		}
		domains = append(domains[:len(domains):len(domains)], Count{others, p.Others.Count})
	}
	channels := []Count{{"email", p.Recipients.Email}, {"post", p.Recipients.Postal}}
	wordings := newChart("By email, by wording", "Wording", p.Variants, same)
	wordings.Code = true
	for _, c := range []chart{
		newChart("By channel", "Channel", channels, same),
		newChart("By account type", "Account type", Sorted(p.Types), typeName),
		newChart("By language", "Language", p.Languages, languageName),
		wordings,
		newChart("By post, by reason", "Reason", p.Postal, same),
		newChart("By email, by domain", "Domain", domains, same),
	} {
		if len(c.Bars) > 0 {
			short = append(short, c)
		}
	}
	return short, newChart("By state", "State", p.States, stateName)
}
