package report

import (
	"strings"

	"headroom/pkg/solutions"
	"headroom/pkg/words"
)

// solutionsRecords has a row for each figure of each solution, and for each text.
func solutionsRecords(c *solutions.Comparison) *Grid {
	g := &Grid{}
	for _, key := range []string{"profile", "what", "name", "text", "value", "unit", "scenario", "source"} {
		g.Columns = append(g.Columns, Column{Header: key, Key: key})
	}
	for i := range c.Solutions {
		s := &c.Solutions[i]
		r := &recording{g, s.Name}
		solutionFigures(s, r)
		for k := range c.Aims {
			if x := c.Aims[k].Cells[i]; x != nil {
				values := map[string]any{"name": words.Say(c.Aims[k].What()), "text": string(x.Verdict), "unit": x.Unit,
					"scenario": x.Scenario}
				if x.Got != nil {
					values["value"] = *x.Got
				}
				r.add("aim", values)
			}
		}
		for k := range c.Failures {
			if o := c.Failures[k].Outcomes[i]; o != nil {
				r.add("failure", map[string]any{"name": words.Say(c.Failures[k].What), "scenario": o.Scenario,
					"text": outcomeCell(o, true).Text, "value": o.Down.Seconds, "unit": "s"})
			}
		}
		solutionArguments(s, r)
	}
	return g
}

func solutionFigures(s *solutions.Solution, r *recording) {
	r.add("cost", map[string]any{"name": "month", "value": s.Month, "unit": "USD"})
	r.add("cost", map[string]any{"name": "month without credits", "value": s.Full, "unit": "USD"})
	for k := range s.Places {
		p := &s.Places[k]
		r.add("machines", map[string]any{"name": p.Region, "text": runsAt(p), "value": p.Max, "unit": "nodes"})
	}
	for _, x := range []struct {
		name  string
		users *float64
	}{{"users carried", s.Success}, {"users carried in the worst loss", s.Failure}} {
		if x.users != nil {
			r.add("buffer", map[string]any{"name": x.name, "value": *x.users, "unit": "users"})
		}
	}
	if s.Points != nil {
		r.add("single points", map[string]any{"value": *s.Points})
	}
	for k := range s.Availability {
		x := &s.Availability[k]
		values := map[string]any{"name": x.Figure, "text": strings.Join(x.Missing, " ")}
		if x.Part != nil {
			values["value"], values["unit"] = *x.Part, "part"
		}
		r.add("availability", values)
	}
	for _, by := range s.DominatedBy {
		r.add("dominated by", map[string]any{"name": by})
	}
}

func solutionArguments(s *solutions.Solution, r *recording) {
	for _, x := range s.Pros {
		r.add("pro", map[string]any{"text": words.Say(x)})
	}
	for _, x := range s.Cons {
		r.add("con", map[string]any{"text": words.Say(x)})
	}
	for _, x := range s.Says.Pros {
		r.add("pro", map[string]any{"text": x.Text, "source": x.Source})
	}
	for _, x := range s.Says.Cons {
		r.add("con", map[string]any{"text": x.Text, "source": x.Source})
	}
}
