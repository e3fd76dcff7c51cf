package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// maxProfile is the size above which a profile is not read at all: the parser
// refuses far less, with a position.
const maxProfile = 16 << 20

// profileNames lists the embedded profiles.
func (a *app) profileNames() []string {
	files, _ := fs.Glob(a.profiles, "*.yaml")
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// looksLikeFile tells a path from the name of an embedded profile.
func looksLikeFile(name string) bool {
	return strings.ContainsAny(name, "/\\.")
}

// loadProfile reads a profile: a file where the name looks like a path, else
// an embedded one.
func (a *app) loadProfile(name string) (*workload.Profile, error) {
	p, err := a.readProfile(name)
	if p != nil {
		p.Ref = name
	}
	return p, err
}

func (a *app) readProfile(name string) (*workload.Profile, error) {
	d, err := a.openProfile(name)
	if err != nil {
		return nil, err
	}
	return d.Profile()
}

// openProfile parses a profile so that its values can still be replaced.
func (a *app) openProfile(name string) (*workload.Draft, error) {
	if looksLikeFile(name) {
		src, err := readLimited(name)
		if err != nil {
			return nil, err
		}
		return workload.Open(filepath.ToSlash(name), src, sizing.Specs(), os.ReadFile)
	}
	src, err := fs.ReadFile(a.profiles, name+".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		hint := "A path needs a slash or an ending, as in ./" + name +
			".yaml; headroom profiles list shows the embedded ones."
		near := diag.Suggest(name, a.profileNames())
		return nil, hinted{invalidError{fmt.Errorf("no profile is called %q%s", name, maybe(near))}, hint}
	}
	if err != nil {
		return nil, err
	}
	file := path.Join("profiles", name+".yaml")
	return workload.Open(file, src, sizing.Specs(), func(p string) ([]byte, error) {
		return fs.ReadFile(a.profiles, strings.TrimPrefix(p, "profiles/"))
	})
}

// readLimited reads a file up to maxProfile.
func readLimited(name string) ([]byte, error) {
	hint := "Check the path; headroom profiles init FILE writes a profile to start from."
	if isEstimate(name) {
		hint = "Check the path; headroom estimate --format json --out FILE writes an estimate."
	}
	return readHinted(name, hint)
}

// readHinted is readLimited with its own advice for a file that is not there.
func readHinted(name, hint string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, hinted{invalidError{err}, hint}
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, hinted{invalidError{fmt.Errorf("%s is a folder", name)}, "Name a file in it."}
	}
	src, err := io.ReadAll(io.LimitReader(f, maxProfile+1))
	if err != nil {
		return nil, invalidError{err}
	}
	return src, nil
}

// planOptions turns the settings into the options of a plan.
func (a *app) planOptions() (bill.Request, error) {
	s := a.settings
	o := bill.Request{
		Settings: workload.Settings{Vintage: s.text("prices"), Regions: s.list("regions"), Scope: s.text("scope")},
		Terms:    bill.Terms{Program: a.program()},
	}
	if err := a.checkRegions(o.Regions); err != nil {
		return o, err
	}
	if text := s.text("hours_per_month"); text != "" {
		h, err := unit.ParseCount(text)
		if err != nil || h <= 0 || h > 744 {
			return o, s.wrong("hours_per_month", "hours per month %q is not a number above 0 and up to 744", text)
		}
		o.Hours = h
	}
	if o.Scope != "" && o.Scope != "all" && o.Scope != "compute" {
		return o, s.wrong("scope", "scope %q is not known; use all or compute", o.Scope)
	}
	if o.Purchase = s.text("purchase"); o.Purchase != "" && !slices.Contains(purchase.Modes(), o.Purchase) {
		near := maybe(diag.Suggest(o.Purchase, purchase.Modes()))
		return o, hinted{s.wrong("purchase", "purchase %q is not known%s", o.Purchase, near),
			"Use on-demand, optimal, spot, or a commitment such as reserved-1y, reserved-3y-all, " +
				"convertible, sp-ec2-1y-none or sp-compute-3y."}
	}
	if file := s.text("adjustments"); file != "" {
		src, err := readHinted(file, "Check the path; an adjustments file has layers as docs/buying.md describes them.")
		if err != nil {
			return o, err
		}
		o.AdjustmentsFile = &bill.File{Name: filepath.ToSlash(file), Text: string(src)}
		if o.Adjustments, err = readAdjustments(o.AdjustmentsFile); err != nil {
			return o, err
		}
	}
	switch u := s.text("unpriced"); u {
	case "error":
	case "show":
		o.ShowUnpriced = true
	default:
		return o, s.wrong("unpriced", "unpriced %q is not known; use error or show", u)
	}
	return o, a.addOverlays(&o, s.list("overlay"), "")
}

// readAdjustments reads layers that apply to every profile.
func readAdjustments(file *bill.File) ([]workload.Adjustment, error) {
	var list struct {
		Adjustments []workload.Adjustment `yaml:"adjustments" required:"true" doc:"Layers, in their order."`
	}
	err := strict.Decode(file.Name, []byte(file.Text), &list, strict.ReadOptions{})
	if err == nil {
		err = workload.CheckLayers(list.Adjustments).Err()
	}
	return list.Adjustments, err
}

// checkRegions refuses regions that no price table knows.
func (a *app) checkRegions(names []string) error {
	if len(names) == 0 {
		return nil
	}
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	var known []string
	for _, v := range cat.Vintages() {
		known = append(known, v.Regions...)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return hinted{invalidError{fmt.Errorf("no price table has the region %q%s",
				name, maybe(diag.Suggest(name, known)))}, "headroom prices list shows the regions of every vintage."}
		}
	}
	return nil
}

// addOverlays reads overlay files; those of a profile are relative to it.
func (a *app) addOverlays(o *bill.Request, files []string, dir string) error {
	for _, f := range files {
		if dir != "" && !filepath.IsAbs(f) {
			f = filepath.Join(dir, f)
		}
		data, err := readHinted(f, "Check the path; an overlay is a CSV file of prices, "+
			"as docs/profiles.md describes it.")
		if err != nil {
			return err
		}
		o.Overlays = append(o.Overlays, plan.Overlay{File: filepath.ToSlash(f), Data: data, Today: a.today()})
	}
	return nil
}

// build makes the whole estimate of a profile by name.
func (a *app) build(name string, o bill.Request) (*bill.Result, error) {
	p, err := a.loadProfile(name)
	if err != nil {
		return nil, err
	}
	return a.remarked(p, o)
}

// remarked makes the whole estimate of a profile.
func (a *app) remarked(p *workload.Profile, o bill.Request) (*bill.Result, error) {
	r, err := a.billProfile(p, o)
	if err != nil {
		return nil, err
	}
	return r, insight.Remark(r)
}

// billProfile plans and bills a profile with its own overlays below those of the
// user.
func (a *app) billProfile(p *workload.Profile, o bill.Request) (*bill.Result, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	own := bill.Request{}
	if err := a.addOverlays(&own, p.Prices.Overlay, filepath.Dir(p.File)); err != nil {
		return nil, err
	}
	// The user's overlays win over the profile's.
	o.Overlays = append(own.Overlays, o.Overlays...)
	r, err := bill.Make(p, cat, o)
	var none *plan.Infeasible
	if errors.As(err, &none) {
		err = infeasibleError{err}
	}
	return r, err
}
