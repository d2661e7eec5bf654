package jurisdiction

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// stateNames are the states, the district and the territories that ParseState
// reads, with the names of USPS Publication 28, Appendix B.
const stateNames = `AL Alabama, AK Alaska, AS American Samoa, AZ Arizona, AR Arkansas, CA California, CO Colorado,
CT Connecticut, DE Delaware, DC District of Columbia, FL Florida, GA Georgia, GU Guam, HI Hawaii, ID Idaho,
IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts,
MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire,
NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, MP Northern Mariana Islands,
OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, PR Puerto Rico, RI Rhode Island, SC South Carolina,
SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, VI Virgin Islands, WA Washington,
WV West Virginia, WI Wisconsin, WY Wyoming`

// otherNames are full names that are usual beside those.
const otherNames = `DC Washington DC, VI US Virgin Islands, VI United States Virgin Islands,
MP Commonwealth of the Northern Mariana Islands`

// longestState is more letters than any name has.
const longestState = 48

// parsedStates gives the two letters of a state, by letters only and in lower
// case.
var parsedStates = sync.OnceValue(func() map[string]string {
	states := make(map[string]string)
	for entry := range strings.SplitSeq(stateNames+","+otherNames, ",") {
		letters, name, _ := strings.Cut(strings.TrimSpace(entry), " ")
		states[strings.ToLower(letters)] = letters
		states[strings.ToLower(strings.ReplaceAll(name, " ", ""))] = letters
	}
	return states
})

// ParseState reads a state as exports write it: its two letters or its full
// English name, whatever the case, spaces and punctuation. It knows the 50
// states, DC, PR, GU, VI, AS and MP; ok is false for everything else.
func ParseState(s string) (state string, ok bool) {
	var b [longestState]byte
	n := 0
	for _, r := range s {
		switch {
		case n == len(b):
			return "", false
		case r >= 'A' && r <= 'Z':
			b[n] = byte(r) | 0x20
			n++
		case r >= 'a' && r <= 'z':
			b[n] = byte(r)
			n++
		case r >= '0' && r <= '9', r == utf8.RuneError, unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
			return "", false
		}
	}
	state, ok = parsedStates()[string(b[:n])]
	return state, ok
}
