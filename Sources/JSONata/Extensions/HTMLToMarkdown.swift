/// `$convertHtmlToMarkdown`: headings underlined, `*` bullets, `_` for emphasis, tables as GitHub has them.
enum HTMLToMarkdown {
    private static let blocks: Set<String> = [
        "address", "article", "aside", "body", "dd", "div", "dl", "dt", "fieldset", "figure", "figcaption", "footer",
        "form", "header", "html", "main", "nav", "p", "section", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
        "blockquote", "pre", "hr", "table",
    ]

    static func convert(_ html: String) throws(JSONataError) -> String {
        content(HTMLNode.parse(html)).trimmingSpace
    }

    /// A node's children one after the other, with at most one empty line between.
    private static func content(_ node: HTMLNode) -> String {
        var output = ""
        for (index, child) in node.children.enumerated() {
            var piece = markdown(child, index, node)
            if child.name.isEmpty {
                // White space counts once, and not at all where a line begins.
                if output.isEmpty && (blocks.contains(node.name) || node.name.isEmpty) || output.last == "\n" || output.last == " " {
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

    private static func markdown(_ node: HTMLNode, _ index: Int, _ parent: HTMLNode) -> String {
        switch node.name {
        case "": return escaped(collapsed(node.text))
        case "br": return "  \n"
        case "hr": return block("* * *")
        case "h1", "h2":
            let text = content(node).trimmingSpace
            return text.isEmpty ? "" : block(text + "\n" + String(repeating: node.name == "h1" ? "=" : "-", count: text.count))
        case "h3", "h4", "h5", "h6":
            let text = content(node).trimmingSpace
            return text.isEmpty ? "" : block(String(repeating: "#", count: Int(node.name.dropFirst()) ?? 3) + " " + text)
        case "strong", "b": return marked(node, "**")
        case "em", "i": return marked(node, "_")
        case "del", "s", "strike": return marked(node, "~")
        case "code" where parent.name != "pre", "tt", "kbd", "samp":
            let text = plain(node)
            let fence = text.contains("`") ? "``" : "`"
            return text.isEmpty ? "" : fence + (text.hasPrefix("`") ? " " : "") + text + (text.hasSuffix("`") ? " " : "") + fence
        case "pre":
            let lines = plain(node).split(separator: "\n", omittingEmptySubsequences: false)
            return block(lines.map { "    " + $0 }.joined(separator: "\n"))
        case "a":
            let text = content(node)
            guard let address = node.attributes["href"], !address.isEmpty, !text.trimmingSpace.isEmpty else { return text }
            let title = node.attributes["title"].map { " \"\($0)\"" } ?? ""
            return "[\(text)](\(address)\(title))"
        case "img":
            guard let source = node.attributes["src"], !source.isEmpty else { return "" }
            return "![\(node.attributes["alt"] ?? "")](\(source)\(node.attributes["title"].map { " \"\($0)\"" } ?? ""))"
        case "blockquote":
            let lines = content(node).trimmingSpace.split(separator: "\n", omittingEmptySubsequences: false)
            return block(lines.map { $0.isEmpty ? ">" : "> " + $0 }.joined(separator: "\n"))
        case "ul", "ol":
            let items = content(node).trimmingSpace
            return parent.name == "li" ? "\n" + items : block(items)
        case "li":
            let ordered = parent.name == "ol"
            let position = parent.children[..<index].count { $0.name == "li" } + (Int(parent.attributes["start"] ?? "") ?? 1)
            let mark = ordered ? "\(position).  " : "*   "
            let lines = content(node).trimmingSpace.split(separator: "\n", omittingEmptySubsequences: false)
            return "\n" + mark + lines.joined(separator: "\n    ") + "\n"
        case "table": return block(table(node))
        default: return blocks.contains(node.name) ? block(content(node).trimmingSpace) : content(node)
        }
    }

    private static func block(_ text: String) -> String { text.isEmpty ? "" : "\n\n" + text + "\n\n" }

    private static func marked(_ node: HTMLNode, _ mark: String) -> String {
        let text = content(node)
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
        let opensBlock = first == ">" || (["-", "+", "#"].contains(first) && body.drop { $0 == first }.hasPrefix(" ")) || body.hasPrefix("===")
        return opensBlock ? lead + "\\" + body : output
    }

    private static func table(_ node: HTMLNode) -> String {
        var rows: [[String]] = []
        func gather(_ node: HTMLNode) {
            for child in node.children {
                if child.name == "tr" {
                    rows.append(
                        child.children.filter { $0.name == "td" || $0.name == "th" }.map { cell in
                            content(cell).trimmingSpace.split(separator: "\n").joined(separator: " ")
                                .split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
                        }
                    )
                } else {
                    gather(child)
                }
            }
        }
        gather(node)
        guard let head = rows.first, !head.isEmpty else { return content(node).trimmingSpace }
        rows.insert(head.map { _ in "---" }, at: 1)
        return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
