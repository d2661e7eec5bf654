package campaign

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// ownFiles are those that a campaign cannot do without.
var ownFiles = []string{ConfigFile, lawFile, secretFile, lockFile, ledgerFile, ledgerFile + "-wal", ledgerFile + "-shm"}

func (v configCheck) evidence(e *EvidenceConfig) {
	const key = "evidence.anchor"
	if !v.r.given(key) {
		return
	}
	v.line(key, e.Anchor, "name a file elsewhere, or an https link, or take the key out")
	if isURL(e.Anchor) {
		v.webhook(key, e.Anchor)
		return
	}
	path, dir := e.Anchor, filepath.Dir(v.r.file)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if slices.Contains(ownFiles, filepath.Base(path)) && absolute(filepath.Dir(path)) == absolute(dir) {
		v.fail(key, "is %s, a file of the campaign itself (name one elsewhere, which whoever sends cannot change)", quoted(e.Anchor))
	}
}

// webhook checks that nobody on the way can change what is posted.
func (v configCheck) webhook(key, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		v.fail(key, "is not a link (write https://HOST/PATH, or the path of a file)")
	case u.Scheme == "https":
	case u.Scheme != "http":
		v.fail(key, "is a link of the kind %s (write https://HOST/PATH, or the path of a file)", quoted(strings.ToLower(u.Scheme)))
	case !isLoopback(u.Hostname()):
		v.fail(key, "is http, and %s is another machine: anybody on the way could change what is posted (write https)", u.Hostname())
	}
}
