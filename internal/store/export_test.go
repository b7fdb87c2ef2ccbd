package store

// ConnOf lets tests look at a transaction from below.
func ConnOf(tx *Tx) Conn { return tx.conn }
