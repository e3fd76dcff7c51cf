// Command genkeys makes the texts of the keys of files, such as profiles: what
// editors, the references under docs and error messages say of a key is the comment
// above the struct field that the key is read into. Of the structs of a package it
// makes the methods KeyText (see strict.Documented); those of balancer.go are in
// keytexts_balancer.go beside it.
//
//	go generate ./...                     make them in all packages
//	go run ./cmd/genkeys DIR…             make them in these folders
//	go run ./cmd/genkeys -check DIR…      compare; exit 1 if they are not up to date
//
// It reads only the syntax, so that it works while the package does not build.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prefix begins the name of every file that is made.
const prefix = "keytexts_"

func main() {
	check := flag.Bool("check", false, "compare with the files and exit 1 if they differ")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: genkeys [-check] DIR…")
		os.Exit(2)
	}
	var stale []string
	for _, dir := range flag.Args() {
		now, err := texts(dir)
		if err == nil {
			var differ []string
			differ, err = differing(dir, now)
			stale = append(stale, differ...)
		}
		if err == nil && !*check {
			err = replace(now, stale)
			stale = nil
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "genkeys:", err)
			os.Exit(1)
		}
	}
	if len(stale) > 0 {
		fmt.Fprintf(os.Stderr, "genkeys: not up to date: %s\nRun go generate ./...\n", strings.Join(stale, ", "))
		os.Exit(1)
	}
}

// differing are the files in a folder that are not as they should be: other than now,
// missing, or of no source any more.
func differing(dir string, now map[string][]byte) ([]string, error) {
	old, err := filepath.Glob(filepath.Join(dir, prefix+"*.go"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, file := range old {
		if _, made := now[filepath.Base(file)]; !made {
			out = append(out, file)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		file := filepath.Join(dir, name)
		if is, err := os.ReadFile(file); err != nil || !bytes.Equal(is, now[name]) {
			out = append(out, file)
		}
	}
	return out, nil
}

// replace writes the files that are not as they should be, and removes
// those of no source.
func replace(now map[string][]byte, stale []string) error {
	for _, file := range stale {
		text, made := now[filepath.Base(file)]
		var err error
		if made {
			err = os.WriteFile(file, text, 0o644)
		} else {
			err = os.Remove(file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
