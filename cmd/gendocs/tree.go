package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// command is what the pages say of one command.
type command struct {
	path      string // "headroom prices list"
	short     string
	long      string
	example   string
	usage     string
	own       []option
	inherited []option
	parent    string // path; "" for the program
	children  []child
}

type child struct{ path, short string }

// option is a flag.
type option struct {
	name      string // "--format string", "-h, --help"
	meaning   string
	byDefault string // "" for none
}

// file is the name of the command's page without ending.
func (c command) file() string { return fileOf(c.path) }

func fileOf(path string) string { return strings.ReplaceAll(path, " ", "-") }

// paragraphs splits a long text at its blank lines.
func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if p = strings.Trim(p, "\n"); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// lines splits an example and takes its common indentation away.
func lines(text string) []string {
	var out []string
	for _, l := range strings.Split(strings.Trim(text, "\n"), "\n") {
		out = append(out, strings.TrimRight(strings.TrimPrefix(l, "  "), " "))
	}
	return out
}

// tree lists a command and all that can be called below it, parents first, in
// the order of their names. The commands that cobra adds (help, completion)
// explain themselves and are left out.
func tree(root *cobra.Command) []command { return walk(root, nil) }

func walk(cmd *cobra.Command, out []command) []command {
	out = append(out, describe(cmd))
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" {
			out = walk(sub, out)
		}
	}
	return out
}

func describe(cmd *cobra.Command) command {
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	c := command{path: cmd.CommandPath(), short: cmd.Short, long: cmd.Long, example: cmd.Example, usage: cmd.UseLine(),
		own: options(cmd.NonInheritedFlags()), inherited: options(cmd.InheritedFlags())}
	if c.long == "" {
		c.long = cmd.Short + "."
	}
	if cmd.HasParent() {
		c.parent = cmd.Parent().CommandPath()
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" {
			c.children = append(c.children, child{sub.CommandPath(), sub.Short})
		}
	}
	return c
}

// options lists the flags of a set, sorted by name.
func options(flags *pflag.FlagSet) []option {
	var out []option
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		kind, meaning := pflag.UnquoteUsage(f)
		o := option{name: "--" + f.Name, meaning: meaning}
		if f.Shorthand != "" {
			o.name = "-" + f.Shorthand + ", " + o.name
		}
		if kind != "" {
			o.name += " " + kind
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
			o.byDefault = f.DefValue
		}
		out = append(out, o)
	})
	return out
}

// explained is the meaning with the default.
func (o option) explained() string {
	if o.byDefault == "" {
		return o.meaning
	}
	return o.meaning + " (default " + o.byDefault + ")"
}
