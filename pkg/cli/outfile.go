package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// outFile is where a report goes.
type outFile struct {
	path    string      // with links followed
	info    fs.FileInfo // nil where there is no such file yet
	inPlace bool        // a pipe or a device: it cannot be replaced
}

// mostLinks is how many links are followed one after the other, as Linux does
// (MAXSYMLINKS, include/linux/namei.h).
const mostLinks = 40

var errLinks = errors.New("too many links that lead to links")

// findOutFile follows the links of a name, also of one that leads to no file yet, so
// that what a link leads to is replaced and not the link. What lies in /dev or /proc
// stands for something that is open already, such as /dev/stdout: it stays.
func findOutFile(name string) (outFile, error) {
	f := outFile{path: name}
	for range mostLinks {
		dir, base := filepath.Split(f.path)
		if dir == "" {
			dir = "."
		}
		dir, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return f, err
		}
		f.path = filepath.Join(dir, base)
		f.inPlace = dir == "/dev" || strings.HasPrefix(dir+"/", "/proc/")
		target, err := os.Readlink(f.path)
		if err != nil || f.inPlace {
			return f.look()
		}
		if f.path = target; !filepath.IsAbs(target) {
			// Not cleaned: the parent of a link is that of where it leads.
			f.path = dir + string(filepath.Separator) + target
		}
	}
	return f, errLinks
}

// look fills in what is there.
func (f outFile) look() (outFile, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f, nil
	case err != nil:
		return f, err
	}
	f.info = info
	f.inPlace = f.inPlace || !info.Mode().IsRegular()
	return f, nil
}

// same tells whether two reports would be written to one file. What a device does
// with two is its own affair only where it drops them.
func (f outFile) same(other outFile) bool {
	if f.path == os.DevNull {
		return false
	}
	if f.info != nil && other.info != nil {
		return os.SameFile(f.info, other.info)
	}
	a, errA := filepath.Abs(f.path)
	b, errB := filepath.Abs(other.path)
	return errA == nil && errB == nil && a == b
}

// replace puts a file with the data in the place of the old one. Whenever it is
// interrupted, there is the old file or the new one, whole.
func (f outFile) replace(data []byte) error {
	if f.info != nil {
		// A file that may not be written is not to be replaced either.
		old, err := os.OpenFile(f.path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if err := old.Close(); err != nil {
			return err
		}
	}
	tmp, err := createBeside(f.path)
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = f.keepMode(tmp)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), f.path)
	}
	if err != nil {
		os.Remove(tmp.Name()) // only then: once it was renamed, its name may be that of another's file
	}
	return err
}

// keepMode gives the new file the mode of the old one. That of a file that was not
// there is the umask's.
func (f outFile) keepMode(tmp *os.File) error {
	if f.info == nil {
		return nil
	}
	info, err := tmp.Stat()
	if err != nil || info.Mode().Perm() == f.info.Mode().Perm() {
		return err
	}
	return tmp.Chmod(f.info.Mode().Perm())
}

// createBeside makes a new file in the folder of another. Its name is short: that of
// the other may be as long as names can be. os.CreateTemp would not leave the mode to
// the umask. Names that other runs have or have left behind are passed over.
func createBeside(path string) (*os.File, error) {
	const tries = 10_000
	for try := 1; ; try++ {
		name := fmt.Sprintf(".headroom-%d-%d.tmp", os.Getpid(), try)
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if try == tries || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// syncFolder makes names in a folder last. It is no error where folders cannot be
// synced: on Windows, on some network disks, and where one may not be read.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// appendTo adds to a file that others write to as well: a pipe, a device, or the
// summary of a job.
func appendTo(file string, data []byte) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
