package workload

import (
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Stage is what people change of the system while it runs, from a month or a week on: a
// component more, another balancer, a region. (Growth has what happens to the demand.)
type Stage struct {
	strict.At
	// What is done.
	Name string `yaml:"name" required:"true"`
	// First month, counted from 0.
	Month strict.Value[unit.Count] `yaml:"month" min:"0" max:"120"`
	// First week, counted from 0, instead of month; a year has 52.
	Week strict.Value[unit.Count] `yaml:"week" min:"0" max:"520"`
	// Values by path from then on, as --set has them; with those of the stages before.
	Set strict.Map[string] `yaml:"set" required:"true"`

	profile *Profile // the whole system from then on
}

// Check wants one start.
func (s *Stage) Check(c *strict.Checker) { oneStart(c, "stage "+s.Name, s.Month.Set, s.Week.Set) }

// StartMonth is the month in which the stage begins, in all of which it counts for who
// asks for months.
func (s *Stage) StartMonth() int { return startMonth(s.Month, s.Week) }

// StartWeek is the first week of the stage.
func (s *Stage) StartWeek() int { return startWeek(s.Month, s.Week) }

// begun tells whether the stage is there at the time of a situation.
func (s *Stage) begun(at *Situation) bool {
	if at.Week != nil {
		return *at.Week >= s.StartWeek()
	}
	return at.Month >= s.StartMonth()
}

// Stage is the profile of the last stage that has begun at the time of a situation:
// itself where none has. It has no stages of its own, so that questions about its future
// are about the same system.
func (p *Profile) Stage(at Situation) *Profile {
	for i := len(p.Stages) - 1; i >= 0; i-- {
		if p.Stages[i].begun(&at) {
			return p.Stages[i].profile
		}
	}
	return p
}

// readStages makes the profile of each stage. Stages follow one another.
func (p *Profile) readStages(d *Draft) error {
	var ps diag.Problems
	next, before := d.Clone(), p.RegionNames()
	for i := range p.Stages {
		s := &p.Stages[i]
		if i > 0 && s.StartWeek() < p.Stages[i-1].StartWeek() {
			ps.Addf(s.Pos, "write stages in the order of time", "stage %q begins before the one above it", s.Name)
		}
		for _, e := range s.Set {
			if err := next.doc.Set(e.KeyPos, e.Key, e.V); err != nil {
				ps = append(ps, diag.Of(err)...)
			}
		}
		if len(ps) > 0 {
			break // later ones have the same problems
		}
		q, err := decodeOne(next)
		if err == nil && !slices.Equal(before, q.RegionNames()[:min(len(before), len(q.Regions))]) {
			err = diag.Problem{Pos: s.Pos, Hint: "write the regions that there are first",
				Summary: "it takes a region away: a stage may only add some after those that there are"}
		}
		if err != nil {
			for _, x := range diag.Of(err) {
				x.Summary = "stage " + s.Name + ": " + x.Summary
				ps = append(ps, x)
			}
			break
		}
		q.Stages, s.profile, before = nil, q, q.RegionNames()
	}
	if len(ps) == 0 {
		p.checkEvents(&ps)
	}
	ps.Quote(d.file, d.src)
	return ps.Err()
}
