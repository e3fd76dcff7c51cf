package diag

import "unicode/utf8"

// maxWord bounds, in runes, what is compared: the work grows with the square
// of it, and nothing longer is a slip of a key.
const maxWord = 64

// Suggest finds the known word nearest to a misspelt one, or "" if none is
// near: the edit distance, ignoring case, must be at most 1 for words under
// five characters, 2 under nine, otherwise 3, and below the word's length.
// Equally near words go by the longer common beginning, then by the alphabet.
//
// The distance counts insertions, deletions, substitutions and swaps of
// neighbours (Damerau, CACM 7(3) 1964; Levenshtein 1966), each place edited at
// most once.
func Suggest(word string, known []string) string {
	n := utf8.RuneCountInString(word)
	if n == 0 || n > maxWord {
		return ""
	}
	bound := 3
	switch {
	case n < 5:
		bound = 1
	case n < 9:
		bound = 2
	}
	bound = min(bound, n-1)
	w := fold(word)
	best, bestDist, bestPrefix := "", bound+1, 0
	for _, k := range known {
		if k == "" || utf8.RuneCountInString(k) > maxWord {
			continue
		}
		f := fold(k)
		d, p := distance(w, f), common(w, f)
		switch {
		case d > bound, d > bestDist:
			continue
		case d == bestDist && p < bestPrefix:
			continue
		case d == bestDist && p == bestPrefix && k >= best:
			continue
		}
		best, bestDist, bestPrefix = k, d, p
	}
	return best
}
