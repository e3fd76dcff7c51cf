package bill

// Otherwise is what an estimate comes to where its nodes are bought in another
// way.
type Otherwise struct {
	Total    Cost
	Unpriced []string // components that stay on demand, as the tables have no such price
}

// As bills the same nodes in the month at hand with another option for all of
// them.
func (r *Result) As(option string) (Otherwise, error) {
	pr := &pricer{Tables: r.Plan.Tables, profile: r.Plan.Profile}
	b := &buyer{plan: r.Plan, pr: pr, option: option, used: map[string]bool{}, now: true}
	e := Estimate{Regions: r.Estimate.Regions}
	for i, c := range r.Plan.Choices {
		if c.Layout.Type == nil {
			continue
		}
		lines, err := b.lines(i, c, &r.Estimate.Parts[i])
		if err != nil {
			return Otherwise{}, err
		}
		e.Lines = append(e.Lines, lines...)
	}
	for _, l := range r.Estimate.Lines {
		if l.Category != "compute" && l.Term != AdjustmentTerm {
			e.Lines = append(e.Lines, l)
		}
	}
	if err := e.adjust(r.Request.layers(r.Plan.Profile)); err != nil {
		return Otherwise{}, err
	}
	e.total()
	return Otherwise{e.Total, b.unpriced}, nil
}
