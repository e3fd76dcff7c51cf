package cli

import (
	"context"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"headroom/pkg/intake"
)

// Commands is the tree of commands, for generating their documentation. It
// takes nothing from the process, so that the documentation is the same
// everywhere.
func Commands(pricing, profiles fs.FS) *cobra.Command {
	env := Env{Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Version: "devel"}
	return newRootCmd(&app{Env: env, out: &stdout{to: env.Out}, errOut: env.Err, pricing: pricing, profiles: profiles,
		files: intake.NewReader(context.Background())})
}

// ExitCode is what the process ends with, and why.
type ExitCode struct {
	Code    int
	Meaning string
}

// ExitCodes lists the exit codes for the documentation.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{exitOK, "the command did what was asked"},
		{exitBreached, "a budget or policy is breached"},
		{exitUsage, "wrong usage: unknown command or flag, wrong value of a flag"},
		{exitInvalid, "invalid input: profile, prices, settings file, baseline"},
		{exitInfeasible, "no plan meets the demand"},
		{exitOther, "anything else, such as a file that cannot be written"},
		{exitInterrupted, "Ctrl-C ended the command"},
	}
}

// ToolSetting is a tool setting for the documentation.
type ToolSetting struct{ Key, Env, Meaning string }

// Settings lists the tool settings.
func Settings() []ToolSetting {
	var out []ToolSetting
	for _, s := range settingList() {
		out = append(out, ToolSetting{s.key, s.env(), s.doc})
	}
	return out
}
