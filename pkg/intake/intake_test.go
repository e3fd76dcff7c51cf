package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

var table = Kind{Name: "a table", MaxBytes: 20, Endings: []string{".csv"}}

func put(t *testing.T, name, text string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// A file is opened once: what is written into it afterwards is not seen.
func TestReadsOnce(t *testing.T) {
	name := put(t, filepath.Join(t.TempDir(), "a.csv"), "one")
	r := NewReader(context.Background())
	for range 2 {
		src, err := r.Read(table, name, "")
		require.NoError(t, err)
		require.Equal(t, "one", string(src))
		put(t, name, "two")
	}
}

func TestReadIsBounded(t *testing.T) {
	dir := t.TempDir()
	r := NewReader(context.Background())
	_, err := r.Read(table, put(t, filepath.Join(dir, "fits.csv"), strings.Repeat("x", 20)), "")
	require.NoError(t, err)
	for _, name := range []string{put(t, filepath.Join(dir, "long.csv"), strings.Repeat("x", 21)), "/dev/zero"} {
		if _, err := os.Stat(name); err != nil {
			continue // a system without this device
		}
		_, err := r.Read(table, name, "")
		require.ErrorContains(t, err, "more than 20 bytes, the most that is read of a table")
		require.Contains(t, r.Shown(err).Error(), "more than 20 bytes")
	}
	_, err = r.Read(table, dir, "")
	require.ErrorContains(t, err, "this is a folder")
	_, err = r.Read(table, filepath.Join(dir, "none.csv"), "")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// What never comes is waited for until the run is stopped, and no longer.
func TestReadIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	in, out, err := os.Pipe()
	require.NoError(t, err)
	defer out.Close()
	r := NewReader(ctx)
	time.AfterFunc(10*time.Millisecond, stop)
	_, err = r.read(table, "pipe", "", func() (io.ReadCloser, error) { return in, nil })
	require.ErrorIs(t, err, context.Canceled)
}

// Lines are shown of files with the right ending that the user names, or that are
// in the folder of the file that names them, also behind a link.
func TestShown(t *testing.T) {
	dir := t.TempDir()
	in := put(t, filepath.Join(dir, "shop", "in.csv"), "secret")
	out := put(t, filepath.Join(dir, "out.csv"), "secret")
	env := put(t, filepath.Join(dir, "shop", ".env"), "secret")
	link := filepath.Join(dir, "shop", "link.csv")
	if os.Symlink(env, link) != nil {
		link = env // a system without links
	}
	shop := filepath.Join(dir, "shop")
	for _, x := range []struct {
		name, by string
		shown    bool
	}{
		{in, shop, true}, {in, "", true}, {out, "", true}, {out, shop, false}, {env, shop, false}, {env, "", false},
		{link, shop, false}, {link, "", false}, {filepath.Join(shop, "..", "out.csv"), shop, false},
	} {
		r := NewReader(context.Background())
		src, err := r.Read(table, x.name, x.by)
		require.NoError(t, err)
		p := diag.Problem{Pos: diag.Pos{File: filepath.ToSlash(x.name), Line: 1, Col: 2},
			Summary: "wrong: " + string(src), Hint: "not " + string(src), Source: string(src)}
		other := diag.Problem{Pos: diag.Pos{File: "other"}, Summary: "stays"}
		for _, err := range []error{diag.Problems{p, p, other}, p, errors.Join(p, other)} {
			var text strings.Builder
			require.NoError(t, diag.Render(&text, "", r.Shown(err), 0))
			require.Equal(t, x.shown, strings.Contains(text.String(), "secret"), "%v %s", x, &text)
			require.Contains(t, text.String(), filepath.ToSlash(x.name)+":1:2: ")
		}
		require.Contains(t, r.Shown(diag.Problems{p, other}).Error(), "stays")
	}
	r := NewReader(context.Background())
	require.Equal(t, os.ErrClosed, r.Shown(os.ErrClosed))
}

// A file that the user names as well may be shown, whoever named it first.
func TestShownToWhoNamesIt(t *testing.T) {
	dir := t.TempDir()
	name := put(t, filepath.Join(dir, "a.csv"), "line")
	r := NewReader(context.Background())
	for _, x := range []struct{ by, source string }{{t.TempDir(), ""}, {"", "line"}, {t.TempDir(), "line"}} {
		_, err := r.Read(table, name, x.by)
		require.NoError(t, err)
		shown := r.Shown(diag.Problem{Pos: diag.Pos{File: filepath.ToSlash(name), Line: 1}, Summary: "wrong"})
		require.Equal(t, x.source, shown.(diag.Problems)[0].Source)
	}
}

func TestText(t *testing.T) {
	for _, x := range []struct{ src, text, problem string }{
		{"\xEF\xBB\xBFa\r\nb\rc\n", "a\nb\nc\n", ""},
		{"é\tü\u0085", "é\tü\u0085", ""},
		{"\xFF\xFEa\x00", "", "f:1:1: the file is encoded as UTF-16"},
		{"\xFE\xFF\x00a", "", "f:1:1: the file is encoded as UTF-16"},
		{"a\r\né\x00", "", "f:2:2: the file contains a NUL byte"},
		{"a\x1b", "", "f:1:2: the file contains the control character U+001B"},
		{"\u009b", "", "f:1:1: the file contains the control character U+009B"},
		{"a\xff", "", "f:1:2: byte 0xFF is not valid UTF-8"},
	} {
		text, ps := Text("f", []byte(x.src))
		if x.problem != "" {
			require.EqualError(t, ps.Err(), x.problem)
			continue
		}
		require.NoError(t, ps.Err())
		require.Equal(t, x.text, string(text))
	}
}

// Text that was accepted is accepted again, and stays the same.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"\xEF\xBB\xBFa\r\nb\rc", "\xFF\xFEa\x00", "a\x00", "\u2028", "\r", "\xEF\xBB\xBF\xEF\xBB\xBF",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		text, ps := Text("f", src)
		if len(ps) > 0 {
			require.Positive(t, ps[0].Pos.Line)
			return
		}
		require.NotContains(t, string(text), "\r")
		again, ps := Text("f", text)
		require.Empty(t, ps)
		if !strings.HasPrefix(string(text), "\ufeff") { // a second mark is text
			require.Equal(t, string(text), string(again))
		}
	})
}
