package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/whatif"
)

const scenarioFolder = "scenarios"

// scenarioNames lists the shipped scenarios.
func (a *app) scenarioNames() []string {
	files, _ := fs.Glob(a.profiles, scenarioFolder+"/*.yaml")
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// checkScenario refuses dates and regions of which there are no tables.
func (a *app) checkScenario(sc *whatif.Scenario) error {
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	var dates, regions []string
	for _, v := range cat.Vintages() {
		dates = append(dates, v.Name)
		regions = append(regions, v.Regions...)
	}
	hint := func(name string, known []string) string {
		if near := diag.Suggest(name, known); near != "" {
			return "did you mean " + near + "?"
		}
		return "headroom prices list shows the vintages and their regions"
	}
	var ps diag.Problems
	if sc.Prices != "" && !slices.Contains(dates, sc.Prices) {
		ps.Addf(sc.PricesAt, hint(sc.Prices, dates), "there are no price tables of %q", sc.Prices)
	}
	for i, name := range sc.Regions {
		if !slices.Contains(regions, name) {
			ps.Addf(sc.RegionsAt[i], hint(name, regions), "no price table has the region %q", name)
		}
	}
	return ps.Err()
}

// scenario reads a shipped scenario or a file.
func (a *app) scenario(name string) (whatif.Scenario, error) {
	if looksLikeFile(name) {
		src, err := a.read(scenarioKind(), name, "")
		if err != nil {
			return whatif.Scenario{}, err
		}
		return whatif.ParseScenario(name, src)
	}
	file := path.Join(scenarioFolder, name+".yaml")
	src, err := fs.ReadFile(a.profiles, file)
	if errors.Is(err, fs.ErrNotExist) {
		return whatif.Scenario{}, hinted{
			invalidError{fmt.Errorf("no scenario is called %q%s", name, maybe(diag.Suggest(name, a.scenarioNames())))},
			"Shipped are " + strings.Join(a.scenarioNames(), ", ") + "; a path needs a slash or an ending, as in ./" +
				name + ".yaml."}
	}
	if err != nil {
		return whatif.Scenario{}, err
	}
	file = path.Join("profiles", file)
	a.files.Keep(file, src)
	return whatif.ParseScenario(file, src)
}
