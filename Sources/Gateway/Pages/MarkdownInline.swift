/// What stands inside a line: code, strong and stressed text, links.
struct MarkdownInline {
    /// Where a link leads; nil leaves its text alone.
    let address: (String) -> String?

    func html(_ text: some StringProtocol) -> String {
        var out = ""
        var rest = Substring(text)
        while let character = rest.first {
            if character == "`", let (code, after) = Self.span(rest, "`") {
                out += "<code>\(HTML.escaped(String(code)))</code>"
                rest = after
            } else if rest.hasPrefix("**"), let (inner, after) = Self.span(rest, "**") {
                out += "<strong>\(html(inner))</strong>"
                rest = after
            } else if character == "*", let (inner, after) = Self.span(rest, "*"), inner.first != " " {
                out += "<em>\(html(inner))</em>"
                rest = after
            } else if character == "[", let link = Self.link(rest) {
                let label = html(link.text)
                out += address(link.target).map { "<a href=\"\(HTML.escaped($0))\">\(label)</a>" } ?? label
                rest = link.after
            } else if character == "\\", let next = rest.dropFirst().first, "*`[]\\_|<>#".contains(next) {
                out += HTML.escaped(String(next))
                rest = rest.dropFirst(2)
            } else {
                out += HTML.escaped(String(character))
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// What is between two marks, and what follows them.
    private static func span(_ text: Substring, _ mark: String) -> (inner: Substring, after: Substring)? {
        let inner = text.dropFirst(mark.count)
        guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else { return nil }
        return (inner[..<end.lowerBound], inner[end.upperBound...])
    }

    /// `[text](target)`.
    private static func link(_ text: Substring) -> (text: Substring, target: String, after: Substring)? {
        guard let middle = text.firstRange(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")") else { return nil }
        let label = text[text.index(after: text.startIndex)..<middle.lowerBound]
        guard !label.contains("["), !label.contains("]") else { return nil }
        return (label, String(text[middle.upperBound..<end]), text[text.index(after: end)...])
    }
}
