package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The documentation is executed. In README.md and docs/*.md
//
//	```console      runs each line that starts with "$ " and compares what it
//	                writes (results and errors together) with what follows; a
//	                line "…" stands for any lines, also none
//	```yaml file=x  writes the file x first (any language)
//
// in the order of the page and in one empty folder per page. A command must
// succeed; what should fail ends with `; echo "exit $?"`. Amounts and instance
// types in the text must occur in what some command of the page wrote.
// `go test ./cmd/headroom -run TestDocumentation -update` writes the outputs
// anew, and fails where a line after "…" is not there any more.
func TestDocumentation(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are lines for a POSIX shell, which Windows does not have; " +
			"every other system must run them")
	}
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	pages = append(pages, filepath.Join(root, "README.md"))
	ran := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		if strings.HasPrefix(string(text), "<!-- Made by ") {
			continue // cmd/gendocs -check holds it, or TestTruth
		}
		if filepath.Base(page) == extendingPage {
			continue // TestDocumentationExtending: another program runs it
		}
		t.Run(filepath.Base(page), func(t *testing.T) {
			d := document{t: t, dir: t.TempDir()}
			d.check(page, string(text))
			ran += d.ran
		})
	}
	require.Greater(t, ran, 20)
}

// check executes a page and holds its text and its links to what is there.
func (d *document) check(page, text string) {
	out := d.run(strings.Split(text, "\n"))
	if *update && out != text {
		require.NoError(d.t, os.WriteFile(page, []byte(out), 0o644))
	}
	d.checkProse()
	checkLinks(d.t, filepath.Dir(page), d.prose)
}

// The page that a newcomer sees first begins with the two commands, which are
// what they say: the program itself, and all tests.
func TestReadmeBegins(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(text), "```")
	block, _, _ := strings.Cut(rest, "```")
	require.Equal(t, "sh\ngo run ./cmd/headroom estimate\nmake test\n", block)
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	require.NoError(t, err)
	require.Contains(t, string(makefile), "\ntest:\n\t$(GO) test -timeout 30m ./...\n")
}

// document is a page on its way through the program.
type document struct {
	t       *testing.T
	dir     string
	ran     int
	prose   []string // lines outside blocks
	written strings.Builder
}

const fence = "```"

// run executes a page and returns it with the outputs as they are.
func (d *document) run(lines []string) string {
	var out []string
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if !strings.HasPrefix(lines[i], fence) {
			d.prose = append(d.prose, lines[i])
			continue
		}
		end := slices.Index(lines[i+1:], fence)
		require.GreaterOrEqual(d.t, end, 0, "line %d: the block does not end", i+1)
		block := lines[i+1 : i+1+end]
		info := strings.TrimPrefix(lines[i], fence)
		if _, name, ok := strings.Cut(info, " file="); ok {
			require.NoError(d.t, os.WriteFile(filepath.Join(d.dir, name), []byte(strings.Join(block, "\n")+"\n"),
				0o600))
		}
		if info == "console" {
			block = d.console(i+1, block)
		}
		out = append(append(out, block...), fence)
		i += 1 + end
	}
	return strings.Join(out, "\n")
}

// console executes the commands of a block; at is the line of the file before
// its first.
func (d *document) console(at int, block []string) []string {
	require.True(d.t, len(block) > 0 && strings.HasPrefix(block[0], "$ "),
		"line %d: a console block begins with a command", at+1)
	var out []string
	for i := 0; i < len(block); {
		end := i + 1
		for end < len(block) && !strings.HasPrefix(block[end], "$ ") {
			end++
		}
		got := d.command(strings.TrimPrefix(block[i], "$ "))
		shown := block[i+1 : end]
		where := fmt.Sprintf("line %d: %s", at+1+i, block[i])
		if *update {
			var err error
			shown, err = refresh(shown, got)
			require.NoError(d.t, err, "%s\n%s", where, strings.Join(got, "\n"))
		}
		require.True(d.t, shows(shown, got), "%s\nwrites\n%s\nand the page shows\n%s\n"+
			"If that is right: go test ./cmd/headroom -run TestDocumentation -update",
			where, strings.Join(got, "\n"), strings.Join(shown, "\n"))
		out = append(append(out, block[i]), shown...)
		i = end
	}
	return out
}

// command runs a line, which must succeed, and returns what it wrote.
func (d *document) command(line string) []string {
	d.ran++
	cmd := exec.Command("sh", "-c", strings.Replace(line, "go run ./cmd/headroom", "headroom", 1))
	cmd.Dir = d.dir
	// TestMain has put the program into PATH.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + d.dir}
	out, err := cmd.CombinedOutput()
	require.NoError(d.t, err, "%s\n%s", line, out)
	d.written.Write(out)
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// ellipsis stands for any lines.
const ellipsis = "…"

// shows tells whether the lines shown are those written, but for ellipses.
func shows(shown, got []string) bool {
	if len(shown) == 0 {
		return len(got) == 0
	}
	if shown[0] != ellipsis {
		return len(got) > 0 && shown[0] == got[0] && shows(shown[1:], got[1:])
	}
	for i := 0; i <= len(got); i++ {
		if shows(shown[1:], got[i:]) {
			return true
		}
	}
	return false
}

// refresh shows of got what was shown before: of each run of lines between
// ellipses, from the line that begins like its first to the one that begins
// like its last, with the indented lines that follow it. Nothing shown yet is
// all of it.
func refresh(shown, got []string) ([]string, error) {
	if len(shown) == 0 { // a block just written
		return got, nil
	}
	var out []string
	rest, anywhere := got, false
	for len(shown) > 0 {
		if shown[0] == ellipsis {
			out, shown, anywhere = append(out, ellipsis), shown[1:], true
			continue
		}
		end := slices.Index(shown, ellipsis)
		if end < 0 {
			end = len(shown)
		}
		run := shown[:end]
		shown = shown[end:]
		first := 0
		if anywhere {
			if first = find(rest, run[0]); first < 0 {
				return nil, fmt.Errorf("no line begins like %q", run[0])
			}
		}
		last := len(rest)
		if len(shown) > 0 { // else the run reaches the end
			k := len(run) - 1
			for k > 0 && strings.HasPrefix(run[k], " ") {
				k--
			}
			n := find(rest[first:], run[k])
			if n < 0 {
				return nil, fmt.Errorf("no line begins like %q", run[k])
			}
			last = first + n + 1
			for last < len(rest) && strings.HasPrefix(rest[last], " ") {
				last++
			}
		}
		out = append(out, rest[first:last]...)
		rest, anywhere = rest[last:], false
	}
	return out, nil
}

var gap = regexp.MustCompile(`\s{2,}`)

// find is the index of the line that has the same text as this one before the
// first gap, or, for a sentence, the same first word.
func find(lines []string, like string) int {
	key := func(s string) string {
		s = gap.Split(s, 2)[0]
		if len(s) > 30 {
			s, _, _ = strings.Cut(s, " ")
		}
		return s
	}
	return slices.IndexFunc(lines, func(l string) bool { return key(l) == key(like) })
}

// factsInProse are amounts (1,234.56) and instance types (m7g.large).
var factsInProse = regexp.MustCompile(`\b\d[\d,]*\.\d\d\b|\b[a-z]+\d[a-z]*\.(?:\d*x?large|medium|small|micro|nano)\b`)

// checkProse looks for amounts and instance types of the text in what the
// commands wrote.
func (d *document) checkProse() {
	plain := func(s string) string { return strings.ReplaceAll(s, ",", "") }
	written := map[string]bool{}
	for _, fact := range factsInProse.FindAllString(plain(d.written.String()), -1) {
		written[fact] = true
	}
	for _, line := range d.prose {
		for _, fact := range factsInProse.FindAllString(line, -1) {
			require.True(d.t, written[plain(fact)], "the text says %q, which no command of the page writes: %s",
				fact, line)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)

// checkLinks looks for the files that a page links to.
func checkLinks(t *testing.T, dir string, prose []string) {
	for _, line := range prose {
		for _, m := range link.FindAllStringSubmatch(line, -1) {
			if !strings.Contains(m[1], "://") {
				_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(m[1])))
				require.NoError(t, err, line)
			}
		}
	}
}

// What is elided may be anything, what is shown must be there in its order.
func TestElision(t *testing.T) {
	got := []string{"A  1", "B  2", "   more", "C  3"}
	require.True(t, shows(got, got))
	require.True(t, shows([]string{"…", "B  2", "…", "C  3"}, got))
	require.True(t, shows([]string{"A  1", "…"}, got))
	require.False(t, shows([]string{"A  1"}, got))
	require.False(t, shows([]string{"…", "B  3", "…"}, got))
	require.False(t, shows([]string{"…", "C  3", "B  2", "…"}, got))

	now := []string{"A  7", "B  8", "   and", "   more", "C  9"}
	out, err := refresh([]string{"…", "B  2", "   more", "…", "C  3"}, now)
	require.NoError(t, err)
	require.Equal(t, []string{"…", "B  8", "   and", "   more", "…", "C  9"}, out)
	out, err = refresh([]string{"A  1", "B  2", "…"}, now)
	require.NoError(t, err)
	require.Equal(t, []string{"A  7", "B  8", "   and", "   more", "…"}, out)
	_, err = refresh([]string{"…", "D  1", "…"}, now)
	require.Error(t, err)
}
