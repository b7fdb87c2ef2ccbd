package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed all:static
var embedded embed.FS

// contentTypes are those of the static files; a file of another kind is not served.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2",
}

// assets are the static files in the binary. One hash over all of them stands in every URL, so that files may
// name each other relatively, and a browser may keep them for good.
type assets struct {
	hash  string
	files map[string]asset
}

// asset is one file, and its gzip variant if the build made one.
type asset struct {
	contentType   string
	plain, zipped []byte
}

func newAssets() (*assets, error) { return readAssets(embedded, "static") }

func readAssets(files fs.FS, root string) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(files, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(name, root+"/")
		base, zipped := strings.CutSuffix(short, ".gz")
		kind, served := contentTypes[path.Ext(base)]
		if !served {
			return nil
		}
		fmt.Fprintf(sum, "%s %d\n%s", short, len(content), content)
		file := a.files[base]
		file.contentType = kind
		if zipped {
			file.zipped = content
		} else {
			file.plain = content
		}
		a.files[base] = file
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

// url returns where a file is served, or "" if the build does not have it.
func (a *assets) url(name string) string {
	if a.files[name].plain == nil {
		return ""
	}
	return "/static/" + a.hash + "/" + name
}

// ServeHTTP answers GET /static/{hash}/{name...}. A page of another build gets this build's file, not to be kept.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := a.files[r.PathValue("name")]
	if file.plain == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Vary", "Accept-Encoding")
	if r.PathValue("hash") == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	content := file.plain
	if file.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		content = file.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the reader may have gone
}

// takesGzip reports whether an Accept-Encoding header names gzip without refusing it.
func takesGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";")
		if name == "gzip" {
			return strings.Trim(quality, "q=0.") != "" || quality == ""
		}
	}
	return false
}
