package cli

import (
	"fmt"
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
			return hinted{fmt.Errorf("--out %s is a folder", file), "Name a file in it."}
		}
		// A pipe or device cannot be replaced; it is written as it is.
		return os.WriteFile(file, data, 0o644)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return hinted{fmt.Errorf("--out %s cannot be written: %w", file, err), "Check that the folder exists and may be written."}
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
		return hinted{fmt.Errorf("--out %s cannot be written: %w", file, err), "Nothing was left behind; check space and permissions."}
	}
	return nil
}
