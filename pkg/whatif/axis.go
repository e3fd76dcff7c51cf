package whatif

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/compare"
	"headroom/pkg/portable"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Bounds of a sweep.
const (
	maxAxes   = 2
	maxPoints = 100_000 // of all axes together
)

// Axis is an input with the values that a sweep gives it.
type Axis struct {
	Path   string          `json:"path"`
	Now    compare.Value   `json:"now"` // the profile's own
	Given  []compare.Value `json:"values"`
	Texts  []string        `json:"-"` // the same as assignments have them
	Shown  []string        `json:"-"` // for people
	Values []float64       `json:"-"` // in base units; nil for what is no number
}

// Axis reads path=from..to:log:20, path=from..to:lin:11 or path=a,b,c.
func (s *Model) Axis(text string) (Axis, error) {
	path, rest, ok := strings.Cut(text, "=")
	if !ok || path == "" || rest == "" {
		return Axis{}, fmt.Errorf("%q is not path=from..to:log:20, path=from..to:lin:20 or path=a,b,c", text)
	}
	from, to, ranged := strings.Cut(rest, "..")
	if !ranged || strings.Contains(rest, ",") {
		return s.listed(path, rest)
	}
	l, err := s.number(path)
	if err != nil {
		return Axis{}, err
	}
	parts := strings.Split(to, ":")
	scale, n := "lin", 10
	if len(parts) > 3 {
		return Axis{}, fmt.Errorf("%q has more than a range, a scale and a number of points", text)
	}
	if len(parts) > 1 {
		scale = parts[1]
	}
	if scale != "lin" && scale != "log" {
		return Axis{}, fmt.Errorf("%q: the scale %q is neither lin nor log, as in %s=%s..%s:log:8", text, scale, path,
			from, parts[0])
	}
	if len(parts) > 2 {
		if n, err = strconv.Atoi(parts[2]); err != nil || n < 2 || n > maxPoints {
			return Axis{}, fmt.Errorf("%q: %q is not a number of points from 2 to %d", text, parts[2], maxPoints)
		}
	}
	lo, hi, err := ends(&l, from, parts[0])
	if err != nil {
		return Axis{}, fmt.Errorf("%q: %w", text, err)
	}
	if scale == "log" && lo <= 0 {
		return Axis{}, fmt.Errorf("%q: a log scale cannot begin at 0", text)
	}
	a := Axis{Path: path, Now: compare.ValueOf(&l, l.Now)}
	for _, x := range spread(lo, hi, n, scale == "log") {
		a.Texts = append(a.Texts, l.Text(x))
		a.Shown = append(a.Shown, l.Human(x))
		a.Values = append(a.Values, x)
		a.Given = append(a.Given, compare.ValueOf(&l, l.Text(x)))
	}
	return a, nil
}

// ends reads the two ends of a range.
func ends(l *strict.Leaf, from, to string) (lo, hi float64, err error) {
	if lo, err = l.Parse(strings.TrimSpace(from)); err != nil {
		return 0, 0, err
	}
	if hi, err = l.Parse(strings.TrimSpace(to)); err != nil {
		return 0, 0, err
	}
	if lo >= hi {
		return 0, 0, fmt.Errorf("%s is not below %s", from, to)
	}
	return lo, hi, nil
}

func (s *Model) listed(path, list string) (Axis, error) {
	l, known := s.input(path)
	a := Axis{Path: path}
	if known {
		a.Now = compare.ValueOf(&l, l.Now)
	}
	numbers := known && l.Number()
	for _, t := range strings.Split(list, ",") {
		if t = strings.TrimSpace(t); t == "" {
			return Axis{}, fmt.Errorf("%s=%s has an empty value", path, list)
		}
		if slices.Contains(a.Texts, t) {
			return Axis{}, fmt.Errorf("%s=%s has %s twice", path, list, t)
		}
		a.Texts, a.Shown = append(a.Texts, t), append(a.Shown, t)
		given := compare.Value{Text: t}
		if numbers {
			x, err := l.Parse(t)
			if err != nil {
				return Axis{}, fmt.Errorf("%s: %w", path, err)
			}
			a.Values = append(a.Values, x)
			a.Shown[len(a.Shown)-1] = l.Human(x)
			given = compare.ValueOf(&l, t)
		}
		a.Given = append(a.Given, given)
	}
	return a, nil
}

// ascending are the indices of the values from the lowest to the highest.
func (a *Axis) ascending() []int {
	out := make([]int, len(a.Values))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(i, k int) int { return cmp.Compare(a.Values[i], a.Values[k]) })
	return out
}

// spread gives n values from lo to hi. Those between are rounded to the fewest
// decimal digits, at least four, that keep them apart: 1,274 users and not
// 1,274.2749857.
func spread(lo, hi float64, n int, log bool) []float64 {
	raw := make([]float64, n)
	for i := range raw {
		t := float64(i) / float64(n-1)
		if log {
			raw[i] = float64(lo * portable.Pow(hi/lo, t))
		} else {
			raw[i] = lo + float64((hi-lo)*t)
		}
	}
	raw[0], raw[n-1] = lo, hi
	for digits := 4; digits < 17; digits++ {
		out := slices.Clone(raw)
		apart := true
		for i := 1; i < n-1; i++ {
			out[i] = unit.Rounded(raw[i], digits)
		}
		for i := 1; i < n; i++ {
			apart = apart && out[i] > out[i-1]
		}
		if apart {
			return out
		}
	}
	return raw
}
