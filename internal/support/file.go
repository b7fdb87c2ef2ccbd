package support

import (
	"slices"
	"strings"

	"psc/internal/fault"
)

// What one message may carry.
const (
	FileLimit  = 5 << 20 // bytes of a file
	FilesLimit = 5
	nameLimit  = 100 // characters of a file's name
)

// File is a file of a message. Its bytes are loaded only to be downloaded.
type File struct {
	ID      string
	EntryID string
	Name    string
	Type    string
	Size    int64
	Bytes   []byte
}

// kind is a type of file: what its name ends in, and what it begins with.
type kind struct {
	ends  []string
	mime  string
	magic string // empty: text
}

var kinds = []kind{
	{[]string{".png"}, "image/png", "\x89PNG\r\n\x1a\n"},
	{[]string{".jpg", ".jpeg"}, "image/jpeg", "\xff\xd8\xff"},
	{[]string{".pdf"}, "application/pdf", "%PDF-"},
	{[]string{".txt"}, "text/plain", ""},
	{[]string{".csv"}, "text/csv", ""},
}

// Accept is what a form's field takes.
const Accept = ".png,.jpg,.jpeg,.pdf,.txt,.csv"

// CheckFiles returns the files of a message as they are kept, with their types, or says what is wrong with one: too many
// ("case.files_many"), too large ("case.file_large"), empty ("case.file_empty"), of a type that is not taken or not the one
// that its name says ("case.file_type").
func CheckFiles(files []File) ([]File, error) {
	if len(files) > FilesLimit {
		return nil, fault.InvalidField("files", "case.files_many", fault.Args{"Limit": FilesLimit})
	}
	kept := make([]File, len(files))
	for i, f := range files {
		args := fault.Args{"File": clean(f.Name)}
		f.Name, f.Size = clean(f.Name), int64(len(f.Bytes))
		switch f.Type = typeOf(f); {
		case f.Size == 0:
			return nil, fault.InvalidField("files", "case.file_empty", args)
		case f.Size > FileLimit:
			return nil, fault.InvalidField("files", "case.file_large", fault.Args{"File": f.Name, "Megabytes": FileLimit >> 20})
		case f.Type == "":
			return nil, fault.InvalidField("files", "case.file_type", args)
		}
		kept[i] = f
	}
	return kept, nil
}

// typeOf returns the type that both the name and the content of the file say; empty: none that is taken.
func typeOf(f File) string {
	name := strings.ToLower(f.Name)
	for _, k := range kinds {
		if !slices.ContainsFunc(k.ends, func(end string) bool { return strings.HasSuffix(name, end) && len(name) > len(end) }) {
			continue
		}
		if k.magic != "" && strings.HasPrefix(string(f.Bytes[:min(len(f.Bytes), len(k.magic))]), k.magic) || k.magic == "" && isText(f.Bytes) {
			return k.mime
		}
	}
	return ""
}

// isText reports whether the bytes are text in one of the encodings in use here (UTF-8, Shift_JIS, EUC-JP): none of them has
// other control characters than these.
func isText(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b })
}

// clean returns the last part of a file's name without anything that could mean something to a header or a file system.
func clean(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	runes := []rune(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == '"' || r == '\ufffd' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_")))
	if over := len(runes) - nameLimit; over > 0 { // the end says the type
		runes = runes[over:]
	}
	return string(runes)
}
