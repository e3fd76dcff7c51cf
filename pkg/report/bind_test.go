package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

func TestBindTexts(t *testing.T) {
	for _, x := range []struct {
		b           *bill.Bind
		text, limit string
	}{
		{nil, "", ""},
		{whole("nodes"), "nodes", "nodes"},
		{&bill.Bind{Resource: "memory", State: "own load", Utilisation: ptr(0.8149)}, "memory 81 %", "memory"},
		{&bill.Bind{Resource: "cpu", State: "region loss", Utilisation: ptr(0.83)}, "cpu 83 %, region loss",
			"cpu, region loss"},
		{&bill.Bind{Resource: "cpu", State: "zone loss"}, "cpu –, zone loss", "cpu, zone loss"},
	} {
		require.Equal(t, x.text, bindText(x.b))
		require.Equal(t, x.limit, limitText(x.b))
	}
}

// Only resource and loss make another limit, not how much is used.
func TestSameLimit(t *testing.T) {
	own := func(u float64) *bill.Bind { return &bill.Bind{Resource: "cpu", State: "own load", Utilisation: &u} }
	require.True(t, own(0.5).Same(own(0.6)))
	require.True(t, own(0.5).Same(whole("cpu")))
	require.False(t, own(0.5).Same(whole("memory")))
	require.False(t, own(0.5).Same(&bill.Bind{Resource: "cpu", State: "region loss"}))
	require.False(t, own(0.5).Same(nil))
	require.True(t, (*bill.Bind)(nil).Same(nil))
}

// What a file of the first version says is read back to the same words.
func TestBindOfText(t *testing.T) {
	require.Nil(t, bindOf(""))
	require.Equal(t, &bill.Bind{Resource: "disk bytes", State: "region loss", Utilisation: ptr(0.83)},
		bindOf("disk bytes 83 %, region loss"))
	require.Equal(t, &bill.Bind{Resource: "memory", State: "own load", Utilisation: ptr(0.81)}, bindOf("memory 81 %"))
	require.Equal(t, whole("nodes"), bindOf("nodes"))
	require.Equal(t, whole("p99 187 ms"), bindOf("p99 187 ms"))
	for _, text := range []string{"nodes", "memory 81 %", "cpu 7 %, zone loss", "cpu 1e3 %", " 5 %", "x %, structure",
		"a 5 %, own load", "cpu –, node loss", "cpu NaN %"} {
		require.Equal(t, text, bindText(bindOf(text)))
	}
}
