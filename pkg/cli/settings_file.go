package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"

	"headroom/pkg/diag"
	"headroom/pkg/intake"
	"headroom/pkg/strict"
)

// settingsFile is a file of settings. All values are texts: what each may be is
// checked where it is used, whether a file, a variable or a flag gives it.
type settingsFile struct {
	Prices      strict.Texts `yaml:"prices"`
	Overlay     strict.Texts `yaml:"overlay"`
	Regions     strict.Texts `yaml:"regions"`
	Hours       strict.Texts `yaml:"hours_per_month"`
	Scope       strict.Texts `yaml:"scope"`
	Purchase    strict.Texts `yaml:"purchase"`
	Adjustments strict.Texts `yaml:"adjustments"`
	Unpriced    strict.Texts `yaml:"unpriced"`
	Width       strict.Texts `yaml:"width"`
	Color       strict.Texts `yaml:"color"`
	NoColor     strict.Texts `yaml:"no_color"`
	Pager       strict.Texts `yaml:"pager"`
}

// by gives the values by the keys of settings.
func (f *settingsFile) by() map[string]*strict.Texts {
	return map[string]*strict.Texts{"prices": &f.Prices, "overlay": &f.Overlay, "regions": &f.Regions,
		"hours_per_month": &f.Hours, "scope": &f.Scope, "purchase": &f.Purchase, "adjustments": &f.Adjustments,
		"unpriced": &f.Unpriced, "width": &f.Width, "color": &f.Color,
		"no_color": &f.NoColor, "pager": &f.Pager}
}

// readSettings reads a file of settings where there is one. That of the working folder
// is read unasked: a link there must not show what is elsewhere. A file of comments is as
// good as none.
func (a *app) readSettings(name string) error {
	by := ""
	if name == projectFile {
		by = "."
	}
	src, err := a.read(settingsKind(), name, by)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	a.settings.files = append(a.settings.files, name)
	f, err := parseSettings(filepath.ToSlash(name), src)
	if err != nil {
		return err
	}
	if x := f.Pager; x.Set && name == projectFile {
		return a.files.Shown(diag.Problems{{Pos: x.Pos, Summary: "a repository cannot say which program runs as pager",
			Hint: "write pager in a file of settings of your own, or set HEADROOM_PAGER"}})
	}
	for _, d := range settingList() {
		if x := f.by()[d.key]; x.Set {
			items := x.Items
			if !x.List && len(items) == 1 {
				items = d.parts(items[0])
			}
			a.settings.set(d, items, name, x.Pos)
		}
	}
	return nil
}

// parseSettings reads the text of a file of settings.
func parseSettings(file string, src []byte) (*settingsFile, error) {
	f := &settingsFile{}
	if onlyComments(file, src) {
		return f, nil
	}
	if err := strict.Decode(file, src, f, strict.ReadOptions{}); err != nil {
		return nil, err
	}
	var ps diag.Problems
	for _, d := range settingList() {
		if x := f.by()[d.key]; x.List && !d.list {
			ps.Addf(x.Pos, "write one value", "%s must be a single value, not a list", d.key)
		}
	}
	ps.Quote(file, src)
	return f, ps.Err()
}

// onlyComments tells whether a file has no line but comments and blank ones.
func onlyComments(file string, src []byte) bool {
	text, ps := intake.Text(file, src)
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return len(ps) == 0
}
