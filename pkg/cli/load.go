package cli

import (
	"errors"
	"fmt"
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
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// profileNames lists the embedded profiles.
func (a *app) profileNames() []string {
	files, _ := fs.Glob(a.profiles, "*.yaml")
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// looksLikeFile tells a path, or standard input, from the name of an embedded profile.
func looksLikeFile(name string) bool {
	return name == stdinArg || strings.ContainsAny(name, "/\\.")
}

// loadProfile reads a profile that the user names: a file where the name looks like
// a path, else an embedded one.
func (a *app) loadProfile(name string) (*workload.Profile, error) { return a.loadNamed(name, "") }

// loadNamed is loadProfile of a name that a file in a folder gives; see read.
func (a *app) loadNamed(name, by string) (*workload.Profile, error) {
	name, err := a.inFolder(name, by)
	if err != nil {
		return nil, err
	}
	d, err := a.openNamed(name, by)
	if err != nil {
		return nil, err
	}
	p, err := d.Profile()
	if p != nil {
		p.Ref = name
	}
	return p, err
}

// openProfile parses a profile so that its values can still be replaced.
func (a *app) openProfile(name string) (*workload.Draft, error) { return a.openNamed(name, "") }

func (a *app) openNamed(name, by string) (*workload.Draft, error) {
	name, err := a.inFolder(name, by)
	if err != nil {
		return nil, err
	}
	if looksLikeFile(name) {
		src, err := a.read(profileKind(), name, by)
		if err != nil {
			return nil, err
		}
		file := filepath.ToSlash(name)
		if name == stdinArg {
			file = stdinName
		}
		if _, _, inGit := gitObject(name); !inGit && strings.Contains(file, ":") && !filepath.IsAbs(name) {
			file = "./" + strings.TrimPrefix(file, "./") // not to be taken for REVISION:PATH
		}
		return workload.Open(file, src, sizing.Specs(), func(p string) ([]byte, error) {
			return a.read(curveKind(), p, filepath.Dir(name))
		})
	}
	src, err := fs.ReadFile(a.profiles, name+".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		hint := "A path needs a slash or an ending, as in ./" + name +
			".yaml; headroom profiles list shows the embedded ones."
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			hint = "The folder of that name is ./" + name + "; headroom profiles list shows the embedded ones."
		}
		near := diag.Suggest(name, a.profileNames())
		return nil, hinted{invalidError{fmt.Errorf("no profile is called %q%s", name, maybe(near))}, hint}
	}
	if err != nil {
		return nil, err
	}
	file := path.Join("profiles", name+".yaml")
	a.files.Keep(file, src)
	return workload.Open(file, src, sizing.Specs(), func(p string) ([]byte, error) {
		return fs.ReadFile(a.profiles, strings.TrimPrefix(p, "profiles/"))
	})
}

// planOptions turns the settings into the options of a plan.
func (a *app) planOptions() (bill.Request, error) {
	s := a.settings
	o := bill.Request{
		Settings: workload.Settings{Vintage: s.text("prices"), VintageAt: s.pos("prices"), Regions: s.list("regions"),
			RegionsAt: s.pos("regions"), Scope: s.text("scope")},
		Terms: bill.Terms{Program: a.program()},
	}
	if err := a.checkTables(o.Vintage, o.Regions); err != nil {
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
	if o.Purchase = s.text("purchase"); o.Purchase != "" && !slices.Contains(workload.PurchaseModes(), o.Purchase) {
		near := maybe(diag.Suggest(o.Purchase, workload.PurchaseModes()))
		return o, hinted{s.wrong("purchase", "purchase %q is not known%s", o.Purchase, near),
			"Use on-demand, optimal, spot, or a commitment such as reserved-1y, reserved-3y-all, " +
				"convertible, sp-ec2-1y-none or sp-compute-3y."}
	}
	if file := s.text("adjustments"); file != "" {
		src, err := a.read(adjustmentsKind(), file, s.by("adjustments"))
		if err != nil {
			return o, s.unread("adjustments", file, err)
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
	return o, a.addOverlays(&o, s.list("overlay"), s.by("overlay"), func(i int, err error) error {
		return s.unread("overlay", s.list("overlay")[i], err)
	})
}

// layersFile is a file of adjustments.
type layersFile struct {
	Adjustments []workload.Adjustment `yaml:"adjustments" required:"true"`
}

// KeyText is what its only key means.
func (*layersFile) KeyText(string) string { return "Layers, in their order." }

// readAdjustments reads layers that apply to every profile.
func readAdjustments(file *bill.File) ([]workload.Adjustment, error) {
	var list layersFile
	err := strict.Decode(file.Name, []byte(file.Text), &list, strict.ReadOptions{})
	if err == nil {
		err = workload.CheckLayers(list.Adjustments).Err()
	}
	return list.Adjustments, err
}

// checkTables refuses a vintage that there is not, and regions that no price table
// knows or that are named twice.
func (a *app) checkTables(vintage string, regions []string) error {
	if vintage == "" && len(regions) == 0 {
		return nil
	}
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	if _, err := cat.Vintage(vintage); err != nil {
		return hinted{a.settings.unfit("prices", "%v", err), "headroom prices list shows the vintages."}
	}
	var known []string
	for _, v := range cat.Vintages() {
		known = append(known, v.Regions...)
	}
	for i, name := range regions {
		switch {
		case !slices.Contains(known, name):
			return hinted{a.settings.unfitItem("regions", name, "no price table has the region %q%s", name,
				maybe(diag.Suggest(name, known))), "headroom prices list shows the regions of every vintage."}
		case slices.Contains(regions[:i], name):
			return a.settings.unfitItem("regions", name, "the region %s is named twice", name)
		}
	}
	return nil
}

// addOverlays reads overlay files; unread makes the error of one that cannot be read.
func (a *app) addOverlays(o *bill.Request, files []string, by string, unread func(i int, err error) error) error {
	for i, f := range files {
		data, err := a.read(overlayKind(), f, by)
		if err != nil {
			return unread(i, err)
		}
		o.Overlays = append(o.Overlays, plan.Overlay{File: filepath.ToSlash(f), Data: data, Today: a.today()})
	}
	return nil
}

// addOwnOverlays reads the overlays of a profile, below those that are there. They are
// relative to it.
func (a *app) addOwnOverlays(o *bill.Request, p *workload.Profile) error {
	var files []string
	for _, f := range p.Prices.Overlay {
		files = append(files, p.Beside(filepath.ToSlash(f)))
	}
	var own bill.Request
	unread := func(i int, err error) error { return unreadAt(p.Prices.OverlayAt[i], err) }
	if err := a.addOverlays(&own, files, filepath.Dir(p.File), unread); err != nil {
		return err
	}
	o.Overlays = append(own.Overlays, o.Overlays...)
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
	x, err := a.planProfile(p, o)
	if err != nil {
		return nil, err
	}
	return x.Bill()
}

// planProfile is billProfile without the bill.
func (a *app) planProfile(p *workload.Profile, o bill.Request) (*bill.Planned, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	// The user's overlays win over the profile's.
	if err := a.addOwnOverlays(&o, p); err != nil {
		return nil, err
	}
	x, err := bill.Search(p, cat, o)
	var none *plan.Infeasible
	if errors.As(err, &none) {
		err = infeasibleError{err}
	}
	return x, err
}
