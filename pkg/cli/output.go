package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// output writes data to stdout, or to a file that appears complete or not at
// all: it is written beside its destination and renamed.
func (a *app) output(file string, data []byte) error {
	if file == "" {
		_, err := a.out.Write(data)
		return err
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Type() != 0 {
		if info.IsDir() {
			return hinted{fmt.Errorf("%s is a folder", file), "Name a file in it."}
		}
		// A pipe or device cannot be replaced; it is written as it is.
		return os.WriteFile(file, data, 0o644)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return hinted{cannotWrite(file, err), "Check that the folder exists and may be written."}
	}
	defer os.Remove(tmp.Name()) // nothing to remove once it was renamed
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return hinted{cannotWrite(file, err), "Nothing was left behind; check space and permissions."}
	}
	return nil
}

// cannotWrite names the file that the user asked for, not the temporary one.
func cannotWrite(file string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s cannot be written: %w", file, err)
}
