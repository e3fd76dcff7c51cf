package cli

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/intake"
	"headroom/pkg/workload"
)

// The kinds of files that commands read. What has the form of a profile is far
// smaller than maxYAML, which package strict has as well.
const (
	maxYAML     = 1 << 20
	maxEstimate = 16 << 20 // thirty estimates of the largest profile that comes with the program
)

func yamlKind(name, advice string) intake.Kind {
	return intake.Kind{Name: name, MaxBytes: maxYAML, Endings: []string{".yaml", ".yml"}, Advice: advice}
}

func profileKind() intake.Kind {
	return yamlKind("a profile", "Check the path; headroom profiles init FILE writes a profile to start from.")
}

func scenarioKind() intake.Kind {
	return yamlKind("a scenario",
		"Check the path; headroom whatif PROFILE --list scenarios shows those that are shipped.")
}

func budgetKind() intake.Kind {
	return yamlKind("a budget",
		"Write a budget with rules, or name one with --budget; its format: headroom check --print-schema.")
}

func adjustmentsKind() intake.Kind {
	return yamlKind("a file of adjustments",
		"Check the path; an adjustments file has layers as headroom docs buying describes them.")
}

func settingsKind() intake.Kind {
	return yamlKind("a file of settings", "headroom config show lists the settings and the files that are read.")
}

func overlayKind() intake.Kind {
	return intake.Kind{Name: "an overlay", MaxBytes: catalog.MaxOverlay, Endings: []string{".csv"},
		Advice: "Check the path; an overlay is a CSV file of prices, as headroom docs profiles describes it."}
}

func curveKind() intake.Kind {
	return intake.Kind{Name: "a load curve", MaxBytes: workload.MaxCurve, Endings: []string{".csv"}}
}

func estimateKind() intake.Kind {
	return intake.Kind{Name: "a saved estimate", MaxBytes: maxEstimate, Endings: []string{".json"},
		Advice: "Check the path; headroom estimate --format json --out FILE writes an estimate."}
}

// read gives the bytes of a file, or of one in a git revision. By is the folder of
// the file that names it, "" where the user does.
func (a *app) read(k intake.Kind, name, by string) ([]byte, error) {
	if name == stdinArg && by == "" {
		src, err := a.files.Stream(k, stdinName, a.In)
		return src, unreadable(err, k.Advice)
	}
	rev, _, inGit := gitObject(name)
	if !inGit {
		src, err := a.files.Read(k, name, by)
		return src, unreadable(err, k.Advice)
	}
	if strings.HasPrefix(rev, "-") {
		return nil, usagef("%q is not a revision", rev)
	}
	src, err := a.files.Object(k, filepath.ToSlash(name))
	if errors.Is(err, exec.ErrNotFound) {
		return nil, hinted{err, "Install git, or name files instead of revisions."}
	}
	return src, unreadable(err, "Check revision and path (the path is relative to the top of the repository, or "+
		"begins with ./); a shallow clone lacks old revisions.")
}

// unreadable makes invalid input with advice of a file that cannot be read. Problems
// have their own, and a run that was stopped needs none.
func unreadable(err error, advice string) error {
	if err == nil || exitCode(err) != exitOther {
		return err
	}
	return hinted{invalidError{err}, advice}
}
