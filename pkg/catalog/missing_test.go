package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func missingSample() MissingPrices {
	list := MissingPrices{
		{Region: "ca-west-1", Table: "usage", Service: "elb", Item: "ALB LCU-hour", Unit: "LCU-hour", For: "web"},
		{Region: "ca-west-1", Table: "ec2", Item: "m7g.large", For: "web"},
		{Region: "ca-west-1", Table: "ec2", Item: "m7g.large", For: "api"},
		{Region: "ca-west-1", Table: "ec2", Item: "m7g.large", Term: "reserved-1y-none", For: "web"},
		{Region: "us-west-2", Table: "usage", Service: "s3", Item: "standard storage", Unit: "GB-month",
			TierFrom: "51200", For: "backup"},
		{Region: "ca-west-1", Table: "managed", Service: "rds", Variant: [2]string{"mysql", "multi-az"},
			Item: "db.m7g.large", For: "db"},
	}
	for i := range list {
		list[i].Vintage = "2026-07-20"
	}
	return list
}

func TestMissingIsListedSorted(t *testing.T) {
	require.Equal(t, `5 prices are missing
  ca-west-1 ec2: m7g.large (for api, web) — not in the vintage 2026-07-20
  ca-west-1 ec2: m7g.large reserved-1y-none (for web) — not in the vintage 2026-07-20
  ca-west-1 managed: rds/mysql/multi-az/db.m7g.large (for db) — not in the vintage 2026-07-20
  ca-west-1 usage: elb/ALB LCU-hour, per LCU-hour (for web) — not in the vintage 2026-07-20
  us-west-2 usage: s3/standard storage, per GB-month, from 51200 (for backup) — not in the vintage 2026-07-20`,
		missingSample().Error())
}

// The overlay printed for missing prices is refused while it is blank.
func TestMissingOverlayBlank(t *testing.T) {
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	_, err = v.WithOverlay("own.csv", []byte(missingSample().Overlay()), "")
	require.ErrorContains(t, err, "own.csv:3:21: the row gives no price")
	require.ErrorContains(t, err, "price_usd is blank")
}

// Filled in, it is accepted, and nothing is missing any more.
func TestMissingOverlayFilledIn(t *testing.T) {
	text := missingSample().Overlay()
	// Every blank row ends in ",,," for price, as_of and source.
	filled := strings.ReplaceAll(text, ",,,\n", ",0.01,2026-08-01,bill\n")
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	w, err := v.WithOverlay("own.csv", []byte(filled), "")
	require.NoError(t, err, filled)
	r, err := w.Region("ca-west-1")
	require.NoError(t, err)
	_, ok := r.OnDemand("m7g.large")
	require.True(t, ok)
	_, ok = r.Term("m7g.large", "reserved-1y-none")
	require.True(t, ok)
	_, ok = r.usageNamed("elb", "ALB LCU-hour")
	require.True(t, ok)
	_, ok = r.Managed("rds", "mysql", "multi-az", "db.m7g.large")
	require.True(t, ok)
	west, err := w.Region("us-west-2")
	require.NoError(t, err)
	tiers, ok := west.usageNamed("s3", "standard storage")
	require.True(t, ok)
	require.Nil(t, tiers[1].Tier.To)
}
