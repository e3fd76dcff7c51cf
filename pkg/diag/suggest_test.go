package diag

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func TestSuggest(t *testing.T) {
	keys := []string{"users", "usage", "region", "regions", "requests_per_user", "session", "count", "type"}
	for _, c := range []struct{ word, want string }{
		{"user", "users"},
		{"Users", "users"},
		{"uesrs", "users"}, // neighbours swapped
		{"request_per_user", "requests_per_user"},
		{"regoin", "region"},
		{"regionss", "regions"},
		{"cuont", "count"},
		{"typ", "type"},
		{"tyep", "type"},
		{"x", ""},
		{"", ""},
		{"completely_else", ""},
		{strings.Repeat("users", 1000), ""},
	} {
		require.Equalf(t, c.want, Suggest(c.word, keys), "%q", c.word)
	}
	require.Empty(t, Suggest("users", nil))
	require.Empty(t, Suggest("ab", []string{""}))
}

func TestSuggestBreaksTiesTheSameWay(t *testing.T) {
	require.Equal(t, "beta", Suggest("bet", []string{"bets", "beta"}), "by the alphabet")
	require.Equal(t, "beta", Suggest("bet", []string{"beta", "bets"}))
	require.Equal(t, "bets", Suggest("betz", []string{"getz", "bets"}), "by the longer common beginning")
	drawn.Check(t, func(t *rapid.T) {
		known := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-d]{3,5}`), 1, 8, rapid.ID[string]).Draw(t, "known")
		word := rapid.StringMatching(`[a-d]{3,5}`).Draw(t, "word")
		want := Suggest(word, known)
		if got := Suggest(word, rapid.Permutation(known).Draw(t, "order")); got != want {
			t.Fatalf("%q or %q", got, want)
		}
	})
}

// Restricted edits (each place at most once): "ca" to "abc" costs 3, where
// unrestricted Damerau-Levenshtein distance is 2, the textbook difference of the
// two (Wikipedia, Damerau–Levenshtein distance).
func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, // Levenshtein's textbook pair
		{"ab", "ba", 1}, {"ca", "abc", 3}, {"users", "user", 1}, {"größe", "grosse", 3},
	} {
		require.Equalf(t, c.want, distance([]rune(c.a), []rune(c.b)), "%s %s", c.a, c.b)
	}
}

func TestDistanceIsSymmetricAndZeroOnlyForEqualWords(t *testing.T) {
	word := rapid.StringMatching(`[a-c]{0,7}`)
	drawn.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance([]rune(a), []rune(b))
		if d != distance([]rune(b), []rune(a)) {
			t.Fatalf("%q %q: not symmetric", a, b)
		}
		if (d == 0) != (a == b) {
			t.Fatalf("%q %q: %d", a, b, d)
		}
		if longest := max(len(a), len(b)); d > longest || d < longest-min(len(a), len(b)) {
			t.Fatalf("%q %q: %d is out of bounds", a, b, d)
		}
	})
}
