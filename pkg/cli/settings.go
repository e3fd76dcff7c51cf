package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"headroom/pkg/budget"
	"headroom/pkg/diag"
)

// setting is one tool setting: a flag that can also be given in the
// environment and in a configuration file. This list is the only place that
// names them.
type setting struct {
	key   string // in files; the flag has dashes for underscores
	value string // default
	list  bool
	bill  bool // it may change a bill
	doc   string
}

func settingList() []setting {
	return []setting{
		{"prices", "", false, true, "date of the price tables (default: the profile's, else the newest)"},
		{"overlay", "", true, true, "CSV files with prices of your own, later ones win"},
		{"regions", "", true, true, "regions instead of the profile's, such as us-east-1,us-west-2"},
		{"hours_per_month", "", false, true, "hours billed a month instead of the profile's"},
		{"scope", "", false, true, "all, or compute for EC2 instances only"},
		{"purchase", "", false, true, "how all nodes are bought instead of the profile's way: on-demand, optimal, " +
			"spot, or a commitment such as reserved-1y or reserved-3y-all"},
		{"adjustments", "", false, true, "YAML file with adjustments: (discounts, credits, taxes), " +
			"applied after the profile's"},
		{"unpriced", "error", false, true, "what a missing price does: error, or show for a lower bound"},
		{"width", "0", false, false, "columns of tables; 0 is the terminal's, or 100"},
		{"color", colorAuto, false, false, "auto, always or never: colours of tables; auto has them on a terminal"},
		{"no_color", "false", false, false, "the same as color never"},
		{"pager", "", false, false, "program that shows what is taller than the terminal, such as less, or never " +
			"(default: $PAGER, else less)"},
	}
}

// listFlag is the flag of a list: given twice, it is longer, where a text would
// be replaced in silence.
type listFlag string

// Set appends.
func (l *listFlag) Set(text string) error {
	*l = listFlag(strings.TrimPrefix(string(*l)+","+text, ","))
	return nil
}

func (l *listFlag) String() string { return string(*l) }

// Type is what the help calls the value.
func (*listFlag) Type() string { return "string" }

func (s setting) flag() string { return strings.ReplaceAll(s.key, "_", "-") }
func (s setting) env() string  { return "HEADROOM_" + strings.ToUpper(s.key) }

// settings are the tool settings with their origins. Viper keeps them; it never sees
// files, which it would read with less care than the rest of the input: case, zeros
// and dates would be lost.
type settings struct {
	v      *viper.Viper
	origin map[string]string
	at     map[string]diag.Pos            // of those that a file gives
	items  map[string]map[string]diag.Pos // of those that a file gives, by their texts
	files  []string
}

// projectFile is the file of settings in the working folder: the repository's.
const projectFile = "headroom.yaml"

// configFiles are the files in the order in which they are read: later ones
// win.
func (a *app) configFiles() []string {
	var files []string
	base := a.Getenv("XDG_CONFIG_HOME")
	if base == "" {
		if home := a.Getenv("HOME"); home != "" {
			base = filepath.Join(home, ".config")
		}
	}
	if base != "" {
		files = append(files, filepath.Join(base, "headroom", "config.yaml"))
	}
	return append(files, projectFile)
}

// loadSettings reads files and environment and binds the flags: flag, then
// environment, then ./headroom.yaml, then the user's file, then default.
func (a *app) loadSettings(flags *pflag.FlagSet) error {
	s := &settings{v: viper.New(), origin: map[string]string{}, at: map[string]diag.Pos{},
		items: map[string]map[string]diag.Pos{}}
	a.settings = s
	for _, d := range settingList() {
		s.v.SetDefault(d.key, []string{d.value})
		s.origin[d.key] = "default"
	}
	for _, file := range a.configFiles() {
		if err := a.readSettings(file); err != nil {
			return err
		}
	}
	for _, d := range settingList() {
		if text := a.Getenv(d.env()); text != "" {
			s.set(d, d.parts(text), "environment "+d.env(), diag.Pos{})
		}
		if f := flags.Lookup(d.flag()); f != nil && f.Changed {
			s.set(d, d.parts(f.Value.String()), "flag --"+d.flag(), diag.Pos{})
		}
	}
	a.nameUnknownVariables()
	return nil
}

// parts are those of a list that is given as one text, separated by commas; of any other
// setting the text itself.
func (s setting) parts(text string) []string {
	if s.list {
		return strings.Split(text, ",")
	}
	return []string{text}
}

// set gives a setting a value.
func (s *settings) set(d setting, items []string, origin string, at diag.Pos) {
	s.v.Set(d.key, items)
	s.origin[d.key], s.at[d.key] = origin, at
	delete(s.items, d.key) // of another file
}

// nameUnknownVariables says on stderr which variables look like settings and are
// none: a misspelt one would be without effect in silence. Another program may have
// such variables, so that they are no error.
func (a *app) nameUnknownVariables() {
	if a.Environ == nil {
		return
	}
	var known, unknown []string
	for _, d := range settingList() {
		known = append(known, d.env())
	}
	for _, one := range a.Environ() {
		name, _, _ := strings.Cut(one, "=")
		if strings.HasPrefix(name, "HEADROOM_") && !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		a.note("headroom: the variable %.60q is no setting and has no effect%s", name,
			maybe(diag.Suggest(name, known)))
	}
}

// hidden are the settings that no file of the repository and no flag gives: those
// of the environment and of the user's file. Bill are the names of those among them
// that may change a bill.
func (s *settings) hidden() (all []budget.Setting, bill []string) {
	for _, d := range settingList() {
		origin := s.origin[d.key]
		mine := origin != projectFile && slices.Contains(s.files, origin)
		if slices.Contains([]string{"color", "no_color", "pager", "width"}, d.key) {
			continue // no word of a report depends on them
		}
		if !mine && !strings.HasPrefix(origin, "environment ") {
			continue
		}
		all = append(all, budget.Setting{Name: d.key, Value: s.text(d.key), Origin: origin})
		if d.bill {
			bill = append(bill, d.key)
		}
	}
	return all, bill
}

func maybe(nearest string) string {
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
}

// text is a setting as one string.
func (s *settings) text(key string) string {
	return strings.Join(s.v.GetStringSlice(key), ",")
}

// list is a setting as a list.
func (s *settings) list(key string) []string {
	var out []string
	for _, part := range s.v.GetStringSlice(key) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// wrong is the error of a setting with a value that it cannot have: a usage error
// for flags, a problem with its place in a file, else invalid input.
func (s *settings) wrong(key, format string, args ...any) error {
	return s.wrongItem(key, "", format, args...)
}

// wrongItem is wrong of one item of a list.
func (s *settings) wrongItem(key, item, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if at := s.itemAt(key, item); at.Line > 0 {
		return diag.Problems{{Pos: at, Summary: what}}
	}
	err := fmt.Errorf("%s (from %s)", what, s.origin[key])
	if strings.HasPrefix(s.origin[key], "flag") {
		return usageError{err}
	}
	return invalidError{err}
}

// unfit is wrong where the tables have no such thing: invalid input also of a flag.
func (s *settings) unfit(key, format string, args ...any) error {
	return s.unfitItem(key, "", format, args...)
}

// unfitItem is unfit of one item of a list.
func (s *settings) unfitItem(key, item, format string, args ...any) error {
	err := s.wrongItem(key, item, format, args...)
	if usage, ok := err.(usageError); ok {
		return invalidError(usage)
	}
	return err
}

// itemAt is where an item of a list stands in a file, else where the setting does.
func (s *settings) itemAt(key, item string) diag.Pos {
	if at, ok := s.items[key][item]; ok {
		return at
	}
	return s.at[key]
}

// unread is the error of a file that a setting names, with the place or the variable of
// the setting where the file cannot be read at all.
func (s *settings) unread(key, file string, err error) error {
	at := s.itemAt(key, file)
	var invalid invalidError
	var h hinted
	if strings.HasPrefix(s.origin[key], "environment") && errors.As(err, &invalid) && errors.As(err, &h) {
		return hinted{s.wrong(key, "%v", invalid), h.hint}
	}
	return unreadAt(at, err)
}

// unreadAt is the error of a file that another names at a place, with that place where the
// file cannot be read at all. A place without a line is none.
func unreadAt(at diag.Pos, err error) error {
	var invalid invalidError
	var h hinted
	var ps diag.Problems
	switch {
	case at.Line == 0:
		return err
	case errors.As(err, &invalid) && errors.As(err, &h):
		return hinted{diag.Problems{{Pos: at, Summary: invalid.Error()}}, h.hint}
	case errors.As(err, &ps) && len(ps) == 1 && ps[0].Pos.Line == 0: // a folder has no lines
		return diag.Problems{{Pos: at, Summary: ps[0].Pos.File + ": " + ps[0].Summary, Hint: ps[0].Hint}}
	}
	return err
}

// pos is where a setting is, for problems that are found later.
func (s *settings) pos(key string) diag.Pos {
	switch at := s.at[key]; {
	case at.Line > 0:
		return at
	case s.origin[key] == "default":
		return diag.Pos{}
	}
	return diag.Pos{File: s.origin[key] + " (" + key + ")"}
}

// by is the folder in which a setting may name files that errors quote: that of the
// repository for its file, any for what is the user's own.
func (s *settings) by(key string) string {
	if s.origin[key] == projectFile {
		return "."
	}
	return ""
}
