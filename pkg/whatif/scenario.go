package whatif

import (
	"path"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Scenario is a named set of changes, as a file states it.
type Scenario struct {
	strict.At
	// Version of the format.
	APIVersion string `yaml:"apiVersion" required:"true" enum:"headroom/v1"`
	// Short name: lower-case letters, digits and dashes.
	Name string `yaml:"name" required:"true" format:"slug"`
	// One line for headings.
	Title string `yaml:"title"`
	// What happens, and where its figures come from.
	Description string `yaml:"description"`
	// Values by path, as --set has them; * stands for every name at its place.
	Set strict.Map[string] `yaml:"set"`
	// Factors by path on what the profile has.
	Scale strict.Map[unit.Count] `yaml:"scale"`
	// By path, which value takes the place of which.
	Replace strict.Map[strict.Map[string]] `yaml:"replace"`
	// How many of the profile's regions are kept, the first ones.
	KeepRegions int `yaml:"keep_regions" min:"0"`
	// Regions instead of the profile's.
	Regions []string `yaml:"regions"`
	// Date of the price tables.
	Prices string `yaml:"prices" format:"day"`
	// compute leaves out everything but EC2 instances.
	Scope string `yaml:"scope" enum:"all|compute"`

	// PricesAt and RegionsAt are where these names stand: whether they exist only
	// the tables know.
	PricesAt  diag.Pos   `yaml:"-"`
	RegionsAt []diag.Pos `yaml:"-"`

	file string
	src  []byte
	sets []Assignment // of the command line
}

// ParseScenario reads a scenario file.
func ParseScenario(file string, src []byte) (Scenario, error) {
	s := Scenario{file: file, src: src}
	if err := strict.Decode(file, src, &s, strict.ReadOptions{}); err != nil {
		return Scenario{}, err
	}
	if s.Title == "" {
		s.Title = s.Name
	}
	return s, nil
}

// Schema is the JSON Schema of scenarios, for editors.
func Schema() []byte {
	return strict.Schema(&Scenario{}, strict.SchemaOptions{
		ID: "https://headroom.invalid/schema/scenario-v1.json", Title: "headroom scenario, version 1",
	})
}

// Check refuses regions given twice, and notes where names stand.
func (s *Scenario) Check(c *strict.Checker) {
	s.PricesAt = c.At("prices")
	for i := range s.Regions {
		s.RegionsAt = append(s.RegionsAt, c.At("regions", strconv.Itoa(i)))
	}
	if s.KeepRegions > 0 && len(s.Regions) > 0 {
		c.Errorf(c.At("regions"), "give keep_regions or regions, not both", "the regions are given twice")
	}
}

// Changed is the scenario of assignments on the command line.
func Changed(sets []Assignment) Scenario {
	title := make([]string, len(sets))
	for i, a := range sets {
		title[i] = a.Path + "=" + a.Text
	}
	return Scenario{Name: "changed", Title: strings.Join(title, ", "), sets: sets}
}

// assignments are the changes of a scenario to this system. A path that the
// profile does not have is an error, but for one with * that matches nothing.
func (s *Model) assignments(sc *Scenario) ([]Assignment, error) {
	var ps diag.Problems
	out := append([]Assignment(nil), sc.sets...)
	for _, e := range sc.Set {
		if !strings.Contains(e.Key, "*") {
			out = append(out, Assignment{Path: e.Key, Text: e.V, Pos: e.KeyPos})
			continue
		}
		for _, l := range s.match(e.Key) {
			out = append(out, Assignment{Path: l.Path, Text: e.V, Pos: e.KeyPos})
		}
	}
	for _, e := range sc.Replace {
		for _, l := range s.match(e.Key) {
			if to, ok := e.V.Get(l.Now); ok {
				out = append(out, Assignment{Path: l.Path, Text: to, Pos: e.KeyPos})
			}
		}
	}
	for _, e := range sc.Scale {
		found := s.match(e.Key)
		if len(found) == 0 && !strings.Contains(e.Key, "*") {
			ps.Addf(e.KeyPos, "", "%s is no input of this profile%s", e.Key, s.nearest(e.Key))
		}
		for _, l := range found {
			x, err := l.Parse(l.Now)
			if !l.Number() || err != nil {
				ps.Addf(e.KeyPos, "set it instead", "%s has no number that could be multiplied", l.Path)
				continue
			}
			out = append(out, Assignment{Path: l.Path, Text: l.Text(x * float64(e.V)), Pos: e.KeyPos})
		}
	}
	if err := ps.Err(); err != nil {
		return nil, sc.quote(err)
	}
	return out, nil
}

// match finds the inputs of a path in which * stands for any one name.
func (s *Model) match(pattern string) []strict.Leaf {
	var out []strict.Leaf
	slashed := strings.ReplaceAll(pattern, ".", "/")
	for _, l := range s.leaves {
		if ok, err := path.Match(slashed, strings.ReplaceAll(l.Path, ".", "/")); err == nil && ok {
			out = append(out, l)
		}
	}
	return out
}

// options are those of the plan.
func (s *Model) options(sc *Scenario, base *bill.Estimate) bill.Request {
	o := s.opts
	if sc.Prices != "" {
		o.Vintage = sc.Prices
	}
	if sc.Scope != "" {
		o.Scope = sc.Scope
	}
	if n := sc.KeepRegions; n > 0 && n < len(base.Regions) {
		o.Regions = base.Regions[:n]
	}
	if len(sc.Regions) > 0 {
		o.Regions = sc.Regions
	}
	return o
}

// quote adds the lines of the scenario's file to problems in it.
func (s *Scenario) quote(err error) error {
	ps, ok := err.(diag.Problems)
	if !ok || s.file == "" {
		return err
	}
	ps.Quote(s.file, s.src)
	return ps
}
