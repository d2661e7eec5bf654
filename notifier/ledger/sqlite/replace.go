package sqlite

import (
	"fmt"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Replace stores what r now holds for the recipient with its id. Only one who
// was never claimed may change (DESIGN section 4, number 12), and of the
// channels only email into postal.
func (b *batcher) Replace(r notifier.Recipient) error {
	if err := b.rows.wait(); err != nil {
		return err
	}
	old, err := b.t.row(r.ID)
	if err != nil {
		return err
	}
	o := &old.Recipient
	toPostal := o.Channel == notifier.Email && r.Channel == notifier.Postal
	if old.Attempts > 0 || o.Key != r.Key || o.Channel != r.Channel && !toPostal {
		return fmt.Errorf("recipient %s was claimed already or is another one: its notice never changes", r.Key)
	}
	if err := b.regroup(old.Batch, o, -1); err != nil {
		return err
	}
	if err := b.regroup(old.Batch, &r, 1); err != nil {
		return err
	}
	variant, err := b.t.variantID(r.Variant)
	if err != nil {
		return err
	}
	_, err = b.t.exec("UPDATE recipients SET reason=?, address=?, name=?, phone=?, zip=?, state=?, language=?, accounts=?, variant=?, consent=?, extra=? WHERE id=?",
		textOrNull(r.Reason), textOrNull(r.Address.Reveal()), textOrNull(r.Name.Reveal()), textOrNull(r.Phone.Reveal()),
		textOrNull(r.ZIP), r.State, languageOrNull(&r), encodeAccounts(r.Accounts), variant, r.Consent, extraOrNull(r.Extra), r.ID)
	if err == nil && toPostal {
		err = b.takeOut(r.ID)
	}
	if err != nil {
		return err
	}
	return b.touch(old.Batch, r.ID)
}

// takeOut takes a pending recipient, who is told by post from now on, out of
// its wave.
func (b *batcher) takeOut(id int64) error {
	var wave int
	if err := b.t.queryRow("SELECT wave FROM recipients WHERE id = ? AND status = ?", []any{id, stPending}, &wave); err != nil {
		return err
	}
	b.t.tally[tallyKey{wave, stPending}]--
	_, err := b.t.exec("UPDATE recipients SET wave = NULL, status = ? WHERE id = ?", stPostal, id)
	return err
}

// blockOf names a block of an earlier batch.
type blockOf struct {
	batch ledger.Batch // its number and ids only
	block int
}

// touch notes the block of a recipient that was replaced.
func (b *batcher) touch(number int, id int64) error {
	batch, err := b.t.batch(number)
	b.touched[blockOf{batch, batch.BlockOf(id)}] = true
	return err
}

func (b *batcher) regroup(batch int, r *notifier.Recipient, n int64) error {
	variant, err := b.t.variantID(r.Variant)
	if err != nil {
		return err
	}
	return b.t.addGroup(batch, groupKey{r.Channel, r.State, r.Reason, variant}, n)
}

// rehash writes the digests of blocks whose recipients were replaced.
func (b *batcher) rehash() error {
	batches := map[ledger.Batch]bool{}
	for p := range b.touched {
		if err := b.t.hashBlock(p.batch, p.block); err != nil {
			return err
		}
		batches[p.batch] = true
	}
	for batch := range batches {
		if err := b.t.hashBatch(batch); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) batch(number int) (ledger.Batch, error) {
	b := ledger.Batch{Number: number}
	return b, t.queryRow("SELECT first, last FROM batches WHERE number = ?", []any{number}, &b.First, &b.Last)
}

func (t *tx) hashBlock(b ledger.Batch, n int) error {
	s := t.names.rowScanner()
	from := b.First + int64(n)*notifier.BlockSize
	to := min(from+notifier.BlockSize-1, b.Last)
	var list []notifier.Recipient
	err := each(background, t, rowColumns(version)+"WHERE id BETWEEN ? AND ? ORDER BY id", []any{from, to}, func(scan scanner) error {
		row, err := s.scan(scan)
		list = append(list, row.Recipient)
		return err
	})
	if err != nil {
		return err
	}
	d := notifier.BlockDigest(list)
	_, err = t.exec("UPDATE blocks SET digest = ? WHERE batch = ? AND n = ?", d[:], b.Number, n)
	return err
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
