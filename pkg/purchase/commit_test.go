package purchase

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

func TestParseCommit(t *testing.T) {
	got, err := ParseCommit("db=2×reserved-3y-all, web=40%,web=3xreserved-1y-none,es = 12.5% * sp-ec2-3y-all," +
		"db=3×reserved-3y-all@14mo")
	require.NoError(t, err)
	require.Equal(t, []Commit{
		{Pool: "db", Nodes: 2, Option: "reserved-3y-all", Column: 1},
		{Pool: "web", Part: 0.4, Column: 23},
		{Pool: "web", Nodes: 3, Option: "reserved-1y-none", Column: 31},
		{Pool: "es", Part: 0.125, Option: "sp-ec2-3y-all", Column: 54},
		{Pool: "db", Nodes: 3, Option: "reserved-3y-all", Left: 14, Column: 81},
	}, got)
}

func TestParseCommitSaysWhere(t *testing.T) {
	for _, c := range []struct {
		text, want string
		column     int
	}{
		{"", "missing", 1},
		{"db=2×reserved-3y-all,", "missing", 22},
		{"db", "COMPONENT=NUMBER×OPTION", 1},
		{"=2xspot", "COMPONENT=NUMBER×OPTION", 1},
		{"db=×spot", "number of nodes", 4},
		{"db=0×spot", "number of nodes", 4},
		{"db=2.5xspot", "number of nodes", 4},
		{"db=99999999999999999999xspot", "number of nodes", 4},
		{"db=-1xspot", "number of nodes", 4},
		{"db=0%", "percentage", 4},
		{"db=101%", "percentage", 4},
		{"web=40%,db=2", "how they are bought", 12},
		{"db=2 reserved-3y-all", "stands ×", 6},
		{"db=2×reserved-3y-al", "reserved-3y-al", 6},
		{"db=2×on-demand", "on-demand", 6},
		{"db=1xspot,db=1xspot", "twice", 11},
		{"db=1xreserved-1y-none@13mo", "months that reserved-1y-none may have left", 23},
		{"db=1xreserved-1y-none@", "months that reserved-1y-none may have left", 23},
		{"db=1xreserved-1y-none@2027-01-01", "months that reserved-1y-none may have left", 23},
		{"db=1xspot@3mo", "spot has no term that expires", 11},
	} {
		_, err := ParseCommit(c.text)
		require.ErrorContains(t, err, c.want, "%q", c.text)
		var ps diag.Problems
		require.ErrorAs(t, err, &ps, "%q", c.text)
		require.Equal(t, c.column, ps[0].Pos.Col, "%q: %v", c.text, err)
		require.NotEmpty(t, ps[0].Hint)
	}
	_, err := ParseCommit("db=2×reserved-3y-al,web=0%")
	var ps diag.Problems
	require.True(t, errors.As(err, &ps))
	require.Len(t, ps, 2, "all at once")
}

// What a mix prints is what --commit reads, and prices the same.
func TestCommitOfTheBestIsTheBest(t *testing.T) {
	drawn.CheckMost(t, 0.55, func(t *rapid.T) bool {
		p, opts := drawPool(t, 10), drawOptions(t)
		// Alike, so that which nodes are bought how does not matter.
		for k := range p.Slots {
			p.Slots[k] = Slot{Duty: p.Slots[0].Duty[:1]} // what is bought later, a commitment does not say
		}
		p.MaxSpot = p.MaxSpot[:1]
		c := Unbounded()
		c.MaxCommitted = unit.Fraction(rapid.IntRange(1, 4).Draw(t, "cap")) / 4
		best, err := Best(p, opts, c, Basis{})
		require.NoError(t, err)
		if best.String() == "" {
			return false // nothing to commit to
		}
		commits, err := ParseCommit(best.String())
		require.NoError(t, err)
		again, err := Price(p, opts, commits, c, Basis{})
		require.NoError(t, err)
		require.Equal(t, best.PV.String(), again.PV.String())
		require.Equal(t, best.String(), again.String())
		require.Equal(t, best.Months, again.Months)
		return true
	})
}

func TestPrice(t *testing.T) {
	missing := named("reserved-3y-none")
	missing.Missing = remark.New("unpriced.term", "vintage", "2026-07-20", "region", "us-east-1",
		"machine", "m7g.large")
	opts := []Option{onDemandAt("1"), option("reserved-1y-none", "0", "0.6"), option("reserved-1y-all", "4380", "0"),
		missing, option(Spot, "0", "0.3")}
	p := Lot{Name: "web", Slots: always(5)}
	price := func(text string, p Lot, c Constraints) (*Mix, error) {
		commits, err := ParseCommit(text)
		require.NoError(t, err)
		return Price(p, opts, commits, c, Basis{})
	}
	m, err := price("web=40%,other=7×spot", p, Unbounded())
	require.NoError(t, err)
	require.Equal(t, "web=2×reserved-1y-all", m.String(), "the cheapest commitment")
	c := Unbounded()
	c.Allow = []string{"reserved-1y-none"}
	m, err = price("web=40%", p, c)
	require.NoError(t, err)
	require.Equal(t, "web=2×reserved-1y-none", m.String(), "of those allowed")
	m, err = price("other=1×spot", p, c)
	require.NoError(t, err)
	require.Empty(t, m.String())

	for text, want := range map[string]string{
		"web=6×spot":             "of web 6 are named; the pool has 5",
		"web=1×reserved-3y-none": "no price in this vintage",
		"web=1×spot":             "interruptible",
	} {
		_, err = price(text, p, Unbounded())
		require.ErrorContains(t, err, want, text)
	}
	p.Interruptible, p.MaxSpot = true, []int{2}
	_, err = price("web=3×spot", p, Unbounded())
	require.ErrorContains(t, err, "at most 2")
	m, err = price("web=2×spot", p, Unbounded())
	require.NoError(t, err)
	require.Equal(t, "web=2×spot", m.String())
	none := Unbounded()
	none.Allow = nil
	_, err = price("web=40%", p, none)
	require.ErrorContains(t, err, "no commitment that is allowed")
}

func FuzzParseCommit(f *testing.F) {
	for _, s := range []string{"", "db=2×reserved-3y-all,web=40%", "a=1xspot", "=,=,", "a=1×", "é=1%",
		"a=\xff", "×=1××"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commits, err := ParseCommit(text)
		if err != nil {
			return
		}
		for _, c := range commits {
			if c.Pool == "" || (c.Nodes > 0) == (c.Part > 0) || c.Column < 1 {
				t.Fatalf("%q: %+v", text, c)
			}
		}
	})
}

func TestFromProfile(t *testing.T) {
	c, rate, err := FromProfile(nil)
	require.NoError(t, err)
	require.Equal(t, []string{OnDemand}, c.Allow)
	require.Zero(t, rate)

	fraction := func(x unit.Fraction) *strict.Value[unit.Fraction] { return &strict.Value[unit.Fraction]{V: x} }
	p := &workload.Purchase{Option: "optimal", Allow: []string{"reserved-1y"}, MinCommitment: fraction(0.1),
		MaxCommitment: fraction(0.5), MaxSpotShare: fraction(0.3), MinSpotSaving: fraction(0.2),
		DiscountRate: fraction(0.08), SpotTypes: &strict.Value[unit.Count]{V: 3}}
	c, rate, err = FromProfile(p)
	require.NoError(t, err)
	require.Equal(t, Constraints{Allow: []string{"reserved-1y"}, MinCommitted: 0.1, MaxCommitted: 0.5, MaxSpot: 0.3,
		MinSpotSaving: 0.2, SpotTypes: 3}, c)
	require.Equal(t, unit.Fraction(0.08), rate)

	names := workload.PurchaseOptions()
	for mode, allowed := range map[string]int{"": 1, OnDemand: 1, "optimal": len(names), "reserved-1y": 4,
		"reserved-3y": 4, Spot: 2} {
		c, _, err := FromProfile(&workload.Purchase{Option: mode})
		require.NoError(t, err)
		n := 0
		for _, name := range names {
			o := named(name)
			if c.allows(&Lot{Interruptible: true}, &o) {
				n++
			}
		}
		require.Equal(t, allowed, n, mode)
	}
	for _, mode := range workload.PurchaseModes() {
		_, _, err := FromProfile(&workload.Purchase{Option: mode})
		require.NoError(t, err)
	}

	bad := &workload.Purchase{Option: "optimal", Allow: []string{"reserved-2y"}}
	bad.Pos = diag.Pos{File: "p.yaml", Line: 7, Col: 3}
	_, _, err = FromProfile(bad)
	require.ErrorContains(t, err, "p.yaml:7:3")
	require.ErrorContains(t, err, "reserved-2y")
	_, _, err = FromProfile(&workload.Purchase{MinCommitment: fraction(0.6), MaxCommitment: fraction(0.5)})
	require.ErrorContains(t, err, "above max_commitment")
}

// What is named of a component is of its nodes in a region, whatever their
// roles.
func TestShareOfRoles(t *testing.T) {
	share := func(text string, counts ...int) ([]string, error) {
		commits, err := ParseCommit(text)
		require.NoError(t, err)
		lists, err := Share(commits, "db", counts)
		var out []string
		for _, l := range lists {
			s := ""
			for _, c := range l {
				s += fmt.Sprintf("%d×%s ", c.Nodes, c.Option)
			}
			out = append(out, strings.TrimSpace(s))
		}
		return out, err
	}
	got, err := share("db=2×reserved-3y-all,web=9×spot", 1, 1, 3)
	require.NoError(t, err)
	require.Equal(t, []string{"1×reserved-3y-all", "1×reserved-3y-all", ""}, got)
	got, err = share("db=3×reserved-1y-none,db=1×reserved-3y-all", 2, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"2×reserved-1y-none", "1×reserved-1y-none 1×reserved-3y-all"}, got)
	got, err = share("db=50%", 1, 1) // half of two
	require.NoError(t, err)
	require.Equal(t, []string{"1×", ""}, got)
	got, err = share("db=5×reserved-1y-none", 1, 1) // more than there are: the last has them
	require.NoError(t, err)
	require.Equal(t, []string{"1×reserved-1y-none", "4×reserved-1y-none"}, got)
	_, err = share("db=3×spot", 1, 1)
	require.ErrorContains(t, err, "of db 3 are named; a region has 2")
	_, err = share("web=1×spot,db=40%", 1)
	require.ErrorContains(t, err, "commit:1:12")
	require.ErrorContains(t, err, "40 % of db has less than one node: a region has 1")

	_, err = ParseCommit("db=1×on-demand")
	require.ErrorContains(t, err, "on-demand is what is not named")
}

// Six are owned where two nodes run: four are paid for nothing. They expire after
// three months; then the nodes are on demand. What was paid for them is past.
func TestOwnedCommitments(t *testing.T) {
	opts := []Option{onDemandAt("1"), option("reserved-1y-partial", "1200", "0.2")}
	commits, err := ParseCommit("db=6×reserved-1y-partial@3mo")
	require.NoError(t, err)
	m, err := Price(Lot{Name: "db", Slots: always(2)}, opts, commits, Unbounded(), Basis{})
	require.NoError(t, err)
	a := m.Allocations[len(m.Allocations)-1]
	require.Equal(t, []int{6, 4}, []int{a.Now(), a.Unused})
	require.Equal(t, "1476.00", m.First().Effective.String()) // 6 × (100 + 0.2 × 730)
	require.True(t, m.First().Upfront.IsZero())
	require.Equal(t, "876.00", m.Months[2].Hourly.String())
	require.Equal(t, "1460.00", m.Months[3].Effective.String())
	require.Equal(t, "1460.00", m.Months[3].OnDemand.String())
	require.Equal(t, "50808.00", m.PV.String()) // 3 × 876 + 33 × 1460
	require.True(t, m.Residual.IsZero())
	require.InDelta(t, 1.0/3, m.Utilisation(), 1e-12)
	require.InDelta(t, 3.0/36, m.Coverage(), 1e-12)
}
