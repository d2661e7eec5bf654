package jurisdiction

import (
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // for a machine without zone files
)

// zoneStates gives the states by the time zones that people in them may live
// in. The limits of the zones are those of 49 CFR part 71; the names are IANA's,
// and of those that keep the same time today one stands for all
// (America/Chicago for America/Indiana/Knox, America/Denver for America/Boise).
//
// The second zone of a state can be small: in Alaska the Aleutians west of
// 169°30′ W, in Michigan four counties at Wisconsin, in Nevada the city of West
// Wendover, in Oregon most of Malheur County, in Texas El Paso and Hudspeth.
// Arizona keeps standard time, but for the Navajo Nation. The custom of a few
// towns against the rule does not count: Phenix City in Alabama, Kenton in
// Oklahoma. The freely associated states (FM, MH, PW) are outside the rule.
var zoneStates = map[string]string{
	"America/New_York":                   "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
	"America/New_York+America/Chicago":   "FL IN KY MI TN",
	"America/Chicago":                    "AL AR IA IL LA MN MO MS OK WI",
	"America/Chicago+America/Denver":     "KS ND NE SD TX",
	"America/Denver":                     "CO MT NM UT WY",
	"America/Denver+America/Phoenix":     "AZ",
	"America/Denver+America/Los_Angeles": "ID NV OR",
	"America/Los_Angeles":                "CA WA",
	"America/Anchorage+America/Adak":     "AK",
	"Pacific/Honolulu":                   "HI",
	"America/Puerto_Rico":                "PR VI",
	"Pacific/Guam":                       "GU MP",
	"Pacific/Pago_Pago":                  "AS",
	"Pacific/Chuuk+Pacific/Pohnpei":      "FM",
	"Pacific/Majuro":                     "MH",
	"Pacific/Palau":                      "PW",
}

// contiguous are the zones of the contiguous states, in which somebody whose
// state is unknown may live.
const contiguous = "America/New_York+America/Chicago+America/Denver+America/Los_Angeles"

// zones is zoneStates as it is looked up.
type zones struct {
	class map[string]string           // by state
	in    map[string][]*time.Location // by class
}

var loadZones = sync.OnceValue(func() *zones {
	z := &zones{map[string]string{}, map[string][]*time.Location{contiguous: locations(contiguous)}}
	for class, states := range zoneStates {
		z.in[class] = locations(class)
		for state := range strings.FieldsSeq(states) {
			z.class[state] = class
		}
	}
	return z
})

// locations loads the zones of a class. All of them are in the program.
func locations(class string) []*time.Location {
	var list []*time.Location
	for name := range strings.SplitSeq(class, "+") {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(fmt.Sprintf("jurisdiction: %v", err))
		}
		list = append(list, zone)
	}
	return list
}

// classOf returns the names of a state's zones, joined by "+".
func classOf(state string) string {
	if class, ok := loadZones().class[state]; ok {
		return class
	}
	return contiguous
}

// Zones returns the IANA names of the time zones in which people of a state may
// live: two for a state that is split. For one that is unknown or empty, and for
// the military codes (AA, AE, AP), they are the four of the contiguous states.
func Zones(state string) []string { return strings.Split(classOf(state), "+") }
