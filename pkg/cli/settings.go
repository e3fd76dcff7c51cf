package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

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
		{"no_color", "false", false, false, "plain text also on a terminal"},
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

// settings are the tool settings with their origins. Viper reads files and
// environment; it never sees profiles or tables, whose keys have capitals and
// dots.
type settings struct {
	v      *viper.Viper
	origin map[string]string
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
	s := &settings{v: viper.New(), origin: map[string]string{}}
	known := map[string]setting{}
	for _, d := range settingList() {
		known[d.key] = d
		s.v.SetDefault(d.key, d.value)
		s.origin[d.key] = "default"
	}
	for _, file := range a.configFiles() {
		one := viper.New()
		one.SetConfigFile(file)
		one.SetConfigType("yaml")
		err := one.ReadInConfig()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return invalidError{fmt.Errorf("%s: %w", file, err)}
		}
		a.inputs.note(file)
		s.files = append(s.files, file)
		for _, key := range one.AllKeys() {
			if _, ok := known[key]; !ok {
				return invalidError{fmt.Errorf("%s: unknown setting %q%s",
					file, key, maybe(diag.Suggest(key, keys(known))))}
			}
			s.v.Set(key, one.Get(key))
			s.origin[key] = file
		}
	}
	for _, d := range settingList() {
		if text := a.Getenv(d.env()); text != "" {
			s.v.Set(d.key, text)
			s.origin[d.key] = "environment " + d.env()
		}
		if f := flags.Lookup(d.flag()); f != nil && f.Changed {
			s.v.Set(d.key, f.Value.String())
			s.origin[d.key] = "flag --" + d.flag()
		}
	}
	a.settings = s
	return nil
}

// hidden are the settings that no file of the repository and no flag gives: those
// of the environment and of the user's file. Bill are the names of those among them
// that may change a bill.
func (s *settings) hidden() (all []budget.Setting, bill []string) {
	for _, d := range settingList() {
		origin := s.origin[d.key]
		mine := origin != projectFile && slices.Contains(s.files, origin)
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

func keys(known map[string]setting) []string {
	out := make([]string, 0, len(known))
	for k := range known {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func maybe(nearest string) string {
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
}

// text is a setting as one string.
func (s *settings) text(key string) string {
	if date, ok := s.v.Get(key).(time.Time); ok { // YAML reads 2016-04-18 as one
		return date.Format(time.DateOnly)
	}
	if list, ok := s.v.Get(key).([]any); ok {
		parts := make([]string, len(list))
		for i, x := range list {
			parts[i] = fmt.Sprint(x)
		}
		return strings.Join(parts, ",")
	}
	return s.v.GetString(key)
}

// list is a setting as a list; in flags and environment its parts are
// separated by commas.
func (s *settings) list(key string) []string {
	var out []string
	for _, part := range strings.Split(s.text(key), ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// wrong is the error of a setting with a value that it cannot have: a usage
// error for flags, invalid input for files and environment.
func (s *settings) wrong(key, format string, args ...any) error {
	err := fmt.Errorf("%s (from %s)", fmt.Sprintf(format, args...), s.origin[key])
	if strings.HasPrefix(s.origin[key], "flag") {
		return usageError{err}
	}
	return invalidError{err}
}
