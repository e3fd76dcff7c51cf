package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"headroom/pkg/diag"
)

// Kind is a kind of file that is read.
type Kind struct {
	Name     string   // with its article: a profile
	MaxBytes int      // more is not read
	Endings  []string // of its name, with the dot, in small letters
	Advice   string   // what to do where it cannot be opened; a sentence
}

// endsRight tells whether a name ends as those of the kind do.
func (k Kind) endsRight(name string) bool {
	return slices.Contains(k.Endings, strings.ToLower(filepath.Ext(name)))
}

// Reader reads the files of one run. It may be used by several goroutines.
type Reader struct {
	stop context.Context // its end ends all reading
	mu   sync.Mutex
	kept map[string]*file // by clean path
	shut bool             // no further file is read
	own  []string         // names given to Read, also of files that could not be read
}

// file is a file that was read.
type file struct {
	kind   Kind
	data   []byte
	hidden string // why no text of it may be shown; "" where it may
}

// NewReader makes a Reader that reads until the context ends.
func NewReader(ctx context.Context) *Reader {
	return &Reader{stop: ctx, kept: map[string]*file{}}
}

// Read gives the bytes of a file. By is the folder of the file that names it, ""
// where the user does. The error is that of the system, diag.Problems where the
// file is too large or a folder, or the context's where the run was stopped: a
// pipe that nobody writes, or a device, may be waited for until then.
func (r *Reader) Read(k Kind, name, by string) ([]byte, error) {
	hidden := ""
	target, err := realPath(name)
	switch {
	case !k.endsRight(name), err == nil && !k.endsRight(target): // who names a link may not know where it leads
		hidden = "its name does not end in " + strings.Join(k.Endings, " or ")
	case by != "" && !inside(by, name):
		hidden = "it is not in the folder of the file that names it"
	}
	r.mu.Lock()
	r.own = append(r.own, name)
	r.mu.Unlock()
	return r.read(k, name, hidden, func() (io.ReadCloser, error) {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return nil, diag.Problems{{Pos: diag.Pos{File: filepath.ToSlash(name)}, Summary: "this is a folder",
				Hint: "name a file in it"}}
		}
		return os.Open(name)
	})
}

// Stream gives the bytes of what has no file, such as standard input, under a name for
// problems. It is read once.
func (r *Reader) Stream(k Kind, name string, in io.Reader) ([]byte, error) {
	return r.read(k, name, "", func() (io.ReadCloser, error) { return io.NopCloser(in), nil })
}

// HasRead tells whether Read was asked for a file, whatever it is called here. An output
// must not take the place of an input.
func (r *Reader) HasRead(file fs.FileInfo) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.own, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && os.SameFile(info, file)
	})
}

// Object gives the bytes of a file of a git revision, REV:PATH. The path is from
// the top of the repository, or from the working folder where it begins with a dot,
// as git has it. The error is NotInGit where git does not give it, else as of Read.
func (r *Reader) Object(k Kind, object string) ([]byte, error) {
	hidden := ""
	if !k.endsRight(object) {
		hidden = "its name does not end in " + strings.Join(k.Endings, " or ")
	}
	return r.read(k, object, hidden, func() (io.ReadCloser, error) { return openObject(r.stop, object) })
}

// Keep notes a file that is part of the program, so that it is quoted.
func (r *Reader) Keep(name string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept[clean(name)] = &file{data: data}
}

// Seal ends the reading of files: from now on the Reader gives what it has read, and
// diag.Problems for all else. Who plans for others, such as a page, may not be made to
// read the files of the machine.
func (r *Reader) Seal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut = true
}

// read gives what is kept of a file, or opens and reads it.
func (r *Reader) read(k Kind, name, hidden string, open func() (io.ReadCloser, error)) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.kept[clean(name)]
	if f == nil && r.shut {
		return nil, diag.Problems{{Pos: diag.Pos{File: filepath.ToSlash(name)},
			Summary: "no file is read but the profile and what it names",
			Hint:    "name it in the profile, and start the program again"}}
	}
	if f == nil {
		data, err := r.all(k, open)
		if err != nil {
			return nil, err
		}
		f = &file{kind: k, data: data, hidden: hidden}
		if len(data) <= k.MaxBytes {
			r.kept[clean(name)] = f
		}
	}
	if hidden == "" {
		f.hidden = "" // whoever names it here may see it
	}
	if len(f.data) > k.MaxBytes {
		return nil, diag.Problems{{Pos: diag.Pos{File: filepath.ToSlash(name), Line: 1, Col: 1},
			Summary: fmt.Sprintf("the file has more than %d bytes, the most that is read of %s", k.MaxBytes, k.Name),
			Hint:    "check that it is the file you meant"}}
	}
	return f.data, nil
}

// all opens and reads a file: one byte more than it may have, so that this is
// noticed. Opening a pipe waits for who writes it and cannot be broken off, so that
// a goroutine is left with it where the run is stopped.
func (r *Reader) all(k Kind, open func() (io.ReadCloser, error)) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		f, err := open()
		if err != nil {
			done <- result{err: err}
			return
		}
		data, err := io.ReadAll(io.LimitReader(f, int64(k.MaxBytes)+1))
		if closeErr := f.Close(); err == nil && len(data) <= k.MaxBytes {
			err = closeErr
		}
		done <- result{data, err}
	}()
	select {
	case one := <-done:
		return one.data, one.err
	case <-r.stop.Done():
		return nil, r.stop.Err()
	}
}

func clean(name string) string { return filepath.ToSlash(filepath.Clean(name)) }

// inside tells whether a file is in a folder, also where its name is a link.
func inside(folder, name string) bool {
	dir, err := realPath(folder)
	if err != nil {
		return false
	}
	file, err := realPath(name)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}

func realPath(name string) (string, error) {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(target)
}

// NotInGit says why git does not give a file.
type NotInGit struct {
	Object string
	Why    string // as git says it
}

func (e NotInGit) Error() string { return e.Object + " cannot be read from git: " + e.Why }

// object is a file that git writes into a pipe.
type object struct {
	io.ReadCloser
	cmd    *exec.Cmd
	name   string
	stderr bytes.Buffer
}

func openObject(ctx context.Context, name string) (io.ReadCloser, error) {
	o := &object{name: name, cmd: exec.CommandContext(ctx, "git", "cat-file", "blob", name)}
	o.cmd.Stderr = &o.stderr
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	o.ReadCloser = out
	return o, o.cmd.Start()
}

// Close waits for git, which ends also where the rest of a large file is not read:
// it cannot write it then.
func (o *object) Close() error {
	_ = o.ReadCloser.Close()
	err := o.cmd.Wait()
	if err == nil {
		return nil
	}
	why, _, _ := strings.Cut(strings.TrimSpace(o.stderr.String()), "\n")
	if why == "" {
		why = err.Error()
	}
	return NotInGit{o.name, why}
}
