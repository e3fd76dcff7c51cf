package sizing

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// fixedIn is what a fixed cost states in a month; "" for nothing.
func fixedIn(t *testing.T, spec string, month int) *Stated {
	src := "apiVersion: headroom/v1\nname: f\nregions: [{name: us-east-1}, {name: us-west-2}]\n" +
		"peak: {users: 1, requests_per_user: 1/s}\ncomponents:\n  web: {kind: stateless, entry: true, cpu: 1ms}\n" +
		"  it: {kind: fixed, " + spec + "}\n"
	p, err := workload.Parse("f.yaml", []byte(src), Specs(), os.ReadFile)
	require.NoError(t, err, spec)
	d, err := p.In(workload.Situation{Month: month})
	require.NoError(t, err)
	v, err := testCatalog(t).Vintage("")
	require.NoError(t, err)
	s, err := NewSystem(d, v)
	require.NoError(t, err)
	c, _ := s.Profile.Component("it")
	sizer, err := fixedCostKind{}.Prepare(s.Task(c))
	require.NoError(t, err, spec)
	l, rej := sizer.Fit(nil, Storage{})
	require.Nil(t, rej)
	l.Detail()
	if len(l.Stated) == 0 {
		return nil
	}
	require.Len(t, l.Stated, 1, "once for all regions")
	return &l.Stated[0]
}

// $50,000 a year are eight months of 4,166.67 and four of 4,166.66.
func TestFixedYearAddsUpToTheCent(t *testing.T) {
	months, sum := map[string]int{}, money.Amount{}
	for m := 5; m < 17; m++ {
		s := fixedIn(t, "price: $50000, every: year, from: 2", m)
		months[s.Price.String()]++
		sum = sum.Plus(s.Price)
	}
	require.Equal(t, map[string]int{"4166.67": 8, "4166.66": 4}, months)
	require.Equal(t, "50000.00", sum.String())
	require.Nil(t, fixedIn(t, "price: $50000, every: year, from: 2", 1), "not paid for yet")
}

// What is paid once is in its month, or in as many as bear it, and in no other.
func TestFixedOnce(t *testing.T) {
	require.Equal(t, "25000.00", fixedIn(t, "price: $25000, every: once, from: 3", 3).Price.String())
	require.Nil(t, fixedIn(t, "price: $25000, every: once, from: 3", 2))
	require.Nil(t, fixedIn(t, "price: $25000, every: once, from: 3", 4))
	sum := money.Amount{}
	for m := range 36 {
		sum = sum.Plus(fixedIn(t, "price: $25000, every: once, spread: 36", m).Price)
	}
	require.Equal(t, "25000.00", sum.String())
	require.Nil(t, fixedIn(t, "price: $25000, every: once, spread: 36", 36))
}

func TestFixedByTheHourAndMonth(t *testing.T) {
	s := fixedIn(t, "price: $80, every: hour, count: 20", 7)
	require.Equal(t, []any{"80.00", 20.0, "hour"}, []any{s.Price.String(), s.Number, s.Unit})
	s = fixedIn(t, "price: {value: $89, source: offer 12}, every: month, count: 3", 7)
	require.Equal(t, []any{"89.00", 3.0, "month", "offer 12"}, []any{s.Price.String(), s.Number, s.Unit, s.Note})
	require.Nil(t, fixedIn(t, "price: $0, every: month", 0), "no line of nothing")
}

func TestFixedRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		"count: 2":                                                     "neither price nor share",
		"price: $5":                                                    "not said to be of a month, a year or once",
		"price: $5, every: hour":                                       "there is no count of hours",
		"price: $5, every: week":                                       `"week" is not allowed`,
		"price: -$5, every: month":                                     "must be at least 0",
		"share: [{part: 10%}], count: 2":                               "count is of a price",
		"share: [{part: 10%}], every: year":                            "every is of a price",
		"price: $5, every: month, share: [{part: 10%}]":                "a price and a share",
		"price: $5, every: year, spread: 3":                            "only a price that is paid once can be spread",
		"price: $5, every: year, least: $3":                            "least is of a share",
		"share: [{to: $5, part: 10%}]":                                 "which part of the bill above 5.00 is paid",
		"share: [{part: 10%}, {part: 3%}]":                             "a step without a bound has others behind it",
		"share: [{to: $9, part: 10%}, {to: $8, part: 9%}, {part: 3%}]": "the bound 8.00 is not above 9.00",
	} {
		_, err := workload.Parse("f.yaml", []byte("apiVersion: headroom/v1\nname: f\nregions: [{name: us-east-1}]\n"+
			"components: {it: {kind: fixed, "+spec+"}}\n"), Specs(), os.ReadFile)
		require.ErrorContains(t, err, want, spec)
	}
}
