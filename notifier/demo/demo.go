package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"breachmail/notifier/campaign"
)

// Options tell where and with what the story is told.
type Options struct {
	Program   string    // the breachmail to run as sender
	Dir       string    // where the campaign is made; empty: a new temporary directory
	Out       io.Writer // where the story is told
	Templates fs.FS     // the built-in templates
}

// killAt is after how many notices the sender is killed.
const killAt = 400

// story is one telling.
type story struct {
	Options
	home  string // holds campaign, export and relay
	dir   string // the campaign
	state string // a state directory of its own, so that nothing is left in the user's; absolute
	relay *mailRelay
	c     *campaign.Campaign
	step  int
}

// Run tells the story. An error is a step that did not come out as it should.
func Run(ctx context.Context, o Options) error {
	s := &story{Options: o, home: o.Dir}
	if s.home == "" {
		dir, err := os.MkdirTemp("", "breachmail-demo-")
		if err != nil {
			return err
		}
		s.home = dir
	}
	s.dir = filepath.Join(s.home, "campaign")
	if err := os.MkdirAll(s.home, 0o700); err != nil {
		return err
	}
	var err error
	if s.state, err = filepath.Abs(filepath.Join(s.home, "state")); err != nil {
		return err
	}
	if s.relay, err = startRelay(s.home); err != nil {
		return err
	}
	defer s.relay.stop()
	for _, step := range []func(context.Context) error{
		s.make, s.plan, s.approve, s.release, s.sendAndKill, s.resume, s.settle, s.bounce, s.write, s.report, s.close,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// say tells a step.
func (s *story) say(format string, args ...any) {
	s.step++
	fmt.Fprintf(s.Out, "%d. %s\n", s.step, fmt.Sprintf(format, args...))
}

// tell adds to a step.
func (s *story) tell(format string, args ...any) {
	fmt.Fprintf(s.Out, "   %s\n", fmt.Sprintf(format, args...))
}

func (s *story) export() string { return filepath.Join(s.home, "affected.csv") }

func (s *story) make(context.Context) error {
	if err := campaign.Init(s.dir, s.Templates); err != nil {
		return err
	}
	err := os.WriteFile(filepath.Join(s.dir, campaign.ConfigFile), []byte(config(s.relay.addr, time.Now())), 0o600)
	if err != nil {
		return err
	}
	if err := writeAccounts(s.export()); err != nil {
		return err
	}
	s.say("made up %d accounts and a campaign in %s", rows, s.dir)
	s.tell("a relay inside this program listens on %s and keeps what it takes", s.relay.addr)
	if s.c, err = campaign.Open(s.dir); err == nil {
		s.c.State = s.state
	}
	return err
}

func (s *story) plan(ctx context.Context) error {
	p, err := s.c.Plan(ctx, campaign.Input{Paths: []string{s.export()}}, nil)
	if err != nil {
		return err
	}
	st := p.Status
	s.say("planned: %d rows are %d people, %d rows merged, %d set aside with their reason", st.Rows.Read, st.Recipients.Total, st.Rows.Merged, st.Rows.Rejected)
	return nil
}

func (s *story) approve(ctx context.Context) error {
	p, err := s.c.Preview(ctx, campaign.PreviewOptions{})
	if err != nil {
		return err
	}
	a, err := s.c.Approve(ctx, campaign.ApproveOptions{By: "Robin Vale, General Counsel", Code: p.Code, Program: "breachmail demo"})
	if err != nil {
		return err
	}
	s.say("counsel read the preview and approved the code %s", a.Code[:12])
	return nil
}

// release opens the hold on those states whose authorities come first.
func (s *story) release(ctx context.Context) error {
	st, err := s.c.Status(ctx)
	if err != nil {
		return err
	}
	if _, err := s.c.Release(ctx, hold); err != nil {
		return err
	}
	var people int64
	for _, h := range st.Holds {
		people += h.People
	}
	s.say("the authorities of Maryland and New Jersey come first: %d people were on hold until somebody told them and released %s", people, hold)
	return nil
}

// sender starts the program as sender; its words go to a file.
func (s *story) sender(ctx context.Context, verb ...string) (*exec.Cmd, *os.File, error) {
	words, err := os.OpenFile(filepath.Join(s.home, "sender.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, s.Program, append([]string{"-C", s.dir}, verb...)...) //nolint:gosec // our own program
	cmd.Stdout, cmd.Stderr = words, words
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+s.state)
	return cmd, words, cmd.Start()
}

func (s *story) sendAndKill(ctx context.Context) error {
	cmd, words, err := s.sender(ctx, "send")
	if err != nil {
		return err
	}
	defer func() { _ = words.Close() }()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for s.relay.taken.Load() < killAt {
		select {
		case err := <-ended:
			return fmt.Errorf("the sender ended before it could be killed: %w (see %s)", err, words.Name())
		case <-tick.C:
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		return err
	}
	<-ended
	st, err := s.c.Status(ctx)
	if err != nil {
		return err
	}
	s.say("a sender in its own process was killed with SIGKILL when the relay had %d notices", s.relay.taken.Load())
	s.tell("%d have a recorded outcome, of %d nobody can tell: they are \"unknown\" and are not sent again by themselves", st.Notices.Accepted, st.Notices.Unknown)
	return nil
}

// codeUnknown is the exit code of a run that left unknown recipients.
const codeUnknown = 3

func (s *story) resume(ctx context.Context) error {
	if err := s.resumeWith(ctx); err != nil {
		return err
	}
	st, err := s.c.Status(ctx)
	if err != nil {
		return err
	}
	s.say("resumed: %d taken by the relay, %d unknown, nothing pending", st.Notices.Accepted, st.Notices.Unknown)
	return nil
}

func (s *story) resumeWith(ctx context.Context) error {
	cmd, words, err := s.sender(ctx, "resume", "--unknown=hold")
	if err != nil {
		return err
	}
	defer func() { _ = words.Close() }()
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == codeUnknown {
		return nil
	}
	if err != nil {
		return fmt.Errorf("resume: %w (see %s)", err, words.Name())
	}
	return nil
}

// settle asks the relay about the unknown: what it holds was taken, what it
// does not hold is sent again.
func (s *story) settle(ctx context.Context) error {
	has, err := s.relay.keys()
	if err != nil {
		return err
	}
	taken, absent, err := s.c.Settle(ctx, has.holds, "the demo relay's Maildir")
	if err != nil {
		return err
	}
	if absent > 0 {
		if err := s.resumeWith(ctx); err != nil {
			return err
		}
	}
	s.say("settled the unknown by what the relay holds: it had %d of them, %d were sent now", taken, absent)
	return nil
}

func (s *story) close(ctx context.Context) error {
	st, err := s.c.Status(ctx)
	if err != nil {
		return err
	}
	if err := s.c.Audit(ctx); err != nil {
		return err
	}
	has, err := s.relay.keys()
	if err != nil {
		return err
	}
	if st.Phase != campaign.PhaseComplete || has.twice() > 0 || int64(len(has)) != st.Recipients.Email {
		return fmt.Errorf("the campaign ended in phase %s; the relay holds notices of %d of %d people, %d of them twice", st.Phase, len(has), st.Recipients.Email, has.twice())
	}
	s.say("the relay holds one notice for each of %d people, and none twice", len(has))
	s.account(&st)
	return nil
}

func (s *story) account(st *campaign.Status) {
	n := st.Notices
	fmt.Fprintf(s.Out, `
The account closes, phase %s:
  %5d rows read = %d recipients + %d merged + %d set aside
  %5d recipients = %d by email + %d by post
  %5d by email = %d taken by the relay + %d bounced + %d refused + %d unknown
  %5d owed a letter, %d of them sent
`, st.Phase, st.Rows.Read, st.Recipients.Total, st.Rows.Merged, st.Rows.Rejected,
		st.Recipients.Total, st.Recipients.Email, st.Recipients.Postal,
		st.Recipients.Email, n.Accepted, n.Bounced, n.Refused, n.Unknown, st.Letters.Due, st.Letters.Told)
	fmt.Fprintf(s.Out, `
Look at
  %s  what counsel read
  %s  the mail as the relay took it
  %s  why rows were set aside
  %s  the report

Try next (breachmail is this program; from its source: go run ./cmd/breachmail)
  breachmail -C %s status
  breachmail check %s
  breachmail init my-campaign
`, filepath.Join(s.dir, "out", "preview", "index.html"), filepath.Join(string(s.relay.dir), "cur"),
		filepath.Join(s.dir, "out", "plan", "batch-1", "rejected.csv"), filepath.Join(s.dir, "out", "report", "index.html"), s.dir, s.export())
}
