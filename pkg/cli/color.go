package cli

import (
	"slices"
	"strconv"
	"strings"
)

// The values of the setting color.
const (
	colorAuto   = "auto"
	colorAlways = "always"
	colorNever  = "never"
)

func colorModes() []string { return []string{colorAuto, colorAlways, colorNever} }

// color tells whether a table is to have colours. What is said to this program, by a flag
// or HEADROOM_COLOR, is stronger than what is said to all: NO_COLOR (no-color.org), a
// terminal without colours, then CLICOLOR_FORCE (bixense.com/clicolors). These are
// stronger than a file of settings.
func (a *app) color(toFile bool) (bool, error) {
	mode, from := a.settings.text("color"), a.settings.rank("color")
	if !slices.Contains(colorModes(), mode) {
		return false, a.settings.wrong("color", "color %q is not known; use %s", mode, strings.Join(colorModes(), ", "))
	}
	no, err := strconv.ParseBool(a.settings.text("no_color"))
	if err != nil {
		return false, a.settings.wrong("no_color", "no_color %q is not true or false", a.settings.text("no_color"))
	}
	if rank := a.settings.rank("no_color"); no && rank >= from {
		mode, from = colorNever, rank
	}
	force := a.Getenv("CLICOLOR_FORCE")
	switch {
	case from >= rankEnvironment && mode != colorAuto:
		return mode == colorAlways, nil
	case a.Getenv("NO_COLOR") != "" || a.dumb():
		return false, nil
	case force != "" && force != "0" && !toFile:
		return true, nil
	case mode != colorAuto:
		return mode == colorAlways, nil
	}
	return a.Terminal && !toFile, nil
}

// dumb tells whether the terminal knows nothing but text.
func (a *app) dumb() bool { return a.Getenv != nil && a.Getenv("TERM") == "dumb" }

// The ranks of where a setting comes from.
const (
	rankDefault = iota
	rankFile
	rankEnvironment
	rankFlag
)

// rank is how strong the origin of a setting is.
func (s *settings) rank(key string) int {
	switch origin := s.origin[key]; {
	case strings.HasPrefix(origin, "flag "):
		return rankFlag
	case strings.HasPrefix(origin, "environment "):
		return rankEnvironment
	case origin == "default":
		return rankDefault
	}
	return rankFile
}
