package sqlite

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// piece is one content as it is stored.
type piece struct {
	digest notifier.Digest
	size   int
	packed []byte
}

// pack compresses a content.
func pack(content []byte) (piece, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return piece{}, err
	}
	if _, err := w.Write(content); err != nil {
		return piece{}, err
	}
	err = w.Close()
	return piece{sha256.Sum256(content), len(content), b.Bytes()}, err
}

// keep stores a piece unless it is there. One that is there and was damaged is
// made good.
func (t *tx) keep(p *piece) error {
	_, err := t.exec(`INSERT INTO contents VALUES(?, ?, ?) ON CONFLICT(digest) DO UPDATE SET size = excluded.size, bytes = excluded.bytes
		WHERE size <> excluded.size OR bytes <> excluded.bytes`, p.digest[:], p.size, p.packed)
	return err
}

// Content returns what an approval bound under that digest.
func (r *Reader) Content(ctx context.Context, d notifier.Digest) ([]byte, bool, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil || user < versionContents {
		return nil, false, err
	}
	var size int64
	var packed []byte
	err = r.db.QueryRowContext(ctx, "SELECT CAST(size AS INTEGER), CAST(bytes AS BLOB) FROM contents WHERE digest = ?", d[:]).Scan(&size, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	content, err := unpack(packed, size)
	if err != nil || sha256.Sum256(content) != d {
		return nil, false, fmt.Errorf("%w: what was approved as %x is no longer what is kept under it", ledger.ErrDamaged, d[:6])
	}
	return content, true, nil
}

// unpack is pack the other way. It reads no further than what is said to be
// there.
func unpack(packed []byte, size int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), size))
	if err == nil && int64(len(content)) != size {
		err = io.ErrUnexpectedEOF
	}
	return content, err
}
