package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// busyLedger names, for the process that holds it, the ledger that others may
// not write.
const busyLedger = "BREACHMAIL_TEST_LEDGER"

// holdLedgerMain is another program that writes into a ledger: it begins, says
// so on stdout, and gives back what it did when its stdin ends.
func holdLedgerMain() {
	if err := holdLedger(context.Background(), os.Getenv(busyLedger)); err != nil {
		fmt.Fprintln(os.Stderr, "holding the ledger:", err)
		os.Exit(1)
	}
}

func holdLedger(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(60000)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_, err = conn.ExecContext(ctx, "ROLLBACK")
	return err
}

// hold has another process hold the campaign's ledger until it is let go.
func (c *trial) hold() (letGo func()) {
	c.Helper()
	program, err := os.Executable()
	if err != nil {
		c.Fatal(err)
	}
	cmd := exec.CommandContext(c.Context(), program)
	cmd.Env = append(os.Environ(), actAs+"=holder", busyLedger+"="+filepath.Join(c.dir, "ledger.db"))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		c.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		c.Fatalf("the ledger is not held: %q, %v", line, err)
	}
	return func() {
		c.Helper()
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			c.Errorf("holding the ledger: %v", err)
		}
	}
}
