package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the stories of testdata/script, one an operator's story
// each, against the real main. The commands they have beside those of
// testscript are described in script_commands_test.go.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup:               setUpStory,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     scriptExits,
			"signals":   scriptSignals,
			"ready":     scriptReady,
			"configure": scriptConfigure,
			"approve":   scriptApprove,
			"digest":    scriptDigest,
			"code":      scriptCode,
			"accounts":  scriptAccounts,
			"bad":       scriptBad,
			"replace":   scriptReplace,
			"append":    scriptAppend,
			"ledger":    scriptLedger,
			"lock":      scriptLock,
			"unlock":    scriptUnlock,
			"relay":     scriptRelayCommand,
			"object":    scriptObject,
			"json":      scriptJSON,
			"keep":      scriptKeep,
			"awaits":    scriptAwaits,
			"finds":     scriptFinds,
			"lawful":    scriptLawful,
			"shown":     scriptShown,
			"sshkey":    scriptSSHKey,
			"agekey":    scriptAgeKey,
		},
	})
}

// story is what belongs to one script.
type story struct {
	relay *scriptRelay
	vars  []string          // the environment
	locks map[string]func() // by campaign directory

	lawful map[string]bool // campaign directories with all of the law data
}

type storyKey struct{}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

// quickExit spares a program built with the race detector the second that it
// waits before it ends.
const quickExit = "atexit_sleep_ms=0"

// setUpStory starts the script's relay.
func setUpStory(env *testscript.Env) error {
	r, err := startScriptRelay()
	if err != nil {
		return err
	}
	env.Defer(r.stop)
	env.Setenv("RELAY", r.addr)
	env.Setenv("GORACE", quickExit)
	env.Setenv("TODAY", time.Now().Format(time.DateOnly))
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Values[storyKey{}] = &story{relay: r, vars: env.Vars, locks: map[string]func(){}, lawful: map[string]bool{}}
	return nil
}

// inProcess runs a command line and returns what it said and its exit code.
func inProcess(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	ctx := context.Background()
	code = run(ctx, ctx, args, streams{in: strings.NewReader(""), out: &out, err: &errs})
	return out.String(), errs.String(), code
}

// TestInterruptedWords gives a verb a context that has ended already: it ends
// with 130, in words of ours.
func TestInterruptedWords(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, errs, code := inProcess("init", "aug"); code != 0 {
		t.Fatal(errs)
	}
	common, err := os.ReadFile(commonConfig)
	if err != nil {
		t.Fatal(err)
	}
	config := strings.ReplaceAll(string(common), "$RELAY", "127.0.0.1:1")
	for name, text := range map[string]string{
		filepath.Join("aug", "campaign.yaml"): config,
		"east.csv":                            "Name,ZIP,Phone,Email,Account Number,Account Type\nIda Berg,98101,206-555-0105,ida.berg@example.com,900125555,prepaid\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, verb := range []string{"check", "plan"} {
		var out, errs bytes.Buffer
		code := run(ctx, ctx, []string{"-C", "aug", verb, "east.csv"}, streams{in: strings.NewReader(""), out: &out, err: &errs})
		if code != 130 || out.Len() > 0 || !strings.HasPrefix(errs.String(), "breachmail: interrupted") || strings.Contains(errs.String(), "context") {
			t.Errorf("%s ends with %d and says %s%s", verb, code, out.String(), errs.String())
		}
	}
}

// TestHelp holds every verb's help to what the design asks of it: an example
// and the exit codes, in the words of the one table.
func TestHelp(t *testing.T) {
	verbs := newRoot(&app{}).Commands()
	if len(verbs) < 11 {
		t.Fatalf("found only %d verbs", len(verbs))
	}
	for _, c := range verbs {
		t.Run(c.Name(), func(t *testing.T) {
			out, errs, code := inProcess(c.Name(), "--help")
			if code != 0 || errs != "" {
				t.Errorf("help ends with %d and says %q on stderr", code, errs)
			}
			for _, want := range []string{"Examples:\n", "  breachmail", " " + c.Name(), "\nExit codes:\n", "\n    0  ", "Usage:\n"} {
				if !strings.Contains(out, want) {
					t.Errorf("the help does not say %q:\n%s", want, out)
				}
			}
			for i, line := range strings.Split(out, "\n") {
				if n := len([]rune(line)); n > 100 {
					t.Errorf("line %d has %d characters: %s", i+1, n, line)
				}
			}
		})
	}
}

// TestHelpNamesEveryCode finds a code that no verb explains, and a code that is
// explained without standing in the table.
func TestHelpNamesEveryCode(t *testing.T) {
	var all strings.Builder
	for _, c := range newRoot(&app{}).Commands() {
		all.WriteString(c.Example)
	}
	for _, e := range exits {
		if e.words == "" {
			continue
		}
		named := strings.Contains(all.String(), fmt.Sprintf("%3d  %s\n", e.code, e.words)) ||
			strings.Contains(all.String(), fmt.Sprintf("%3d  %s", e.code, e.words))
		if !named {
			t.Errorf("%d (%s) is named in no help", e.code, e.words)
		}
		if e.code == 2 {
			t.Error("2 is how a crashing Go program ends")
		}
	}
}

// TestRootHelpNamesEveryVerb keeps the first page complete.
func TestRootHelpNamesEveryVerb(t *testing.T) {
	bare, _, code := inProcess()
	asked, _, _ := inProcess("--help")
	if code != 0 || bare != asked {
		t.Errorf("without arguments it ends with %d, and says something else than --help", code)
	}
	for _, c := range newRoot(&app{}).Commands() {
		if !strings.Contains(bare, "\n  "+c.Name()+" ") || !strings.Contains(bare, c.Short) {
			t.Errorf("the first page does not name %s", c.Name())
		}
	}
}

// TestStoriesAreListed keeps the folder free of files that no test reads.
func TestStoriesAreListed(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("testdata", "script"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "campaign.yaml" && filepath.Ext(e.Name()) != ".txtar" {
			t.Errorf("nobody reads testdata/script/%s", e.Name())
		}
	}
}
