package resilience

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// derivation is what is derived of all scenarios of a file's plan.
func derivation(t *testing.T, file string) (*Assessment, []Derived) {
	t.Helper()
	c := testCatalog(t)
	p, f := planned(t, c, file), facts(t, c)
	a, err := Assess(p, f, Options{})
	require.NoError(t, err)
	var names []string
	for i := range a.Rows {
		names = append(names, a.Rows[i].Scenario)
	}
	steps, err := a.Derive(p, f, money.Amount{}, names)
	require.NoError(t, err)
	return a, steps
}

// The operands of each formula give its result, of every scenario of every shipped profile.
func TestStepsOfFailuresRecompute(t *testing.T) {
	t.Parallel()
	for _, file := range shipped(t) {
		t.Run(nameOf(file), func(t *testing.T) {
			t.Parallel()
			_, steps := derivation(t, file)
			formulas := 0
			for i := range steps {
				s := &steps[i].Step
				require.NotEmpty(t, words.Formula(s)+words.Result(s), words.What(s))
				if len(s.Formula) == 0 || len(s.Result.Operands) != 1 || s.Result.Operands[0].Text != nil {
					continue
				}
				formulas++
				want := s.Result.Operands[0].Figure.Value
				require.InDelta(t, want, computed(t, s.Formula), 1e-9*max(1, math.Abs(want)), "%s %s: %s = %s",
					steps[i].Scenario, words.What(s), words.Formula(s), words.Result(s))
			}
			require.NotZero(t, formulas)
		})
	}
}

// Each figure of a scenario has a step that ends in it.
func TestEveryFigureOfFailuresHasAStep(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"medium", "campus-a"} {
		a, steps := derivation(t, "../../profiles/"+name+".yaml")
		for i := range a.Rows {
			r := &a.Rows[i]
			find := func(component string, result float64, what ...string) {
				t.Helper()
				require.True(t, slices.ContainsFunc(steps, func(d Derived) bool {
					return d.Scenario == r.Scenario && d.Component == component &&
						slices.Contains(what, words.What(&d.Step)) && endsIn(&d, result, 1e-9*math.Abs(result))
				}), "%s %s: %v %g of %q", name, r.Scenario, what, result, component)
			}
			rowHasSteps(r, find)
		}
		for i := range a.Aims {
			require.True(t, slices.ContainsFunc(steps, func(d Derived) bool {
				return words.What(&d.Step) == a.Aims[i].Key &&
					strings.Contains(words.Result(&d.Step), string(a.Aims[i].Verdict))
			}), a.Aims[i].Key)
		}
		for _, x := range a.Availability {
			if x.Part != nil {
				require.True(t, slices.ContainsFunc(steps, func(d Derived) bool {
					return endsIn(&d, *x.Part, 1e-12)
				}), x.Figure)
			}
		}
	}
}

// endsIn tells whether a step has a result, and no other.
func endsIn(d *Derived, result, within float64) bool {
	return len(d.Result.Operands) == 1 && math.Abs(d.Result.Operands[0].Figure.Value-result) <= within
}

// rowHasSteps asks for a step to each figure of a scenario's row.
func rowHasSteps(r *Row, find func(component string, result float64, what ...string)) {
	find("", r.Now.Reads, "reads answered at once", "reads and writes answered at once")
	find("", r.Now.Writes, "writes answered at once", "reads and writes answered at once")
	if r.Auto.Reads != r.Now.Reads {
		find("", r.Auto.Reads, "reads answered by itself", "reads and writes answered by itself")
	}
	if r.Auto.Writes != r.Now.Writes {
		find("", r.Auto.Writes, "writes answered by itself", "reads and writes answered by itself")
	}
	if r.Hand.Reads != r.Auto.Reads {
		find("", r.Hand.Reads, "reads answered by people", "reads and writes answered by people")
	}
	if r.By == "person" || r.By == "itself" {
		find("", r.Down.Seconds, "down for")
	}
	if r.Auto.After.Seconds > 0 {
		find("", r.Auto.After.Seconds, "down for", "answered by itself after")
	}
	if r.Hand.After.Seconds > 0 {
		find("", r.Hand.After.Seconds, "down for", "answered by itself after", "answered by people after")
	}
	for _, l := range r.Losses {
		if !l.All {
			find(l.Component, l.Time.Seconds, "writes lost at most")
		}
		if !l.All && l.From != "replica" {
			find(l.Component, l.Restore.Seconds, "restored after")
		}
	}
	for _, p := range r.Parts {
		find(p.Component, p.Reads, "reads that it answers")
		find(p.Component, p.Writes, "writes that it answers")
	}
	if r.Buffer != nil {
		find(r.Full, *r.Buffer, "users carried")
	}
	if len(r.Unprotected) > 0 {
		find("", r.Until.Seconds, "unprotected for")
	}
}

// computed is what the terms of a formula come to.
func computed(t *testing.T, terms []remark.Notation) float64 {
	t.Helper()
	sum := 0.0
	for i := range terms {
		r := reckoner{t: t, n: &terms[i], rest: terms[i].Text}
		x := r.sum()
		if terms[i].Minus {
			x = -x
		}
		sum += x
	}
	return sum
}

// reckoner reads a notation: numbers, operands and signs. Words say what they are.
type reckoner struct {
	t    *testing.T
	n    *remark.Notation
	rest string
}

// sum reads terms between + and −.
func (r *reckoner) sum() float64 {
	x := r.product()
	for {
		switch {
		case r.takes("+"):
			x += r.product()
		case r.takes("−"):
			x -= r.product()
		default:
			return x
		}
	}
}

func (r *reckoner) product() float64 {
	x := r.one()
	for {
		switch {
		case r.takes("×"):
			x *= r.one()
		case r.takes("/"):
			x /= r.one()
		default:
			return x
		}
	}
}

// one reads a number, an operand, brackets or the least of several.
func (r *reckoner) one() float64 {
	r.skip()
	switch {
	case r.takes("min("):
		x := r.sum()
		for r.takes(",") {
			x = min(x, r.sum())
		}
		require.True(r.t, r.takes(")"), r.n.Text)
		return x
	case r.takes("("):
		x := r.sum()
		require.True(r.t, r.takes(")"), r.n.Text)
		return x
	case strings.HasPrefix(r.rest, "{"):
		name, rest, _ := strings.Cut(r.rest[1:], "}")
		r.rest = rest
		return r.operand(name).Figure.Value
	}
	digits := strings.TrimLeftFunc(r.rest, unicode.IsDigit)
	x, err := strconv.ParseFloat(r.rest[:len(r.rest)-len(digits)], 64)
	require.NoError(r.t, err, r.n.Text)
	r.rest = digits
	return x
}

func (r *reckoner) operand(name string) *remark.Operand {
	i := slices.IndexFunc(r.n.Operands, func(o remark.Operand) bool { return o.Name == name })
	require.GreaterOrEqual(r.t, i, 0, name)
	return &r.n.Operands[i]
}

// skip leaves out words, and names of what stands there.
func (r *reckoner) skip() {
	for r.rest != "" && !strings.HasPrefix(r.rest, "min(") {
		c, size := utf8.DecodeRuneInString(r.rest)
		if c == '{' {
			name, rest, _ := strings.Cut(r.rest[1:], "}")
			if r.operand(name).Text == nil {
				return
			}
			r.rest = rest
			continue
		}
		if !unicode.IsLetter(c) && c != ' ' && c != '$' {
			return
		}
		r.rest = r.rest[size:]
	}
}

// takes takes a sign, if it is next.
func (r *reckoner) takes(sign string) bool {
	r.skip()
	rest, is := strings.CutPrefix(r.rest, sign)
	if is {
		r.rest = rest
	}
	return is
}

// Every time of a system that is known says of what it consists, and by which key or row.
func TestTimesSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	c := testCatalog(t)
	for _, file := range shipped(t) {
		s, err := System(planned(t, c, file), facts(t, c))
		require.NoError(t, err)
		times := []outage.Span{s.DNS.Detect, s.DNS.TTL, s.People.OnCall, s.People.Rebuild}
		for i := range s.Regions {
			times = append(times, s.Regions[i].Replace)
		}
		for i := range s.Parts {
			p := &s.Parts[i]
			times = append(times, p.Lag, p.Promote, p.PromoteFar, p.Restart, p.Detect)
		}
		for i := range s.Copies {
			times = append(times, s.Copies[i].Every)
		}
		for _, x := range times {
			sum := 0.0
			for _, term := range x.Terms {
				require.NotEmpty(t, term.What)
				require.NotEmpty(t, term.From, term.What)
				sum += term.Seconds
			}
			require.InDelta(t, x.Seconds, sum, 1e-9, "%s: %v", nameOf(file), x)
		}
	}
}
