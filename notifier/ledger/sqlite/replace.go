package sqlite

import (
	"fmt"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Replace stores what r now holds for the recipient with its id. Only one who
// was never claimed may change (DESIGN section 4, number 12).
func (b *batcher) Replace(r notifier.Recipient) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if err := b.rows.wait(); err != nil {
		return err
	}
	old, err := b.row(r.ID)
	if err != nil {
		return err
	}
	if old.Attempts > 0 || old.Recipient.Key != r.Key {
		return fmt.Errorf("recipient %s was claimed already or is another one: its notice never changes", r.Key)
	}
	wave, status, err := b.place(&old, &r)
	if err != nil {
		return err
	}
	if err := b.regroup(old.Batch, &old.Recipient, -1); err != nil {
		return err
	}
	if err := b.regroup(old.Batch, &r, 1); err != nil {
		return err
	}
	variant, err := b.t.variantID(r.Variant)
	if err != nil {
		return err
	}
	b.touched[blockOf{old.Batch, b.earlierBatch(r.ID).BlockOf(r.ID)}] = true
	_, err = b.t.exec(`UPDATE recipients SET wave=?, status=?, reason=?, address=?, name=?, phone=?, zip=?, state=?,
		language=?, accounts=?, variant=?, consent=?, extra=? WHERE id=?`, wave, status, textOrNull(r.Reason), textOrNull(r.Address.Reveal()), textOrNull(r.Name.Reveal()), textOrNull(r.Phone.Reveal()),
		textOrNull(r.ZIP), r.State, languageOrNull(&r), encodeAccounts(r.Accounts), variant, r.Consent, extraOrNull(r.Extra), r.ID)
	return err
}

// place returns the wave and the status of somebody who becomes r, and tells
// the tally. Who was told by post until now joins the last wave, in which
// everybody is until the waves are cut.
func (b *batcher) place(old *ledger.Row, r *notifier.Recipient) (wave any, status int, err error) {
	was := old.Recipient.Channel
	switch {
	case r.Channel != notifier.Postal && (r.Channel != notifier.Email || r.Address.IsZero()):
		return nil, 0, fmt.Errorf("recipient %s cannot be told by the channel %q", r.Key, r.Channel)
	case was == notifier.Postal && r.Channel == notifier.Postal:
		return nil, stPostal, nil
	case was == notifier.Postal:
		return b.join(r)
	}
	n, err := b.t.waveNumber(old.Wave)
	if err != nil {
		return nil, 0, err
	}
	status = statusCode[old.Status]
	if r.Channel == notifier.Email {
		return n, status, nil
	}
	b.t.tally[tallyKey{n, status}]--
	return nil, stPostal, nil
}

func (b *batcher) join(r *notifier.Recipient) (wave any, status int, err error) {
	begun, err := b.t.begun()
	if err != nil {
		return nil, 0, err
	}
	if begun {
		return nil, 0, fmt.Errorf("recipient %s is told by post, and stays so once sending began", r.Key)
	}
	last := len(b.t.names.waveOf) - 1
	b.t.tally[tallyKey{last, stPending}]++
	return last, stPending, nil
}

// blockOf names a block of an earlier batch.
type blockOf struct{ batch, block int }

// regroup counts n people like r more in that batch.
func (b *batcher) regroup(batch int, r *notifier.Recipient, n int64) error {
	variant, err := b.t.variantID(r.Variant)
	b.groups[groupKey{batch, r.Channel, r.State, r.Reason, variant}] += n
	return err
}

// rehash writes the digests of blocks whose recipients were replaced.
func (b *batcher) rehash() error {
	for _, batch := range b.earlier {
		rehashed := false
		for n := range batch.Blocks() {
			if !b.touched[blockOf{batch.Number, n}] {
				continue
			}
			if err := b.rehashBlock(batch, n); err != nil {
				return err
			}
			rehashed = true
		}
		if !rehashed {
			continue
		}
		if err := b.t.hashBatch(batch); err != nil {
			return err
		}
	}
	return nil
}

// rehashBlock writes digest and traces of a block anew.
func (b *batcher) rehashBlock(batch ledger.Batch, n int) error {
	rows, err := b.t.block(batch, n)
	if err != nil {
		return err
	}
	list := make([]notifier.Recipient, len(rows))
	for i := range rows {
		list[i] = rows[i].Recipient
	}
	d := notifier.BlockDigest(list)
	if _, err = b.t.exec("UPDATE blocks SET digest = ? WHERE batch = ? AND n = ?", d[:], batch.Number, n); err != nil {
		return err
	}
	return b.t.retrace(batch.First+int64(n)*notifier.BlockSize, rows, b.trace)
}

func (t *tx) hashBatch(b ledger.Batch) error {
	blocks, err := readBlocks(background, t.conn, b.Number)
	if err != nil {
		return err
	}
	d := notifier.ListDigest(blocks)
	_, err = t.exec("UPDATE batches SET digest = ? WHERE number = ?", d[:], b.Number)
	return err
}
