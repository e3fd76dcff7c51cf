package cli

import (
	"context"
	"errors"
	"fmt"

	"headroom/pkg/report"
	"headroom/pkg/whatif"
)

// solveWhatif searches for a goal.
func (a *app) solveWhatif(ctx context.Context, o whatifOptions, s *whatif.Model) error {
	g, err := whatif.ParseGoal(o.goal)
	if err != nil {
		return usagef("--goal: %v", err)
	}
	q, err := s.Search(o.solve, o.want == wantSmallest)
	if err != nil {
		return usagef("--solve: %v", err)
	}
	q.Quick = o.quick
	defer roomy()()
	bar := a.progress("plans")
	sol, err := s.Solve(ctx, g, q, bar.at)
	bar.stop()
	var unknown whatif.UnknownFigure
	if errors.As(err, &unknown) {
		return usagef("--goal: %v", err)
	}
	if err != nil {
		return err
	}
	if err := a.write(o.out, o.format, report.Solution(sol)); err != nil {
		return err
	}
	switch {
	case sol.Partial:
		return errInterrupted()
	case sol.Meets == nil:
		none := fmt.Errorf("no %s from %s to %s meets %s", sol.Path, sol.From, sol.To, sol.Goal.Text)
		hint := "Loosen the goal, or widen the range as in --solve " + sol.Path + "=FROM..TO."
		if o.quick {
			none = fmt.Errorf("none of %d values of %s from %s to %s meets %s", sol.Planned, sol.Path, sol.From, sol.To,
				sol.Goal.Text)
			hint = "Without --quick every value is tried. " + hint
		}
		return hinted{infeasibleError{none}, hint}
	}
	return nil
}
