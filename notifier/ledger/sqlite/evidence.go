package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// append adds an evidence row to the chain.
func (t *tx) append(e *ledger.Evidence) error {
	kind, err := kindCode(e.Kind)
	if err != nil {
		return err
	}
	e.Seq = t.head.seq + 1
	e.Chain = e.Next(t.head.chain)
	o := &e.Outcome
	c := &o.Claim
	args := []any{
		e.Seq, kind, bytesOrNull(c.Key[:]), t.waveOrNull(c.Wave), intOrNull(int64(c.Attempt)),
		secondsOrNull(c.At), millisOrNull(o.At), t.relayOrNull(c.Relay), intOrNull(int64(statusCode[o.Status])),
		textOrNull(string(o.Cause)), intOrNull(int64(o.Code)), textOrNull(o.Enhanced), textOrNull(o.Reply),
		textOrNull(o.RelayID), t.variantOrNull(o.Variant), bytesOrNull(o.Digest[:]), intOrNull(c.Approval),
		textOrNull(e.Note), e.Chain[:], intOrNull(e.Prev),
	}
	_, err = t.exec("INSERT INTO attempts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", args...)
	t.head = head{e.Seq, e.Chain}
	return err
}

func (t *tx) waveOrNull(name string) any {
	if n, ok := t.names.waves[name]; ok {
		return n
	}
	return nil
}

func (t *tx) relayOrNull(name string) any {
	if id, ok := t.names.relays[name]; ok {
		return id
	}
	return nil
}

func (t *tx) variantOrNull(name string) any {
	if id, ok := t.names.variant[name]; ok {
		return id
	}
	return nil
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func intOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// bytesOrNull stores a value of all zeros, which stands for "none", as NULL.
func bytesOrNull(b []byte) any {
	for _, c := range b {
		if c != 0 {
			return b
		}
	}
	return nil
}

func secondsOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.Unix()
}

func millisOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UnixMilli()
}

func readHead(ctx context.Context, q querier) (head, error) {
	var h head
	var chain []byte
	err := q.QueryRowContext(ctx, "SELECT seq, chain FROM attempts ORDER BY seq DESC LIMIT 1").Scan(&h.seq, &chain)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	copy(h.chain[:], chain)
	return h, err
}

// Head returns the number and hash of the last evidence row.
func (r *Reader) Head(ctx context.Context) (int64, notifier.Digest, error) {
	h, err := readHead(ctx, r.db)
	return h.seq, h.chain, err
}

// Evidence calls f for every evidence row by number.
func (r *Reader) Evidence(ctx context.Context, f func(ledger.Evidence) error) error {
	return r.evidence(ctx, "ORDER BY seq", nil, f)
}

func (r *Reader) evidence(ctx context.Context, where string, args []any, f func(ledger.Evidence) error) error {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return err
	}
	s, err := newEvidenceScanner(ctx, r.db)
	if err != nil {
		return err
	}
	return eachRaw(ctx, r.db, "SELECT "+evidenceColumns(user)+" FROM attempts a "+where, args, func(v []driverValue) error {
		e, err := s.row(v)
		if err != nil {
			return err
		}
		return f(e)
	})
}

// evidenceColumns are those of attempts as a, in a ledger of that version.
func evidenceColumns(user int) string {
	if user < versionTraces {
		return "a.*, NULL"
	}
	return "a.*"
}

// evidenceKinds are the kinds of values in these columns; see ofKinds.
const evidenceKinds = "iibiiiiiititttibitbi"

// evidenceScanner turns rows of attempts into evidence.
type evidenceScanner struct {
	relays   map[int64]string
	waves    []string
	variants map[int64]string
}

func newEvidenceScanner(ctx context.Context, q rowsQuerier) (evidenceScanner, error) {
	var n names
	err := n.load(ctx, q)
	s := evidenceScanner{relays: map[int64]string{}, waves: n.waveOf, variants: map[int64]string{}}
	for name, id := range n.relays {
		s.relays[id] = name
	}
	for id, v := range n.byID {
		s.variants[id] = v.String()
	}
	return s, err
}

// row reads a row, whose columns are those of the schema in their order.
func (s *evidenceScanner) row(v []driverValue) (ledger.Evidence, error) {
	e := ledger.Evidence{Seq: asInt(v[0]), Note: asText(v[17]), Prev: asInt(v[19])}
	o := &e.Outcome
	c := &o.Claim
	if err := ofKinds(v, evidenceKinds); err != nil {
		return e, err
	}
	kind := asInt(v[1])
	if kind < 0 || kind >= int64(len(kinds)) {
		return e, damaged("evidence row %d is of no known kind", e.Seq)
	}
	e.Kind = kinds[kind]
	copy(c.Key[:], asBytes(v[2]))
	if wave := asInt(v[3]); v[3] != nil && wave >= 0 && wave < int64(len(s.waves)) {
		c.Wave = s.waves[wave]
	}
	if v[5] != nil {
		c.At = time.Unix(asInt(v[5]), 0)
	}
	if v[6] != nil {
		o.At = time.UnixMilli(asInt(v[6]))
	}
	c.Attempt, c.Relay, c.Approval = int(asInt(v[4])), s.relays[asInt(v[7])], asInt(v[16])
	o.Status, o.Cause, o.Code = statusOf[int(asInt(v[8]))], notifier.Cause(asText(v[9])), int(asInt(v[10]))
	o.Enhanced, o.Reply, o.RelayID, o.Variant = asText(v[11]), asText(v[12]), asText(v[13]), s.variants[asInt(v[14])]
	copy(o.Digest[:], asBytes(v[15]))
	copy(e.Chain[:], asBytes(v[18]))
	return e, nil
}
