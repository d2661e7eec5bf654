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

// account is one row of the demo's export.
type account struct {
	name, zip, phone, email string
	number                  int
	kind, language          string
}

func (a account) String() string {
	return fmt.Sprintf("%s,%s,%s,%s,%d,%s,%s", a.name, a.zip, a.phone, a.email, a.number, a.kind, a.language)
}

// writeAccounts writes an export of rows accounts: families that share an
// address, people with several lines, rows that stand twice, two that are
// damaged. Everyone else can be told by email, some in Spanish.
func writeAccounts(path string) error {
	random := rand.New(rand.NewPCG(20, 8)) //nolint:gosec // the same accounts each time
	list := make([]account, rows)
	for i := range list {
		list[i] = newAccount(random, i, list[:i])
	}
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Prepaid/Postpaid,Language\n")
	for i, a := range list {
		switch i {
		case 411:
			b.WriteString("Jane Roe,98101,2065550142,jane.roe@example.com,9.00E+08,Prepaid,en\n")
		case 733:
			b.WriteString("John Doe,10001,2125550111,john.doe@example.com,900123456,Landline,en\n")
		default:
			fmt.Fprintln(&b, a)
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

func newAccount(random *rand.Rand, i int, before []account) account {
	a := account{
		name:   pick(random, firstNames) + " " + pick(random, lastNames),
		zip:    pick(random, zips),
		phone:  fmt.Sprintf("206555%04d", 100+random.IntN(100)),
		email:  fmt.Sprintf("customer%04d@%s", i, pick(random, domains)),
		number: 900100000 + i*37,
		kind:   pick(random, []string{"Prepaid", "Postpaid"}),

		language: pick(random, []string{"en", "en", "en", "en", "es"}),
	}
	if i < 50 {
		return a
	}
	other := before[random.IntN(40)]
	switch n := random.IntN(60); {
	case n == 0:
		return other // the same row again
	case n < 3:
		a.email = other.email // a family's address
	case n < 6:
		a.name, a.email = other.name, other.email // one more line of one person
	}
	return a
}

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }
