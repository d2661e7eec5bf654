package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// actAs names the environment variable by which this test's binary is run as
// another program: with "breachmail" it is the command, with "relay" the SMTP
// server of the crash tests, with "holder" one that holds a ledger.
const actAs = "BREACHMAIL_TEST_AS"

func TestMain(m *testing.M) {
	switch as := os.Getenv(actAs); as {
	case "":
		moreAtOnce()
		testscript.Main(tidy{m}, map[string]func(){"breachmail": main})
	case "breachmail":
		main()
	case "relay":
		relayServerMain()
	case "holder":
		holdLedgerMain()
	default:
		fmt.Fprintf(os.Stderr, "%s is %q: it is breachmail, relay or holder\n", actAs, as)
		os.Exit(1)
	}
}

// moreAtOnce lets two tests more run at once than there are processors, unless
// -parallel says how many: several only wait, for a stopped sender, say. It comes
// before the flags are read.
func moreAtOnce() {
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+2)); err != nil {
		panic(err)
	}
}

// stateIn is the state directory of all that is run here; tidy removes it.
var stateIn string

// tidy removes the built program and the state directory when all tests have run.
type tidy struct{ *testing.M }

// Run runs the tests. What they run stays out of the user's state directory.
func (t tidy) Run() int {
	var err error
	if stateIn, err = os.MkdirTemp("", "breachmail-state-"); err == nil {
		err = os.Setenv("XDG_STATE_HOME", stateIn)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		for _, dir := range []string{builtIn, stateIn} {
			if dir != "" {
				_ = os.RemoveAll(dir)
			}
		}
	}()
	return t.M.Run()
}
