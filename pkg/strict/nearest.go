package strict

import (
	"strings"

	"headroom/pkg/diag"
)

// list joins words for a message and cuts long lists.
func list(words []string) string {
	const most = 40
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", …"
	}
	return strings.Join(words, ", ")
}

// suggest is the hint for a word that is none of the known ones.
func suggest(word string, known []string, what string) string {
	if len(known) == 0 {
		return "no " + what + " is allowed here"
	}
	if n := diag.Suggest(word, known); n != "" {
		return "did you mean " + quote(n) + "? Allowed: " + list(known)
	}
	return "allowed: " + list(known)
}
