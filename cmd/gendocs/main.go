// Command gendocs writes the command reference (docs/commands, Markdown) and
// the man pages (docs/man) from the commands themselves, and the reference of
// the profile format (docs/profile-reference.md) from the structs that profiles
// are read into.
//
//	go run ./cmd/gendocs           write them
//	go run ./cmd/gendocs -check    compare; exit 1 if they are not up to date
//
// The pages have no date and no version: the same commands give the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

func main() {
	check := flag.Bool("check", false, "compare with the files and exit 1 if they differ")
	to := flag.String("to", "docs", "folder of the documentation")
	flag.Parse()
	pages := allPages(tree(cli.Commands(pricing.FS, profiles.FS)))
	if *check {
		stale := compare(*to, pages)
		if len(stale) > 0 {
			fmt.Fprintf(os.Stderr, "gendocs: not up to date: %s\nRun make docs.\n", strings.Join(stale, ", "))
			os.Exit(1)
		}
		return
	}
	if err := write(*to, pages, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

// page is a file to be: its path in the folder and its content.
type page struct {
	path string
	data []byte
}

// generated are the patterns of the files that are gendocs' own; others in the
// folder are left alone.
func generated() []string { return []string{"commands/*.md", "man/*.1", "profile-reference.md"} }

// allPages makes the page of the profile format and the pages of all commands.
func allPages(commands []command) []page {
	pages := []page{{"profile-reference.md", profilePage()}}
	for _, c := range commands {
		pages = append(pages,
			page{"commands/" + c.file() + ".md", markdownPage(c)},
			page{"man/" + c.file() + ".1", manPage(c)})
	}
	slices.SortFunc(pages, func(a, b page) int { return strings.Compare(a.path, b.path) })
	return pages
}

// leftOver lists generated files that no command has any more.
func leftOver(dir string, pages []page) []string {
	var out []string
	for _, pattern := range generated() {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			continue // the patterns above are well formed
		}
		for _, f := range files {
			rel, err := filepath.Rel(dir, f)
			if err == nil && !slices.ContainsFunc(pages, func(p page) bool { return p.path == filepath.ToSlash(rel) }) {
				out = append(out, filepath.ToSlash(rel))
			}
		}
	}
	return out
}

// compare lists the files that are missing, different or left over.
func compare(dir string, pages []page) []string {
	var stale []string
	for _, p := range pages {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.path)))
		if err != nil || !bytes.Equal(data, p.data) {
			stale = append(stale, p.path)
		}
	}
	return append(stale, leftOver(dir, pages)...)
}

// write brings the folder up to date and says what changed.
func write(dir string, pages []page, log io.Writer) error {
	for _, name := range leftOver(dir, pages) {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
		fmt.Fprintln(log, "removed", name)
	}
	for _, p := range pages {
		file := filepath.Join(dir, filepath.FromSlash(p.path))
		if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, p.data) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, p.data, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(log, "wrote", p.path)
	}
	return nil
}
