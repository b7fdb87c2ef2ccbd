package customercsv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"psc/internal/fault"
)

// Names of the encodings, as a Report says them.
const (
	nameUTF8     = "UTF-8"
	nameUTF16    = "UTF-16"
	nameShiftJIS = "Shift_JIS"
)

// charset is how the bytes of a file become text.
type charset struct {
	name string
	skip int64 // length of the byte order mark
	enc  encoding.Encoding
}

var (
	utf8BOM = []byte{0xEF, 0xBB, 0xBF}
	charUTF = charset{nameUTF8, 0, unicode.UTF8}
)

// detect reads the whole file once and tells its encoding and size. A byte order mark decides; then a zero
// beside the header's first letter, which only UTF-16 has. Without either it is UTF-8 if it is valid UTF-8,
// or so nearly that the rest is damage to be reported; otherwise Shift_JIS, as Excel in Japan writes it.
func detect(ctx context.Context, r io.ReadSeeker) (charset, int64, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return charset{}, 0, fmt.Errorf("rewind: %w", err)
	}
	var head []byte
	var count utf8Count
	var size int64
	buf := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return charset{}, 0, err
		}
		n, err := io.ReadFull(r, buf)
		if size == 0 {
			head = bytes.Clone(buf[:min(n, 4)])
		}
		size += int64(n)
		count.add(buf[:n])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return choose(head, count), size, nil
		}
		if err != nil {
			return charset{}, 0, fmt.Errorf("read: %w", err)
		}
	}
}

// sniffed is how much of a file shows whether it is text.
const sniffed = 64 << 10

// CheckText refuses a file that is no text at all, such as a picture or a workbook ("import.not_csv").
func CheckText(r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind: %w", err)
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read: %w", err)
	}
	if binary(head[:n]) {
		return fault.InvalidField("file", "import.not_csv", nil)
	}
	return nil
}

// binary reports whether more of the bytes than a stray one are control characters that no text has. PDF begins as text.
func binary(head []byte) bool {
	if bytes.HasPrefix(head, []byte("%PDF-")) {
		return true
	}
	if choose(head[:min(len(head), 4)], utf8Count{}).name == nameUTF16 {
		return false
	}
	controls := 0
	for _, b := range head {
		if b < '\t' || b > '\r' && b < ' ' && b != 0x1a && b != 0x1b {
			controls++
		}
	}
	return controls*50 > len(head)
}

// Text returns a file as UTF-8 text without a byte order mark, whatever encoding it is in.
func Text(ctx context.Context, r io.ReadSeeker) (io.Reader, error) {
	if err := CheckText(r); err != nil {
		return nil, err
	}
	cs, _, err := detect(ctx, r)
	if err != nil {
		return nil, err
	}
	text, _, err := cs.open(r)
	return text, err
}

func choose(head []byte, count utf8Count) charset {
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	little := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	two := len(head) >= 2
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		return charset{nameUTF8, 3, unicode.UTF8}
	case two && head[0] == 0xFE && head[1] == 0xFF:
		return charset{nameUTF16, 2, big}
	case two && head[0] == 0xFF && head[1] == 0xFE:
		return charset{nameUTF16, 2, little}
	case two && head[0] == 0 && head[1] != 0:
		return charset{nameUTF16, 0, big}
	case two && head[0] != 0 && head[1] == 0:
		return charset{nameUTF16, 0, little}
	case count.broken() == 0 || count.wide > count.broken():
		return charUTF
	default:
		return charset{nameShiftJIS, 0, japanese.ShiftJIS}
	}
}

// utf8Count counts what is UTF-8 beyond ASCII and what is not UTF-8 at all, over pieces of a stream.
type utf8Count struct {
	wide, bad int
	rest      []byte // the beginning of a character whose end is in the next piece
}

func (c *utf8Count) add(piece []byte) {
	if len(c.rest) > 0 {
		piece = append(c.rest, piece...)
	}
	for len(piece) > 0 && utf8.FullRune(piece) {
		r, n := utf8.DecodeRune(piece)
		switch {
		case r == utf8.RuneError && n == 1:
			c.bad++
		case n > 1:
			c.wide++
		}
		piece = piece[n:]
	}
	c.rest = bytes.Clone(piece)
}

// broken counts a character that the file's end cuts off too.
func (c *utf8Count) broken() int { return c.bad + len(c.rest) }

// open returns the text of the file from its beginning; count sees how many of its bytes have been read.
func (c charset) open(r io.ReadSeeker) (text io.Reader, count *counter, err error) {
	if _, err := r.Seek(c.skip, io.SeekStart); err != nil {
		return nil, nil, fmt.Errorf("rewind: %w", err)
	}
	count = &counter{r: r, n: c.skip}
	return c.enc.NewDecoder().Reader(count), count, nil
}

// counter counts the bytes that pass.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
