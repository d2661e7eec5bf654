package campaign

import (
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/jurisdiction"
)

// taskCampaign is a campaign with the law data that breachmail brings along.
func taskCampaign(t *testing.T) *Campaign {
	t.Helper()
	law, err := jurisdiction.Parse(lawFile, jurisdiction.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	return &Campaign{Config: &Config{}, Law: law}
}

func taskNames(list []Task) (owed, done, may []string) {
	for i := range list {
		switch list[i].rank() {
		case 0:
			owed = append(owed, list[i].Name)
		case 1:
			done = append(done, list[i].Name)
		default:
			may = append(may, list[i].Name)
		}
	}
	return owed, done, may
}

func TestTasks(t *testing.T) {
	c := taskCampaign(t)
	people := map[string]Affected{
		"CA": {600_000, 3}, "MD": {999, 0}, "KS": {6_000, 0}, "TX": {249, 249}, "unknown": {5, 5},
	}
	tasks := c.tasks(people, []TaskDone{
		{Task: "regulator-MD", On: "2018-08-25", Seq: 4}, {Task: "regulator-XX", On: "2018-08-26", Seq: 5},
		{Task: "regulator-MD", On: "2018-08-27", Proof: "ab", Seq: 6},
	})
	owed, done, may := taskNames(tasks)
	for _, want := range []struct {
		name      string
		got, want []string
	}{
		// California is above its number, and three people are left there; in
		// Kansas, above its number too, nobody is.
		{"owed", owed, []string{"regulator-CA", "web-CA", "media-CA", "bureaus-KS", "regulator-US"}},
		{"done", done, []string{"regulator-MD", "regulator-XX"}},
		{"may", may, []string{"web-KS", "media-KS", "bureaus-MD", "web-MD", "media-MD", "regulator-TX", "bureaus-TX", "web-TX", "media-TX"}},
	} {
		if !slices.Equal(want.got, want.want) {
			t.Errorf("%s: %v, not %v", want.name, want.got, want.want)
		}
	}
	for i := range tasks {
		task := &tasks[i]
		switch {
		case task.Name == "regulator-MD":
			if task.Done.On != "2018-08-27" || task.Done.Seq != 6 || !task.Owed || !strings.Contains(task.What, "before the people") {
				t.Errorf("%+v, done %+v", task, task.Done)
			}
		case task.Name == "regulator-XX":
			if task.Owed || task.What == "" {
				t.Errorf("%+v", task)
			}
		case task.Source == "" || task.What == "" || task.When == "" || task.State == "":
			t.Errorf("%+v", task)
		}
	}
}

// A task's name is what somebody has written down: it stays when numbers change.
func TestTaskNamesStay(t *testing.T) {
	c := taskCampaign(t)
	names := func(people, untold int64) []string {
		all := map[string]Affected{}
		for _, state := range c.Law.States() {
			if state != jurisdiction.Federal {
				all[state] = Affected{people, untold}
			}
		}
		var list []string
		for _, task := range c.tasks(all, nil) {
			list = append(list, task.Name)
		}
		slices.Sort(list)
		return list
	}
	few, lots := names(1, 1), names(10_000_000, 1)
	if !slices.Equal(few, lots) || len(few) < 150 {
		t.Errorf("%d names with few people, %d with many", len(few), len(lots))
	}
	if twice := slices.Compact(slices.Clone(few)); len(twice) != len(few) {
		t.Error("two tasks have the same name")
	}
}

func TestTwoRegulators(t *testing.T) {
	data := "state,fact,value,source,source_date,checked_on,confidence\nMD,name,Maryland,x,,,counsel\n" +
		"MD,regulator,the Attorney General,x,,,counsel\nMD,regulator_first,the State Police,x,,,counsel\n" +
		"MD,substitute,whatever counsel says,x,,,counsel\n"
	law, err := jurisdiction.Parse(lawFile, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	c := &Campaign{Config: &Config{}, Law: law}
	owed, _, may := taskNames(c.tasks(map[string]Affected{"MD": {1, 1}}, nil))
	if !slices.Equal(owed, []string{"regulator-first-MD", "regulator-MD"}) || !slices.Equal(may, []string{"substitute-MD"}) {
		t.Errorf("owed %v, may be %v", owed, may)
	}
}
