package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPurposeOfFamilies(t *testing.T) {
	for purpose, families := range map[Purpose][]string{
		GeneralPurpose: {"m4", "c5", "c5a", "c5ad", "m5d", "m5n", "m5dn", "m6idn", "c6gn", "c7gd", "c8gn", "m8a", "r7g",
			"r8i-flex", "m7i-flex", "c9gd", "c10gn"},
		BurstablePurpose: {"t1", "t2", "t3", "t3a", "t4g"},
		LocalDiskPurpose: {"i2", "i3", "i3en", "i4i", "i4g", "i7ie", "i8ge", "im4gn", "is4gen"},
		OtherPurpose: {"r5b", "c8gb", "m8idb", "c8ine", "m5zn", "m8azn", "r7iz", "z1d", "x2gd", "x8aedz", "u-6tb1",
			"u7i-12tb", "d3en", "h1", "hs1", "hi1", "cc2", "cr1", "cg1", "g4ad", "gr6", "p5en",
			"inf2", "trn1n", "mac1", "mac2-m2", "mac-m4", "mac-m4pro", "hpc7a", "f2", "vt1", "dl1", ""},
	} {
		for _, family := range families {
			require.Equal(t, purpose, purposeOf(family), family)
		}
	}
}
