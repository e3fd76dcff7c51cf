package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"headroom/pkg/diag"
)

// stdout notes the first error of a stream: help, lists and lines of progress are
// written by code that does not look at it, and a full disk must not end as success.
type stdout struct {
	to  io.Writer
	err error
}

// Write writes, and says what the error is about.
func (s *stdout) Write(data []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.to.Write(data)
	if err != nil {
		s.err = hinted{cannotWrite("stdout", err), "Check space and what reads it; nothing else was changed."}
		err = s.err
	}
	return n, err
}

// is tells whether stdout leads into a file, as where the shell sends it there. Who
// opened that file again would write over what stdout has written.
func (s *stdout) is(file fs.FileInfo) bool {
	f, ok := s.to.(*os.File)
	if !ok || file == nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && os.SameFile(info, file)
}

// ended is the error of a run, and that of stdout where the run does not know of it.
func (s *stdout) ended(err error) error {
	switch {
	case s.err == nil || errors.Is(err, s.err):
		return err
	case err == nil:
		return s.err
	}
	return joined(err, s.err)
}

// addOut adds --out, and --force for a file that it would not replace.
func (a *app) addOut(cmd *cobra.Command, out *string) {
	cmd.Flags().StringVarP(out, "out", "o", "", "write to this file instead of stdout")
	cmd.Flags().BoolVar(&a.force, "force", false, "write also over a file that the command has read")
}

// addFull adds --full, for commands whose report has a short form.
func (a *app) addFull(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVar(&a.full, "full", false, usage)
}

// note says something beside the result on stderr, unless --quiet is given.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.errOut, a.wrapped(fmt.Sprintf(format, args...)))
	}
}

// wrapped is a text for stderr: wrapped where that is a terminal.
func (a *app) wrapped(text string) string { return diag.Wrap(text, a.ErrWidth, "  ") }

// output writes data to stdout, or to a file that is the old or the new one, whole.
func (a *app) output(name string, data []byte) error {
	if name == "" {
		return a.show(data)
	}
	f, err := findOutFile(name)
	if err != nil {
		return hinted{cannotWrite(name, err), "Check that the folder exists and may be written."}
	}
	switch {
	case f.info == nil:
	case f.info.IsDir():
		return hinted{fmt.Errorf("%s is a folder", name), "Name a file in it."}
	case f.info.Mode().IsRegular() && !a.force && a.files.HasRead(f.info):
		return hinted{usagef("%s was read as an input and would be replaced", name),
			"Name another file, or replace it with --force."}
	case a.out.is(f.info):
		_, err := a.out.Write(data)
		return err
	}
	if f.inPlace {
		if err := appendTo(f.path, data); err != nil {
			return hinted{cannotWrite(name, err), "Check what reads it, or name a file."}
		}
		return nil
	}
	if err := f.replace(data); err != nil {
		return hinted{cannotWrite(name, err), "Nothing was left behind; check space and permissions."}
	}
	// A crash right after the rename must not bring the old name back.
	if err := syncFolder(filepath.Dir(f.path)); err != nil {
		return hinted{fmt.Errorf("%s was written, but the disk does not confirm it: %w", name, reason(err)),
			"Check the disk and run the command again."}
	}
	return nil
}

// cannotWrite names the file that the user asked for, not a temporary one.
func cannotWrite(file string, err error) error {
	return fmt.Errorf("%s cannot be written: %w", file, reason(err))
}

// reason is an error of the system without the names of files.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
