package store_test

import (
	"bytes"
	"io"
	"testing"

	"psc/internal/store"
	"psc/internal/store/storetest"
)

func TestUploadIsReadBackInPieces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		for name, size := range map[string]int{"empty": 0, "short": 5, "whole": 2 << 20, "odd": 2<<20 + 7} {
			file := bytes.Repeat([]byte("0123456789abcdef!"), size/17+1)[:size]
			update(t, db, func(tx *store.Tx) error {
				op := store.Operation{ConsoleID: "tokyo", ID: name, Kind: store.ImportCustomers, State: store.OperationRunning, StartedAt: noon}
				if err := tx.InsertOperation(ctx, op); err != nil {
					return err
				}
				return tx.InsertUpload(ctx, "tokyo", name, bytes.NewReader(file))
			})
			upload := db.OpenUpload(ctx, "tokyo", name)
			for range 2 {
				if _, err := upload.Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(upload); err != nil || !bytes.Equal(got, file) {
					t.Errorf("%s: %d bytes, want %d, %v", name, len(got), size, err)
				}
			}
			foreign, err := io.ReadAll(db.OpenUpload(ctx, "other", name))
			same(t, err, len(foreign), 0)
		}
		update(t, db, func(tx *store.Tx) error { return tx.DeleteUpload(ctx, "tokyo", "odd") })
		gone, err := io.ReadAll(db.OpenUpload(ctx, "tokyo", "odd"))
		same(t, err, len(gone), 0)
	})
}
