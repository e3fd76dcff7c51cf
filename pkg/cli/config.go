package cli

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/report"
)

const configLong = `Tool settings come, in this order, from a flag, the environment (HEADROOM_…),
./headroom.yaml, the user's $XDG_CONFIG_HOME/headroom/config.yaml (or
~/.config/headroom/config.yaml), or a default. Profiles are not settings: they
describe systems and are the same for everybody.

Colours: --color, --no-color and HEADROOM_COLOR decide; without them NO_COLOR and
TERM=dumb mean none, CLICOLOR_FORCE means colours also in a pipe, then comes color
in a file, and else a terminal has them. They never say what no word says.

What is taller than the terminal is shown by a pager: HEADROOM_PAGER or pager in the
user's file, $PAGER, or less where it is installed; never in a pipe, and not with
--no-pager or pager: never. A repository's headroom.yaml cannot name a program.`

func newConfigCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Tool settings and where they come from",
		Long:    configLong,
		Example: "  headroom config show --origin",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newConfigShowCmd(a))
	return cmd
}

func newConfigShowCmd(a *app) *cobra.Command {
	var o listOutput
	var origin bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show every setting, with --origin also where it comes from",
		Long:  "Shows every tool setting with its value.\n\n" + configLong,
		Example: "  headroom config show --origin\n" +
			"  HEADROOM_REGIONS=us-east-1 headroom config show --origin --format json",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return a.list(o, func() (listing, error) { return a.settingListing(origin), nil })
		},
	}
	cmd.Flags().BoolVar(&origin, "origin", false, "also say where each value comes from")
	o.addFlags(a, cmd)
	a.addSettings(cmd, planSettings()...)
	return cmd
}

// numberOf is the number that a text is, for programs; nothing where it is none.
func numberOf(text string) report.Cell {
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		return report.Cell{Value: x}
	}
	return report.Cell{}
}

// settingListing has one row per setting.
func (a *app) settingListing(origin bool) listing {
	l := listing{schema: "headroom.config/v1",
		cols: []listCol{{key: "setting", head: "Setting"}, {key: "text", head: "Value"}, {key: "value"}}}
	if origin {
		l.cols = append(l.cols, listCol{key: "origin", head: "Origin"})
	}
	l.cols = append(l.cols, listCol{key: "meaning", head: "Meaning"})
	for _, s := range settingList() {
		value := plain(a.settings.text(s.key))
		if s.list {
			list := a.settings.list(s.key)
			value = cell(strings.Join(list, ", "), names(list))
		}
		cells := []report.Cell{plain(s.key), value, numberOf(value.Text)}
		if origin {
			cells = append(cells, plain(a.settings.origin[s.key]))
		}
		l.add(append(cells, plain(s.doc))...)
	}
	files := "none"
	if len(a.settings.files) > 0 {
		files = strings.Join(a.settings.files, ", ")
	}
	l.fact("files_read", "Files read", files)
	l.fact("files_looked_for", "Looked for", strings.Join(a.configFiles(), ", "))
	return l
}
