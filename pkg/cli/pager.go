package cli

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
)

// show writes to stdout, through a pager where that is a terminal and the text is taller.
// Who leaves the pager early has seen enough: that is no error, and the exit code is that
// of the command.
func (a *app) show(data []byte) error {
	words := a.pager(data)
	if len(words) == 0 {
		_, err := a.out.Write(data)
		return err
	}
	pager := exec.Command(words[0], words[1:]...)
	pager.Stdin, pager.Stderr = bytes.NewReader(data), a.errOut
	pager.Stdout = a.out.to
	if a.Environ != nil {
		pager.Env = a.Environ()
	}
	if a.Getenv("LESS") == "" { // as git sets it: leave a short text, keep colours, keep the screen
		pager.Env = append(pager.Env, "LESS=FRX")
	}
	if err := pager.Start(); err != nil {
		_, err := a.out.Write(data)
		return err
	}
	signal.Ignore(os.Interrupt) // Ctrl-C is the pager's; it stops a search, not the reading
	_ = pager.Wait()
	return nil
}

// pager is the program that shows a text, and its arguments; none where it is written as
// it is.
func (a *app) pager(data []byte) []string {
	if !a.Terminal || a.noPager || a.dumb() || a.Height <= 0 || bytes.Count(data, []byte("\n")) < a.Height {
		return nil
	}
	program := ""
	if a.settings != nil {
		program = a.settings.text("pager")
	}
	if program == "" {
		program = a.Getenv("PAGER")
	}
	if program == "" {
		program = "less"
	}
	words := strings.Fields(program)
	if len(words) == 0 || slices.Contains([]string{"cat", "never"}, program) {
		return nil
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil
	}
	return words
}
