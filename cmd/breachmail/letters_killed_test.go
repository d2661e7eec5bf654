package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// lettersKills is how often letters, and how often letters --sent, is killed.
const lettersKills = 10

// lettersPeople is how many are told by post there.
const lettersPeople = 5000

// TestLettersKilled kills the real program with SIGKILL at moments spread over
// letters and letters --sent, and runs each again: nobody is missing from the
// lists, nobody is on two, and everybody is recorded as told, once.
func TestLettersKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes long lists again and again")
	}
	t.Parallel()
	k := newLettersKiller(t)
	for round := 0; k.listKills < lettersKills || k.sentKills < lettersKills; round++ {
		if round == 5*lettersKills {
			t.Fatalf("after %d rounds letters was killed %d times, letters --sent %d times", round, k.listKills, k.sentKills)
		}
		k.round(float64(round%12+1) / 12)
	}
	t.Logf("letters: %d kills in %v, %d of them with people listed and not all files written; --sent: %d kills in %v, %d of them with all recorded",
		k.listKills, k.listTakes, k.between, k.sentKills, k.sentTakes, k.full)
}

type lettersKiller struct {
	*trial
	whole                string        // the campaign before letters
	listTakes, sentTakes time.Duration // by runs that are not killed
	listKills, sentKills int
	between, full        int
}

func newLettersKiller(t *testing.T) *lettersKiller {
	c := newTrial(t, plan{connections: 1})
	c.must("init", c.dir)
	c.write(filepath.Join(c.dir, campaign.ConfigFile), fmt.Sprintf(testConfig, "127.0.0.1:2525", c.connections, c.rate(), c.more))
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Prepaid/Postpaid\n")
	for i := range lettersPeople {
		fmt.Fprintf(&b, "\"%s\",98101,,,%d,Prepaid\n", madeUpNames[i%len(madeUpNames)], 900_000_000+i)
	}
	export := filepath.Join(filepath.Dir(c.dir), "postal.csv")
	c.write(export, b.String())
	c.must("-C", c.dir, "plan", export)
	c.approve()
	k := &lettersKiller{trial: c, whole: c.dir}
	k.fresh()
	start := time.Now()
	c.must("-C", c.dir, "letters")
	k.listTakes = time.Since(start)
	posted := k.posted()
	start = time.Now()
	k.sent(posted)
	k.sentTakes = time.Since(start)
	return k
}

// fresh goes on with a copy of the campaign as it was before letters.
func (k *lettersKiller) fresh() {
	k.Helper()
	k.dir = filepath.Join(k.TempDir(), "campaign")
	copyTree(k.T, k.whole, k.dir)
}

// round kills letters, and letters --sent, after that part of their time.
func (k *lettersKiller) round(part float64) {
	k.Helper()
	k.fresh()
	if k.killIfRunning(time.Duration(part*float64(k.listTakes)), "letters") {
		k.listKills++
		if n, _, _ := k.lists(); k.standing().Letters.Listed > 0 && n < lettersPeople {
			k.between++
		}
	}
	k.must("-C", k.dir, "letters")
	posted := k.posted()
	if k.killIfRunning(time.Duration(part*float64(k.sentTakes)), "letters", "--sent", posted, "--on", time.Now().Format(time.DateOnly)) {
		k.sentKills++
		switch told := k.standing().Letters.Told; told {
		case 0:
		case lettersPeople:
			k.full++
		default:
			k.Errorf("killed after %.2f of its time, letters --sent left %d recorded", part, told)
		}
	}
	k.sent(posted)
	s := k.standing()
	if s.Letters.Listed != lettersPeople || s.Letters.Told != lettersPeople || s.Letters.Untold != 0 || s.Phase != campaign.PhaseComplete {
		k.Errorf("killed after %.2f of its time: %+v, %s", part, s.Letters, s.Phase)
	}
	k.must("-C", k.dir, "verify")
}

func (k *lettersKiller) sent(posted string) {
	k.Helper()
	k.must("-C", k.dir, "letters", "--sent", posted, "--on", time.Now().Format(time.DateOnly))
}

func (k *lettersKiller) standing() (s campaign.Status) {
	k.Helper()
	if err := json.Unmarshal([]byte(k.must("-C", k.dir, "status", "--json")), &s); err != nil {
		k.Fatal(err)
	}
	return s
}

// posted puts together all lists that there are. Everybody has to be on them,
// once, and nothing half-made may be left.
func (k *lettersKiller) posted() string {
	k.Helper()
	n, twice, keys := k.lists()
	if n != lettersPeople || twice > 0 {
		k.Fatalf("%d of %d people are on the lists, %d of them more than once", n, lettersPeople, twice)
	}
	left, err := filepath.Glob(filepath.Join(k.dir, "out", "letters", ".*"))
	if err != nil || len(left) > 0 {
		k.Errorf("left behind: %v, %v", left, err)
	}
	path := filepath.Join(filepath.Dir(k.dir), "posted.csv")
	k.write(path, "key\n"+strings.Join(keys, "\n")+"\n")
	return path
}

// lists reads the lists of each run.
func (k *lettersKiller) lists() (people, twice int, keys []string) {
	k.Helper()
	files, err := filepath.Glob(filepath.Join(k.dir, "out", "letters", "letters-*.csv"))
	if err != nil {
		k.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			k.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if _ = f.Close(); err != nil || len(rows) < 2 {
			k.Fatalf("%s: %d rows, %v", file, len(rows), err)
		}
		for _, row := range rows[1:] {
			if seen[row[0]] {
				twice++
				continue
			}
			seen[row[0]] = true
			keys = append(keys, row[0])
		}
	}
	return len(seen), twice, keys
}
