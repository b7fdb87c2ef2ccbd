package store

import (
	"context"
	"errors"
	"io"
)

// uploadPiece is how much of a file one row keeps.
const uploadPiece = 1 << 20

// InsertUpload keeps the file that an operation works on, in pieces numbered from 0, until DeleteUpload.
func (tx *Tx) InsertUpload(ctx context.Context, consoleID, operationID string, file io.Reader) error {
	piece := make([]byte, uploadPiece)
	for seq := int64(0); ; seq++ {
		n, err := io.ReadFull(file, piece)
		if n > 0 {
			if _, err := tx.exec(ctx, `INSERT INTO uploads (console_id, operation_id, seq, bytes) VALUES ($1, $2, $3, $4)`,
				consoleID, operationID, seq, piece[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// UploadPiece returns a piece of the file; empty behind its end. Every piece but the last is uploadPiece long.
func (tx *Tx) UploadPiece(ctx context.Context, consoleID, operationID string, seq int64) ([]byte, error) {
	piece, err := one(ctx, tx, scalar[[]byte], `SELECT bytes FROM uploads WHERE console_id = $1 AND operation_id = $2 AND seq = $3`,
		consoleID, operationID, seq)
	if errors.Is(err, ErrNone) {
		return nil, nil
	}
	return piece, err
}

// DeleteUpload drops the file of an operation that has ended.
func (tx *Tx) DeleteUpload(ctx context.Context, consoleID, operationID string) error {
	_, err := tx.exec(ctx, `DELETE FROM uploads WHERE console_id = $1 AND operation_id = $2`, consoleID, operationID)
	return err
}

// DeleteEndedUploads drops the files of a console's operations that have ended.
func (tx *Tx) DeleteEndedUploads(ctx context.Context, consoleID string) error {
	_, err := tx.exec(ctx, `DELETE FROM uploads WHERE console_id = $1 AND operation_id IN
		(SELECT id FROM operations WHERE console_id = $1 AND state IN ('DONE', 'FAILED'))`, consoleID)
	return err
}

// Upload reads the file of an operation, a piece in a transaction at a time.
type Upload struct {
	ctx                    context.Context //nolint:containedctx // an io.Reader has no other place for it
	db                     *DB
	consoleID, operationID string
	at                     int64 // the offset that Read reads from
	seq                    int64 // the piece in memory; -1: none
	piece                  []byte
}

// OpenUpload returns the file of an operation, for reading within ctx.
func (db *DB) OpenUpload(ctx context.Context, consoleID, operationID string) *Upload {
	return &Upload{ctx: ctx, db: db, consoleID: consoleID, operationID: operationID, seq: -1}
}

// Read implements io.Reader.
func (u *Upload) Read(p []byte) (int, error) {
	if seq := u.at / uploadPiece; seq != u.seq {
		if err := u.db.View(u.ctx, func(tx *Tx) (err error) {
			u.piece, err = tx.UploadPiece(u.ctx, u.consoleID, u.operationID, seq)
			return err
		}); err != nil {
			return 0, err
		}
		u.seq = seq
	}
	rest := u.piece[min(u.at%uploadPiece, int64(len(u.piece))):]
	if len(rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, rest)
	u.at += int64(n)
	return n, nil
}

var errWhence = errors.New("an upload is read from its start")

// Seek implements io.Seeker, from the start only.
func (u *Upload) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errWhence
	}
	u.at = offset
	return offset, nil
}
