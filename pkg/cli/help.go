package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"headroom/pkg/diag"
	"headroom/pkg/report"
)

// newHelpCmd is cobra's command for help, but what is no command is wrong usage.
func newHelpCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Help about any command",
		Long:    "Says what a command does, with its flags and examples.",
		Example: "  headroom help prices show",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			of, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, c := range of.Commands() {
				if c.IsAvailableCommand() {
					out = append(out, c.Name()+"\t"+c.Short)
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of := cmd.Root()
			for _, name := range args {
				next := commandOf(of, name)
				if next == nil {
					return noCommand(of, []string{name})
				}
				of = next
			}
			of.InitDefaultHelpFlag()
			a.help(of, nil)
			return nil
		},
	}
}

func commandOf(cmd *cobra.Command, name string) *cobra.Command {
	for _, c := range cmd.Commands() {
		if c.Name() == name || c.HasAlias(name) {
			return c
		}
	}
	return nil
}

// help prints the help of a command, as wide as the terminal is.
func (a *app) help(cmd *cobra.Command, _ []string) {
	h := helpText{width: a.helpWidth(cmd)}
	h.of(cmd)
	_ = a.show([]byte(h.b.String())) // stdout keeps its error
}

// helpWidth is the width of a help: it is printed before settings are read.
func (a *app) helpWidth(cmd *cobra.Command) int {
	for _, text := range []string{cmd.Flags().Lookup("width").Value.String(), a.Getenv("HEADROOM_WIDTH")} {
		if w, err := strconv.Atoi(text); err == nil && w > 0 {
			return w
		}
	}
	return cmp.Or(a.Width, report.DefaultWidth)
}

// helpText is a help in the making.
type helpText struct {
	b     strings.Builder
	width int
}

func (h *helpText) of(cmd *cobra.Command) {
	h.text(cmp.Or(cmd.Long, cmd.Short))
	h.title("Usage:")
	if cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		h.code("  " + cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		h.code("  " + cmd.CommandPath() + " [command]")
	}
	if cmd.HasExample() {
		h.title("Examples:")
		for _, l := range strings.Split(cmd.Example, "\n") {
			h.code(l)
		}
	}
	for _, g := range cmd.Groups() {
		h.commands(g.Title, cmd.Commands(), g.ID)
	}
	title := "Commands:"
	if len(cmd.Groups()) > 0 {
		title = "Other commands:"
	}
	h.commands(title, cmd.Commands(), "")
	h.flags("Flags:", cmd.LocalNonPersistentFlags())
	common := pflag.NewFlagSet("", pflag.ContinueOnError)
	common.AddFlagSet(cmd.InheritedFlags())
	common.AddFlagSet(cmd.PersistentFlags())
	h.flags("Flags of all commands:", common)
	if cmd.HasAvailableSubCommands() {
		h.b.WriteByte('\n')
		h.line(fmt.Sprintf("Use %q for more about a command.", cmd.CommandPath()+" [command] --help"), "")
	}
}

func (h *helpText) title(s string) { h.b.WriteString("\n" + s + "\n") }

func (h *helpText) line(s, indent string) { h.b.WriteString(diag.Wrap(s, h.width, indent) + "\n") }

// code is a line for a shell: where it is broken, a backslash says that it goes on.
func (h *helpText) code(s string) {
	lines := strings.Split(diag.Wrap(s, h.width-len(` \`), "    "), "\n")
	h.b.WriteString(strings.Join(lines, " \\\n") + "\n")
}

// text is paragraphs, which are written for 80 columns: narrower ones are filled anew.
func (h *helpText) text(s string) {
	for i, part := range strings.Split(s, "\n\n") {
		if i > 0 {
			h.b.WriteByte('\n')
		}
		lines := strings.Split(part, "\n")
		fits := true
		for _, l := range lines {
			fits = fits && diag.Width(l) <= h.width && !strings.HasPrefix(l, "\t")
		}
		switch {
		case fits:
			h.b.WriteString(part + "\n")
		case strings.HasPrefix(part, " ") || strings.HasPrefix(part, "\t"):
			for _, l := range lines {
				h.code(strings.ReplaceAll(l, "\t", "  "))
			}
		default:
			h.line(strings.Join(lines, " "), "")
		}
	}
}

// commands lists the commands of a group.
func (h *helpText) commands(title string, list []*cobra.Command, group string) {
	var rows [][2]string
	for _, c := range list {
		if c.GroupID == group && (c.IsAvailableCommand() || c.Name() == "help") {
			rows = append(rows, [2]string{"  " + c.Name(), c.Short})
		}
	}
	h.pairs(title, rows)
}

func (h *helpText) flags(title string, set *pflag.FlagSet) {
	var rows [][2]string
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		kind, usage := pflag.UnquoteUsage(f)
		if kind != "" {
			name += " " + kind
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			usage += " (default " + f.DefValue + ")"
		}
		rows = append(rows, [2]string{name, usage})
	})
	h.pairs(title, rows)
}

// pairs are names with what they mean beside them, or below where there is too little room.
func (h *helpText) pairs(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	h.title(title)
	const gap, least, below = 2, 30, 8
	left := 0
	for _, r := range rows {
		left = max(left, diag.Width(r[0]))
	}
	for _, r := range rows {
		if h.width-left-gap < least {
			h.line(r[0], "")
			h.line(strings.Repeat(" ", below)+r[1], "")
			continue
		}
		lines := strings.Split(diag.Wrap(r[1], h.width-left-gap, ""), "\n")
		for i, l := range lines {
			name := ""
			if i == 0 {
				name = r[0]
			}
			h.b.WriteString(name + strings.Repeat(" ", left+gap-diag.Width(name)) + l + "\n")
		}
	}
}
