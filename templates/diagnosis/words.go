package diagnosis

// none is how styles call a level that nobody has chosen; forms send it blank.
const none = "none"

func value(code string) string {
	if code == none {
		return ""
	}
	return code
}
