/// `$convertHtmlToMarkdown`: headings underlined, `*` bullets, `_` for emphasis, tables as GitHub has them.
struct HTMLToMarkdown {
    /// Quotes and lists in more than this many others are taken for plain blocks: each level writes its lines once more.
    private static let deepest = 12

    private let charge: (Int) throws -> Void
    private var depth = 0

    private static let blocks: Set<String> = [
        "address", "article", "aside", "body", "dd", "div", "dl", "dt", "fieldset", "figure", "figcaption", "footer",
        "form", "header", "html", "main", "nav", "p", "section", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
        "blockquote", "pre", "hr", "table",
    ]

    /// - Parameter charge: told of bytes that were made; what it throws ends the conversion.
    static func convert(_ html: String, _ charge: @escaping (Int) throws -> Void = { _ in }) throws -> String {
        var converter = HTMLToMarkdown(charge: charge)
        return try converter.content(HTMLNode.parse(html)).trimmingSpace
    }

    private init(charge: @escaping (Int) throws -> Void) { self.charge = charge }

    /// A node's children one after the other, with at most one empty line between.
    private mutating func content(_ node: HTMLNode) throws -> String {
        var output = ""
        // Items of a list so far.
        var items = 0
        for child in node.children {
            var piece = try markdown(child, items, node)
            if child.name == "li" { items += 1 }
            try charge(piece.utf8.count)
            if child.name.isEmpty {
                // White space counts once, and not at all where a line begins.
                if output.isEmpty && (Self.blocks.contains(node.name) || node.name.isEmpty) || output.last == "\n" || output.last == " " {
                    piece = String(piece.drop { $0 == " " })
                }
                output += piece
                continue
            }
            let before = output.reversed().prefix { $0 == "\n" }.count
            let after = piece.prefix { $0 == "\n" }.count
            if before > 0 || after > 0 {
                let lines = min(2, max(before, after))
                while output.last == " " || output.last == "\n" { output.removeLast() }
                output += String(repeating: "\n", count: output.isEmpty ? 0 : lines) + piece.drop { $0 == "\n" }
            } else {
                output += piece
            }
        }
        return output
    }

    private mutating func markdown(_ node: HTMLNode, _ index: Int, _ parent: HTMLNode) throws -> String {
        switch node.name {
        case "": return Self.escaped(Self.collapsed(node.text))
        case "br": return "  \n"
        case "hr": return Self.block("* * *")
        case "h1", "h2":
            let text = try content(node).trimmingSpace
            return text.isEmpty ? "" : Self.block(text + "\n" + String(repeating: node.name == "h1" ? "=" : "-", count: text.count))
        case "h3", "h4", "h5", "h6":
            let text = try content(node).trimmingSpace
            return text.isEmpty ? "" : Self.block(String(repeating: "#", count: Int(node.name.dropFirst()) ?? 3) + " " + text)
        case "strong", "b": return try marked(node, "**")
        case "em", "i": return try marked(node, "_")
        case "del", "s", "strike": return try marked(node, "~")
        case "code" where parent.name != "pre", "tt", "kbd", "samp":
            let text = Self.plain(node)
            let fence = text.contains("`") ? "``" : "`"
            return text.isEmpty ? "" : fence + (text.hasPrefix("`") ? " " : "") + text + (text.hasSuffix("`") ? " " : "") + fence
        case "pre":
            let lines = Self.plain(node).split(separator: "\n", omittingEmptySubsequences: false)
            return Self.block(lines.map { "    " + $0 }.joined(separator: "\n"))
        case "a":
            let text = try content(node)
            guard let address = node.attributes["href"], !address.isEmpty, !text.trimmingSpace.isEmpty else { return text }
            let title = node.attributes["title"].map { " \"\($0)\"" } ?? ""
            return "[\(text)](\(address)\(title))"
        case "img":
            guard let source = node.attributes["src"], !source.isEmpty else { return "" }
            return "![\(node.attributes["alt"] ?? "")](\(source)\(node.attributes["title"].map { " \"\($0)\"" } ?? ""))"
        case "blockquote", "ul", "ol", "li":
            depth += 1
            defer { depth -= 1 }
            return depth > Self.deepest * 2 ? Self.block(try content(node).trimmingSpace) : try nested(node, index, parent)
        case "table": return Self.block(try table(node))
        default: return Self.blocks.contains(node.name) ? Self.block(try content(node).trimmingSpace) : try content(node)
        }
    }

    private mutating func nested(_ node: HTMLNode, _ index: Int, _ parent: HTMLNode) throws -> String {
        switch node.name {
        case "blockquote":
            let lines = try content(node).trimmingSpace.split(separator: "\n", omittingEmptySubsequences: false)
            return Self.block(lines.map { $0.isEmpty ? ">" : "> " + $0 }.joined(separator: "\n"))
        case "ul", "ol":
            let items = try content(node).trimmingSpace
            return parent.name == "li" ? "\n" + items : Self.block(items)
        case "li":
            let ordered = parent.name == "ol"
            let position = index + (Int(parent.attributes["start"] ?? "") ?? 1)
            let mark = ordered ? "\(position).  " : "*   "
            let lines = try content(node).trimmingSpace.split(separator: "\n", omittingEmptySubsequences: false)
            return "\n" + mark + lines.joined(separator: "\n    ") + "\n"
        default: return ""
        }
    }

    private static func block(_ text: String) -> String { text.isEmpty ? "" : "\n\n" + text + "\n\n" }

    private mutating func marked(_ node: HTMLNode, _ mark: String) throws -> String {
        let text = try content(node)
        let inner = text.trimmingSpace
        guard !inner.isEmpty else { return text }
        return (text.first == " " ? " " : "") + mark + inner + mark + (text.last == " " ? " " : "")
    }

    private static func plain(_ node: HTMLNode) -> String {
        node.name.isEmpty && node.children.isEmpty ? node.text : node.name == "br" ? "\n" : node.children.map(plain).joined()
    }

    private static func collapsed(_ text: String) -> String {
        var output = ""
        for character in text {
            let isSpace = character == " " || character == "\t" || character.isNewline
            if !isSpace { output.append(character) } else if output.last != " " { output.append(" ") }
        }
        return output
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for character in text {
            if "\\`*_[]".contains(character) { output.append("\\") }
            output.append(character)
        }
        guard let first = output.first(where: { $0 != " " }) else { return output }
        let lead = output.prefix { $0 == " " }
        let body = output.dropFirst(lead.count)
        let digits = body.prefix { $0.isNumber }
        if !digits.isEmpty, body.dropFirst(digits.count).hasPrefix(". ") {
            return lead + digits + "\\" + body.dropFirst(digits.count)
        }
        let opensBlock =
            first == ">" || (["-", "+", "#"].contains(first) && body.drop { $0 == first }.hasPrefix(" ")) || body.hasPrefix("===")
        return opensBlock ? lead + "\\" + body : output
    }

    private mutating func table(_ node: HTMLNode) throws -> String {
        var rows: [[String]] = []
        func gather(_ node: HTMLNode) throws {
            for child in node.children {
                if child.name == "tr" {
                    rows.append(
                        try child.children.filter { $0.name == "td" || $0.name == "th" }.map { cell in
                            try content(cell).trimmingSpace.split(separator: "\n").joined(separator: " ")
                                .split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
                        }
                    )
                } else {
                    try gather(child)
                }
            }
        }
        try gather(node)
        guard let head = rows.first, !head.isEmpty else { return try content(node).trimmingSpace }
        rows.insert(head.map { _ in "---" }, at: 1)
        return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
