package report

import (
	"fmt"
	"strings"

	"headroom/pkg/whatif"
	"headroom/pkg/words"
)

// goalBrief is what a search found, in a line, and below it what is now and what comes next.
func goalBrief(s *whatif.Solution) Section {
	sec := Section{Title: s.Profile.Name + "  " + goalTitle(s)}
	if s.Partial {
		sec.Lead = append(sec.Lead, "PARTIAL: stopped before the end; nothing is proven.")
	}
	if list := setTexts(s.Inputs); len(list) > 0 {
		sec.Lead = append(sec.Lead, "with "+strings.Join(list, " · "))
	}
	var parts []string
	if s.Base != nil {
		parts = append(parts, "now "+reachedText(s, s.Base))
	}
	switch {
	case s.Fails != nil && s.Fails.Failure != "":
		parts = append(parts, solvedValue(s, s.Fails)+" has no plan: "+s.Fails.Failure)
	case s.Fails != nil && s.Meets != nil:
		parts = append(parts, "next "+reachedText(s, s.Fails))
	case s.Fails != nil:
		parts = append(parts, "nearest "+reachedText(s, s.Fails))
	case s.Meets != nil:
		parts = append(parts, fmt.Sprintf("the range ends there; widen it: --solve %s=FROM..TO", s.Path))
	}
	sec.Lead = append(sec.Lead, strings.Join(parts, "; "))
	if s.Method == whatif.Quick {
		sec.Notes = append(sec.Notes, words.Counted(s.Planned, "plan")+
			"; values between them are tried without --quick.")
	}
	if !s.Rising {
		sec.Notes = append(sec.Notes, "The figure rises and falls on the way: values further off may meet the goal or "+
			"miss it (--full).")
	}
	return sec
}

// goalTitle is "2,197 users for at most $5,000 a month".
func goalTitle(s *whatif.Solution) string {
	if s.Meets == nil {
		if s.Partial {
			return "no value found yet " + goalText(&s.Goal)
		}
		if s.Method == whatif.Quick {
			return fmt.Sprintf("none of %s of %s from %s to %s: %s", words.Counted(s.Planned, "value"), s.Path, s.From, s.To,
				goalText(&s.Goal))
		}
		return fmt.Sprintf("no value of %s from %s to %s: %s", s.Path, s.From, s.To, goalText(&s.Goal))
	}
	value := solvedValue(s, s.Meets)
	if s.Path != usersInput {
		value = s.Path + " " + value
	}
	return value + " " + goalText(&s.Goal)
}

// solvedValue is a value of the input that is searched: "2,197 users", "1.9 ms".
func solvedValue(s *whatif.Solution, r *whatif.Reached) string {
	value := r.Shown
	if value == "" || s.Meets != nil && s.Fails != nil && s.Meets.Shown == s.Fails.Shown {
		value = r.Value.Text
	}
	if s.Path == usersInput {
		return value + " users"
	}
	return value
}

// usersInput is the input whose values are called users.
const usersInput = "peak.users"

// reachedText is a value with its figure: "2,500 users, $5,719".
func reachedText(s *whatif.Solution, r *whatif.Reached) string {
	return solvedValue(s, r) + ", " + figureText(s.Goal.Unit, r)
}

// goalText is what is to hold.
func goalText(g *whatif.Goal) string {
	most := "for at least "
	if g.AtMost {
		most = "for at most "
	}
	bound := whatif.Reached{Figure: &g.Bound, Plan: &whatif.Figures{}}
	text := most + figureText(g.Unit, &bound)
	switch g.Unit {
	case whatif.UnitMonth:
		text = most + strings.TrimSuffix(figureText(g.Unit, &bound), ".00") + " a month"
	case whatif.UnitUser:
		text += " a user"
	case whatif.UnitMillion:
		text += " a million requests"
	case whatif.UnitShare:
		text += " of headroom"
	case whatif.UnitNodes:
		text += " nodes"
	case whatif.UnitSplits:
		text += " divisions"
	case whatif.UnitSeconds:
		text += " at " + g.Figure
	}
	if g.Component != "" {
		text += " of " + g.Component
	}
	return text
}
