package outage

// Runner puts one system into many scenarios, which often leave the same of a part.
type Runner struct {
	s *System
	c *carriers
}

// NewRunner is a runner of a system, which must not change from then on.
func NewRunner(s *System) *Runner { return &Runner{s, newCarriers(s)} }

// Run is System.Run.
func (r *Runner) Run(x Scenario) (*Outcome, error) { return r.s.run(x, r.c) }

// Unprotected is System.Unprotected.
func (r *Runner) Unprotected(after Scenario, further []Scenario) ([]Scenario, error) {
	return r.s.Unprotected(after, further)
}
