/// HTML that is being written. Text is escaped unless it is added as markup.
struct HTML: Sendable {
    private(set) var text = ""

    /// An element with text in it.
    mutating func add(_ tag: String, _ content: String) { add(tag, [], content) }

    mutating func add(_ tag: String, _ attributes: [(String, String)], _ content: String) {
        open(tag, attributes)
        text += Self.inline(content)
        close(tag)
    }

    /// An element with elements in it.
    mutating func add(_ tag: String, _ content: (inout HTML) -> Void) { add(tag, [], content) }

    mutating func add(_ tag: String, _ attributes: [(String, String)], _ content: (inout HTML) -> Void) {
        open(tag, attributes)
        content(&self)
        close(tag)
    }

    /// An element that has no content, such as `input`.
    mutating func addVoid(_ tag: String, _ attributes: [(String, String)]) { open(tag, attributes) }

    /// Markup that the program itself has made.
    mutating func add(markup: String) { text += markup }

    mutating func add(text: String) { self.text += Self.inline(text) }

    private mutating func open(_ tag: String, _ attributes: [(String, String)]) {
        text += "<\(tag)"
        for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    private mutating func close(_ tag: String) { text += "</\(tag)>\n" }

    /// Text with what is between backticks as code.
    ///
    /// - Parameter link: where such a piece leads; nil for nowhere.
    static func inline(_ text: String, link: (String) -> String? = { _ in nil }) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        // An odd one out is a backtick that is meant.
        guard parts.count % 2 == 1 else { return escaped(text) }
        return parts.enumerated().map { at, part in
            guard at % 2 == 1 else { return escaped(String(part)) }
            let code = "<code>\(escaped(String(part)))</code>"
            return link(String(part)).map { "<a href=\"\(escaped($0))\">\(code)</a>" } ?? code
        }.joined()
    }

    static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
        return out
    }
}
