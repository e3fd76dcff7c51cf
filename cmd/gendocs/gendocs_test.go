package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"headroom/pkg/cli"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

func all() []command { return tree(cli.Commands(pricing.FS, profiles.FS)) }

// Every command says what it does, at length, with an example that calls it.
func TestCommandsAreDocumented(t *testing.T) {
	commands := all()
	require.Greater(t, len(commands), 10)
	for _, c := range commands {
		require.NotEmpty(t, c.short, c.path)
		require.NotContains(t, c.short[len(c.short)-1:], ".", "%s: the short text is a title", c.path)
		require.Contains(t, c.example, c.path, "%s: an example", c.path)
		for _, o := range append(c.own, c.inherited...) {
			require.NotEmpty(t, o.meaning, "%s %s", c.path, o.name)
		}
	}
}

func TestPagesAreTheSameEachTime(t *testing.T) {
	require.Equal(t, allPages(all()), allPages(all()))
}

// Links lead to pages that exist.
func TestLinks(t *testing.T) {
	pages := allPages(all())
	known := map[string]bool{}
	for _, p := range pages {
		known[p.path] = true
	}
	links := 0
	for _, p := range pages {
		for _, part := range strings.Split(string(p.data), "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			switch {
			case strings.HasPrefix(target, "#"):
				require.Contains(t, anchors(p.data), target[1:], p.path)
			case path.Dir(p.path) == ".": // pages written by hand
				require.FileExists(t, filepath.Join("..", "..", "docs", target))
			default:
				require.True(t, known[path.Join(path.Dir(p.path), target)], "%s links to %s", p.path, target)
			}
			links++
		}
	}
	require.Greater(t, links, 10)
}

// anchors are the names of a page's headings.
func anchors(page []byte) []string {
	var out []string
	for _, l := range strings.Split(string(page), "\n") {
		if title, ok := strings.CutPrefix(l, "## "); ok {
			out = append(out, anchor(title))
		}
	}
	return out
}

// Every key that a profile may have is in the reference, as the schema knows
// them, and has a meaning.
func TestProfileReference(t *testing.T) {
	page := string(profilePage())
	var schema any
	require.NoError(t, json.Unmarshal(workload.Schema(sizing.Specs(), nil), &schema))
	keys := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			props, _ := v["properties"].(map[string]any)
			if _, ok := props["assumed"]; ok {
				props = nil // the page says once that any value may have it
			}
			for key, p := range props {
				if p, ok := p.(map[string]any); ok && p["description"] != nil {
					require.Contains(t, page, "\n| `"+key+"` | ")
					keys++
				}
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(schema)
	require.Greater(t, keys, 150)
	require.NotContains(t, page, "|  |\n", "a key without a meaning")
	// Where a default is from, and a default in its unit.
	require.Contains(t, page, "| `horizon` | count, 0 to 120 | `12`° | ")
	require.Contains(t, page,
		"| `retention` | duration | `7d` | How long messages are kept. From: Apache Kafka: log.retention.hours=168. |")
}

// A folder is compared as a whole: missing, altered and left over.
func TestWriteAndCompare(t *testing.T) {
	dir := t.TempDir()
	pages := allPages(all())
	require.Len(t, compare(dir, pages), len(pages))
	require.NoError(t, write(dir, pages, io.Discard))
	require.Empty(t, compare(dir, pages))

	own := filepath.Join(dir, "commands", "notes.txt")
	require.NoError(t, os.WriteFile(own, []byte("mine"), 0o600))
	old := filepath.Join(dir, "man", "headroom-gone.1")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	altered := filepath.Join(dir, "commands", "headroom.md")
	require.NoError(t, os.WriteFile(altered, []byte("x"), 0o600))
	require.Equal(t, []string{"commands/headroom.md", "man/headroom-gone.1"}, compare(dir, pages))

	var log bytes.Buffer
	require.NoError(t, write(dir, pages, &log))
	require.Equal(t, "removed man/headroom-gone.1\nwrote commands/headroom.md\n", log.String())
	require.Empty(t, compare(dir, pages))
	require.FileExists(t, own)
}

// What a text holds is text, not markup.
func TestEscaping(t *testing.T) {
	require.Equal(t, `a\|b\_c\*d \<e\> \[f\]`, markdownText("a|b_c*d <e> [f]"))
	require.Equal(t, `\-\-out a\eb \[u2026]`, roffText(`--out a\b …`))
	require.Equal(t, `\&.dot`, roffText(".dot"))

	root := &cobra.Command{Use: "x", Short: "Do x", Long: "First.\n\n\tcode --flag\n\nSecond.", Example: "  x\n  x -y"}
	pages := allPages(tree(root))
	require.Contains(t, string(pages[0].data), "First.\n\n```sh\ncode --flag\n```\n\nSecond.\n")
	require.Contains(t, string(pages[0].data), "```sh\nx\nx -y\n```")
	require.Contains(t, string(pages[1].data), ".nf\ncode \\-\\-flag\n.fi\n")
}
