// Command genkeys makes the texts of the keys of files, such as profiles: what
// editors, the references under docs and error messages say of a key is the comment
// above the struct field that the key is read into. Of the structs of a package it
// makes the methods KeyText (see strict.Documented), in one file:
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
	"os"
	"path/filepath"
	"strings"
)

// fileName is the file that is made in a package.
const fileName = "keytexts.go"

func main() {
	check := flag.Bool("check", false, "compare with the files and exit 1 if they differ")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: genkeys [-check] DIR…")
		os.Exit(2)
	}
	var stale []string
	for _, dir := range flag.Args() {
		file := filepath.Join(dir, fileName)
		now, err := texts(dir)
		if err == nil && *check {
			if old, readErr := os.ReadFile(file); readErr != nil || !bytes.Equal(old, now) {
				stale = append(stale, file)
			}
		} else if err == nil {
			err = os.WriteFile(file, now, 0o644)
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
