package demo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

// rows is how many accounts the demo makes up.
const rows = 1000

var (
	firstNames = []string{"Ana", "Ben", "Carmen", "David", "Elif", "Fatima", "George", "Hannah", "Ivan", "Jane", "Kofi", "Linh", "Maria", "Noah", "Olu", "Priya", "Quinn", "Renée", "Sven", "Tomás"}
	lastNames  = []string{"Adams", "Baker", "Castillo", "D'Angelo", "Evans", "Fischer", "García", "Huang", "Ivanova", "Jones", "Kim", "Lopez", "Müller", "Nguyen", "O'Brien", "Patel", "Reyes", "Smith", "Tanaka", "Zhou"}
	zips       = []string{"98101", "10001", "2134", "94110", "60614", "75201", "33101", "30303", "48201", "19103", "85001", "97201", "80202", "21201", "7030", "27601", "96813", "99501", "00901", "02903"}
	domains    = []string{"example.com", "example.net", "example.org", "mail.example"}
)

// writeAccounts writes an export of rows accounts: families that share an
// address, people with several lines, rows that stand twice, two that are
// damaged. Everyone else can be told by email.
func writeAccounts(path string) error {
	random := rand.New(rand.NewPCG(20, 8)) //nolint:gosec // the same accounts each time
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Prepaid/Postpaid\n")
	var lines []string
	for i := range rows {
		lines = append(lines, account(random, i, lines))
	}
	lines[411] = "Jane Roe,98101,2065550142,jane.roe@example.com,9.00E+08,Prepaid"
	lines[733] = "John Doe,10001,2125550111,john.doe@example.com,900123456,Landline"
	b.WriteString(strings.Join(lines, "\n") + "\n")
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

func account(random *rand.Rand, i int, before []string) string {
	if i > 50 && random.IntN(60) == 0 {
		return before[random.IntN(40)] // the same row again
	}
	first := firstNames[random.IntN(len(firstNames))]
	last := lastNames[random.IntN(len(lastNames))]
	local := fmt.Sprintf("customer%04d", i)
	if i > 50 && random.IntN(25) == 0 {
		local = fmt.Sprintf("customer%04d", i-1) // shares an address with the row before
	}
	kind := []string{"Prepaid", "Postpaid"}[random.IntN(2)]
	return fmt.Sprintf("%s %s,%s,206555%04d,%s@%s,%d,%s", first, last, zips[random.IntN(len(zips))],
		100+random.IntN(100), local, domains[i/2%len(domains)], 900100000+i*37, kind)
}
