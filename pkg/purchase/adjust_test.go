package purchase

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/money"
	"headroom/pkg/unit"
)

func charges(amounts ...string) []Charge {
	services := []string{"ec2", "ebs", "s3"}
	categories := []string{"compute", "storage", "storage"}
	var out []Charge
	for i, a := range amounts {
		out = append(out, Charge{Name: a, Service: services[i%3], Category: categories[i%3], Amount: money.MustAmount(a)})
	}
	return out
}

// 1000 of EC2, 200 of EBS, 50 of S3: 10 % off EC2 is 100; a credit of 120 on
// storage leaves 130 of it; a mark-up of 5 % on 1030 is 51.50; tax of 19 % on
// 1081.50 is 205.485, printed as 205.49.
func TestLayersApplyInOrder(t *testing.T) {
	lines, after, err := Adjust(charges("1000", "200", "50"), []Layer{
		{Name: "contract", Kind: Discount, On: []string{"ec2"}, Part: 0.1},
		{Name: "migration credit", Kind: Credit, On: []string{"storage"}, Amount: money.MustAmount("120")},
		{Name: "partner", Kind: MarkUp, Part: 0.05},
		{Name: "VAT", Kind: Tax, Part: 0.19},
	})
	require.NoError(t, err)
	var got [][2]string
	for _, l := range lines {
		got = append(got, [2]string{l.Base.String(), l.Amount.String()})
	}
	require.Equal(t, [][2]string{{"1000.00", "-100.00"}, {"250.00", "-120.00"}, {"1030.00", "51.50"}, {"1081.50", "205.49"}}, got)
	require.Equal(t, "1286.99", sumCharges(after).String())
}

func sumCharges(cs []Charge) money.Amount {
	var t money.Amount
	for _, c := range cs {
		t = t.Plus(c.Amount)
	}
	return t
}

func TestOrderMatters(t *testing.T) {
	tax := Layer{Name: "tax", Kind: Tax, Part: 0.1}
	credit := Layer{Name: "credit", Kind: Credit, Amount: money.MustAmount("50")}
	total := func(layers ...Layer) string {
		_, after, err := Adjust(charges("100"), layers)
		require.NoError(t, err)
		return sumCharges(after).String()
	}
	require.Equal(t, "60.00", total(tax, credit))
	require.Equal(t, "55.00", total(credit, tax))
}

func TestAdjustmentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.StringMatching(`[0-9]{1,5}\.[0-9]{2}`), 0, 8).Draw(t, "charges")
		given := charges(amounts...)
		var layers []Layer
		for i := range rapid.IntRange(0, 5).Draw(t, "layers") {
			layers = append(layers, Layer{
				Name: string(rune('a' + i)), Kind: rapid.SampledFrom([]string{Discount, Credit, MarkUp, Tax}).Draw(t, "kind"),
				On:     rapid.SampledFrom([][]string{nil, {"ec2"}, {"storage"}, {"s3", "compute"}}).Draw(t, "on"),
				Part:   unit.Fraction(rapid.IntRange(0, 1000).Draw(t, "part")) / 1000,
				Amount: money.MustAmount(rapid.StringMatching(`[0-9]{1,4}\.[0-9]{2}`).Draw(t, "amount")),
			})
		}
		lines, after, err := Adjust(given, layers)
		require.NoError(t, err)
		require.Len(t, lines, len(layers), "one line each")
		total := sumCharges(given)
		for _, l := range lines {
			require.True(t, l.Amount.Equal(l.Amount.Cents()), "%s is not whole cents", l.Amount)
			total = total.Plus(l.Amount)
		}
		require.Equal(t, total.String(), sumCharges(after).String(), "charges and lines add up")
		for i, c := range after {
			require.GreaterOrEqual(t, c.Amount.Cmp(money.Amount{}), 0, "%s goes below zero", given[i].Name)
		}
		require.Equal(t, amounts, names(given), "the charges given stay as they are")
	})
}

func names(cs []Charge) []string {
	out := []string{}
	for _, c := range cs {
		out = append(out, c.Name)
	}
	return out
}

func TestLayersAreRefused(t *testing.T) {
	for _, c := range []struct {
		layers []Layer
		want   string
	}{
		{[]Layer{{Name: "a", Kind: Discount, Part: 0.1}, {Name: "a", Kind: Discount, Part: 0.1}}, "twice"},
		{[]Layer{{Name: "a", Kind: Discount, Part: 1.1}}, "between 0 and 1"},
		{[]Layer{{Name: "a", Kind: Tax, Part: -0.1}}, "between 0 and 10"},
		{[]Layer{{Name: "a", Kind: "rebate"}}, "kinds are"},
		{[]Layer{{Name: "a", Kind: Credit, Amount: money.MustAmount("-1")}}, "negative"},
	} {
		_, _, err := Adjust(charges("1"), c.layers)
		require.ErrorContains(t, err, c.want)
	}
}

func TestConvert(t *testing.T) {
	rate, err := money.Float(0.92)
	require.NoError(t, err)
	a, err := Currency{Code: "EUR", Rate: rate}.Convert(money.MustAmount("1227.60"))
	require.NoError(t, err)
	require.Equal(t, "1129.39", a.String()) // 1129.392
	_, err = Currency{Code: "EUR"}.Convert(a)
	require.ErrorContains(t, err, "EUR")
}
