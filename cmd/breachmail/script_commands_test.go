package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the ledger, changed by hand
)

// usage ends a script whose command is written wrongly.
func usage(ts *testscript.TestScript, ok bool, words string) {
	if !ok {
		ts.Fatalf("usage: %s", words)
	}
}

// exits CODE PROGRAM [ARG...] runs a program, which must end with CODE.
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 2, "exits CODE PROGRAM [ARG...]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	checkCode(ts, ts.Exec(args[1], args[2:]...), want)
}

func checkCode(ts *testscript.TestScript, err error, want int) {
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("it ended with %d, not %d", got, want)
	}
}

// must runs a command that a story takes for granted.
func must(ts *testscript.TestScript, args ...string) {
	if err := ts.Exec("breachmail", args...); err != nil {
		ts.Fatalf("breachmail %s: %v", strings.Join(args, " "), err)
	}
}

// signals NAME N CODE PROGRAM [ARG...] runs a program, gives it the signal when
// the relay has N messages, and checks its exit code (-1 for KILL).
func scriptSignals(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 4, "signals INT|TERM|KILL N CODE PROGRAM [ARG...]")
	signal := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	path, err := exec.LookPath(args[3])
	ts.Check(err)
	cmd := exec.Command(path, args[4:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), storyOf(ts).vars
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	ts.Check(cmd.Start())
	ended := make(chan struct{})
	go func() { err = cmd.Wait(); close(ended) }()
	if storyOf(ts).relay.await(n, ended) {
		ts.Check(cmd.Process.Signal(signal))
	}
	<-ended
	checkCode(ts, err, want)
}

// ready DIR EXPORT [MORE.yaml] makes a campaign, plans, and approves it.
func scriptReady(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 2, "ready DIR EXPORT [MORE.yaml]")
	must(ts, "init", args[0])
	scriptConfigure(ts, false, append(args[:1:1], args[2:]...))
	must(ts, "-C", args[0], "plan", args[1])
	scriptApprove(ts, false, args[:1])
}

// configure DIR [MORE.yaml] writes DIR/campaign.yaml: the scripts' common one,
// and MORE behind it. It leaves a few states in DIR/law.csv, unless the script
// says "lawful DIR" before: each has wordings of its own, which every verb reads.
func scriptConfigure(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 1 || len(args) == 2), "configure DIR [MORE.yaml]")
	common, err := os.ReadFile(commonConfig)
	ts.Check(err)
	text := strings.ReplaceAll(string(common), "address: $RELAY", "address: "+ts.Getenv("RELAY"))
	for _, more := range args[1:] {
		text += ts.ReadFile(more)
	}
	ts.Check(os.WriteFile(ts.MkAbs(filepath.Join(args[0], "campaign.yaml")), []byte(text), 0o600))
	if !storyOf(ts).lawful[args[0]] {
		fewStates(ts, filepath.Join(args[0], "law.csv"))
	}
}

// lawful DIR keeps all of DIR/law.csv.
func scriptLawful(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "lawful DIR, before configure DIR")
	storyOf(ts).lawful[args[0]] = true
}

// fewStates takes most states out of a file of law data.
func fewStates(ts *testscript.TestScript, file string) {
	var few strings.Builder
	for line := range strings.Lines(ts.ReadFile(file)) {
		switch state, _, _ := strings.Cut(line, ","); state {
		case "CA", "FL", "GA", "MA", "MD", "NJ", "NY", "TX", "US", "WA", "state":
			few.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(few.String()), 0o600))
}

// commonConfig is absolute: scripts have directories of their own.
var commonConfig = func() string {
	path, err := filepath.Abs(filepath.Join("testdata", "script", "campaign.yaml"))
	if err != nil {
		panic(err)
	}
	return path
}()

// approve DIR records the approval of what stands in DIR now.
func scriptApprove(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "approve DIR")
	must(ts, "-C", args[0], "preview")
	must(ts, "-C", args[0], "approve", "--by", "Ana Ruiz, General Counsel", "--digest", readyDigest(ts))
}

// digest NAME puts the digest that preview's last line names into $NAME.
func scriptDigest(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "digest NAME")
	ts.Setenv(args[0], readyDigest(ts))
}

// code NAME puts the approval code that preview names on stdout into $NAME.
func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "code NAME")
	_, behind, ok := strings.Cut(ts.ReadFile("stdout"), "approval code: ")
	if !ok {
		ts.Fatalf("preview names no approval code")
	}
	ts.Setenv(args[0], strings.Fields(behind)[0])
}

// readyDigest is the last word of the last line on stderr.
func readyDigest(ts *testscript.TestScript) string {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stderr")), "\n")
	words := strings.Fields(lines[len(lines)-1])
	if len(words) < 2 || words[len(words)-2] != "--digest" {
		ts.Fatalf("the last line on stderr is no approve command: %q", lines[len(lines)-1])
	}
	return words[len(words)-1]
}

// accounts FILE N [FROM] writes an export of N accounts, one a person.
func scriptAccounts(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 2 || len(args) == 3), "accounts FILE N [FROM]")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	from := 1
	if len(args) == 3 {
		from, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Account Type\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, "Pat Number%d,98101,2065550100,person%04d@example.com,90010%04d,prepaid\n", i, i, i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// bad FILE N adds N rows that have to be set aside.
func scriptBad(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "bad FILE N")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0]) + strings.Repeat("Pat Nobody,98101,2065550100,pat.nobody@example.com,900109999,landline\n", n)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// replace FILE OLD NEW changes a file where it says OLD. In NEW, \n ends a line.
func scriptReplace(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "replace FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not say %q", args[0], args[1])
	}
	text = strings.Replace(text, args[1], strings.ReplaceAll(args[2], `\n`, "\n"), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// append FILE LINE adds a line to a file.
func scriptAppend(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "append FILE LINE")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+args[1]+"\n"), 0o600))
}

// ledger DIR SQL changes DIR's ledger by hand; it must change something.
func scriptLedger(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "ledger DIR SQL")
	db, err := sql.Open("sqlite", ts.MkAbs(filepath.Join(args[0], "ledger.db")))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	res, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("nothing was changed: %v", err)
	}
}

// lock DIR holds the campaign as a sender on another terminal would.
func scriptLock(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "lock DIR")
	path := ts.MkAbs(filepath.Join(args[0], "lock"))
	l := flock.New(path)
	if ok, err := l.TryLock(); err != nil || !ok {
		ts.Fatalf("the campaign is locked already: %v", err)
	}
	text := fmt.Sprintf(`{"verb":"send","pid":%d,"host":"ops1","since":%q}`+"\n", os.Getpid(), time.Now().Format(time.RFC3339))
	ts.Check(os.WriteFile(path, []byte(text), 0o600))
	storyOf(ts).locks[args[0]] = func() { ts.Check(l.Unlock()) }
}

// unlock DIR gives it back.
func scriptUnlock(ts *testscript.TestScript, neg bool, args []string) {
	unlock := storyOf(ts).locks[args[0]]
	usage(ts, !neg && len(args) == 1 && unlock != nil, "unlock DIR, after lock DIR")
	unlock()
}

// relay refuse|defer|drop|lose|stall ADDRESS|everyone [N]
//
//	says what the relay does for a recipient, N times only where N is given
//
// relay obey            it takes everything again
// relay slow DURATION   it takes so long for a message
// relay count N         it must hold N messages, no two of them for one person
// relay people N        it must hold messages for N people
// relay copies N        it must hold N messages more than people
// relay connections N   N sessions must have been opened
// relay log FILE        writes the log of what it took, and of what it did not keep
// relay show ADDRESS    prints the text of the message for that address
func scriptRelayCommand(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "relay WHAT")
	r := storyOf(ts).relay
	number := func(i int, otherwise int) int {
		if len(args) <= i {
			return otherwise
		}
		n, err := strconv.Atoi(args[i])
		ts.Check(err)
		return n
	}
	switch args[0] {
	case refuse, postpone, drop, lose, stall:
		r.set(args[1], args[0], number(2, -1))
	case "obey":
		r.obey()
	case "slow":
		d, err := time.ParseDuration(args[1])
		ts.Check(err)
		r.mu.Lock()
		r.slow = d
		r.mu.Unlock()
	case "count":
		if n, people := len(r.taken()), r.people(); n != number(1, 0) || people != n {
			ts.Fatalf("the relay holds %d messages for %d people", n, people)
		}
	case "people":
		if people := r.people(); people != number(1, 0) {
			ts.Fatalf("the relay holds messages for %d people", people)
		}
	case "copies":
		if n, people := len(r.taken()), r.people(); n-people != number(1, 0) {
			ts.Fatalf("the relay holds %d messages for %d people", n, people)
		}
	case "connections":
		if n := r.connections(); n != number(1, 0) {
			ts.Fatalf("%d connections were opened", n)
		}
	case "log":
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(r.log()), 0o600))
	case "show":
		fmt.Fprint(ts.Stdout(), messageText(ts, r, args[1]))
	default:
		ts.Fatalf("relay cannot %q", args[0])
	}
}

// messageText returns head and plain text of the one message to that address.
func messageText(ts *testscript.TestScript, r *scriptRelay, to string) string {
	held := slices.DeleteFunc(r.taken(), func(m relayMail) bool { return !strings.EqualFold(m.to, to) })
	if len(held) != 1 {
		ts.Fatalf("the relay holds %d messages to %s", len(held), to)
	}
	m, err := mail.ReadMessage(strings.NewReader(held[0].content))
	ts.Check(err)
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	ts.Check(err)
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	ts.Check(err)
	body := io.Reader(part)
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	ts.Check(err)
	head := held[0].content[:strings.Index(held[0].content, "\r\n\r\n")]
	return head + "\n\n" + string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}
