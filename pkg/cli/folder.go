package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	stdinArg  = "-"     // a profile on standard input
	stdinName = "stdin" // what problems call it
)

// inFolder is the only profile of a folder that is named, and any other name as it is. A
// folder without a profile or with several is invalid input.
func (a *app) inFolder(name, by string) (string, error) {
	if !looksLikeFile(name) || name == stdinArg {
		return name, nil
	}
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() {
		return name, nil // whoever reads it says what is wrong
	}
	found, err := a.profilesIn(name, by)
	switch {
	case err != nil:
		return "", err
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return "", hinted{invalidError{fmt.Errorf("%s has no profile: no file there that ends in .yaml or .yml has "+
			"the key components", name)}, "Name a file, or write one to start from: headroom profiles init " +
			asPath(filepath.Join(name, "shop.yaml")) + "."}
	}
	return "", hinted{invalidError{fmt.Errorf("%s has %d profiles: %s", name, len(found), strings.Join(found, ", "))},
		"Name one of them."}
}

// profilesIn are the files of a folder that have the form of a profile.
func (a *app) profilesIn(folder, by string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, unreadable(err, "Check the folder and its permissions.")
	}
	components := regexp.MustCompile(`(?m)^["']?components["']?[ \t]*:`)
	kind := profileKind()
	var found []string
	for _, e := range entries {
		if !e.Type().IsRegular() || !slices.Contains(kind.Endings, strings.ToLower(filepath.Ext(e.Name()))) {
			continue
		}
		file := asPath(filepath.Join(folder, e.Name()))
		src, err := a.read(kind, file, by)
		switch {
		case err != nil && exitCode(err) == exitInterrupted:
			return nil, err
		case err != nil:
			continue // such as a file of another program, larger than any profile
		}
		if components.Match(src) {
			found = append(found, filepath.ToSlash(file))
		}
	}
	return found, nil
}
