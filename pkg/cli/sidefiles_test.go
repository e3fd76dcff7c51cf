package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// mistake changes a file that is right. Where is the text, in the changed file, at
// which the message must point; "" is the beginning of the file.
type mistake struct {
	name     string
	from, to string // to replaces the first from; with from "" it is the whole file
	where    string
	nearest  string // of what was meant; "" where nothing is near
}

// sideFile is a documented file beside the profile, and a command that reads it.
type sideFile struct {
	file, right string
	args        []string
	mistakes    []mistake
	without     map[string]string // common mistakes that the file cannot have: why
}

// commonMistakes are tried with every file.
func commonMistakes() []string {
	return []string{"misspelt key", "misspelt value", "wrong unit", "duplicate", "empty", "truncated", "huge", "NaN",
		"no such date"}
}

// No file leaves a common mistake out without a reason, and what is misspelt gets the
// nearest name.
func TestSideFilesHaveAllCommonMistakes(t *testing.T) {
	for _, f := range sideFiles() {
		for _, name := range commonMistakes() {
			i := slices.IndexFunc(f.mistakes, func(m mistake) bool { return m.name == name })
			if f.without[name] == "" {
				require.NotEqual(t, -1, i, "%s: %s", f.file, name)
				continue
			}
			require.Equal(t, -1, i, "%s: %s is tried, though it is said to be impossible", f.file, name)
		}
		for _, m := range f.mistakes {
			if m.name == "misspelt key" || m.name == "misspelt value" {
				require.NotEmpty(t, m.nearest, "%s: %s", f.file, m.name)
			}
		}
	}
}

const sideProfile = `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 6/min, write_ratio: 10%, response: 3KB, request: 1KB, stored_per_write: 1KB}
data: {dataset: 10GB}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, calls: {files: {per_write: 1, request: 1KB, response: 1KB}}}
  files: {kind: objects}
`

// run is one run of the whole program: what it says on stdout and stderr.
func runAll(t *testing.T, env map[string]string, args ...string) (out, said string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(k string) string { return env[k] },
		Version: "test", Now: func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) }},
		os.DirFS("../../pricing"), os.DirFS("../../profiles"))
	return stdout.String(), stderr.String(), code
}

// cut takes the rest of the file away; the message then points at its end.
const cut = "\x00"

const digits400 = "1" + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"

// Every documented file beside the profile answers the same mistakes alike: exit
// code 3, the place, and what was probably meant.
func TestSideFilesAreStrict(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) { require.NoError(t, os.WriteFile(in(name), []byte(text), 0o600)) }
	write("shop.yaml", sideProfile)
	write("growth.yaml", "apiVersion: headroom/v1\nrules: {total: {increase: 10%}}\n")
	out, said, code := runAll(t, nil, "estimate", in("shop.yaml"), "--format", "json")
	require.Zero(t, code, said)
	for _, f := range sideFiles() {
		if f.file == "base.json" {
			f.right = out
		}
		var args []string
		for _, a := range f.args {
			if strings.Contains(a, ".") {
				a = in(a)
			}
			args = append(args, a)
		}
		write(f.file, f.right)
		_, said, code := runAll(t, nil, args...)
		require.Zero(t, code, "%s\n%s", f.file, said)
		for _, m := range f.mistakes {
			t.Run(f.file+"/"+m.name, func(t *testing.T) {
				wrong := m.to
				if m.from != "" {
					require.Contains(t, f.right, m.from)
					wrong = strings.Replace(f.right, m.from, m.to, 1)
				}
				at := strings.Index(wrong, m.where)
				if m.to == cut {
					wrong, _, _ = strings.Cut(wrong, cut)
					at = len(wrong)
				}
				write(f.file, wrong)
				defer write(f.file, f.right)
				out, said, code := runAll(t, nil, args...)
				require.Equal(t, exitInvalid, code, said)
				require.Empty(t, out)
				require.Contains(t, said, in(f.file)+":"+position(t, wrong, at)+": ")
				if m.nearest != "" {
					require.Regexp(t, `did you mean "?`+m.nearest+`|write `+m.nearest, said)
				}
			})
		}
	}
}

// position is the line and column of an offset.
func position(t *testing.T, text string, at int) string {
	t.Helper()
	require.NotEqual(t, -1, at)
	before := text[:at]
	line := strings.LastIndex(before, "\n") + 1
	return fmt.Sprintf("%d:%d", strings.Count(before, "\n")+1, utf8.RuneCountInString(before[line:])+1)
}
