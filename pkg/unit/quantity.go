package unit

// Quantity prints a figure in one of the units that limits have: B, B/s, /s, s,
// or any other as it is.
func Quantity(x float64, u string) string {
	switch u {
	case "B":
		return Bytes(x).Human()
	case "B/s":
		return ByteRate(x).Human()
	case "/s":
		return EventRate(x).Human()
	case "s":
		return Duration(x).Human()
	case "":
		return Count(x).Human()
	}
	return Count(x).Human() + " " + u
}
